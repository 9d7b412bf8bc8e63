"""Which status card is to be looked at next, and when. Pure.

However often a track changes, its card waits in one place, and is edited at most once in a while.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from navaar_runtime.backoff import pause_s

EDIT_EVERY_S = 4.0
"""Least seconds between two edits of one card."""
MOST_TRIES = 6
LONGEST_PAUSE_S = 300.0


@dataclass
class CardSchedule:
    """The cards of one channel. Times are seconds of any steady clock."""

    every_s: float = EDIT_EVERY_S
    _due: dict[int, float] = field(default_factory=dict)
    _looked_at: dict[int, float] = field(default_factory=dict)
    _tries: dict[int, int] = field(default_factory=dict)

    def touch(self, track_id: int, now: float) -> None:
        """Something changed about the track."""
        if track_id not in self._due:
            self._due[track_id] = max(now, self._looked_at.get(track_id, now - self.every_s) + self.every_s)

    def next(self, now: float) -> int | None:
        """The track whose card has waited longest among those that are due."""
        due = [(at, track_id) for track_id, at in self._due.items() if at <= now]
        return min(due)[1] if due else None

    def wait(self, now: float) -> float | None:
        """Seconds until the next is due; None: none waits."""
        return max(0.0, min(self._due.values()) - now) if self._due else None

    def take(self, track_id: int, now: float) -> None:
        """The card is being looked at: what changes from now on needs another look."""
        self._due.pop(track_id, None)
        self._looked_at[track_id] = now
        if len(self._looked_at) > 10_000:
            # An old card may at worst be edited a little early.
            for old in sorted(self._looked_at, key=self._looked_at.__getitem__)[:5_000]:
                del self._looked_at[old]

    def done(self, track_id: int) -> None:
        self._tries.pop(track_id, None)

    def failed(self, track_id: int, now: float) -> bool:
        """It did not work; whether it is tried again. A card is not worth many tries."""
        tries = self._tries.pop(track_id, 0) + 1
        if tries >= MOST_TRIES:
            return False
        self._tries[track_id] = tries
        self._due.setdefault(track_id, now + pause_s(tries + 1, first_s=self.every_s, longest_s=LONGEST_PAUSE_S))
        return True


@dataclass
class CardBacklog:
    """Every change is named with its moment; a card that shows it is named too."""

    _waiting: dict[int, datetime] = field(default_factory=dict)
    """Track -> its earliest change that no card shows."""
    _in_hand: dict[int, datetime] = field(default_factory=dict)

    def changed(self, track_id: int, at: datetime) -> None:
        self._waiting[track_id] = min(at, self._waiting.get(track_id, at))

    def taken(self, track_id: int) -> None:
        """The card is being looked at; what changes from now on is another change."""
        if (since := self._waiting.pop(track_id, None)) is not None:
            self._in_hand[track_id] = since

    def again(self, track_id: int) -> None:
        """It did not work, and is tried again."""
        if (since := self._in_hand.pop(track_id, None)) is not None:
            self._waiting[track_id] = min(since, self._waiting.get(track_id, since))

    def settled(self, track_id: int) -> None:
        """The card shows how it was when it was taken, or is given up."""
        self._in_hand.pop(track_id, None)

    def shown_until(self, now: datetime) -> datetime:
        """All that happened before this moment is shown."""
        return min([*self._waiting.values(), *self._in_hand.values()], default=now)
