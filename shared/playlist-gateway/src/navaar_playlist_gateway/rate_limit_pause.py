"""A pause that a platform asked for holds for every call to it, not only for the one that was told."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.kept_file import KeptFile
from navaar_runtime import platform_requests
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import RateLimited

FIRST_S = 15.0
LONGEST_S = 900.0
TOLD_FROM_S = 600.0
"""A pause at least this long is told to people."""
LONGEST_BELIEVED_S = 7 * 86_400.0


def beside(file: Path, what: str = "pause") -> Path:
    """Where a pause is kept: beside the sign-in that it was imposed on, which every process of that account has."""
    return file.with_name(f"{file.name}.{what}")


def advice_to_wait(platform: Platform) -> str:
    """What a person is advised to do while a pause lasts."""
    return f"wait until then: asking earlier makes {platform.label}'s pause longer, so nothing was asked"


def doubling(in_a_row: int) -> float:
    """Seconds of the pause after so many refusals in a row, 1 or more."""
    return pause_s(in_a_row, first_s=FIRST_S, longest_s=LONGEST_S)


class RateLimitPause:
    """Shared by all worker threads of a gateway.

    Args:
        grown: how long a pause is that the platform gave no length, by how many refusals there were in a row.
        file: where the pause is kept, so that it holds over a restart and for every process that has the file; None
            keeps it in memory. A file that cannot be read or written is done without.

    It is counted by the clock that nobody can set; in the file, where that says nothing, stand its end and its length,
    so that a clock that was set back makes none longer than it was.
    """

    def __init__(
        self, platform: Platform, file: Path | None = None, *, grown: Callable[[int], float] = doubling
    ) -> None:
        self._platform = platform
        self._grown = grown
        platform_requests.begin_at_zero(platform)
        self._lock = threading.Lock()
        self._file = KeptFile(file)
        self._ends = 0.0
        """By the monotonic clock."""
        self._long = False
        self.in_a_row = 0
        """Refusals since a call was last answered normally."""
        self._recall()
        if self.rest_s() > 0:
            platform_requests.told_to_pause(platform, self.rest_s())

    def check(self) -> None:
        """Raise RateLimited with the rest of the pause while one lasts."""
        self._recall()
        rest = self.rest_s()
        if rest > 0:
            raise self._limited(rest)

    def rest_s(self) -> float:
        """Seconds that the pause still lasts, 0 while there is none."""
        return max(0.0, self._ends - time.monotonic())

    def begin(self, retry_after_s: float | None) -> RateLimited:
        """The platform refused for now; the failure to raise. Without its own word the pause grows each time."""
        with self._lock:
            self.in_a_row += 1
            seconds = retry_after_s if retry_after_s is not None else self._grown(self.in_a_row)
            self._ends = max(self._ends, time.monotonic() + seconds)
            self._long = self.rest_s() >= TOLD_FROM_S
            self._keep()
        platform_requests.told_to_pause(self._platform, seconds)
        return self._limited(seconds)

    def over(self) -> None:
        """A call was answered normally."""
        if self.in_a_row:
            with self._lock:
                self.in_a_row = 0
                self._keep()

    async def note(self) -> str | None:
        """Until when nothing is asked, for people; None while no long pause lasts."""
        self._recall()
        rest = self.rest_s()
        if not self._long or not rest:
            return None
        until = moment(time.time() + rest)
        return f"{self._platform.label} asks for a pause until {until}; nothing is asked before that"

    def _limited(self, seconds: float) -> RateLimited:
        until = f" (until {moment(time.time() + seconds)})" if seconds >= TOLD_FROM_S else ""
        return RateLimited(seconds, f"{self._platform.label} asks for a pause of {seconds:.0f} s{until}")

    def _keep(self) -> None:
        rest = self.rest_s()
        self._file.write({"until": time.time() + rest, "rest_s": rest, "long": self._long, "in_a_row": self.in_a_row})

    def _recall(self) -> None:
        """What an earlier process, or another one now, was told."""
        with self._lock, contextlib.suppress(ValueError, TypeError, KeyError):
            kept = self._file.news()
            if kept is None:
                return
            until, long, in_a_row = float(kept["until"]), bool(kept["long"]), int(kept["in_a_row"])
            # Not more than there was when it was written, whatever the clock was then.
            rest = min(until - time.time(), float(kept.get("rest_s", LONGEST_BELIEVED_S)))
            if rest < LONGEST_BELIEVED_S:
                self._ends, self._long, self.in_a_row = max(self._ends, time.monotonic() + rest), long, in_a_row


def moment(at: float) -> str:
    """A unix time for people."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%d %H:%M} UTC"


def retry_after(header: str | None) -> float | None:
    """Seconds from a Retry-After header; None when it is absent or no number (the date form is not used here)."""
    try:
        seconds = float(header) if header is not None else None
    except ValueError:
        return None
    return seconds if seconds is not None and 0 <= seconds < LONGEST_BELIEVED_S else None
