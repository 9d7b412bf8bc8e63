"""What the first start does, and the gate that every service which writes has in front of people's collections.

While a plan stands the ledger orders nothing that writes. What was ordered before, comes out of a replay or from a
person directly meets this gate: it waits in its queue, at no cost, and goes on once the plan is approved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable
from typing import TypeVar

from pydantic import Field

from navaar_contracts.identifiers import FirstSync
from navaar_contracts.links import Link
from navaar_contracts.message import Command
from navaar_contracts.policies import LinkPolicy
from navaar_runtime.failures import RateLimited
from navaar_runtime.settings import NavaarSettings

C = TypeVar("C", bound=Command)
R = TypeVar("R")

AGAIN_S = 30.0
"""How often what waits looks whether it still has to."""
WAITS = "Waits for the plan's approval: nothing is written until then."


class FirstSyncSettings(NavaarSettings):
    """Read by the ledger, which decides, and by every service that writes."""

    first_sync: FirstSync = Field(
        default=FirstSync.SYNC,
        description=LinkPolicy.model_fields["first_sync"].description,
        examples=["baseline"],
    )


def plans(links: Iterable[Link]) -> frozenset[str]:
    """The links of which nothing may be written until a person approves the plan."""
    return frozenset(link.name for link in links if link.policy.first_sync is FirstSync.PLAN)


class PlanGate:
    """In front of the handlers of every command that writes.

    Args:
        shut: the links whose plan stands.
    """

    def __init__(self, *, shut: Collection[str]) -> None:
        self.shut = frozenset(shut)

    def before(self, handler: Callable[[C], Awaitable[R]]) -> Callable[[C], Awaitable[R]]:
        """`handler`, reached only while the gate is open; else RateLimited, by us."""

        async def gated(command: C) -> R:
            if command.link in self.shut:
                raise RateLimited(AGAIN_S, WAITS, by_us=True)
            return await handler(command)

        return gated
