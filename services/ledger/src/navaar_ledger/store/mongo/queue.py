"""The first entries of a queue.

MongoDB walks the index `lane_keys, _id` in order and stops at the limit. Some servers of its protocol collect all that
waits in the queue and sort it first, so a queue that was long when it was last read is asked for its beginning alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry


@dataclass(frozen=True, slots=True)
class _Beginning:
    """Where a queue's first entries were found: track ids below `end`, in a window of `width`."""

    end: int
    width: int

    def spans(self) -> Iterator[dict[str, int]]:
        """Ranges of ids that follow each other: all up to the end, for entries come back; as much again; the rest."""
        further = self.end + self.width
        yield {"$lt": self.end}
        yield {"$gte": self.end, "$lt": further}
        yield {"$gte": further}


class QueueReader:
    """Reads queues. What it remembers saves time and never changes what is read."""

    def __init__(self) -> None:
        self._beginnings: dict[str, _Beginning] = {}

    async def first(self, database: Any, wanted: DeliveryQueue | AdmissionQueue, limit: int) -> tuple[QueueEntry, ...]:
        known = self._beginnings.pop(wanted.key, None)
        rows: list[dict[str, Any]] = []
        for span in known.spans() if known is not None else ({"$gte": 0},):
            found = database.tracks.find({"lane_keys": wanted.key, "_id": span}, {"lanes": 1})
            rows += await found.sort("_id", 1).limit(limit - len(rows)).to_list(None)
            if len(rows) >= limit:
                # A little further than was needed: entries leave at the front.
                width = rows[-1]["_id"] - rows[0]["_id"] + 1
                self._beginnings[wanted.key] = _Beginning(rows[-1]["_id"] + 1 + width // 4, width)
                break
        entries = [
            QueueEntry.model_validate(entry) for row in rows for entry in row["lanes"] if entry["lane"] == wanted.key
        ]
        return tuple(sorted(entries, key=lambda entry: (entry.order, entry.track_id)))
