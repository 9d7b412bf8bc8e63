"""What the bot needs of the runtime."""

from __future__ import annotations

from typing import Protocol, TypeVar

from navaar_contracts.health import ConfigReply, HealthReply
from navaar_contracts.message import Message
from navaar_contracts.queries import Query, Reply
from navaar_runtime.idempotency import IdempotencyRecord

R = TypeVar("R", bound=Reply)


class QueryClient(Protocol):
    """Every method raises navaar_runtime.failures.Transient when there is no answer."""

    async def ask(self, query: Query[R], timeout_s: float = 2.0) -> R: ...
    async def health(self, service: str, timeout_s: float = 4.0) -> HealthReply: ...
    async def config(self, service: str, timeout_s: float = 2.0) -> ConfigReply: ...


class CommandPublisher(Protocol):
    async def publish(self, message: Message) -> None:
        """Raises navaar_runtime.failures.Transient when the stream does not take it."""
        ...


class Records(Protocol):
    """Where message ids are kept: the records of navaar_runtime. Raises Transient."""

    async def get(self, key: str) -> IdempotencyRecord | None: ...
    async def complete(self, key: str, outcome: dict[str, object]) -> IdempotencyRecord: ...
