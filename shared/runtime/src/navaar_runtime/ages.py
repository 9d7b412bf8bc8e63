"""How long ago something was begun, by the clock that nobody can set.

What is written down has a time of the wall clock. Somebody may set that clock meanwhile: then the wait until a platform
must show what was begun would last for hours, or be over at once.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

KEPT = 1000
"""Of those met last."""
_SAME = timedelta(seconds=1)
"""Nobody has set a clock that differs by less."""


class Ages:
    """Of what this process has met, from when it met it: it believes the wall clock about what was before."""

    def __init__(
        self,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._now, self._monotonic = now, monotonic
        self._met: dict[str, tuple[int, float]] = {}
        """By key: the revision, and when it was begun by the monotonic clock."""

    def begun_at(self, key: str, revision: int, noted: datetime) -> datetime:
        """When it was begun, as the wall clock counts now; `noted` is what it counted then."""
        now, monotonic = self._now(), self._monotonic()
        met, begun = self._met.pop(key, (-1, 0.0))
        if met != revision:
            # Of the future: the clock was ahead, and all that is known is that it was begun before now.
            begun = monotonic - max(0.0, (now - noted).total_seconds())
        self._met[key] = (revision, begun)
        if len(self._met) > KEPT:
            del self._met[next(iter(self._met))]
        true = now - timedelta(seconds=monotonic - begun)
        return noted if abs(true - noted) < _SAME else true

    def forget(self, key: str) -> None:
        self._met.pop(key, None)
