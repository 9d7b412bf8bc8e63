"""Fan-out to open pages: one bounded queue each; who cannot keep up is let go and connects again."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

QUEUE = 100
MOST_CLIENTS = 128
"""Half of all connections that there may be: what is asked meanwhile finds room."""
MOST_OF_ONE = 64
"""Of one address: whoever opens many must not take the others' places."""
KEEP_ALIVE_S = 15.0

Frame = bytes


class Crowded(Exception):
    """There are as many open pages as we serve, to this address or at all."""


class Broadcaster:
    """Everything said reaches every page that is open at that moment."""

    def __init__(self) -> None:
        self._queues: dict[asyncio.Queue[Frame | None], str] = {}
        """Each open page's, and the address that it counts for."""
        self._closed = False

    @property
    def clients(self) -> int:
        return len(self._queues)

    def say(self, event: str, data: dict[str, Any]) -> None:
        frame = f"event: {event}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()
        for queue in tuple(self._queues):
            try:
                queue.put_nowait(frame)
            except asyncio.QueueFull:
                self._let_go(queue)

    async def join(self, client: str = "") -> AsyncIterator[Frame]:
        """Frames for one page of `client` until it is let go or everything ends. Raises Crowded."""
        if self.clients >= MOST_CLIENTS or sum(each == client for each in self._queues.values()) >= MOST_OF_ONE:
            raise Crowded
        queue: asyncio.Queue[Frame | None] = asyncio.Queue(QUEUE)
        frames = self._frames(queue)
        self._queues[queue] = client
        # Begun at once: frames that were never begun would hold their place for ever if nobody reads them.
        return _after(await anext(frames), frames)

    def close(self) -> None:
        """Ends every stream, so that no open page holds up a stop."""
        self._closed = True
        for queue in tuple(self._queues):
            self._let_go(queue)

    def _let_go(self, queue: asyncio.Queue[Frame | None]) -> None:
        self._queues.pop(queue, None)
        while not queue.empty():
            queue.get_nowait()
        queue.put_nowait(None)

    async def _frames(self, queue: asyncio.Queue[Frame | None]) -> AsyncGenerator[Frame]:
        try:
            yield b"retry: 2000\nevent: hello\ndata: {}\n\n"
            while not self._closed:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_S):
                        frame = await queue.get()
                except TimeoutError:
                    # A comment: finds connections that are gone, and keeps proxies from closing those that are not.
                    frame = b": still here\n\n"
                if frame is None:
                    return
                yield frame
        finally:
            self._queues.pop(queue, None)


async def _after(first: Frame, rest: AsyncGenerator[Frame]) -> AsyncIterator[Frame]:
    async with contextlib.aclosing(rest):
        yield first
        async for frame in rest:
            yield frame
