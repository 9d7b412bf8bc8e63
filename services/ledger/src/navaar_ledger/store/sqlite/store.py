"""The store port over SQLite: one connection on one thread of its own, so that nothing blocks the event loop."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import datetime
from pathlib import Path
from typing import Concatenate, ParamSpec, TypeVar

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import Lane, LaneEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.port import Collection, Figures, Found
from navaar_ledger.store.sqlite import documents, finding, lists, wishes
from navaar_ledger.store.sqlite.lock import DirectoryLock
from navaar_ledger.store.sqlite.schema import migrate
from navaar_runtime.failures import Permanent, Transient, Translation, translate

P = ParamSpec("P")


R = TypeVar("R")
FILE = "ledger.sqlite3"
_FAILURES: Translation = {
    sqlite3.OperationalError: lambda error: Transient(f"the ledger's file cannot be used: {error}"),
    sqlite3.DatabaseError: lambda error: Permanent(f"the ledger's file is damaged: {error}; restore a backup"),
    OSError: lambda error: Transient(f"the ledger's data directory cannot be used: {error}"),
}


class SqliteStore:
    """Implements `ports.Store` in `folder`/ledger.sqlite3. One process at a time."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Without `durable` a power cut may lose the file: for what can be made again."""
        self._folder = folder
        self._synchronous = "FULL" if durable else "OFF"
        self._lock = DirectoryLock(folder)
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-sqlite")
        self._connection: sqlite3.Connection | None = None

    async def open(self) -> None:
        """Open or create the file, and bring its schema up to date.

        Raises:
            Transient: another process uses the directory, or it cannot be written.
            Permanent: the file is damaged or from a newer Navaar.
        """
        if self._connection is None:
            await self._in_thread(self._open)

    async def close(self) -> None:
        if self._connection is not None:
            await self._in_thread(self._close)

    async def problem(self) -> str | None:
        await self._do(_ask_nothing)
        return None

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
        return await self._do(lists.lane, lane, limit)

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

    async def _do(self, work: Callable[Concatenate[sqlite3.Connection, P], R], *args: P.args, **kwargs: P.kwargs) -> R:
        def run() -> R:
            if self._connection is None:
                raise Transient("the ledger's file is not open")
            return work(self._connection, *args, **kwargs)

        return await self._in_thread(run)

    async def _in_thread(self, work: Callable[[], R]) -> R:
        context = copy_context()

        def run() -> R:
            with translate(_FAILURES):
                return work()

        return await asyncio.get_running_loop().run_in_executor(self._thread, lambda: context.run(run))

    def _open(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        self._lock.acquire()
        try:
            connection = sqlite3.connect(self._folder / FILE, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._synchronous}")
            connection.execute("PRAGMA busy_timeout = 5000")
            migrate(connection)
            finding.fill_words(connection)
        except BaseException:
            self._lock.release()
            raise
        self._connection = connection

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None
        self._lock.release()


def _ask_nothing(connection: sqlite3.Connection) -> None:
    connection.execute("SELECT 1").fetchone()
