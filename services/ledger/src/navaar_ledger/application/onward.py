"""The ledger's time, which never goes back.

Documents are full of moments: when a retry is due, since when a step waits, until when a newcomer holds others up. If
the machine's clock was ahead and somebody sets it right, all of them lie ahead, and everything would rest until the
clock comes there again. So the ledger goes on from the latest moment that it knows, a little more slowly, until the
clock has caught up.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

SLOWER = 0.9
"""How much of each second counts while the ledger is ahead of the clock."""


class Onward:
    """Called, it tells the time."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall, self._monotonic = wall, monotonic
        self._at, self._gone = wall(), monotonic()

    def __call__(self) -> datetime:
        gone = self._monotonic()
        onward = self._at + timedelta(seconds=(gone - self._gone) * SLOWER)
        self._at, self._gone = max(self._wall(), onward), gone
        return self._at

    def not_before(self, moment: datetime | None) -> None:
        """Something is known to have happened then."""
        if moment is not None:
            self._at = max(self._at, moment)
