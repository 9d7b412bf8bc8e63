"""How soon a channel may take its next post."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic

from navaar_runtime.failures import RateLimited

LONGEST_WAIT_S = 60.0
"""A longer pause goes back to the queue instead of being sat out."""
WINDOW_S = 60.0


class RateLimiter:
    """Posts at least `interval_s` seconds apart, at most `most` in any minute, later when Telegram asks for a pause.

    Telegram takes about one message a second in a chat and twenty a minute in a channel (Bots FAQ, "My bot is hitting
    limits"): a few songs go out at once, many evenly. Pauses are sat out in turn, so that what arrived together is
    posted in its order.
    """

    def __init__(self, interval_s: float, most: int | None = None) -> None:
        self._interval_s = interval_s
        self._most = most
        self._made: deque[float] = deque()
        self._not_before = 0.0
        self._closed = asyncio.Event()

    async def turn(self) -> None:
        """Wait until the channel may take a post, and take the turn.

        Raises:
            RateLimited: the pause is too long to be sat out, or the gateway stops.
        """
        while (wait := self.wait_s(self._most)) > 0:
            if self._not_before - monotonic() > LONGEST_WAIT_S:
                raise RateLimited(wait, "Telegram asked to wait before the next post")
            if wait > LONGEST_WAIT_S:
                raise RateLimited(wait, f"the next post in the channel is due in {wait:.0f} s", by_us=True)
            try:
                async with asyncio.timeout(wait):
                    await self._closed.wait()
            except TimeoutError:
                continue
            raise RateLimited(1.0, "the gateway stops; the post is made after the restart", by_us=True)
        self._made.append(monotonic())

    def give_back(self) -> None:
        """The turn was not used after all."""
        if self._made:
            self._made.pop()

    def try_turn(self) -> float:
        """Take a turn now for something that may wait: 0.0; else the seconds until it may be tried again.

        Half of a minute's turns are left to songs.
        """
        wait = self.wait_s(None if self._most is None else max(1, self._most // 2))
        if wait > 0:
            return wait
        self._made.append(monotonic())
        return 0.0

    def left(self) -> int | None:
        """How many posts the channel may still take in this minute; None without a limit."""
        if self._most is None:
            return None
        since = monotonic() - WINDOW_S
        return max(0, self._most - sum(made > since for made in self._made))

    def hold(self, seconds: float) -> None:
        """Telegram asked for a pause of so many seconds from now."""
        self._not_before = max(self._not_before, monotonic() + seconds)

    def close(self) -> None:
        """Let no further post begin."""
        self._closed.set()

    def wait_s(self, most: int | None) -> float:
        """Seconds until a post may be made, if a minute takes `most` of them; negative: it could long since."""
        now = monotonic()
        while self._made and self._made[0] <= now - WINDOW_S:
            self._made.popleft()
        earliest = self._not_before
        if self._made:
            earliest = max(earliest, self._made[-1] + self._interval_s)
        if most is not None and len(self._made) >= most:
            earliest = max(earliest, self._made[-most] + WINDOW_S)
        return earliest - now
