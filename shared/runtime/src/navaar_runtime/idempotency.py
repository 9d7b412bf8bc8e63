"""Intents: what a service is about to do in a place that has no idempotency key, written down before it is done.

Kept in a JetStream key-value bucket. After a crash or a lost answer the intent says that the outcome is unknown, and
that it must be found out before anything is repeated.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, KeyDeletedError, KeyNotFoundError
from nats.js.kv import KeyValue

from navaar_contracts.streams import IDEMPOTENCY
from navaar_runtime import cancelling
from navaar_runtime.failures import Transient

_KEY = re.compile(r"[A-Za-z0-9_\-.=/]+")


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    key: str
    state: Literal["begun", "done"]
    begun_at: datetime
    note: dict[str, Any] = field(default_factory=dict)
    outcome: dict[str, Any] = field(default_factory=dict)


class IdempotencyRecords:
    """Intents by key; usable once the service has started. Every call raises Transient when NATS does not answer."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._bucket: KeyValue | None = None

    def bind(self, client: Client) -> None:
        self._client, self._bucket = client, None

    async def get(self, key: str) -> IdempotencyRecord | None:
        """The intent under `key`, if one was ever begun and not forgotten."""
        bucket = await self._open()
        try:
            with cancelling.heard():
                entry = await bucket.get(_checked(key))
        except (KeyNotFoundError, KeyDeletedError):
            return None
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise _unanswered(error) from error
        document = json.loads(entry.value or b"{}")
        return IdempotencyRecord(
            key,
            document["state"],
            datetime.fromisoformat(document["begun_at"]),
            document.get("note", {}),
            document.get("outcome", {}),
        )

    async def create(self, key: str, note: dict[str, Any]) -> IdempotencyRecord:
        """Write down that the thing is about to be done, now."""
        intent = IdempotencyRecord(key, "begun", datetime.now(UTC), note)
        await self._put(intent)
        return intent

    async def complete(self, key: str, outcome: dict[str, Any]) -> IdempotencyRecord:
        """Write down what came of it; keeps the note."""
        before = await self.get(key)
        begun_at = before.begun_at if before else datetime.now(UTC)
        intent = IdempotencyRecord(key, "done", begun_at, before.note if before else {}, outcome)
        await self._put(intent)
        return intent

    async def delete(self, key: str) -> None:
        bucket = await self._open()
        try:
            with cancelling.heard():
                await bucket.purge(_checked(key))
        except (KeyNotFoundError, KeyDeletedError):
            return
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise _unanswered(error) from error

    async def keys(self, prefix: str) -> list[str]:
        """Keys that start with `prefix` and a dot."""
        # nats-py's own `keys(filters=...)` compares substrings, so the subject filter of a watch does it.
        bucket = await self._open()
        found: list[str] = []
        try:
            watcher = await bucket.watch(f"{prefix}.>", ignore_deletes=True, meta_only=True)
            async with asyncio.timeout(10):
                async for entry in watcher:
                    if entry is None:
                        break
                    found.append(entry.key)
            await watcher.stop()  # type: ignore[no-untyped-call]
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise _unanswered(error) from error
        return found

    async def _put(self, intent: IdempotencyRecord) -> None:
        bucket = await self._open()
        document = {
            "state": intent.state,
            "begun_at": intent.begun_at.isoformat(),
            "note": intent.note,
            "outcome": intent.outcome,
        }
        try:
            with cancelling.heard():
                await bucket.put(_checked(intent.key), json.dumps(document, ensure_ascii=False).encode())
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise _unanswered(error) from error

    async def _open(self) -> KeyValue:
        if self._client is None:
            raise RuntimeError("the records is used before its service has started")
        if self._bucket is None:
            try:
                with cancelling.heard():
                    self._bucket = await self._client.jetstream(timeout=5).key_value(IDEMPOTENCY.name)
            except (TimeoutError, nats.errors.Error, APIError) as error:
                raise _unanswered(error) from error
        return self._bucket


def _checked(key: str) -> str:
    if not _KEY.fullmatch(key):
        raise ValueError(f"{key!r} is no records key: letters, digits and - _ . / = only")
    return key


def _unanswered(error: BaseException) -> Transient:
    return Transient(f"the records in NATS does not answer: {error or type(error).__name__}")
