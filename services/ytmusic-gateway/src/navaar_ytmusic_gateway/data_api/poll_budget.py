"""How often a playlist may be asked for changes where each question costs a unit. Pure."""

from __future__ import annotations

SAVED_S = 43_200.0
"""Half a day's polls may be made one after another; what is not used is saved up to that."""


class PollBudget:
    """Counts polls of one playlist against what a day allows for them."""

    def __init__(self) -> None:
        self._owed_s = 0.0
        self._at: float | None = None

    def take(self, now: float, pause_s: float) -> bool:
        """Whether a poll may be made at `now` (monotonic), if there is one each `pause_s` seconds on average."""
        elapsed = 0.0 if self._at is None else max(0.0, now - self._at)
        self._owed_s, self._at = max(0.0, self._owed_s - elapsed), now
        if self._owed_s + pause_s > SAVED_S:
            return False
        self._owed_s += pause_s
        return True
