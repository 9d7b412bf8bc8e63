"""The names that items had in the history, for a ledger that is made again from it."""

from __future__ import annotations

from collections import deque

from navaar_contracts.records import TrackDiscovered
from navaar_ledger.domain.track import Newborn, claim_key
from navaar_ledger.ports import fresh_identity
from navaar_ledger.store.port import Store


class RememberedNames:
    """Implements `ports.Names`: an item is called as it was, or new where the history does not tell."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Newborn]] = {}
        self._given: dict[int, Newborn] = {}

    @property
    def highest(self) -> int:
        """The highest number that was learned; 0 without one."""
        return max(self._given, default=0)

    def learn(self, discovered: TrackDiscovered) -> None:
        """Remember what an item was called; called before the first event is taken."""
        if discovered.track_id not in self._given:
            name = Newborn(discovered.track_id, discovered.identity)
            key = claim_key(discovered.link, discovered.platform, discovered.external_id)
            self._waiting.setdefault(key, deque()).append(name)
            self._given[name.track_id] = name

    async def next(self, store: Store, key: str) -> Newborn:
        waiting = self._waiting.get(key)
        while waiting:
            name = waiting.popleft()
            if await store.load(name.track_id) is None:
                return name
            # Known from before the part of the history that is read.
        while (number := await store.next_track_id()) in self._given:
            pass
        return Newborn(number, fresh_identity())

    def left(self, key: str, track_id: int) -> Newborn:
        name = self._given.get(track_id)
        return name if name is not None else Newborn(track_id, fresh_identity())
