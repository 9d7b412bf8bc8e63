"""When what is committed is on disk: at once, or together with all that belongs to one message.

The write-ahead log is one sequence. What is committed without waiting for the disk is there as soon as a later part of
the log is, and a power cut leaves a beginning of the sequence, as a crash between two writes does.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextvars import ContextVar
from pathlib import Path

_TOGETHER = ContextVar("writes_together", default=False)


class Syncing:
    """One file's. Without `durable` nothing is ever waited for."""

    def __init__(self, file: Path, *, durable: bool) -> None:
        self.mode = "FULL" if durable else "OFF"
        self._log = file.with_name(f"{file.name}-wal")
        self._durable = durable
        self._owed = False

    @contextlib.contextmanager
    def commit(self, connection: sqlite3.Connection, *, at_once: bool = True) -> Iterator[None]:
        """Commit within: on disk at its end, or later if it is not needed `at_once` or others are written together."""
        if not self._durable or (at_once and not _TOGETHER.get()):
            yield
            return
        connection.execute("PRAGMA synchronous = NORMAL")
        try:
            yield
            self._owed = True
        finally:
            connection.execute("PRAGMA synchronous = FULL")

    def sync(self) -> None:
        """Wait until all that is committed is on disk; raises OSError."""
        if not self._owed:
            return
        with self._log.open("rb") as log:
            os.fsync(log.fileno())
        self._owed = False


@contextlib.asynccontextmanager
async def together(sync: Callable[[], Awaitable[None]]) -> AsyncIterator[None]:
    """Writes of this task need not be on disk before the end, where `sync` is waited for; not after an error."""
    if _TOGETHER.get():
        yield
        return
    token = _TOGETHER.set(True)
    try:
        yield
    finally:
        _TOGETHER.reset(token)
    await sync()
