"""Takes messages and button presses from the updates, a few at a time, and never keeps the updates waiting."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Hashable, Iterable
from dataclasses import dataclass, field
from time import monotonic
from typing import Any

from aiogram import Bot, Dispatcher, F, Router
from aiogram.filters import ExceptionTypeFilter
from aiogram.types import CallbackQuery, ErrorEvent, TelegramObject, Update

from navaar_bot.arguments import Misunderstood
from navaar_bot.context import Context, Missing
from navaar_bot.sender import Unwelcome
from navaar_bot.templates import help as text
from navaar_bot.templates.markup import plain
from navaar_bot.view import Act, ChatMessage
from navaar_client.errors import Refused
from navaar_runtime import tracing
from navaar_runtime.cancelling import stopping
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Failure
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

AT_ONCE = 4
MOST_WAITING = 200
"""Commands and presses; forwarded posts do not wait here."""
STRANGERS_WAIT = 50
"""So many waiting updates leave no room for a stranger's."""
LONGEST_S = 90.0
"""No answer takes longer; a hanging one makes room."""
RESTS_S = 2.0
"""So long after it was done the same button of the same message does nothing."""

AiogramHandler = Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]]


@dataclass
class Debounce:
    """What is being done, and has just been done. Times are seconds of any steady clock."""

    rests_s: float = RESTS_S
    _until: dict[Hashable, float] = field(default_factory=dict)

    def begin(self, tap: Hashable, now: float) -> bool:
        """Whether to do it; False: it is being done, or has just been."""
        self._until = {other: until for other, until in self._until.items() if until > now}
        if tap in self._until:
            return False
        self._until[tap] = float("inf")
        return True

    def end(self, tap: Hashable, now: float) -> None:
        """It was done."""
        self._until[tap] = now + self.rests_s

    def failed(self, tap: Hashable) -> None:
        """It was not done; pressing again is no second time."""
        self._until.pop(tap, None)


class UpdateDispatcher:
    """A queue of updates and the routers that answer them."""

    def __init__(
        self, bot: Bot, routers: Iterable[Router], admins: Iterable[int], breaker: CircuitBreaker, **at_hand: Any
    ) -> None:
        self._bot, self._breaker = bot, breaker
        self._waiting: asyncio.Queue[Update] = asyncio.Queue(MOST_WAITING)
        self._unheard: Counter[int] = Counter()
        """By administrator: what there was no room for, until that is said."""
        self._context: Context | None = at_hand.get("context")
        self._dispatcher = Dispatcher(disable_fsm=True, **at_hand)
        self._allowed = allowed = frozenset(admins)

        async def admit_press(handler: AiogramHandler, event: TelegramObject, data: dict[str, Any]) -> Any:
            if not isinstance(event, CallbackQuery):
                return None
            if event.from_user.id in allowed:
                return await handler(event, data)
            context: Context = data["context"]
            await context.sender.answer(event.id, text.NOT_ALLOWED)
            return None

        debounce = Debounce()

        async def once(handler: AiogramHandler, event: TelegramObject, data: dict[str, Any]) -> Any:
            """A second press of what is being done, or has just been done, does nothing."""
            if not isinstance(event, CallbackQuery) or event.message is None or not _is_act(event):
                return await handler(event, data)
            tap = (event.message.chat.id, event.message.message_id, event.data)
            if not debounce.begin(tap, monotonic()):
                context: Context = data["context"]
                await context.sender.answer(event.id)
                return None
            try:
                done = await handler(event, data)
            except BaseException:
                debounce.failed(tap)
                raise
            debounce.end(tap, monotonic())
            return done

        # Strangers get silence.
        self._dispatcher.message.filter(F.from_user.id.in_(allowed))
        self._dispatcher.callback_query.outer_middleware(admit_press)
        self._dispatcher.callback_query.outer_middleware(once)
        self._dispatcher.errors.register(misunderstood, ExceptionTypeFilter(Misunderstood))
        self._dispatcher.errors.register(missing, ExceptionTypeFilter(Missing, Refused))
        self._dispatcher.errors.register(not_reached, ExceptionTypeFilter(Unwelcome))
        self._dispatcher.errors.register(unanswered, ExceptionTypeFilter(Failure))
        self._dispatcher.errors.register(broken)
        self._dispatcher.include_routers(*routers)

    def take(self, update: Update) -> None:
        """Have an update answered when its turn comes; never waits. Whoever finds no room is told so."""
        event = update.message or update.callback_query
        person = event.from_user.id if event is not None and event.from_user is not None else None
        if person not in self._allowed and self._waiting.qsize() >= STRANGERS_WAIT:
            return
        try:
            self._waiting.put_nowait(update)
        except asyncio.QueueFull:
            log.warning("bot_update_dropped", update=update.update_id, waiting=MOST_WAITING)
            if person is not None:
                self._unheard[person] += 1

    async def run(self) -> None:
        """Answer until cancelled."""
        await asyncio.gather(*(self._work() for _ in range(AT_ONCE)))

    async def _work(self) -> None:
        while not stopping():
            update = await self._waiting.get()
            try:
                async with asyncio.timeout(LONGEST_S):
                    with tracing.span("answer a person", attributes={"navaar.update": update.update_id}):
                        await self._dispatcher.feed_update(self._bot, update)
            except AuthRejected as refused:
                await self._breaker.close(refused.reason)
            except TimeoutError:
                log.warning("bot_answer_took_too_long", update=update.update_id)
            except Exception as error:  # noqa: BLE001 - one answer that fails stops no other
                log.warning("bot_answer_failed", update=update.update_id, reason=_reason(error))
            await self._own_up()

    async def _own_up(self) -> None:
        """Say to each administrator how many of their messages there was no room for."""
        while self._unheard and self._context is not None:
            person, count = self._unheard.popitem()
            try:
                await self._context.sender.say(person, ChatMessage(text.too_many(count)))
            except (Failure, Unwelcome) as error:
                log.warning("bot_answer_failed", reason=_reason(error))


async def misunderstood(event: ErrorEvent, context: Context) -> None:
    error = event.exception
    assert isinstance(error, Misunderstood)
    command = (event.update.message.text or "/").split()[0][1:].partition("@")[0] if event.update.message else ""
    if command:
        instead = f"/{command.lower()} {error.instead}" if error.instead else None
        await _reply(event, context, text.misunderstood(command.lower(), error.problem, instead))
    else:
        await _reply(event, context, plain(error.problem, 200))


async def missing(event: ErrorEvent, context: Context) -> None:
    await _reply(event, context, plain(str(event.exception), 200))


async def not_reached(event: ErrorEvent) -> None:
    log.info("bot_answer_not_wanted", update=event.update.update_id)


async def unanswered(event: ErrorEvent, context: Context) -> None:
    failure = event.exception
    assert isinstance(failure, Failure)
    log.warning("bot_answer_failed", update=event.update.update_id, reason=failure.reason)
    if isinstance(failure, AuthRejected):
        raise failure
    await _reply(event, context, text.unanswered(failure.reason))


async def broken(event: ErrorEvent, context: Context) -> None:
    log.error("bot_handler_failed", update=event.update.update_id, exc_info=event.exception)
    await _reply(event, context, text.BROKEN)


async def _reply(event: ErrorEvent, context: Context, said: str) -> None:
    if event.update.callback_query is not None:
        await context.toast(event.update.callback_query, said, alert=True)
    elif event.update.message is not None:
        await context.say(event.update.message, ChatMessage(said))


def _is_act(callback: CallbackQuery) -> bool:
    """Whether it does something; one that only shows may be pressed as often as one likes."""
    return (callback.data or "").startswith(f"{Act.__prefix__}{Act.__separator__}")


def _reason(error: Exception) -> str:
    return error.reason if isinstance(error, Failure) else type(error).__name__
