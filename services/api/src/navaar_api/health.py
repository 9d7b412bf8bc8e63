"""How everything is: every service, and which directions have had no cycle for too long."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from navaar_api.requests import directions_between
from navaar_client.errors import Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction
from navaar_contracts.queries import CountsReply, GetCounts
from navaar_runtime.intervals import IntervalSettings


@dataclass(frozen=True, slots=True)
class Standing:
    """The ledger's figures, and how its directions run."""

    counts: CountsReply
    expected: tuple[Direction, ...]
    """Those of the links there are."""
    late: tuple[Direction, ...]


class Health:
    """Asked for anew each time; nothing is kept.

    Args:
        own: this service's own health.
        multiplier: so many intervals without a cycle are too many.
    """

    def __init__(
        self,
        client: LedgerClient,
        own: Callable[[], Awaitable[HealthReply]],
        intervals: IntervalSettings,
        multiplier: float,
    ) -> None:
        self._client, self._own, self._intervals, self._multiplier = client, own, intervals, multiplier

    async def services(self) -> dict[str, HealthReply]:
        """Every service's health, by name; a silent one has a problem."""
        return await self._client.health(await self._own())

    async def standing(self) -> Standing:
        """Raises Unavailable."""
        links, counts = await asyncio.gather(self._client.links(), self._client.ask(GetCounts()))
        running = {direction for platforms in links.values() for direction in directions_between(platforms)}
        expected = tuple(direction for direction in Direction if direction in running)
        late = stale(
            expected,
            counts.last_cycle,
            paused=counts.paused,
            started_at=counts.started_at,
            now=self._client.now(),
            interval_s=self._intervals.of,
            multiplier=self._multiplier,
        )
        return Standing(counts, expected, late)

    async def late(self) -> tuple[Direction, ...]:
        """Directions that stand still. None also when the ledger does not answer: that is a problem of its own."""
        try:
            return (await self.standing()).late
        except Unavailable:
            return ()


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
    """Those whose latest cycle, or else the ledger's start, is more than `multiplier` intervals ago. Pure.

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
