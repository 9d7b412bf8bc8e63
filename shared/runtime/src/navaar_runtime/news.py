"""The newest that a gateway has told of its collection, against what the ledger knew when it decided.

They are compared by their places in the history, which NATS counts. The clocks of two machines need not agree, and any
of them may be set while everything runs.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class News:
    """What was told last."""

    place: int | None = 0
    """Its sequence in the history; None while it is being told."""
    at: datetime = _LONG_AGO
    """When, by this machine's clock: for orders of versions that did not say a place."""

    def is_overlooked(self, known_to: int | None, decided_at: datetime | None) -> bool:
        """Whether whoever decided may not have known of it.

        Args:
            known_to: the place in the history up to which everything was known then; None where that is not said.
            decided_at: up to when everything was known, for that case; None: at any time.
        """
        if known_to is not None:
            return self.place is None or self.place > known_to
        return decided_at is not None and self.at >= decided_at

    def recalled(self, newest: int, now: datetime) -> News:
        """After a restart, when the history has `newest` as its last place.

        What was being told then may be any of it. Neither a history that was made anew nor a clock that was set back
        leaves news that lie ahead.
        """
        return News(newest if self.place is None else min(self.place, newest), min(self.at, now))
