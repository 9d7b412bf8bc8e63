"""Whether everything in a direction fails, although its cycles end. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from navaar_contracts.identifiers import Direction

OF_THE_SONG = frozenset(
    {
        "no_match",
        "no_youtube_match",
        "nothing_to_search",
        "review",
        "youtube_review",
        "never",
        "rejected",
        "wrong_match",
    }
)
"""Causes that lie in one song; so many of them in a row are suspicious all the same."""
SUSPICIOUS = 10


@dataclass
class FailureStreak:
    """The tracks that stopped since the last one that succeeded, each with its cause."""

    causes: dict[int, str] = field(default_factory=dict)
    reason: str = ""

    def of_the_platform(self) -> int:
        return sum(cause not in OF_THE_SONG for cause in self.causes.values())


class FailureStreaks:
    """Per link and direction.

    Args:
        most: so many different tracks that stop one after the other for reasons beyond the songs are a trouble.
    """

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._streaks: dict[tuple[str, Direction], FailureStreak] = {}

    def stopped(self, link: str, direction: Direction, track_id: int, cause: str, reason: str) -> FailureStreak | None:
        """A delivery stopped; the streak, if that is a trouble by now."""
        streak = self._streaks.setdefault((link, direction), FailureStreak())
        streak.causes[track_id] = cause
        streak.reason = reason
        while len(streak.causes) > 1000:
            del streak.causes[next(iter(streak.causes))]
        bad = streak.of_the_platform() >= self._most or len(streak.causes) >= SUSPICIOUS + self._most
        return streak if bad else None

    def synced(self, link: str, direction: Direction) -> None:
        """One succeeded: the direction works."""
        self._streaks.pop((link, direction), None)


def causes_of(streak: FailureStreak) -> list[tuple[str, int]]:
    """Cause and number of tracks, most frequent first."""
    return Counter(streak.causes.values()).most_common()
