"""The trace that a track belongs to, from first sight to last delivery.

It is kept with the track, so that what a clock, a person or a restart sets in motion later continues in it.
"""

from __future__ import annotations

from collections import OrderedDict

from navaar_contracts.message import Message
from navaar_ledger.domain.track import Track, TrackState

MOST = 10_000
"""Tracks remembered: many more than are decided about before their messages are sent."""


class Traces:
    """Which trace the messages about a track belong to, as far as its document passed through here."""

    def __init__(self) -> None:
        self._known: OrderedDict[int, str] = OrderedDict()

    def know(self, track: Track) -> None:
        """Remember the trace of `track`, also for the tracks that were joined to it: their deliveries are its own."""
        if track.trace is None or track.state is TrackState.MERGED:
            return
        for each in (track.id, *track.absorbed):
            self._known.pop(each, None)
            self._known[each] = track.trace
        while len(self._known) > MOST:
            self._known.popitem(last=False)

    def of(self, message: Message) -> str | None:
        """The traceparent kept with the track that a message is about."""
        return self._known.get(getattr(message, "track_id", None) or 0)
