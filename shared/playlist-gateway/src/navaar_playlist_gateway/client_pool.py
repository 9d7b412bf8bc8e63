"""Blocking clients, one per worker thread, in a bounded pool of their own."""

from __future__ import annotations

import asyncio
import contextlib
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")


class ClientPool(Generic[C]):
    """Runs blocking work on clients that no two threads share.

    `build` makes a client, one at a time; `stale` says that a client must be replaced before its next use, for example
    because someone signed in anew.
    """

    def __init__(
        self, name: str, size: int, build: Callable[[], C], stale: Callable[[C], bool] = lambda _: False
    ) -> None:
        self._size = size
        self._build = build
        self._stale = stale
        self._building = threading.Lock()
        self._own = threading.local()
        self._executor = ThreadPoolExecutor(size, thread_name_prefix=name)

    async def run(self, work: Callable[[C], T]) -> T:
        """`work` on a worker thread with that thread's client; whatever `work` or `build` raises comes out here."""
        context = copy_context()
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: context.run(lambda: work(self._client())))

    async def warm(self, patience_s: float = 30.0) -> None:
        """Build every worker's client now, so that the first message need not wait for it. Raises the first failure."""
        meeting = threading.Barrier(self._size)

        def one(_: C) -> None:
            # Each worker waits for the others, or one of them would build alone and take all the jobs.
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(patience_s)

        async def attempt() -> None:
            try:
                await self.run(one)
            except BaseException:
                meeting.abort()
                raise

        outcomes = await asyncio.gather(*(attempt() for _ in range(self._size)), return_exceptions=True)
        for outcome in outcomes:
            if isinstance(outcome, BaseException):
                raise outcome

    def close(self) -> None:
        """Drop what has not started; a call that is running ends by its own timeout."""
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _client(self) -> C:
        client: C | None = getattr(self._own, "client", None)
        if client is None or self._stale(client):
            with self._building:
                client = self._build()
            self._own.client = client
        return client
