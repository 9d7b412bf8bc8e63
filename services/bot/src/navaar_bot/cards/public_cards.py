"""The cards that earlier versions wrote in the public channels: taken down when an administrator asks for it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

from navaar_bot.cards.cards import IN
from navaar_bot.sender import Sender
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.queries import ListTracks
from navaar_runtime.cancelling import stopping
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import Failure, Permanent, RateLimited
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.logs import get_logger
from navaar_telegram_session.session import LentChannel

log = get_logger(__name__)

TRIES = 5
PAUSE_S = 2.0
BEYOND = 100
"""So many numbers behind that of the newest track may belong to tracks that were joined since."""


@dataclass(frozen=True, slots=True)
class TakenDown:
    """What became of a link's cards."""

    removed: int = 0
    left: int = 0
    """Telegram does not let the bot delete them, or did not answer."""


class PublicCards:
    """Knows the cards by what was written down of them as they were made."""

    def __init__(
        self,
        ledger: LedgerClient,
        records: IdempotencyRecords,
        sender: Sender,
        breaker: CircuitBreaker,
        channels: Mapping[str, LentChannel],
    ) -> None:
        self._ledger, self._records, self._sender, self._breaker = ledger, records, sender, breaker
        self._channels = channels
        self._asked: asyncio.Queue[tuple[str, Callable[[TakenDown], Awaitable[None]]]] = asyncio.Queue()

    def take_down(self, link: str, then: Callable[[TakenDown], Awaitable[None]]) -> None:
        """Have the link's cards deleted, however long that takes; `then` is told what came of it."""
        self._asked.put_nowait((link, then))

    async def run(self) -> None:
        """Delete what is asked for, until cancelled."""
        while not stopping():
            link, then = await self._asked.get()
            try:
                await then(await self._removed(link))
            except Failure as failure:
                log.warning("cards_not_taken_down", link=link, reason=failure.reason)

    async def _removed(self, link: str) -> TakenDown:
        removed = left = 0
        for key, outcome in (await self._known(link)).items():
            await self._breaker.wait_open()
            if not await self._delete(link, int(outcome["message_id"])):
                left += 1
                continue
            removed += 1
            await self._records.complete(key, {IN: outcome[IN]} if IN in outcome else {"gone": True})
        log.info("cards_taken_down", link=link, removed=removed, left=left)
        return TakenDown(removed, left)

    async def _known(self, link: str) -> dict[str, dict[str, Any]]:
        """By the keys of their records. Raises Transient."""
        newest = (await self._ledger.ask(ListTracks(limit=1))).tracks
        found: dict[str, dict[str, Any]] = {}
        # Tracks that were joined to others had cards, too, and no list shows them.
        for number in range(1, (newest[0].id if newest else 0) + BEYOND):
            key = f"card.{link}.{number}"
            record = await self._records.get(key)
            if record is not None and record.outcome.get("message_id") is not None:
                found[key] = record.outcome
        return found

    async def _delete(self, link: str, message_id: int) -> bool:
        for _ in range(TRIES):
            try:
                await self._sender.take_away(self._channels[link].chat_id, message_id)
            except RateLimited as limit:
                await asyncio.sleep(limit.retry_after_s)
            except Permanent as refusal:
                log.info("card_stays", link=link, reason=refusal.reason)
                return False
            except Failure:
                await asyncio.sleep(PAUSE_S)
            else:
                return True
        return False
