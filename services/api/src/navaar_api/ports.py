"""What the endpoints need of the outside."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from datetime import datetime
from typing import Protocol, TypeVar

from navaar_contracts.health import HealthReply
from navaar_contracts.message import Message
from navaar_contracts.queries import Query, Reply

R = TypeVar("R", bound=Reply)


class QueryClient(Protocol):
    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R:
        """Raises navaar_runtime.failures.Transient when there is no answer."""
        ...


class Tells(Protocol):
    async def publish(self, message: Message) -> None:
        """Raises navaar_runtime.failures.Transient when the stream does not take it."""
        ...


class Examines(Protocol):
    def __call__(self) -> Awaitable[dict[str, HealthReply]]:
        """Every service's health, by name; a silent one has a problem."""
        ...


class Remembers(Protocol):
    def __call__(self, since: datetime) -> AsyncIterator[tuple[datetime, Message]]:
        """(when, delivery.synced) since then, oldest first; raises Transient, also while iterating."""
        ...
