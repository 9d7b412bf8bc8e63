"""A long list read from one end, window by window.

With its indexes MongoDB walks such a list in order and stops early; some servers of its protocol collect and sort all
that fits first. Bounded windows make that cheap too, and cost MongoDB a round trip now and then.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FIRST_IDS = 128
FIRST_MS = 3_600_000
GROWTH = 8
ENDLESS = 2**62


def downwards(top: int, first: int) -> Iterator[tuple[int, int]]:
    """(from, below) of each window, from `top` down to 0, each wider than the one before."""
    width = first
    while top > 0:
        bottom = max(0, top - width)
        yield bottom, top
        top, width = bottom, width * GROWTH


def upwards(bottom: int, last: int, first: int) -> Iterator[tuple[int, int]]:
    """(from, below) of each window, from `bottom` up; the one that reaches `last` has no end."""
    width = first
    while True:
        top = bottom + width if bottom + width <= last else ENDLESS
        yield bottom, top
        if top == ENDLESS:
            return
        bottom, width = top, width * GROWTH


async def last_id(database: Any) -> int:
    """The newest track id that was given out."""
    row = await database.sequence.find_one({"_id": "track"})
    return int(row["value"]) if row is not None else 0


async def newest_windows(database: Any, before: int | None) -> Iterator[tuple[int, int]]:
    """Windows of track ids from the newest down, or from below `before`."""
    if before is not None:
        return downwards(before, FIRST_IDS)
    last = await last_id(database)
    first = max(0, last - FIRST_IDS)
    return iter([(first, ENDLESS), *downwards(first, FIRST_IDS * GROWTH)])
