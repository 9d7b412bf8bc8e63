"""Up to when a service knows what has happened: the publication of the newest event that it has worked off.

Later events may still wait in its consumer, so the clock says less: what is decided now may be decided without them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextvars import ContextVar
from datetime import UTC, datetime

NOTHING_YET = datetime(1970, 1, 1, tzinfo=UTC)

_taken_up: ContextVar[datetime | None] = ContextVar("navaar_event_taken_up", default=None)
_sequence: ContextVar[int | None] = ContextVar("navaar_event_sequence", default=None)


class Watermark:
    """For consumers that hand over one event at a time, in the order of the stream."""

    def __init__(self) -> None:
        self._worked_off = NOTHING_YET
        self._worked_off_to = 0

    @contextlib.contextmanager
    def processing(self, published: datetime, sequence: int | None = None) -> Iterator[None]:
        """While an event is worked on, whoever works on it knows of it; others do from its end on.

        Args:
            sequence: its place in the stream.
        """
        token = _taken_up.set(published)
        place = _sequence.set(sequence)
        try:
            yield
            self._worked_off = max(self._worked_off, published)
            self._worked_off_to = max(self._worked_off_to, sequence or 0)
        finally:
            _taken_up.reset(token)
            _sequence.reset(place)

    def current(self) -> datetime:
        """The publication of the event being worked on, else of the newest worked off; 1970 before the first."""
        return _taken_up.get() or self._worked_off

    def place(self) -> int:
        """The place in the stream of the event being worked on, else of the newest worked off; 0 before the first."""
        return _sequence.get() or self._worked_off_to

    @staticmethod
    def sequence() -> int | None:
        """The place in the stream of the event being worked on; None between events."""
        return _sequence.get()
