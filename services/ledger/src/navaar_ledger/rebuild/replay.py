"""Hands the history to the ledger's own handlers, event by event, at the time each was stored."""

from __future__ import annotations

from collections import deque
from datetime import UTC, datetime
from pathlib import Path

from navaar_contracts.message import Event
from navaar_contracts.records import RequestTaken, TrackDiscovered
from navaar_contracts.streams import Consumer
from navaar_ledger.application.scheduler import tick
from navaar_ledger.domain.decide import StepAnswer
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track, TrackState, claim_key
from navaar_ledger.ports import Ports
from navaar_ledger.rebuild.evidence import expecting
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite.store import SqliteStore, in_thread
from navaar_ledger.subscribers import carry_out, take_event

LAST_TICKS = 5
"""Enough for queues that wait for each other to come to rest."""


class NeverIdle:
    """Nothing is asked again on a silence: the next answer shows whether it was."""

    async def idle(self, consumer: Consumer) -> bool:
        return False


class Replay:
    """One replay of the history. Messages that the handlers give out go nowhere."""

    def __init__(self, store: Store, policy: Policy) -> None:
        self._store = store
        self._at = datetime.fromtimestamp(0, UTC)
        self._ports = Ports(store, NeverIdle(), policy, self._now)

    async def take(self, event: Event, at: datetime) -> None:
        """Decide about `event` as if it were `at`."""
        # A stream's clock may be set back; the ledger's time only goes forward.
        self._at = max(self._at, at)
        if await self._store.due(self._at, 1):
            await tick(self._ports)
        if isinstance(event, RequestTaken):
            if event.request is not None and event.link in self._ports.policy.links:
                await carry_out(event.request, self._ports)
            return
        if isinstance(event, StepAnswer):
            await self._expect(event)
        await take_event(event, self._ports)

    async def finish(self, at: datetime) -> None:
        """Let the queues do what they would have done by `at`."""
        self._at = max(self._at, at)
        for _ in range(LAST_TICKS):
            await tick(self._ports)

    async def _expect(self, event: StepAnswer) -> None:
        root = await self._root(event.track_id)
        if root is None:
            return
        waiting = expecting(root, event, self._at)
        if waiting is not root:
            await self._store.save(waiting.changed(version=root.version + 1), root.version)

    async def _root(self, track_id: int) -> Track | None:
        track = await self._store.load(track_id)
        while track is not None and track.state is TrackState.MERGED and track.merged_into is not None:
            track = await self._store.load(track.merged_into)
        return track

    def _now(self) -> datetime:
        return self._at


class NumberedStore(SqliteStore):
    """An SQLite store for one replay of the history: not safe against a power cut, which would begin it again."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, durable=False)
        self._numbers: dict[str, deque[int]] = {}
        self._given: set[int] = set()
        self._next = 0

    def learn(self, discovered: TrackDiscovered) -> None:
        """Remember which number an item had; called before the first event is taken."""
        if discovered.track_id not in self._given:
            key = claim_key(discovered.link, discovered.platform, discovered.external_id)
            self._numbers.setdefault(key, deque()).append(discovered.track_id)
            self._given.add(discovered.track_id)

    async def next_track_id(self) -> int:
        """The next number that nothing in the history has: for items from before numbers were recorded."""
        self._next += 1
        while self._next in self._given:
            self._next += 1
        return self._next

    async def claim(self, key: str, track_id: int, *, at_once: bool = True) -> int:
        fresh = track_id == self._next and await self.load(track_id) is None
        numbers = self._numbers.get(key)
        if fresh and numbers and key not in await self.owners([key]):
            self._next -= 1
            track_id = numbers.popleft()
        owner = await super().claim(key, track_id, at_once=at_once)
        if fresh and owner != track_id:
            self._next -= 1
        return owner

    @in_thread
    def finish(self) -> None:
        """Let the next number follow the highest; raises Transient."""
        highest = max((self._next, *self._given))
        self.connection.execute("UPDATE sequence SET value = max(value, ?) WHERE name = 'track'", (highest,))
