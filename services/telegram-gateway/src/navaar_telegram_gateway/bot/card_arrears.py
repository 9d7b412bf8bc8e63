"""Since when a channel's cards have been behind what happened. Pure.

Cards may wait long for their turn. What waits is kept in memory, so a restart has to know from when on to look again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass
class CardArrears:
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
