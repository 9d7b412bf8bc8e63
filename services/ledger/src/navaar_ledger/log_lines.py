"""Log entries as they are kept: with ids that sort by time and are the same when the same write is repeated."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from navaar_contracts.identifiers import Direction
from navaar_contracts.message import stamp
from navaar_contracts.queries import LogEntry
from navaar_ledger.decision import Entry
from navaar_ledger.tracing import trace_id
from navaar_ledger.track import Track
from navaar_runtime.tracing import traceparent

LONGEST = 2000


def lines(track: Track, entries: Sequence[Entry]) -> tuple[LogEntry, ...]:
    """The entries of one save of `track`, in order."""
    return tuple(
        LogEntry(
            id=f"{stamp(entry.at or track.updated_at):013d}-{track.id:08d}-{track.version:06d}-{number:02d}",
            link=track.link,
            track_id=track.id,
            event=entry.event,
            direction=entry.direction,
            details=entry.details[:LONGEST],
            trace_id=trace_id(track.trace),
            created_at=entry.at or track.updated_at,
        )
        for number, entry in enumerate(entries)
    )


def happened(link: str, event: str, details: str, at: datetime, direction: Direction | None = None) -> LogEntry:
    """A line about no track, with the trace in which it happened; the store gives it its id."""
    trace = trace_id(traceparent())
    return LogEntry(id="", link=link, event=event, direction=direction, details=details, trace_id=trace, created_at=at)


def by(who: str) -> str:
    """' by admin 123', or nothing when nobody is named."""
    return f" by {who}" if who else ""
