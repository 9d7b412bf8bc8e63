"""Blocking clients, one per worker thread, in a bounded pool of their own."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import itertools
import threading
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Generic, TypeVar

C = TypeVar("C")
T = TypeVar("T")


class WorkerQueue:
    """Who gets one of `places` next: whoever may not wait first, then in the order in which they came."""

    def __init__(self, places: int) -> None:
        self._free = places
        self._numbers = itertools.count()
        self._line: list[tuple[bool, int, asyncio.Future[None]]] = []

    @contextlib.asynccontextmanager
    async def turn(self, *, patient: bool) -> AsyncIterator[None]:
        """A place for as long as the block takes, as soon as there is one."""
        if self._free:
            self._free -= 1
        else:
            called = asyncio.get_running_loop().create_future()
            heapq.heappush(self._line, (patient, next(self._numbers), called))
            try:
                await called
            except asyncio.CancelledError:
                if called.done() and not called.cancelled():
                    self._next()
                raise
        try:
            yield
        finally:
            self._next()

    def _next(self) -> None:
        while self._line:
            *_, called = heapq.heappop(self._line)
            if not called.done():
                called.set_result(None)
                return
        self._free += 1


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
        self._queue = WorkerQueue(size)

    async def run(self, work: Callable[[C], T], *, patient: bool = False) -> T:
        """`work` on a worker thread with that thread's client; whatever `work` or `build` raises comes out here.

        What is `patient` lets all others go first: a crowd of searches must not hold up what is about to be placed.
        """
        context = copy_context()
        loop = asyncio.get_running_loop()
        async with self._queue.turn(patient=patient):
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
