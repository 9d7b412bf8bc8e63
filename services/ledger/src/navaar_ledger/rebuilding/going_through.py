"""Hands the history to the ledger's own handlers, event by event, at the time each was stored."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.events import ItemSighted
from navaar_contracts.message import Event
from navaar_contracts.records import RequestTaken
from navaar_contracts.streams import Consumer
from navaar_ledger.decide import TrackMessage
from navaar_ledger.ports import Store
from navaar_ledger.rebuilding.evidence import expecting
from navaar_ledger.rules import Rules
from navaar_ledger.subscribers import carry_out, take_event
from navaar_ledger.ticking import tick
from navaar_ledger.track import Track, TrackState
from navaar_ledger.turns import Ports

LAST_TICKS = 5
"""Enough for lanes that wait for each other to come to rest."""


class NeverIdle:
    """Nothing is asked again on a silence: the next answer shows whether it was."""

    async def idle(self, consumer: Consumer) -> bool:
        return False


class GoingThrough:
    """One going-through of the history. Messages that the handlers give out go nowhere."""

    def __init__(self, store: Store, rules: Rules) -> None:
        self._store = store
        self._at = datetime.fromtimestamp(0, UTC)
        self._ports = Ports(store, NeverIdle(), rules, self._now)

    async def take(self, event: Event, at: datetime) -> None:
        """Decide about `event` as if it were `at`."""
        # A stream's clock may be set back; the ledger's time only goes on.
        self._at = max(self._at, at)
        if await self._store.due(self._at, 1):
            await tick(self._ports)
        if isinstance(event, RequestTaken):
            if event.request is not None and event.link in self._ports.rules.links:
                await carry_out(event.request, self._ports)
            return
        if isinstance(event, TrackMessage) and not isinstance(event, ItemSighted):
            await self._expect(event)
        await take_event(event, self._ports)

    async def finish(self, at: datetime) -> None:
        """Let the lanes do what they would have done by `at`."""
        self._at = max(self._at, at)
        for _ in range(LAST_TICKS):
            await tick(self._ports)

    async def _expect(self, event: TrackMessage) -> None:
        root = await self._root(getattr(event, "track_id", 0))
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
