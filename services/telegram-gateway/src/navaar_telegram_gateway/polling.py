"""Asks Telegram for updates, for ever. An update is confirmed only after its facts are stored.

aiogram's own polling confirms what a handler has not finished, and what made it fail; hence this loop.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import UTC, datetime
from time import monotonic
from typing import Protocol

from aiogram.types import Update

from navaar_contracts.message import Event
from navaar_runtime.backoff import pause_s
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher
from navaar_telegram_gateway.backlog import UpdateBacklog
from navaar_telegram_gateway.telegram import BadUpdate
from navaar_telegram_gateway.updates import Updates

log = get_logger(__name__)

LONGEST_PAUSE_S = 60.0
FULL_BATCH = 100
"""The most updates Telegram hands out at once: with fewer, none is left."""
QUIET_S = 24 * 3600.0
"""After a week without updates Telegram may start their numbers again; so an old offset is dropped long before."""


class UpdateSource(Protocol):
    async def end_webhook(self) -> None: ...
    async def updates(self, offset: int | None, *, wait: bool = True) -> list[Update | BadUpdate]: ...


class Offset:
    """What to ask for next.

    Kept in memory only: Telegram keeps the unconfirmed updates itself, and a number kept over a restart could be larger
    than those of another server or of another week, and would confirm updates that nobody has seen.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock = clock
        self._next: int | None = None
        self._at = clock()

    @property
    def value(self) -> int | None:
        return None if self._clock() - self._at > QUIET_S else self._next

    def advance(self, update_id: int) -> None:
        self._next, self._at = update_id + 1, self._clock()


class UpdatePoller:
    """The loop, and how it fares."""

    def __init__(
        self,
        source: UpdateSource,
        updates: Updates,
        publisher: Publisher,
        breaker: CircuitBreaker,
        backlog: UpdateBacklog,
        *,
        stale_after_s: float,
        scanned: Callable[[str], None] = lambda outcome: None,
    ) -> None:
        self._scanned = scanned
        self._source = source
        self._updates = updates
        self._publisher = publisher
        self._breaker = breaker
        self._backlog = backlog
        self._stale_after_s = stale_after_s
        self._offset = Offset()
        self._last_success: float | None = None
        self.read_at: datetime | None = None
        """When Telegram last answered a request for updates."""
        self._trouble: str | None = None

    async def run(self) -> None:
        """Poll until cancelled."""
        failures = 0
        while True:
            await self._breaker.wait_open()
            try:
                if not self._backlog.known:
                    # Also after a conflict: perhaps somebody has set a webhook.
                    await self._source.end_webhook()
                await self.round()
            except AuthRejected as error:
                self._scanned("refused")
                self._fails(error.reason)
                await self._breaker.close(error.reason)
            except RateLimited as error:
                self._scanned("rate_limited")
                self._fails(error.reason)
                await asyncio.sleep(error.retry_after_s)
            except Failure as error:
                self._scanned("failed")
                failures += 1
                self._fails(error.reason)
                await asyncio.sleep(_pause(failures, error))
            else:
                self._scanned("ok")
                failures = 0
                self._succeeds()

    async def round(self) -> None:
        """One request: publish what its updates mean, then count them as done.

        Raises:
            Failure: nothing after the failing update is confirmed.
        """
        batch = await self._source.updates(self._offset.value, wait=self._backlog.known)
        for update in batch:
            for fact in await self._facts(update):
                self._updates.reported(fact)
                self._updates.reported(fact, await self._publisher.publish(fact))
            self._offset.advance(update.update_id)
        await self._updates.save()
        if len(batch) < FULL_BATCH:
            self._backlog.is_read()

    async def problem(self) -> str | None:
        """For readiness: why updates do not come in."""
        if self._trouble is not None:
            return self._trouble
        if self._last_success is None:
            return "Telegram has not answered yet"
        silent = monotonic() - self._last_success
        return f"Telegram has not answered for {silent:.0f} s" if silent > self._stale_after_s else None

    async def _facts(self, update: Update | BadUpdate) -> list[Event]:
        try:
            return await self._updates.facts(update)
        except Failure:
            raise
        except Exception:
            # Our bug, and it must not keep every later update from being read.
            log.exception("update_failed", update=update.update_id)
            return []

    def _fails(self, reason: str) -> None:
        self._backlog.may_wait()
        if reason != self._trouble:
            log.warning("updates_delayed", reason=reason)
        self._trouble = reason

    def _succeeds(self) -> None:
        if self._trouble is not None:
            log.info("updates_come_again")
        self._trouble = None
        self._last_success, self.read_at = monotonic(), datetime.now(UTC)


def _pause(failures: int, error: Failure) -> float:
    """Seconds until the next try: doubling from 1 s to 60 s, with up to a quarter of jitter."""
    asked = error.delay_s if isinstance(error, Transient) and error.delay_s is not None else 0.0
    first = LONGEST_PAUSE_S if isinstance(error, Permanent) else 1.0
    return max(asked, pause_s(failures, first_s=first, longest_s=LONGEST_PAUSE_S)) * (1 + random.random() / 4)
