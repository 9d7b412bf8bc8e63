"""Whether everything in a direction fails, although its cycles end. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from navaar_contracts.causes import Cause, CauseCategory
from navaar_contracts.identifiers import Direction

SUSPICIOUS = 10
"""So many songs in a row that stop, each for a reason of its own, are suspicious all the same."""


@dataclass
class FailureStreak:
    """The tracks that stopped since the last one that succeeded, each with its cause."""

    causes: dict[int, str] = field(default_factory=dict)
    reason: str = ""

    def of_the_platform(self) -> int:
        return sum(not _of_the_song(cause) for cause in self.causes.values())


class FailureStreaks:
    """Per link and direction.

    Args:
        most: so many different tracks that stop one after the other for reasons beyond the songs are a trouble.
    """

    def __init__(self, most: int) -> None:
        self._most = max(1, most)
        self._streaks: dict[tuple[str, Direction], FailureStreak] = {}

    def stopped(self, link: str, direction: Direction, track_id: int, cause: str, reason: str) -> FailureStreak | None:
        """A delivery stopped; the streak, if that is a trouble by now.

        A full playlist is told of by who met it, once, however many songs wait for room.
        """
        if cause == Cause.PLAYLIST_FULL:
            return None
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


def _of_the_song(cause: str) -> bool:
    """Whether it lies in one song, or is what a person decided about one."""
    return cause in [*Cause] and Cause(cause).category in (CauseCategory.SONG, CauseCategory.PERSON)
