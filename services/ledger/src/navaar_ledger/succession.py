"""Which store a ledger that takes over works with: the one that served last, or one that has caught up with it.

Ledgers that share a database have one store. Each SQLite file is a store of its own, and knows only what happened
while its ledger was the one that acted. The lease keeps in mind which store that was.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from navaar_ledger.domain.policy import Policy
from navaar_ledger.rebuild.rebuild import position, rebuild
from navaar_ledger.store.sqlite.store import FILE, SqliteStore
from navaar_runtime import connection
from navaar_runtime.failures import Transient
from navaar_runtime.lease import Lease
from navaar_runtime.logs import get_logger
from navaar_runtime.settings import RuntimeSettings

log = get_logger(__name__)

_BESIDE = "ledger-catching-up"
_REMEDY = (
    "give it the store of the ledger that served last, or begin with this one, which does not know what happened "
    "since: nats kv del navaar-leases ledger"
)


class OwnedStore(Protocol):
    """What can be told apart from other stores."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def identity(self) -> str:
        """The same for whoever opens this store, also for a copy of it, and for no other. Raises Transient."""
        ...


class Succession:
    """Opens the ledger's store once this process holds the lease.

    Args:
        folder: where the SQLite file is; None where the store is a database.
    """

    def __init__(
        self, store: OwnedStore, lease: Lease, runtime: RuntimeSettings, policy: Policy, folder: Path | None
    ) -> None:
        self._store = store
        self._lease = lease
        self._runtime = runtime
        self._policy = policy
        self._folder = folder

    async def open(self) -> None:
        """Open the store; one that did not serve last is first made anew from the history.

        Raises:
            Transient: it cannot be opened, or cannot catch up; the text says what to do.
        """
        await self._store.open()
        if self._lease.in_mind not in ("", await self._store.identity()):
            await self._catch_up()
        mine = await self._store.identity()
        if self._lease.in_mind != mine:
            await self._lease.keep_in_mind(mine)

    async def _catch_up(self) -> None:
        if self._folder is None:
            raise Transient(f"this ledger's database is not the one that served last: {_REMEDY}")
        client = await connection.connect(self._runtime, "ledger")
        try:
            where = await position(client)
            if not where.is_whole:
                raise Transient(
                    "this ledger's file is not the one that served last, and the history does not reach back to its "
                    f"beginning, so that it cannot catch up: {_REMEDY}"
                )
            log.info("ledger_catches_up", until=where.read)
            beside = self._folder / _BESIDE
            await asyncio.to_thread(_empty, beside)
            await rebuild(client, self._policy, SqliteStore(beside), where.read)
        finally:
            await client.close()
        await self._store.close()
        await asyncio.to_thread(_put_in_place, beside, self._folder, lambda: datetime.now(UTC))
        await self._store.open()
        log.info("ledger_caught_up", until=where.read)


def _empty(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)


def _put_in_place(beside: Path, folder: Path, now: Callable[[], datetime]) -> None:
    """The file that was made takes the place of the one that is there, which is kept under another name."""
    made, present = beside / FILE, folder / FILE
    with made.open("rb") as file:
        os.fsync(file.fileno())
    if present.exists():
        present.rename(folder / f"ledger-until-{now():%Y%m%dT%H%M%S}.sqlite3")
    for rest in (f"{FILE}-wal", f"{FILE}-shm"):
        (folder / rest).unlink(missing_ok=True)
    made.replace(present)
    shutil.rmtree(beside, ignore_errors=True)
