"""How everything is: every service, and the directions that stand still, as the services themselves say it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from navaar_client.errors import Unavailable
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction
from navaar_contracts.queries import CountsReply, DirectionProblem, GetCounts


class SystemHealth:
    """Asked for again each time; nothing is kept. `own` is this service's own health."""

    def __init__(self, client: LedgerClient, own: Callable[[], Awaitable[HealthReply]]) -> None:
        self._client, self._own = client, own

    async def services(self) -> dict[str, HealthReply]:
        """Every service's health, by name; a silent one has a problem."""
        return await self._client.health(await self._own())

    async def late(self) -> tuple[Direction, ...]:
        """Directions that stand still. None also when the ledger does not answer: that is a problem of its own."""
        try:
            counts = await self._client.ask(GetCounts())
        except Unavailable:
            return ()
        late = {each.direction for each in counts.health if each.problem is DirectionProblem.LATE}
        return tuple(direction for direction in Direction if direction in late)


def problems(counts: CountsReply) -> dict[Direction, DirectionProblem | None]:
    """What is wrong with each direction that a link has; of several links' problems the first as the enum has them."""
    found: dict[Direction, set[DirectionProblem]] = {}
    for each in counts.health:
        found.setdefault(each.direction, set()).update({each.problem} if each.problem is not None else ())
    ordered = {direction: found[direction] for direction in Direction if direction in found}
    return {
        direction: next((problem for problem in DirectionProblem if problem in theirs), None)
        for direction, theirs in ordered.items()
    }
