"""Which directions have had no cycle for too long; pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime

from navaar_contracts.identifiers import Direction


def stale(
    expected: Iterable[Direction],
    last_cycle: Mapping[Direction, datetime],
    *,
    paused: Iterable[Direction],
    started_at: datetime | None,
    now: datetime,
    interval_s: Callable[[Direction], float],
    multiplier: float,
) -> tuple[Direction, ...]:
    """Those whose latest cycle, or else the ledger's start, is more than `multiplier` intervals ago.

    After a long stop every direction's latest cycle is old; counting from the start gives it the time to run again.
    """
    resting = set(paused)
    late = []
    for direction in expected:
        moments = [m for m in (last_cycle.get(direction), started_at) if m is not None]
        if direction in resting or not moments:
            continue
        if (now - max(moments)).total_seconds() > multiplier * interval_s(direction):
            late.append(direction)
    return tuple(late)
