"""The one layer between a stream and a handler: decode, handle, publish what comes out, then settle the message.

Settling is an acknowledgement, a nak with a delay, or a copy in NAVAAR_DEAD followed by an acknowledgement. Handlers
know nothing of it. A message is acknowledged only after all that follows from it is stored.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from time import monotonic
from typing import Any, Protocol, TypeVar

import nats.errors
import structlog
from opentelemetry.trace import Span
from pydantic import ValidationError

from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind
from navaar_contracts.failed import step_failed
from navaar_contracts.message import Command, Event, Message, TrackCommand, TrackEvent
from navaar_contracts.streams import Consumer, dead_subject
from navaar_runtime import message_spans, tracing
from navaar_runtime.attempts import Attempts, Budget, Delivered, Try, delay_for
from navaar_runtime.failures import OUR_ERROR, AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.mailboxes import Mailboxes
from navaar_runtime.publisher import ID_HEADER, TYPE_HEADER
from navaar_runtime.redaction import redact
from navaar_runtime.watermark import Watermark

log = get_logger(__name__)

T = TypeVar("T")
Outcome = Message | Iterable[Message] | None
Handler = Callable[[Any], Awaitable[Outcome]]

OPEN_CIRCUIT_DELAY_S = 10.0
STOP_DELAY_S = 1.0
LARGEST_DEAD = 512 * 1024
"""Bytes of a dead letter's body that are kept where NATS does not take all of it."""


class ReceivedMessage(Protocol):
    """What the layer needs of a received message; FastStream's NatsMessage provides it."""

    body: bytes
    raw_message: Any

    async def ack_sync(self) -> None: ...
    async def nack(self, delay: float | None = None) -> None: ...
    async def in_progress(self) -> None: ...


class MessagePublisher(Protocol):
    async def publish(self, message: Message, *, fresh_id: str | None = None) -> object: ...
    async def dead_letter(self, subject: str, body: bytes, headers: dict[str, str]) -> None: ...


class Breaker(Protocol):
    @property
    def is_open(self) -> bool: ...

    async def close(self, reason: str, link: str | None = None) -> None: ...
    async def paused(self, limit: RateLimited) -> None: ...
    async def answered(self) -> None: ...
    async def is_away(self) -> bool: ...


class MessageUnreadable(Exception):
    """The bytes are no message of this consumer."""


def decoder(types: Sequence[type[Message]]) -> Callable[[str, bytes], Message]:
    """A function from (subject, body) to a message of the class whose subject fits."""
    by_token: dict[str, type[Message]] = {}
    for cls in types:
        if issubclass(cls, Event):
            by_token[f"evt.{cls.topic}"] = cls
        elif issubclass(cls, Command):
            by_token[cls.imperative] = cls

    def decode(subject: str, body: bytes) -> Message:
        tokens = subject.split(".")
        key = f"evt.{'.'.join(tokens[2:-1])}" if tokens[1:2] == ["evt"] else ".".join(tokens[3:-1])
        cls = by_token.get(key)
        if cls is None:
            raise MessageUnreadable(f"no message of this service travels on {subject}")
        try:
            message = cls.model_validate_json(body)
        except ValidationError as error:
            first = error.errors(include_url=False, include_input=False)[0]
            where = ".".join(str(part) for part in first["loc"]) or "body"
            raise MessageUnreadable(f"{cls.__name__} does not fit its schema: {where}: {first['msg']}") from None
        if message.link != tokens[-1]:
            raise MessageUnreadable(f"the subject says link {tokens[-1]}, the body {message.link}")
        return message

    return decode


@dataclass
class AcknowledgementPolicy:
    """Settles the deliveries of one consumer."""

    service: str
    consumer: Consumer
    decode: Callable[[str, bytes], Message]
    handler: Handler
    publisher: MessagePublisher
    breaker: Breaker | None
    budget: int
    """Tries of a step, see `attempts.Budget`."""
    observe: Callable[[str, str, float], None] = lambda kind, outcome, seconds: None
    """(kind of message, what came of it, seconds) of every delivery that was settled."""
    attempts: Attempts = field(default_factory=Attempts)
    mailboxes: Mailboxes = field(default_factory=Mailboxes)
    watermark: Watermark | None = None
    """Kept for a consumer of events."""

    def __post_init__(self) -> None:
        self._budget = Budget(self.budget)

    async def __call__(self, delivery: ReceivedMessage) -> None:
        raw = delivery.raw_message
        about = self._about(raw)
        self.mailboxes.taken(about)
        if self.breaker is not None and not self.breaker.is_open:
            # For as long as a person needs; hence no span and no record each time.
            await self._nak(delivery, OPEN_CIRCUIT_DELAY_S)
            return
        this = await self.attempts.begin(about)
        message_id = (raw.headers or {}).get(ID_HEADER, "")
        with message_spans.processing(raw, message_id, self.consumer.durable, this.number) as span:
            await self._settle(delivery, about, this, span)

    def _about(self, raw: Any) -> Delivered:
        told = raw.metadata
        return Delivered(self.consumer.durable, told.sequence.stream, told.timestamp, told.num_delivered)

    async def _settle(self, delivery: ReceivedMessage, about: Delivered, this: Try, span: Span) -> None:
        raw, tries = delivery.raw_message, this.number
        try:
            message = self.decode(raw.subject, delivery.body)
        except MessageUnreadable as problem:
            tracing.failed(span, problem)
            await self._dead_letter(delivery, str(problem))
            self.observe("unreadable", "dead", 0.0)
            return
        kind = type(message).__name__
        message_spans.describe(span, message)
        names = message_spans.about(message) | {"message": (raw.headers or {}).get(ID_HEADER, "")}
        with structlog.contextvars.bound_contextvars(service=self.service, **names):
            begun = monotonic()
            try:
                if self._budget.is_lost(this):
                    raise Permanent(f"it was begun {tries - 1} times and never came to an end")
                async with self._heartbeat(delivery):
                    with self._processing(raw):
                        await self._handle(message)
            except asyncio.CancelledError:
                with contextlib.suppress(Exception):
                    await asyncio.shield(self._put_back(delivery, about, tries, STOP_DELAY_S))
                raise
            except Exception as error:  # noqa: BLE001 - the one place that meets every failure
                outcome = await self._failed(delivery, message, error, about, tries)
                span.set_attribute("navaar.outcome", outcome)
                if outcome != FailureKind.COLLECTION_CHANGED.value:
                    tracing.failed(span, error)
                self.observe(kind, outcome, monotonic() - begun)
            else:
                await self._ack(delivery)
                await self._tell(lambda breaker: breaker.answered())
                span.set_attribute("navaar.outcome", "done")
                self.observe(kind, "done", monotonic() - begun)

    def _processing(self, raw: Any) -> contextlib.AbstractContextManager[None]:
        if self.watermark is None:
            return contextlib.nullcontext()
        return self.watermark.processing(raw.metadata.timestamp, raw.metadata.sequence.stream)

    async def _handle(self, message: Message) -> None:
        # Sent in their order; each answer of the stream is a write to disk, so they are waited for together.
        outcome = await self.handler(message)
        sending = [self.publisher.publish(answering(message, out)) for out in _each(outcome)]
        for failure in await asyncio.gather(*sending, return_exceptions=True):
            if isinstance(failure, BaseException):
                raise failure

    async def _failed(
        self, delivery: ReceivedMessage, message: Message, error: Exception, about: Delivered, tries: int
    ) -> str:
        if isinstance(error, RateLimited):
            outcome = "held_back" if error.by_us else "rate_limited"
            # Those that come again and again during a long pause say nothing new.
            say = log.info if delivery.raw_message.metadata.num_delivered <= 1 else log.debug
            say(outcome, seconds=error.retry_after_s, reason=error.reason)
            await self._tell(lambda breaker: breaker.paused(error))
            await self._put_back(delivery, about, tries, max(error.wait_s, 0.05))
            return outcome
        if isinstance(error, AuthRejected):
            if self.breaker is not None:
                await self.breaker.close(error.reason, message.link)
            else:
                log.error("sign_in_refused", reason=error.reason)
            await self._put_back(delivery, about, tries, OPEN_CIRCUIT_DELAY_S)
            return "auth_rejected"
        if isinstance(error, Permanent):
            return await self._give_up(delivery, message, error.kind, error.reason, cause=error.cause)
        if not isinstance(error, Failure):
            log.error("handler_failed", exc_info=error, tries=tries)
        reason = error.reason if isinstance(error, Failure) else f"{OUR_ERROR}{type(error).__name__}: {error}"
        is_fact = isinstance(message, Event)
        if self._budget.is_spent(error, tries, is_fact=is_fact):
            if isinstance(error, Transient) and await self._tell(lambda breaker: breaker.is_away()):
                # What was asked is not to blame, and waits until the platform answers.
                await self._put_back(delivery, about, tries, OPEN_CIRCUIT_DELAY_S)
                return "platform_away"
            internal = not isinstance(error, Failure)
            return await self._give_up(delivery, message, FailureKind.EXHAUSTED, reason, internal=internal)
        if is_fact and isinstance(error, Failure):
            # Tried until it works: how often tells only how long to wait.
            delay = self._budget.delay_s(error, about.deliveries)
            await self.attempts.uncount(about, tries)
        else:
            delay = self._budget.delay_s(error, tries)
            await self.attempts.failed(about, tries)
        log.warning("step_delayed", reason=reason, tries=tries, seconds=round(delay, 2))
        await self._nak(delivery, delay)
        return "delayed"

    async def _put_back(self, delivery: ReceivedMessage, about: Delivered, tries: int, delay: float) -> None:
        """Nothing was tried that could have succeeded: again later, at no cost."""
        await self.attempts.uncount(about, tries)
        await self._nak(delivery, delay)

    async def _tell(self, said: Callable[[Breaker], Awaitable[T]]) -> T | None:
        """What the circuit breaker answers; None without one, or when nobody can be told: it is told next time."""
        if self.breaker is None:
            return None
        with contextlib.suppress(Transient):
            return await said(self.breaker)
        return None

    async def _give_up(
        self,
        delivery: ReceivedMessage,
        message: Message,
        kind: FailureKind,
        reason: str,
        *,
        internal: bool = False,
        cause: Cause | None = None,
    ) -> str:
        fact = step_failed(message, kind, redact(reason), internal=internal, cause=cause)
        if fact is None:
            await self._dead_letter(delivery, reason)
            return "dead"
        if kind is FailureKind.COLLECTION_CHANGED:
            log.info("step_put_off", reason=reason)
        else:
            log.warning("step_failed", kind=kind.value, reason=reason)
        try:
            await self.publisher.publish(fact)
        except Transient as error:
            await self._nak(delivery, delay_for(3))
            log.warning("step_failed_unpublished", reason=error.reason)
            return "delayed"
        await self._ack(delivery)
        return kind.value

    async def _dead_letter(self, delivery: ReceivedMessage, reason: str) -> None:
        raw = delivery.raw_message
        tokens = raw.subject.split(".")
        link = tokens[-1] if len(tokens) > 3 else "unknown"
        what = "-".join(tokens[2:-1]) or "unknown"
        headers = {k: v for k, v in (raw.headers or {}).items() if k in (TYPE_HEADER, "traceparent")}
        headers |= {
            ID_HEADER: f"dead:{raw.metadata.stream}:{raw.metadata.sequence.stream}",
            "Navaar-Reason": " ".join(redact(reason).split())[:1000].encode("ascii", "replace").decode(),
            "Navaar-Subject": raw.subject,
            "Navaar-Sequence": str(raw.metadata.sequence.stream),
        }
        log.error("dead_letter", subject=raw.subject, reason=reason)
        subject = dead_subject(self.service, what, link)
        try:
            try:
                await self.publisher.dead_letter(subject, delivery.body, headers)
            except Permanent:
                # As large as NATS takes, and the reason comes on top.
                cut = {**headers, "Navaar-Cut-From": str(len(delivery.body))}
                await self.publisher.dead_letter(subject, delivery.body[:LARGEST_DEAD], cut)
        except Transient:
            await self._nak(delivery, delay_for(3))
            return
        await self._ack(delivery)

    async def _ack(self, delivery: ReceivedMessage) -> None:
        # A lost acknowledgement only means one more delivery, which every handler survives.
        self.mailboxes.settled(self._about(delivery.raw_message))
        with contextlib.suppress(TimeoutError, nats.errors.Error):
            await delivery.ack_sync()

    async def _nak(self, delivery: ReceivedMessage, delay: float) -> None:
        with contextlib.suppress(TimeoutError, nats.errors.Error):
            await delivery.nack(delay=delay)

    @contextlib.asynccontextmanager
    async def _heartbeat(self, delivery: ReceivedMessage) -> AsyncIterator[None]:
        async def beat() -> None:
            while True:
                await asyncio.sleep(self.consumer.ack_wait_s / 3)
                with contextlib.suppress(TimeoutError, nats.errors.Error):
                    await delivery.in_progress()

        task = asyncio.create_task(beat())
        try:
            yield
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task


def answering(command: Message, outcome: Message) -> Message:
    """`outcome` under the identity of the command that it answers: here, so that no handler can forget it."""
    if isinstance(command, TrackCommand) and isinstance(outcome, TrackEvent) and not outcome.identity:
        return outcome.model_copy(update={"identity": command.identity})
    return outcome


def _each(outcome: Outcome) -> Iterable[Message]:
    if outcome is None:
        return ()
    return (outcome,) if isinstance(outcome, Message) else outcome
