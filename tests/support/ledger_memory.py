"""The ledger's store in memory, for pure tests. Whole scans, no durability; the contract suite holds it too."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import stamp
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.port import Counters, Found, OpenedCollection, PlatformPause
from navaar_ledger.store.projection import Projection, counters_of, lines, list_key, project, resolving_keys
from navaar_text.search_words import fits


class MemoryStore:
    """Implements ports.Store. `after_save` may raise, as a crash between two writes."""

    def __init__(self, after_save: Callable[[], None] = lambda: None) -> None:
        self.documents: dict[int, Track] = {}
        self.claims: dict[str, int] = {}
        self.entries: dict[str, LogEntry] = {}
        self._once: set[str] = set()
        self._collections: dict[tuple[str, Platform], OpenedCollection] = {}
        self._cycles: dict[tuple[str, Direction], datetime] = {}
        self._cache: dict[int, tuple[Track, Projection]] = {}
        self.kept_overrides: dict[str, Override] = {}
        self.known_about: dict[str, str] = {}
        self._pauses: dict[tuple[str, Direction], tuple[bool, datetime]] = {}
        self._platform_pauses: dict[tuple[str, Platform], PlatformPause] = {}
        self._last_id = 0
        self._after_save = after_save

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def problem(self) -> str | None:
        return None

    def together(self) -> AbstractAsyncContextManager[None]:
        return nullcontext()

    async def about(self) -> dict[str, str]:
        return dict(self.known_about)

    async def keep_about(self, values: Mapping[str, str]) -> None:
        self.known_about.update(values)

    async def highest_number(self) -> int:
        logged = (line.track_id or 0 for line in self.entries.values())
        return max((*self.documents, *self.claims.values(), *logged), default=0)

    async def raise_number(self, floor: int) -> bool:
        behind = self._last_id < floor
        self._last_id = max(self._last_id, floor)
        return behind

    async def next_track_id(self) -> int:
        self._last_id += 1
        return self._last_id

    async def claim(self, key: str, track_id: int, *, at_once: bool = True) -> int:
        return self.claims.setdefault(key, track_id)

    async def owners(self, keys: Sequence[str]) -> dict[str, int]:
        return {key: self.claims[key] for key in keys if key in self.claims}

    async def release(self, key: str, holders: Sequence[int]) -> None:
        if self.claims.get(key) in holders:
            del self.claims[key]

    async def load(self, track_id: int) -> Track | None:
        return self.documents.get(track_id)

    async def save(self, track: Track, expected_version: int, entries: Sequence[AuditEntry] = ()) -> bool:
        known = self.documents.get(track.id)
        if (known.version if known else 0) != expected_version:
            return False
        self.documents[track.id] = track
        self.entries.update({line.id: line for line in lines(track, entries)})
        self._after_save()
        return True

    async def sharing(self, link: str, keys: Sequence[str], limit: int, least: int = 1) -> tuple[Track, ...]:
        wanted = {f"{link}|{key}" for key in keys}
        common = [(-len(wanted & set(self._projection(t).keys)), t.id) for t in self._sorted()]
        return tuple(self.documents[each] for many, each in sorted(common) if -many >= max(1, least))[:limit]

    async def queue(self, queue: DeliveryQueue | AdmissionQueue, limit: int) -> tuple[QueueEntry, ...]:
        entries = [e for t in self._sorted() for e in self._projection(t).queues if e.queue == queue.key]
        return tuple(sorted(entries, key=lambda e: (e.order, e.track_id))[:limit])

    async def unsettled(
        self,
        link: str,
        platform: Platform,
        since: datetime,
        limit: int,
        paused: frozenset[Direction] = frozenset(),
    ) -> tuple[int, ...]:
        keys = set(resolving_keys(link, platform, paused))
        found = (t for t in self._sorted() if keys & set(self._projection(t).resolving) and t.updated_at > since)
        return tuple(sorted((t.id for t in found), reverse=True)[:limit])

    async def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        due = [(self._projection(t).due_at, t.id) for t in self._sorted()]
        return tuple(i for at, i in sorted((at, i) for at, i in due if at is not None and at <= now))[:limit]

    async def newest(self) -> datetime | None:
        return max((track.updated_at for track in self._sorted()), default=None)

    async def waiting(self, before: datetime, limit: int) -> tuple[int, ...]:
        since = [(self._projection(t).waiting_since, t.id) for t in self._sorted()]
        return tuple(i for at, i in sorted((at, i) for at, i in since if at is not None and at < before))[:limit]

    async def held(self, link: str, after: int, limit: int) -> tuple[Track, ...]:
        return tuple(t for t in self._sorted() if self._projection(t).held and t.link == link and t.id > after)[:limit]

    async def tracks(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        limit: int,
        before: int | None = None,
    ) -> tuple[Track, ...]:
        wanted = list_key(link, direction, state)
        newest = [t for t in reversed(self._sorted()) if before is None or t.id < before]
        return tuple(t for t in newest if wanted in self._projection(t).list_keys)[:limit]

    async def in_state(self, link: str | None, state: DeliveryState, limit: int, after: int = 0) -> tuple[Track, ...]:
        wanted = list_key(link, None, state)
        return tuple(t for t in self._sorted() if wanted in self._projection(t).list_keys and t.id > after)[:limit]

    async def find(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        asked: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> Found:
        some = list(await self.tracks(link, direction, state, len(self.documents), before))
        fitting = [t for t in some if fits(self._projection(t).words, tuple(asked))]
        return Found(tuple(fitting[:limit]), fitting[limit - 1].id if len(fitting) > limit else None)

    async def keep_overrides(self, overrides: Sequence[tuple[str, Override | None]]) -> None:
        for key, ruling in overrides:
            if ruling is None:
                self.kept_overrides.pop(key, None)
            else:
                self.kept_overrides[key] = ruling

    async def overrides(self, keys: Sequence[str]) -> dict[str, Override]:
        return {key: self.kept_overrides[key] for key in keys if key in self.kept_overrides}

    async def pause(self, link: str, direction: Direction, paused: bool, at: datetime) -> None:
        known = self._pauses.get((link, direction))
        if known is None or known[1] <= at:
            self._pauses[link, direction] = (paused, at)

    async def paused(self, link: str) -> frozenset[Direction]:
        return frozenset(d for (name, d), (paused, _) in self._pauses.items() if paused and name == link)

    async def pause_platform(self, pause: PlatformPause) -> bool:
        known = self._platform_pauses.get((pause.link, pause.platform))
        if known is not None and known.since >= pause.since:
            return False
        self._platform_pauses[pause.link, pause.platform] = pause
        return True

    async def paused_platforms(self, link: str) -> tuple[PlatformPause, ...]:
        return tuple(pause for pause in self._platform_pauses.values() if pause.link == link)

    async def note(self, entry: LogEntry, once: str) -> bool:
        if once in self._once:
            return False
        self._once.add(once)
        line = entry.model_copy(update={"id": f"{stamp(entry.created_at):013d}-{once}"})
        self.entries[line.id] = line
        return True

    async def log(
        self, link: str | None, track_id: int | None, limit: int, before: str | None = None
    ) -> tuple[LogEntry, ...]:
        newest = [self.entries[key] for key in sorted(self.entries, reverse=True) if before is None or key < before]
        return tuple(e for e in newest if link in (None, e.link) and track_id in (None, e.track_id))[:limit]

    async def counters(self, link: str) -> Counters:
        total: Counter[str] = Counter()
        for track in self._sorted():
            if track.link == link:
                total.update(self._projection(track).counters)
        return counters_of(total)

    async def open_collection(self, collection: OpenedCollection) -> bool:
        key = (collection.link, collection.platform)
        if key in self._collections:
            return False
        self._collections[key] = collection
        return True

    async def collection(self, link: str, platform: Platform) -> OpenedCollection | None:
        return self._collections.get((link, platform))

    async def record_cycle(self, link: str, direction: Direction, number: int, at: datetime) -> None:
        self._cycles[link, direction] = at

    async def cycles(self, link: str) -> dict[Direction, datetime]:
        return {direction: at for (name, direction), at in self._cycles.items() if name == link}

    def _projection(self, track: Track) -> Projection:
        known = self._cache.get(track.id)
        if known is None or known[0] is not track:
            known = self._cache[track.id] = (track, project(track))
        return known[1]

    def _sorted(self) -> list[Track]:
        return [self.documents[track_id] for track_id in sorted(self.documents)]
