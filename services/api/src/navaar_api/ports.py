"""What the endpoints need of the outside."""

from __future__ import annotations

from typing import Protocol, TypeVar

from navaar_contracts.health import HealthReply
from navaar_contracts.queries import Query, Reply

R = TypeVar("R", bound=Reply)


class Asks(Protocol):
    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R:
        """Raises navaar_shared.failures.Transient when there is no answer."""
        ...


class Examines(Protocol):
    async def examine(self) -> dict[str, HealthReply]:
        """Every service's health, by name; a silent one has a problem."""
        ...
