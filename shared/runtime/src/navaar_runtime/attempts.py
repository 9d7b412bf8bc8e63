"""How often a message may be tried, how long it waits in between, and the record of it that outlives the process.

The count of deliveries that NATS keeps says too much: a pause of the platform, a refused sign-in and a stop deliver
again without anything having been tried. So tries are counted by us, in a bucket, before each of them: what ends the
process is counted, too. A first delivery costs no record.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import nats.errors
from nats.aio.client import Client
from nats.js.errors import KeyNotFoundError
from nats.js.kv import KeyValue

from navaar_contracts.streams import ATTEMPTS
from navaar_runtime import cancelling
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

T = TypeVar("T")

FIRST_DELAY_S = 1.0
LONGEST_DELAY_S = 60.0
AGAIN_AT_ONCE_S = 0.25
OURS = 2
"""Tries after which an error of our own is one: the same bytes give the same error, and others wait behind them."""
_TIMEOUT_S = 2.0


def delay_for(attempt: int) -> float:
    """Seconds before the next try after `attempt` tries: doubling from 1 s to 60 s, with up to a quarter of jitter."""
    return pause_s(attempt, first_s=FIRST_DELAY_S, longest_s=LONGEST_DELAY_S, jitter=0.25)


@dataclass(frozen=True, slots=True)
class Try:
    """One try of a message: which it is, from 1 on."""

    number: int
    is_counted: bool = True
    """False: the record did not answer, and the number is that of the deliveries, pauses included."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a message may cost."""

    attempts: int
    """Tries of a step that may succeed another time."""

    def is_spent(self, error: Exception, tries: int, *, is_fact: bool) -> bool:
        """Whether a message that failed so at its `tries`-th try is given up on.

        A fact must not be lost because a store is away for an hour; only an error of ours ends its tries.
        """
        if not isinstance(error, Failure):
            return tries >= min(OURS, self.attempts)
        return not is_fact and tries >= self.attempts

    def is_lost(self, this: Try) -> bool:
        """Whether a message was begun so often without an end, good or bad, that it is what ends the process."""
        return this.is_counted and this.number > self.attempts + 1

    def delay_s(self, error: Exception, tries: int) -> float:
        """Seconds until the next try."""
        if not isinstance(error, Failure):
            return AGAIN_AT_ONCE_S
        own = error.delay_s if isinstance(error, Transient) else None
        return own if own is not None else delay_for(tries)


@dataclass(frozen=True, slots=True)
class Delivered:
    """One delivery of one message of a consumer."""

    consumer: str
    sequence: int
    came_at: datetime
    """When the stream stored it: a stream that was made anew gives its numbers again."""
    deliveries: int
    """This one included."""

    @property
    def key(self) -> str:
        return f"{self.consumer}.{self.sequence}"


class Attempts:
    """The tries that were counted; usable once the service has started. Nothing here raises.

    Where the bucket does not answer, every delivery counts as a try, as if nothing were known of them.
    """

    def __init__(self) -> None:
        self._client: Client | None = None
        self._bucket: KeyValue | None = None

    def bind(self, client: Client) -> None:
        self._client, self._bucket = client, None

    async def begin(self, message: Delivered) -> Try:
        """Count a try that begins now."""
        if message.deliveries <= 1:
            return Try(1)
        before = await self._asked(lambda bucket: _tries(bucket, message), -1)
        if before < 0:
            return Try(message.deliveries, is_counted=False)
        await self._write(message, before + 1)
        return Try(before + 1)

    async def failed(self, message: Delivered, tries: int) -> None:
        """It was one. Only a first delivery has not been written down yet."""
        if message.deliveries <= 1:
            await self._write(message, tries)

    async def uncount(self, message: Delivered, tries: int) -> None:
        """It was none: nothing was tried that could have succeeded."""
        if message.deliveries > 1:
            await self._write(message, tries - 1)

    async def _write(self, message: Delivered, tries: int) -> None:
        body = json.dumps({"tries": tries, "came_at": message.came_at.isoformat()}).encode()
        await self._asked(lambda bucket: bucket.put(message.key, body), 0)

    async def _asked(self, question: Callable[[KeyValue], Awaitable[T]], otherwise: T) -> T:
        if self._client is None:
            return otherwise
        try:
            with cancelling.heard():
                if self._bucket is None:
                    self._bucket = await self._client.jetstream(timeout=_TIMEOUT_S).key_value(ATTEMPTS.name)
                return await question(self._bucket)
        except (TimeoutError, nats.errors.Error) as error:
            log.warning("attempts_unknown", reason=str(error) or type(error).__name__)
            return otherwise


async def _tries(bucket: KeyValue, message: Delivered) -> int:
    try:
        entry = await bucket.get(message.key)
    except KeyNotFoundError:
        return 0
    record = json.loads(entry.value or b"{}")
    return int(record["tries"]) if record.get("came_at") == message.came_at.isoformat() else 0
