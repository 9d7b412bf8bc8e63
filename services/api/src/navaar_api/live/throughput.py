"""How much was delivered per direction and hour, of the last day."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

from navaar_contracts.events import DeliverySynced
from navaar_contracts.identifiers import Direction

HOURS = 24
_MOST_KEYS = 100_000


class Throughput:
    """Counts each delivery once, whether it is heard live or read from the history."""

    def __init__(self) -> None:
        self._hours: dict[Direction, dict[int, int]] = {d: defaultdict(int) for d in Direction}
        self._seen: set[str] = set()

    def add(self, delivery: DeliverySynced, at: datetime) -> None:
        key = delivery.message_id()
        if key in self._seen:
            return
        if len(self._seen) >= _MOST_KEYS:
            self._seen.clear()
        self._seen.add(key)
        self._hours[delivery.direction][_hour(at)] += 1

    def of(self, direction: Direction, now: datetime) -> tuple[int, ...]:
        """Deliveries of the last 24 hours, one figure an hour, oldest first; the last hour is the running one."""
        hours = self._hours[direction]
        first = _hour(now) - HOURS + 1
        for old in [hour for hour in hours if hour < first]:
            del hours[old]
        return tuple(hours.get(first + offset, 0) for offset in range(HOURS))


def since(now: datetime) -> datetime:
    """From when on the history matters."""
    return now - timedelta(hours=HOURS)


def _hour(at: datetime) -> int:
    return int(at.timestamp() // 3600)
