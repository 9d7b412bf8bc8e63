"""How often a playlist may be changed. YouTube Music blocks accounts for hours that change much in a short time."""

from __future__ import annotations

import asyncio
import threading
from time import monotonic

from navaar_runtime.failures import RateLimited

LONGEST_WAIT_S = 5.0
"""A longer wait goes back to the queue: what was noted as begun must not lie about when it was."""
REFUSALS = 3
"""After so many refusals in a row the account is left alone for a long time."""


class WritePacing:
    """At most `burst` writes at once, afterwards one each `interval_s` seconds; unused ones are saved up."""

    def __init__(self, interval_s: float, burst: int) -> None:
        self._interval_s = interval_s
        self._ahead_s = interval_s * (burst - 1)
        self._even_at = 0.0
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Take the next turn; the seconds until it comes. `now` is on the monotonic clock.

        Raises:
            RateLimited: it comes too late to be waited for, and is not taken.
        """
        with self._lock:
            wait = max(0.0, self._even_at - self._ahead_s - now)
            if wait > LONGEST_WAIT_S:
                raise RateLimited(wait, f"the next change of the playlist may be made in {wait:.0f} s")
            self._even_at = max(self._even_at, now) + self._interval_s
            return wait

    async def turn(self) -> None:
        """Wait until the next write may be made; raises what `take` does."""
        await asyncio.sleep(self.take(monotonic()))


def refusal_pause_s(in_a_row: int, *, first_s: float, long_s: float) -> float:
    """Seconds without a write after so many refusals in a row, 1 or more: growing, and long from the third on."""
    return long_s if in_a_row >= REFUSALS else min(first_s * 4.0 ** (in_a_row - 1), long_s)
