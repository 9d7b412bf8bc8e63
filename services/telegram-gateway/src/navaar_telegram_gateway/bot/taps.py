"""Presses of one button that come twice, because a thumb was quick or an answer slow. Pure."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

RESTS_S = 2.0
"""So long after it was done the same button of the same message does nothing."""


@dataclass
class Taps:
    """What is being done, and has just been done. Times are seconds of any steady clock."""

    rests_s: float = RESTS_S
    _until: dict[Hashable, float] = field(default_factory=dict)

    def begin(self, tap: Hashable, now: float) -> bool:
        """Whether to do it; False: it is being done, or has just been."""
        self._until = {other: until for other, until in self._until.items() if until > now}
        if tap in self._until:
            return False
        self._until[tap] = float("inf")
        return True

    def end(self, tap: Hashable, now: float) -> None:
        """It was done."""
        self._until[tap] = now + self.rests_s

    def failed(self, tap: Hashable) -> None:
        """It was not done; pressing again is no second time."""
        self._until.pop(tap, None)
