"""What the YouTube Data API costs and how much a day allows. Pure.

Sources: https://developers.google.com/youtube/v3/determine_quota_cost and .../getting-started#quota (10,000 units a day
for a project, counted anew at midnight Pacific time).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

PACIFIC = ZoneInfo("America/Los_Angeles")
PRICES = {
    "playlistItems.list": 1,
    "playlistItems.insert": 50,
    "playlistItems.delete": 50,
    "playlists.list": 1,
    "videos.list": 1,
}
"""Units for one request, by resource and method."""
ADDITION = PRICES["playlistItems.list"] + PRICES["playlistItems.insert"] + PRICES["videos.list"]
"""What one song costs at most: a look whether it is there already, the addition, and how long the video is."""
DAY_S = 86_400.0
POLLS_SHARE = 10
"""Polls never use more than this part of a day's units: a tenth."""


def day_of(now: datetime) -> date:
    """The day to which a request at `now` is counted."""
    return now.astimezone(PACIFIC).date()


def reset_after(now: datetime) -> datetime:
    """The next midnight in California, in UTC; days on which clocks change have 23 or 25 hours."""
    return datetime.combine(day_of(now) + timedelta(days=1), time(), PACIFIC).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class QuotaDay:
    """What is used up of one day. `ended_at` is the number of units a day of which Google said they are used up."""

    day: date
    spent: int = 0
    ended_at: int | None = None

    def on(self, day: date) -> QuotaDay:
        """The same on the same day, nothing used up on another."""
        return self if day == self.day else QuotaDay(day)

    def plus(self, units: int) -> QuotaDay:
        return replace(self, spent=max(0, self.spent + units))

    def ended(self, whole: int) -> QuotaDay:
        """Google said that the day's units are used up, while Navaar was told that there are `whole`."""
        return replace(self, ended_at=whole)

    def left(self, whole: int) -> int:
        """Units left of `whole`; whoever is given more of them may use them."""
        return 0 if self.ended_at is not None and whole <= self.ended_at else max(0, whole - self.spent)

    def document(self) -> dict[str, Any]:
        """As it is kept on disk."""
        return {"day": self.day.isoformat(), "spent": self.spent, "ended_at": self.ended_at}

    @classmethod
    def of(cls, document: Mapping[str, Any]) -> QuotaDay:
        """What `document` gave. Raises KeyError, TypeError, ValueError."""
        ended_at = document["ended_at"]
        return cls(
            date.fromisoformat(document["day"]),
            max(0, int(document["spent"])),
            int(ended_at) if ended_at is not None else None,
        )


def polls_a_day(whole: int, intervals_s: list[float]) -> int:
    """Units that the polls of playlists with these intervals in seconds use in a day of `whole` units."""
    wanted = sum(DAY_S / interval for interval in intervals_s)
    return round(min(wanted, whole / POLLS_SHARE))


def poll_pause_s(whole: int, playlists: int) -> float:
    """Seconds from one poll of a playlist to the next that keep all `playlists` within their share of `whole` units."""
    return DAY_S * max(1, playlists) / max(1.0, whole / POLLS_SHARE)


def additions(units: int, polls: int) -> int:
    """How many songs can be added with so many units, if the polls need `polls` of them."""
    return max(0, units - polls) // ADDITION
