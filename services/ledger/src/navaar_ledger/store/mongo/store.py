"""The store port over MongoDB."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Concatenate, ParamSpec, TypeVar

from pymongo.errors import PyMongoError

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import Lane, LaneEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import documents, finding, lists, wishes
from navaar_ledger.store.mongo.client import connect
from navaar_ledger.store.mongo.indexes import create_indexes
from navaar_ledger.store.mongo.lane import LaneReader
from navaar_ledger.store.port import Collection, Figures, Found
from navaar_runtime.failures import Transient, Translation, translate

P = ParamSpec("P")


R = TypeVar("R")
_FAILURES: Translation = {
    PyMongoError: lambda error: Transient(f"MongoDB does not do what the ledger asks: {type(error).__name__}: {error}")
}


class MongoStore:
    """Implements `ports.Store`. Any number of processes may share it."""

    def __init__(self, settings: LedgerSettings) -> None:
        self._client = connect(settings)
        self._database = self._client[settings.mongodb_database]
        self._lanes = LaneReader()

    async def open(self) -> None:
        """Declare the indexes and finish what a crash has left half done; raises Transient."""
        with translate(_FAILURES):
            await create_indexes(self._database)
            await documents.apply_left_outboxes(self._database)

    async def close(self) -> None:
        # The driver says goodbye to the server, and waits for one that is gone.
        await asyncio.to_thread(self._client.close)

    async def problem(self) -> str | None:
        with translate(_FAILURES):
            await self._client.admin.command("ping")
        return None

    async def check_write_access(self) -> None:
        """Write a document and take it away again; raises Transient when MongoDB does not let us."""
        with translate(_FAILURES):
            await self._database.doctor.replace_one({"_id": "doctor"}, {"_id": "doctor"}, upsert=True)
            await self._database.doctor.delete_one({"_id": "doctor"})

    async def next_track_id(self) -> int:
        return await self._do(documents.next_track_id)

    async def claim(self, key: str, track_id: int) -> int:
        return await self._do(documents.claim, key, track_id)

    async def owners(self, keys: Sequence[str]) -> dict[str, int]:
        return await self._do(documents.owners, keys)

    async def release(self, key: str, holders: Sequence[int]) -> None:
        await self._do(documents.release, key, holders)

    async def load(self, track_id: int) -> Track | None:
        return await self._do(documents.load, track_id)

    async def save(self, track: Track, expected_version: int, entries: Sequence[AuditEntry] = ()) -> bool:
        return await self._do(documents.save, track, expected_version, entries)

    async def sharing(self, link: str, keys: Sequence[str], limit: int, least: int = 1) -> tuple[Track, ...]:
        return await self._do(documents.sharing, link, keys, limit, least)

    async def lane(self, lane: Lane, limit: int) -> tuple[LaneEntry, ...]:
        return await self._do(self._lanes.first, lane, limit)

    async def is_resolving(
        self, link: str, platform: Platform, since: datetime, paused: frozenset[Direction] = frozenset()
    ) -> bool:
        return await self._do(lists.is_resolving, link, platform, since, paused)

    async def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        return await self._do(lists.due, now, limit)

    async def waiting(self, before: datetime, limit: int) -> tuple[int, ...]:
        return await self._do(lists.waiting, before, limit)

    async def held(self, link: str, after: int, limit: int) -> tuple[Track, ...]:
        return await self._do(lists.held, link, after, limit)

    async def tracks(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        limit: int,
        before: int | None = None,
    ) -> tuple[Track, ...]:
        return await self._do(lists.tracks, link, direction, state, limit, before)

    async def in_state(self, link: str | None, state: DeliveryState, limit: int, after: int = 0) -> tuple[Track, ...]:
        return await self._do(lists.in_state, link, state, limit, after)

    async def find(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        asked: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> Found:
        return await self._do(finding.find, link, direction, state, asked, limit, before)

    async def keep_overrides(self, overrides: Sequence[tuple[str, Override | None]]) -> None:
        await self._do(wishes.rule, overrides)

    async def overrides(self, keys: Sequence[str]) -> dict[str, Override]:
        return await self._do(wishes.rulings, keys)

    async def pause(self, link: str, direction: Direction, paused: bool, at: datetime) -> None:
        await self._do(wishes.pause, link, direction, paused, at)

    async def paused(self, link: str) -> frozenset[Direction]:
        return await self._do(wishes.paused, link)

    async def note(self, entry: LogEntry, once: str) -> bool:
        return await self._do(lists.note, entry, once)

    async def log(
        self, link: str | None, track_id: int | None, limit: int, before: str | None = None
    ) -> tuple[LogEntry, ...]:
        return await self._do(lists.log, link, track_id, limit, before)

    async def figures(self, link: str) -> Figures:
        return await self._do(lists.figures, link)

    async def open_collection(self, collection: Collection) -> bool:
        return await self._do(lists.open_collection, collection)

    async def collection(self, link: str, platform: Platform) -> Collection | None:
        return await self._do(lists.collection, link, platform)

    async def record_cycle(self, link: str, direction: Direction, number: int, at: datetime) -> None:
        await self._do(lists.record_cycle, link, direction, number, at)

    async def cycles(self, link: str) -> dict[Direction, datetime]:
        return await self._do(lists.cycles, link)

    async def documents(self) -> AsyncIterator[Track]:
        """Every document, merged and deleted ones too, by number; raises Transient."""
        with translate(_FAILURES):
            async for row in self._database.tracks.find({}, {"body": 1}).sort("_id", 1):
                yield Track.model_validate(row["body"])

    async def claims(self) -> AsyncIterator[tuple[str, int]]:
        """Every claim with its owner; raises Transient."""
        with translate(_FAILURES):
            async for row in self._database.claims.find({}):
                yield row["_id"], row["track_id"]

    async def _do(self, work: Callable[Concatenate[Any, P], Awaitable[R]], *args: P.args, **kwargs: P.kwargs) -> R:
        with translate(_FAILURES):
            return await work(self._database, *args, **kwargs)
