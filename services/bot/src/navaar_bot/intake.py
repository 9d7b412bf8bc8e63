"""Posts that an administrator forwards, in any number: how many are taken in is told in one message, which is edited.

The gateway publishes what they mean; here they are only counted. Telegram keeps updates for a day, so this is how posts
from a longer outage are brought back, and how an imported post gets its file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic

from aiogram.types import Message

from navaar_bot.sender import Gone, Sender, Unwelcome, patiently
from navaar_bot.templates.forwarded import Tally, summary
from navaar_bot.view import ChatMessage
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_contracts.message import Event
from navaar_contracts.queries import UnknownItems
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Failure
from navaar_runtime.logs import get_logger
from navaar_telegram_session.session import PLATFORM

log = get_logger(__name__)

RUN_S = 20.0
"""What is forwarded so long after the last post begins a message of its own."""
EVERY_S = 3.0
"""Between two edits of the message."""
ANSWER_S = 1.0
"""How long the ledger may take to say what it knows: the updates wait for that."""
AWAY_S = 30.0
"""So long it is not asked again after it did not answer."""


@dataclass(slots=True)
class _Run:
    """Posts that one person forwarded one after the other."""

    tally: Tally
    until: float
    counted: set[int] = field(default_factory=set)
    message_id: int | None = None
    told: str = ""


class Intake:
    """Counts and tells. Times are seconds of any steady clock."""

    def __init__(
        self,
        ledger: LedgerClient,
        sender: Sender,
        breaker: CircuitBreaker,
        *,
        clock: Callable[[], float] = monotonic,
        every_s: float = EVERY_S,
    ) -> None:
        self._ledger, self._sender, self._breaker = ledger, sender, breaker
        self._clock, self._every_s = clock, every_s
        self._runs: dict[int, _Run] = {}
        self._news = asyncio.Event()
        self._asks_again_at = 0.0

    async def hear(self, message: Message, facts: Sequence[Event] | None) -> None:
        """Count what an administrator forwarded; a repeated update counts once."""
        run = self._run_of(message.chat.id)
        if message.message_id in run.counted:
            return
        run.counted.add(message.message_id)
        tally = run.tally
        tally.posts += 1
        sighted = [fact for fact in facts or () if isinstance(fact, ItemSighted)]
        skipped = [fact for fact in facts or () if isinstance(fact, ItemSkipped)]
        if facts is None:
            tally.refused[_origin_of(message)] += 1
        elif sighted:
            await self._count(tally, sighted)
        elif skipped:
            tally.skipped[skipped[0].reason] += 1
        else:
            tally.without_audio += 1
        self._news.set()

    async def run(self) -> None:
        """Tell until cancelled."""
        while True:
            await self._news.wait()
            self._news.clear()
            for chat_id, run in list(self._runs.items()):
                try:
                    await self._tell(chat_id, run)
                except AuthRejected as refused:
                    await self._breaker.close(refused.reason)
                    await self._breaker.wait_open()
                    self._news.set()
                except Unwelcome:
                    self._runs.pop(chat_id, None)
                except Failure as failure:
                    log.info("forwarded_posts_not_told", reason=failure.reason)
                    self._news.set()
            await asyncio.sleep(self._every_s)

    def _run_of(self, chat_id: int) -> _Run:
        now = self._clock()
        run = self._runs.get(chat_id)
        if run is None or (now > run.until and run.told == summary(run.tally)):
            run = self._runs[chat_id] = _Run(Tally(), now)
        run.until = now + RUN_S
        return run

    async def _count(self, tally: Tally, sighted: Sequence[ItemSighted]) -> None:
        fresh = [fact for fact in sighted if (fact.link, fact.external_id) not in tally.items]
        tally.items |= {(fact.link, fact.external_id) for fact in fresh}
        if not fresh or await self._knows(fresh):
            tally.known += 1
        else:
            tally.taken += 1
            tally.name = _name_of(fresh[0])

    async def _knows(self, sighted: Sequence[ItemSighted]) -> bool:
        """Whether the ledger has all of them; one that does not answer is not waited for."""
        if self._clock() < self._asks_again_at:
            return False
        try:
            async with asyncio.timeout(ANSWER_S):
                for fact in sighted:
                    asked = UnknownItems(link=fact.link, platform=PLATFORM, external_ids=(fact.external_id,))
                    if (await self._ledger.ask(asked)).unknown:
                        return False
        except (TimeoutError, Failure):
            self._asks_again_at = self._clock() + AWAY_S
            return False
        return True

    async def _tell(self, chat_id: int, run: _Run) -> None:
        text = summary(run.tally)
        if text == run.told:
            return
        said, run.told = run.told, text
        try:
            await self._show(chat_id, run, ChatMessage(text))
        except BaseException:
            run.told = said
            raise

    async def _show(self, chat_id: int, run: _Run, reply: ChatMessage) -> None:
        before = run.message_id
        if before is not None:
            try:
                await patiently(lambda: self._sender.change(chat_id, before, reply))
            except Gone:
                run.message_id = None
        if run.message_id is None:
            run.message_id = await patiently(lambda: self._sender.say(chat_id, reply))


def _name_of(sighted: ItemSighted) -> str:
    item = sighted.item
    artists = ", ".join(item.artists)
    return f"{artists} - {item.title}" if artists else item.title or item.file_name or f"post {sighted.external_id}"


def _origin_of(message: Message) -> str:
    """Where something came from that is no post of a link's channel; '' where the person sent it themselves."""
    origin = message.forward_origin
    chat = getattr(origin, "chat", None) or getattr(origin, "sender_chat", None)
    if chat is not None:
        return str(chat.title or chat.id)
    return "" if origin is None else "somebody"
