"""What the first start does, and the gate that every service which writes has in front of people's collections.

While a plan stands the ledger orders nothing that writes. What was ordered before, comes out of a replay or from a
person directly meets this gate: it waits in its queue, at no cost, and goes on once the plan is approved.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeVar

from pydantic import Field

from navaar_contracts.identifiers import FirstSync
from navaar_contracts.message import Command
from navaar_runtime.failures import RateLimited
from navaar_runtime.settings import NavaarSettings, load

C = TypeVar("C", bound=Command)
R = TypeVar("R")

AGAIN_S = 30.0
"""How often what waits looks whether it still has to."""
WAITS = "Waits for the plan's approval: nothing is written until then."


class FirstSyncSettings(NavaarSettings):
    """Read by the ledger, which decides, and by every service that writes."""

    first_sync: FirstSync = Field(
        default=FirstSync.SYNC,
        description="What the first sight of a playlist means: sync (everything in it is new), baseline (recorded, "
        "only later additions are synced) or plan (report what would happen; nothing is written on any platform until "
        "you start with another value)",
        examples=["baseline"],
    )


def plan_stands(environment: Mapping[str, str]) -> bool:
    """Whether nothing may be written anywhere until a person approves the plan. Raises SettingsError."""
    return load(FirstSyncSettings, environment).first_sync is FirstSync.PLAN


class PlanGate:
    """In front of the handlers of every command that writes."""

    def __init__(self, *, shut: bool) -> None:
        self.shut = shut

    def before(self, handler: Callable[[C], Awaitable[R]]) -> Callable[[C], Awaitable[R]]:
        """`handler`, reached only while the gate is open; else RateLimited, by us."""

        async def gated(command: C) -> R:
            if self.shut:
                raise RateLimited(AGAIN_S, WAITS, by_us=True)
            return await handler(command)

        return gated
