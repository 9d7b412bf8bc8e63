"""One paced queue of what an account is asked, whichever link and thread asks. Pure but for the wait."""

from __future__ import annotations

import asyncio
import threading
from math import ceil
from time import monotonic

from navaar_runtime.failures import RateLimited

LONGEST_WAIT_S = 5.0
"""A longer wait goes back to the queue: what was noted as begun must not lie about when it was."""


class Pacing:
    """At most `burst` turns at once, afterwards one each `interval_s` seconds; unused ones are saved up to the burst.

    That is a token bucket, kept as the moment at which it would be full again (virtual scheduling, the generic cell
    rate algorithm of ITU-T I.371). In any `t` seconds there are no more than `burst + t / interval_s` turns, in the
    order in which they were asked for.
    """

    def __init__(self, interval_s: float, burst: int, what: str) -> None:
        """`what` waits, in words for the reason: "the next change of the playlist"."""
        self._interval_s = interval_s
        self._burst = burst
        self._what = what
        self._even_at = 0.0
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Take the next turn; the seconds until it comes. `now` is on the monotonic clock.

        Raises:
            RateLimited: by us; it comes too late to be waited for, and is not taken.
        """
        with self._lock:
            wait = max(0.0, self._even_at - self._interval_s * (self._burst - 1) - now)
            if wait > LONGEST_WAIT_S:
                raise RateLimited(wait, f"{self._what} may be made in {wait:.0f} s", by_us=True)
            self._even_at = max(self._even_at, now) + self._interval_s
            return wait

    def left(self, now: float) -> int:
        """How many turns may be taken at once now."""
        if not self._interval_s:
            return self._burst
        return max(0, self._burst - ceil(max(0.0, self._even_at - now) / self._interval_s))

    async def turn(self) -> None:
        """Wait until the next turn; raises what `take` does."""
        await asyncio.sleep(self.take(monotonic()))
