"""Whether the updates that waited while the gateway was away have been read."""

from __future__ import annotations

import asyncio

from navaar_runtime.failures import RateLimited

LONGEST_WAIT_S = 10.0


class UpdateBacklog:
    """Posts are made only while updates come in: a song that somebody has just posted must be known first."""

    def __init__(self) -> None:
        self._read = asyncio.Event()

    def is_read(self) -> None:
        self._read.set()

    def may_wait(self) -> None:
        self._read.clear()

    @property
    def known(self) -> bool:
        return self._read.is_set()

    async def wait(self) -> None:
        """Raises RateLimited when the updates have not come in for a while."""
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                await self._read.wait()
        except TimeoutError:
            reason = "Posts wait until the channel's waiting updates have been read"
            raise RateLimited(5.0, reason, by_us=True) from None
