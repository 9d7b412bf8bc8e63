"""What the bot needs of the runtime."""

from __future__ import annotations

from typing import Protocol

from navaar_runtime.idempotency import IdempotencyRecord


class MessageRecords(Protocol):
    """Where message ids are kept: the records of navaar_runtime. Raises Transient."""

    async def get(self, key: str) -> IdempotencyRecord | None: ...
    async def complete(self, key: str, outcome: dict[str, object]) -> IdempotencyRecord: ...
