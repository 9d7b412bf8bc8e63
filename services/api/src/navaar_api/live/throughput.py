"""How much was delivered per direction and hour, of the last day."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta

from navaar_api.ports import PastDeliveries
from navaar_contracts.events import DeliverySynced
from navaar_contracts.identifiers import Direction
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

HOURS = 24
_MOST_KEYS = 100_000
AGAIN_S = 10.0


class Throughput:
    """Counts each delivery once, whether it is heard live or read from the history."""

    def __init__(self) -> None:
        self._hours: dict[Direction, dict[int, int]] = defaultdict(lambda: defaultdict(int))
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


async def recall(past: PastDeliveries, throughput: Throughput, now: Callable[[], datetime]) -> None:
    """Read what was delivered before this service started, so that charts are whole from the beginning; then rest."""
    while True:
        try:
            async for at, message in past(now() - timedelta(hours=HOURS)):
                if isinstance(message, DeliverySynced):
                    throughput.add(message, at)
            break
        except Transient as error:
            log.info("history_waits", reason=error.reason)
            await asyncio.sleep(AGAIN_S)
    # A background task is there for the service's life.
    await asyncio.Event().wait()


def _hour(at: datetime) -> int:
    return int(at.timestamp() // 3600)
