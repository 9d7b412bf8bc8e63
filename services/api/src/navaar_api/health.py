"""Asks every service how it is, and the ledger when each direction last had its cycle."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from navaar_api.desk import Desk, Unavailable, directions
from navaar_api.staleness import stale
from navaar_contracts.health import SERVICES, HealthReply
from navaar_contracts.identifiers import Direction
from navaar_contracts.queries import CountsReply, GetCounts
from navaar_runtime.failures import Transient
from navaar_runtime.intervals import IntervalSettings

AskHealth = Callable[[str], Awaitable[HealthReply]]


async def examine(ask: AskHealth, own: HealthReply) -> dict[str, HealthReply]:
    """Every service's health, asked for at once; a silent one has a problem."""
    others = [name for name in SERVICES if name != own.service]
    replies = await asyncio.gather(*(_one(ask, name) for name in others))
    return {own.service: own, **dict(zip(others, replies, strict=True))}


async def _one(ask: AskHealth, name: str) -> HealthReply:
    try:
        return await ask(name)
    except Transient as error:
        return HealthReply(service=name, problem=error.reason)


@dataclass(frozen=True, slots=True)
class Standing:
    """The ledger's figures, and how its directions run."""

    counts: CountsReply
    expected: tuple[Direction, ...]
    """Those of the links there are."""
    late: tuple[Direction, ...]


class Staleness:
    """Which directions stand still, by the intervals in force."""

    def __init__(self, desk: Desk, intervals: IntervalSettings, multiplier: float) -> None:
        self._desk, self._intervals, self._multiplier = desk, intervals, multiplier

    async def look(self) -> Standing:
        """Raises Unavailable."""
        links, counts = await asyncio.gather(self._desk.links(), self._desk.ask(GetCounts()))
        expected = tuple(d for d in Direction if any(d in directions(platforms) for platforms in links.values()))
        late = stale(
            expected,
            counts.last_cycle,
            paused=counts.paused,
            started_at=counts.started_at,
            now=self._desk.now(),
            interval_s=self._intervals.of,
            multiplier=self._multiplier,
        )
        return Standing(counts, expected, late)

    async def directions(self) -> tuple[Direction, ...]:
        """Empty also when the ledger does not answer: that is a problem of its own."""
        try:
            return (await self.look()).late
        except Unavailable:
            return ()
