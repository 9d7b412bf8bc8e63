"""Watching one playlist: look cheaply, read when something changed, report what the ledger does not know."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from navaar_contracts.events import CollectionOpened, ItemSighted, ItemSkipped
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import UnknownItems
from navaar_playlist_gateway.entry_names import EntryNames
from navaar_playlist_gateway.filling import Filling
from navaar_playlist_gateway.known_state import KnownState
from navaar_playlist_gateway.ports import Described, Limited, PlaylistAdapter, TailReader
from navaar_playlist_gateway.presence import Presence
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot, Tail, UnusableEntry
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.news import News
from navaar_runtime.publisher import Publisher
from navaar_runtime.query_client import QueryClient

SLICE = 1000
"""How many ids the ledger takes in one question."""
ENTRIES_A_REQUEST = 50
"""About how many entries a request reads: a complete reading is made no more often than it costs requests."""


@dataclass(frozen=True, slots=True)
class ScanResult:
    """What a look found: the ids that are there, and how many of them were reported to the ledger just now."""

    ids: frozenset[str]
    reported: int
    entries: frozenset[str] = frozenset()
    """What the platform calls the entries themselves, where it names them; only after a complete reading."""


class PlaylistWatcher:
    """Looks at one collection and reports. Whoever calls `look` holds `lock`; a `Placer` holds it while it writes."""

    def __init__(
        self,
        link: str,
        platform: Platform,
        collection: PlaylistAdapter,
        publisher: Publisher,
        queries: QueryClient,
        records: IdempotencyRecords,
        settings: PlaylistSettings,
    ) -> None:
        self.link = link
        self.platform = platform
        self.lock = asyncio.Lock()
        self._collection = collection
        self._publisher = publisher
        self._queries = queries
        self._records = records
        self._settings = settings
        self._tails = collection if isinstance(collection, TailReader) else None
        self._most = collection.holds_at_most if isinstance(collection, Limited) else platform.spec.holds_at_most
        self.filling = Filling(link, platform, self._most, publisher, records)
        self._known = KnownState(
            settings.settle_seconds,
            mark_lag_s=self._tails.mark_lag_s if self._tails else 0.0,
            since=time.monotonic(),
        )
        self.names = EntryNames(records, link, platform.value, settings.settle_seconds)
        self._presence = Presence(settings.settle_seconds)
        self._reported: set[str] = set()
        self._skipped: set[str] = set()
        self._opened = False
        self._polls = 0
        self._news: News | None = None

    def told(self) -> str | None:
        """What the collection is, in a line for people; None where it does not show."""
        facts = self._collection.facts if isinstance(self._collection, Described) else None
        return facts.told() if facts is not None else self.filling.told()

    async def news(self) -> News:
        """What was last reported to the ledger, by this process or an earlier one. Raises Transient."""
        if self._news is None:
            last = await self._records.get(self._news_key)
            if last is None:
                self._news = News()
            else:
                told = News(last.outcome.get("place"), datetime.fromisoformat(last.outcome["at"]))
                self._news = told.recalled(await self._publisher.newest(), datetime.now(UTC))
        return self._news

    @property
    def _news_key(self) -> str:
        return f"{self.link}.{self.platform.value}.news"

    async def poll(self) -> ScanResult:
        """Look now, in turn with whoever else uses the collection.

        Raises:
            Failure: of the platform, the ledger or NATS; nothing is lost, the next look reports what this one did not.
        """
        async with self.lock:
            self._polls += 1
            seen = await self.scan()
            await self.filling.looked(self._known.count)
            return seen

    async def scan(self, *, thorough: bool = False) -> ScanResult:
        """One look; `thorough` reads entries even if nothing seems to have changed.

        Additions append: where the platform lists from any place on, the tail is read first, and everything only where
        the tail does not explain how many entries there are, or after `NAVAAR_FULL_READ_EVERY` polls.
        """
        begun_at = time.monotonic()
        if self._polls >= max(self._settings.full_read_every, len(self._known.ids) // ENTRIES_A_REQUEST):
            self._reported = set()
            return await self._whole(None, begun_at)
        if thorough or self._known.trusts_the_tail_only(begun_at):
            # Where the mark can be trusted a check is cheap, and a thorough look is worth a complete reading.
            seen = await self._tail(begun_at) if self._known.mark_lag_s else None
            return seen if seen is not None else await self._whole(None, begun_at)
        check = await self._collection.check_for_change()
        if self._known.agrees(check) and (
            check.tail is None or self._known.ends_with(await self.names.settled(check.tail))
        ):
            return ScanResult(self._known.ids, 0)
        # A mark that changed while the count did not tells of something that no tail shows.
        appended = check.reading is None and (
            check.count != self._known.count or (self._known.extended and check.mark == self._known.mark)
        )
        seen = await self._tail(begun_at, check.tail) if appended else None
        return seen if seen is not None else await self._whole(check.reading, begun_at)

    async def _tail(self, begun_at: float, shown: Tail | None = None) -> ScanResult | None:
        """What the tail shows; None where it cannot be read or something other than appending has happened.

        Args:
            begun_at: when the look began, in seconds of the monotonic clock.
            shown: the tail as the look has read it already, if it has.
        """
        if self._tails is None or self._known.order is None:
            return None
        start = self._known.tail_start()
        if shown is None or shown.start > start:
            shown = await self._tails.read_tail(start)
        tail = await self.names.settled(shown)
        if not self._known.explained_by(tail):
            return None
        reported = await self._report(Snapshot(tail.entries, "", len(tail.entries)))
        # Once more: what was new to this process may be known by its name.
        tail = await self.names.settled(tail)
        self.names.met(tail.entries)
        self._presence.met(entry for entry in tail.entries if isinstance(entry, PlaylistEntry))
        self._known.extend(tail, time.monotonic())
        return ScanResult(self._known.ids | self._known.settling(begun_at), reported)

    async def _whole(self, reading: Snapshot | None, begun_at: float) -> ScanResult:
        reading = await self._read(reading, begun_at)
        reported = await self._report(reading)
        # Once more: what was new to this process may be known by its name.
        reading = await self.names.settled(reading)
        await self.names.learn(reading, begun_at)
        self._presence.read(reading, begun_at)
        self._known.take(reading, time.monotonic())
        self._polls = 0
        # However long it took: it may lag behind additions that were made shortly before it was asked for.
        return ScanResult(reading.ids | self._known.settling(begun_at), reported, reading.entry_names)

    def room(self) -> int | None:
        """How many items the collection still takes, going by what is known; None where no limit is known."""
        return None if self._most is None else max(0, self._most - self._known.count)

    def adds(self, ids: Iterable[str]) -> None:
        """The placer is about to add these: that is nobody's return, whatever becomes of it."""
        self._presence.adds(ids, time.monotonic())

    def added(self, external_id: str, mark: str | None) -> None:
        """The placer has added this; it need not be seen to be believed."""
        self._presence.adds((external_id,), time.monotonic())
        self._known.added(external_id, mark, time.monotonic())
        self._reported.add(external_id)

    def may_lag_for(self, external_id: str) -> float:
        """For how many seconds a list that does not show the item proves nothing."""
        return self._known.may_lag_for(external_id, time.monotonic())

    def removed(self, external_id: str) -> None:
        """This was taken out by us, or is not there any more."""
        self._known.removed(external_id)

    def changed_by_a_person(self, external_id: str) -> None:
        """This was added at a person's wish, to be reported like any addition."""
        self._known.unsettled(external_id, time.monotonic())

    async def _read(self, reading: Snapshot | None, begun_at: float) -> Snapshot:
        reading = await self.names.settled(reading or await self._collection.read())
        if not self._known.doubts(reading, begun_at):
            return reading
        await asyncio.sleep(self._settings.confirm_seconds)
        again = await self.names.settled(await self._collection.read())
        # Servers lose entries in an answer, they do not invent any.
        return again if len(again.ids) >= len(reading.ids) else reading

    async def _report(self, reading: Snapshot) -> int:
        for unusable in reading.unusable:
            await self._skip(unusable)
        came_in = self._presence.came_in(reading.usable)
        fresh = [e for e in reading.items if e.external_id not in self._reported or e.external_id in came_in]
        if not fresh and self._opened:
            return 0
        unknown, opened = await self._unknown([entry.external_id for entry in fresh])
        strangers = [entry for entry in fresh if entry.external_id in unknown]
        renamed = await self.names.recall(strangers) if opened else frozenset()
        sighted = [entry for entry in strangers if entry.external_id not in renamed]
        returned = [entry for entry in fresh if entry.external_id in came_in - unknown] if self._opened else []
        if sighted or returned:
            # Written first: after a crash in between it must not be missing.
            await self._note_news(None)
        place: int | None = None
        for entry in sighted:
            place = await self._publisher.publish(self._sighting(entry, first_read=not opened))
        for entry in returned:
            place = await self._publisher.publish(self._sighting(entry, first_read=False, returned=True))
        if sighted or returned:
            # Whoever has met only the first of them does not know them all.
            await self._note_news(place)
        if not opened:
            now = datetime.now(UTC)
            await self._publisher.publish(
                CollectionOpened(link=self.link, platform=self.platform, items=len(reading.items), opened_at=now)
            )
        self._opened = True
        self._reported.update(entry.external_id for entry in fresh if entry.external_id not in renamed)
        return len(sighted) + len(returned)

    async def _note_news(self, place: int | None) -> None:
        """The place is that of the last one in the history; None: they are about to be told."""
        told = News(place, datetime.now(UTC))
        # Recalled, if this is the last that comes of them.
        self._news = None
        await self._records.complete(self._news_key, {"at": told.at.isoformat(), "place": place})
        self._news = told if place is not None else None

    async def _unknown(self, ids: Sequence[str]) -> tuple[set[str], bool]:
        unknown: set[str] = set()
        opened = self._opened
        for start in range(0, max(len(ids), 1), SLICE):
            question = UnknownItems(
                link=self.link, platform=self.platform, external_ids=tuple(ids[start : start + SLICE])
            )
            reply = await self._queries.ask(question)
            unknown.update(reply.unknown)
            opened = opened or reply.opened
        return unknown, opened

    def _sighting(self, entry: PlaylistEntry, *, first_read: bool, returned: bool = False) -> ItemSighted:
        return ItemSighted(
            link=self.link,
            platform=self.platform,
            external_id=entry.external_id,
            item=entry.item,
            first_read=first_read,
            returned=returned,
            sighted_at=datetime.now(UTC),
        )

    async def _skip(self, entry: UnusableEntry) -> None:
        if entry.external_id in self._skipped:
            return
        await self._publisher.publish(
            ItemSkipped(
                link=self.link,
                platform=self.platform,
                external_id=entry.external_id,
                name=entry.name,
                reason=entry.reason,
                seen_at=datetime.now(UTC),
            )
        )
        self._skipped.add(entry.external_id)
