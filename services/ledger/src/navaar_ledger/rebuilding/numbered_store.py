"""A store in which an item is given the number that the history says it had."""

from __future__ import annotations

import sqlite3
from collections import deque
from pathlib import Path

from navaar_contracts.records import TrackDiscovered
from navaar_ledger.sqlite.store import SqliteStore
from navaar_ledger.track import claim_key


class NumberedStore(SqliteStore):
    """An SQLite store for one going-through of the history: not safe against a power cut, which would begin it anew."""

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

    async def claim(self, key: str, track_id: int) -> int:
        fresh = track_id == self._next and await self.load(track_id) is None
        numbers = self._numbers.get(key)
        if fresh and numbers and key not in await self.owners([key]):
            self._next -= 1
            track_id = numbers.popleft()
        owner = await super().claim(key, track_id)
        if fresh and owner != track_id:
            self._next -= 1
        return owner

    async def finish(self) -> None:
        """Let the next number follow the highest; raises Transient."""
        await self._do(_count_on, max((self._next, *self._given)))


def _count_on(connection: sqlite3.Connection, highest: int) -> None:
    connection.execute("UPDATE sequence SET value = max(value, ?) WHERE name = 'track'", (highest,))
