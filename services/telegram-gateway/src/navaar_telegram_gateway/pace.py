"""How soon a channel may take its next post."""

from __future__ import annotations

import asyncio
from time import monotonic

from navaar_shared.failures import RateLimited

LONGEST_WAIT_S = 60.0
"""A longer pause goes back to the queue instead of being sat out."""


class Pace:
    """A post every `interval_s` seconds, later when Telegram asks for a pause.

    Pauses are sat out in turn, so that what arrived together is posted in its order.
    """

    def __init__(self, interval_s: float) -> None:
        self._interval_s = interval_s
        self._not_before = 0.0
        self._closed = asyncio.Event()

    async def turn(self) -> None:
        """Wait until the channel may take a post; the next turn is an interval later.

        Raises:
            RateLimited: the pause is too long to be sat out, or the gateway stops.
        """
        wait = self._not_before - monotonic()
        if wait > LONGEST_WAIT_S:
            raise RateLimited(wait, "Telegram asked to wait before the next post")
        try:
            async with asyncio.timeout(max(0.0, wait)):
                await self._closed.wait()
        except TimeoutError:
            self._not_before = monotonic() + self._interval_s
            return
        raise RateLimited(1.0, "the gateway stops; the post is made after the restart")

    def hold(self, seconds: float) -> None:
        """Telegram asked for a pause of so many seconds from now."""
        self._not_before = max(self._not_before, monotonic() + seconds)

    def close(self) -> None:
        """Let no further post begin."""
        self._closed.set()
