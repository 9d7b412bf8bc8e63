"""How many songs were placed on each platform since the day began: what a daily cap is measured by.

Counted in the log, which is kept in the order of time; from the second look on only what is new is read. Pure: pages of
the log in, numbers out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import LogEntry

PLACED = "track_synced"
"""The log's word for a song that Navaar has placed."""


@dataclass(slots=True)
class PlacedToday:
    """Of one link, as far as its log was read."""

    day: datetime | None = None
    """When the day began that is counted."""
    _newest: str = ""
    _read: str = ""
    _placed: Counter[Platform] = field(default_factory=Counter)

    def begin(self, day: datetime) -> None:
        """The log is going to be read from its end back, for the day that began then."""
        if self.day != day:
            self.day, self._newest, self._placed = day, "", Counter()
        self._read = self._newest

    def learn(self, page: Sequence[LogEntry]) -> bool:
        """Count a page, newest first; whether the one before it has to be read, too."""
        fresh = [each for each in page if self.day and each.created_at >= self.day and each.id > self._newest]
        self._read = max([self._read, *(each.id for each in fresh)])
        self._placed.update(each.direction.target for each in fresh if each.event == PLACED and each.direction)
        return bool(page) and len(fresh) == len(page)

    def end(self) -> Counter[Platform]:
        """All of it was read: songs by where they were placed."""
        self._newest = self._read
        return self._placed
