"""A pause that a platform asked for holds for every call to it, not only for the one that was told."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from navaar_contracts.identifiers import Platform
from navaar_runtime import platform_requests
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import RateLimited

FIRST_S = 15.0
LONGEST_S = 900.0


def doubling(in_a_row: int) -> float:
    """Seconds of the pause after so many refusals in a row, 1 or more."""
    return pause_s(in_a_row, first_s=FIRST_S, longest_s=LONGEST_S)


class RateLimitPause:
    """Shared by all worker threads of a gateway. `grown` says how long a pause is that the platform gave no length."""

    def __init__(self, platform: Platform, grown: Callable[[int], float] = doubling) -> None:
        self._platform = platform
        self._grown = grown
        platform_requests.begin_at_zero(platform)
        self._lock = threading.Lock()
        self._until = 0.0
        self.in_a_row = 0
        """Refusals since a call was last answered normally."""

    def check(self) -> None:
        """Raise RateLimited with the rest of the pause while one lasts."""
        rest = self.rest_s()
        if rest > 0:
            raise self._limited(rest)

    def rest_s(self) -> float:
        """Seconds that the pause still lasts, 0 while there is none."""
        return max(0.0, self._until - time.monotonic())

    def begin(self, retry_after_s: float | None) -> RateLimited:
        """The platform refused for now; the failure to raise. Without its own word the pause grows each time."""
        with self._lock:
            self.in_a_row += 1
            seconds = retry_after_s if retry_after_s is not None else self._grown(self.in_a_row)
            self._until = max(self._until, time.monotonic() + seconds)
        platform_requests.told_to_pause(self._platform, seconds)
        return self._limited(seconds)

    def over(self) -> None:
        """A call was answered normally."""
        self.in_a_row = 0

    def _limited(self, seconds: float) -> RateLimited:
        return RateLimited(seconds, f"{self._platform.label} asks for a pause of {seconds:.0f} s")


def retry_after(header: str | None) -> float | None:
    """Seconds from a Retry-After header; None when it is absent or no number (the date form is not used here)."""
    try:
        seconds = float(header) if header is not None else None
    except ValueError:
        return None
    return seconds if seconds is not None and 0 <= seconds < 7 * 86_400 else None
