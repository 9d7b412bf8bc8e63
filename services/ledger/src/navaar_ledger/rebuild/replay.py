"""Hands the history to the ledger's own handlers, event by event, at the time each was stored."""

from __future__ import annotations

from datetime import UTC, datetime

from navaar_contracts.message import Event
from navaar_contracts.records import RequestTaken
from navaar_contracts.streams import Consumer
from navaar_ledger.application.scheduler import tick
from navaar_ledger.domain.decide import StepAnswer, is_of_a_former_life
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track, TrackState
from navaar_ledger.ports import Names, Ports
from navaar_ledger.rebuild.evidence import expecting
from navaar_ledger.store.port import Store
from navaar_ledger.subscribers import carry_out, take_event

LAST_TICKS = 5
"""Enough for queues that wait for each other to come to rest."""


class NeverIdle:
    """Nothing is asked again on a silence: the next answer shows whether it was."""

    async def idle(self, consumer: Consumer) -> bool:
        return False


class Replay:
    """One replay of the history. Messages that the handlers give out go nowhere."""

    def __init__(self, store: Store, policy: Policy, names: Names) -> None:
        self._store = store
        self._at = datetime.fromtimestamp(0, UTC)
        self._ports = Ports(store, NeverIdle(), policy, self._now, names=names)

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
        root = await self._root(event)
        if root is None:
            return
        waiting = expecting(root, event, self._at)
        if waiting is not root:
            await self._store.save(waiting.changed(version=root.version + 1), root.version)

    async def _root(self, event: StepAnswer) -> Track | None:
        track = await self._store.load(event.track_id)
        if track is not None and is_of_a_former_life(track, event):
            return None
        while track is not None and track.state is TrackState.MERGED and track.merged_into is not None:
            track = await self._store.load(track.merged_into)
        return track

    def _now(self) -> datetime:
        return self._at
