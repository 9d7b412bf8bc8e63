"""Lets a crowd of requests in a few at a time, so that one that must not wait finds the way short."""

from __future__ import annotations

import asyncio
from collections import deque

AT_ONCE = 8
"""Requests that begin in one round of the event loop."""


class Turns:
    """First come, first served. Nothing is held while a request is worked on: only beginnings are spread."""

    def __init__(self, at_once: int = AT_ONCE) -> None:
        self._at_once = at_once
        self._waiting: deque[asyncio.Future[None]] = deque()
        self._letting_in: asyncio.Task[None] | None = None

    async def come(self) -> None:
        """Returns when it is the caller's turn."""
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(turn)
        if self._letting_in is None:
            self._letting_in = asyncio.create_task(self._let_in())
        await turn

    async def _let_in(self) -> None:
        while self._waiting:
            for _ in range(min(self._at_once, len(self._waiting))):
                turn = self._waiting.popleft()
                if not turn.done():
                    turn.set_result(None)
            await asyncio.sleep(0)
        self._letting_in = None
