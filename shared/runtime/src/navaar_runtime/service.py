"""A service: its connections, consumers, answers, background tasks and health, started and stopped as one."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from importlib import metadata
from time import monotonic
from typing import Any, TypeVar

import nats.errors
import structlog
from faststream import AckPolicy
from faststream.nats import JStream, NatsBroker, NatsMessage, PullSub
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError
from pydantic import SecretStr, ValidationError

from navaar_contracts.health import AdditionBudget, ConfigReply, HealthReply, Mailbox, config_subject, health_subject
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Message
from navaar_contracts.queries import Query, Reply
from navaar_contracts.streams import EVENTS, Consumer
from navaar_runtime import connection, exposition, message_spans, metrics, subscriptions, tracing
from navaar_runtime.acknowledgement import AcknowledgementPolicy, Handler, decoder
from navaar_runtime.attempts import Attempts
from navaar_runtime.circuit_breaker import CircuitBreaker, Probe
from navaar_runtime.consumer_metrics import ConsumerMetrics
from navaar_runtime.declare import Topology, consumer_config, declare, declare_consumer
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.lease import Lease
from navaar_runtime.logs import get_logger
from navaar_runtime.mailboxes import Mailboxes
from navaar_runtime.object_store import ObjectStore
from navaar_runtime.publisher import Publisher
from navaar_runtime.query_client import QueryClient
from navaar_runtime.redaction import MASK, redact
from navaar_runtime.settings import NavaarSettings, RuntimeSettings, variable_of
from navaar_runtime.turn_taking import TurnTaking
from navaar_runtime.watermark import Watermark

log = get_logger(__name__)

GRACE_S = 12.0
"""How long handlers may finish at stop; below Kubernetes' 30 s."""
WATCH_EVERY_S = 15.0
PROBE_DEADLINE_S = 3.0

Hook = exposition.Hook
Check = Callable[[], Awaitable[str | None]]
Q = TypeVar("Q", bound=Query[Any])

_HANDLED = metrics.counter(
    "navaar_messages_handled_total",
    "Deliveries of messages that were settled, by how: done, delayed, rate_limited (by the platform), held_back (by "
    "Navaar's own pace), auth_rejected, dead, or the kind of a step.failed fact",
    "service",
    "message",
    "outcome",
)
_DEAD = metrics.counter(
    "navaar_dead_letters_total", "Messages given up on and put into NAVAAR_DEAD", "service", "message"
)
_HANDLING = metrics.histogram(
    "navaar_message_handling_seconds",
    "From taking a message to having published what follows from it, whatever came of it",
    "service",
    "message",
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 5, 20, 60, 300),
)
_PART_HEALTHY = metrics.gauge(
    "navaar_part_healthy",
    "1 while nothing is wrong with this part of a service, as /readyz says: nats, store, sign-in, a playlist, ...",
    "service",
    "part",
)
_SIGN_IN = metrics.gauge(
    "navaar_sign_in_accepted",
    "0 while a service pauses because the platform refuses its sign-in or turns it away, else 1",
    "service",
    "platform",
)
_ACTS = metrics.gauge(
    "navaar_service_acts",
    "1 while this process acts for a service of which only one does, 0 while it stands by",
    "service",
)
_ROUND_TRIP = metrics.gauge(
    "navaar_nats_round_trip_seconds", "How long the NATS server took to answer this service's last ping", "service"
)


class ServiceFailed(Exception):
    """A background task or a consumer of a service is lost; the service must be started anew."""


class Service:
    """One actor. Build it, tell it what to do with which consumer, then `run` it.

    `publisher`, `records`, `objects` and `queries` may be handed to handlers at once; they work from the start on.
    """

    def __init__(self, name: str, runtime: RuntimeSettings) -> None:
        self.name = name
        self.runtime = runtime
        self.publisher = Publisher()
        self.records = IdempotencyRecords()
        self.objects = ObjectStore()
        self.queries = QueryClient()
        self.consumer_metrics = ConsumerMetrics()
        self.attempts = Attempts()
        self.mailboxes = Mailboxes()
        self.watermark = Watermark()
        self.breaker: CircuitBreaker | None = None
        self.started_at: datetime | None = None
        self._consumers: list[tuple[Consumer, Sequence[type[Message]], Handler]] = []
        self._answers: list[tuple[type[Query[Any]], Callable[[Any], Awaitable[Reply]]]] = []
        self._ears: list[tuple[str, Sequence[type[Message]], subscriptions.Heard]] = []
        self._background: list[tuple[str, Hook]] = []
        self._start_hooks: list[Hook] = []
        self._stop_hooks: list[Hook] = []
        self._checks: dict[str, Check] = {}
        self._notes: dict[str, Check] = {}
        self._details: dict[str, Check] = {}
        self._additions: Callable[[], Awaitable[AdditionBudget | None]] | None = None
        self._shown: dict[str, str] = {}
        self.show(runtime)
        self._broker: NatsBroker | None = None
        self._client: Client | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._turn: TurnTaking | None = None
        self._topology = Topology.of(runtime)
        self._measures: list[Hook] = []

    # What the service consists of

    def one_at_a_time(self) -> Lease:
        """Of all processes that run this service on one NATS only one acts; the others stand by for it."""
        lease = Lease(self.name)
        self._turn = TurnTaking(lease, self._act, self.health)
        self.records.fence = lease.fence
        self.publisher.may_send = lease.check
        return lease

    def may_act(self) -> None:
        """To be called immediately before each effect. Raises NotLeading where another process may be acting."""
        if self._turn is not None:
            self._turn.lease.check()

    def on(self, consumer: Consumer, *types: type[Message], handler: Handler) -> None:
        """Hand every message of `consumer` to `handler`; what it returns is published, then the message is acked."""
        self._consumers.append((consumer, types, handler))

    def answer(self, query: type[Q], handler: Callable[[Q], Awaitable[Reply]]) -> None:
        """Answer `query`; replicas share the questions."""
        self._answers.append((query, handler))

    def listen(self, subject: str, *types: type[Message], heard: subscriptions.Heard) -> None:
        """Hear messages as they are published, every replica for itself; see `listening`. Only for what is shown."""
        self._ears.append((subject, types, heard))

    @property
    def client(self) -> Client:
        """The service's connection, from its start on; raises Transient before."""
        if self._client is None:
            raise Transient("the service has not started")
        return self._client

    def past(
        self, stream: str, subject: str, *types: type[Message], since: datetime
    ) -> AsyncIterator[tuple[datetime, Message]]:
        """(when, message) of what a stream holds from `since` on, up to now; raises Transient, also while iterating."""
        return subscriptions.past(self.client, stream, subject, types, since)

    def background(self, name: str, run: Hook) -> None:
        """Run a task for the service's life. When it raises, the service fails as a whole and is started anew."""
        self._background.append((name, run))

    def on_start(self, hook: Hook) -> None:
        """After NATS is connected, before any message is taken."""
        self._start_hooks.append(hook)

    def on_stop(self, hook: Hook) -> None:
        """After the last message is settled."""
        self._stop_hooks.append(hook)

    def check(self, name: str, probe: Check) -> None:
        """A part of readiness: `probe` returns what is wrong, or None."""
        self._checks[name] = probe

    def note(self, name: str, look: Check) -> None:
        """Something that is no problem yet but will need a person: `look` returns it, or None."""
        self._notes[name] = look

    def detail(self, name: str, look: Check) -> None:
        """Something to be seen beside readiness, good or bad: `look` returns it, or None."""
        self._details[name] = look

    def additions(self, look: Callable[[], Awaitable[AdditionBudget | None]]) -> None:
        """How many items the platform still lets this service add: `look` returns it, or None where nobody counts."""
        self._additions = look

    def measure(self, hook: Hook) -> None:
        """Have `hook` set its gauges whenever somebody reads /metrics; it gets 7 s and may fail."""
        self._measures.append(hook)

    def show(self, *settings: NavaarSettings) -> None:
        """Let these settings be seen by those who ask for the configuration; secrets are masked."""
        for one in settings:
            for name, value in one:
                self._shown[variable_of(name)] = MASK if isinstance(value, SecretStr) and value else redact(str(value))

    def guard(self, platform: Platform, probe: Probe, links: Sequence[str]) -> CircuitBreaker:
        """Make the service pause when `platform` refuses the sign-in."""
        self.breaker = CircuitBreaker(platform, probe, links, self.publisher, every_s=self.runtime.auth_probe_seconds)
        self.background("gate", self.breaker.watch)
        self.check("sign-in", self.breaker.problem)
        self.detail("pause", self.breaker.pause)
        return self.breaker

    async def idle(self, consumer: Consumer) -> bool:
        """Whether nothing waits or is in hand in a consumer, of this service or another.

        Raises:
            Transient, APIError, TimeoutError: JetStream does not answer.
        """
        if self._client is None:
            return False
        info = await self._client.jetstream(timeout=5).consumer_info(consumer.stream, consumer.durable)
        return not (info.num_pending or info.num_ack_pending)

    # Its life

    async def run(self, stop: asyncio.Event) -> None:
        """Start, work until `stop` is set, stop.

        Raises:
            Transient: NATS does not answer at start.
            ServiceFailed: a background task or a consumer was lost.
        """
        try:
            await self.start()
            await self._until(stop)
        finally:
            await self.stop()

    async def start(self) -> None:
        # Before anything that starts a task or a subscription: they take this with them.
        tracing.enter(self.name)
        structlog.contextvars.bind_contextvars(service=self.name)
        exposition.running(self.name, False)
        self._client = await connection.connect(self.runtime, self.name)
        if self.runtime.nats_declare:
            await declare(self._client, self._topology)
        self.records.bind(self._client)
        self.attempts.bind(self._client)
        self.objects.bind(self._client)
        self.consumer_metrics.bind(self._client)
        self.publisher.bind(self._client)
        self.queries.bind(self._client)
        if self._turn is None:
            await self._act()
        else:
            await self._turn.begin(self._client)
        self.started_at = datetime.now(UTC)
        exposition.before_reading(self._measure)
        exposition.running(self.name, True)
        log.info("service_started", standing_by=self._is_standing_by)

    @property
    def _is_standing_by(self) -> bool:
        return self._turn is not None and self._turn.is_standing_by

    def _client_now(self) -> Client:
        if self._client is None:
            raise Transient("the service has not started")
        return self._client

    async def _act(self) -> None:
        """Do all that the service is there for."""
        self._broker = NatsBroker(
            connection.servers(self.runtime),
            **connection.options(self.name),
            security=connection.security(self.runtime),
            ack_policy=AckPolicy.MANUAL,
            graceful_timeout=GRACE_S,
            logger=None,
        )
        await self._broker.connect()
        for hook in self._start_hooks:
            await hook()
        for consumer, types, handler in self._consumers:
            self._subscribe(self._broker, consumer, types, handler, self._topology)
        for query, answer in self._answers:
            self._subscribe_query(self._broker, query.subject_at(self.name), query, answer)
        self._subscribe_own(self._broker, health_subject(self.name), self.health)
        self._subscribe_own(self._broker, config_subject(self.name), self._config)
        await self._broker.start()
        # The server knows of every subscription before anybody is told that the service has started. nats-py writes a
        # ping at once, past the subscriptions that its flusher is about to write: the second one comes after them.
        for _ in range(2):
            await self._broker.connection.flush()
        for subject, kinds, heard in self._ears:
            await subscriptions.listen(self._client_now(), subject, kinds, heard)
        for name, task in self._background:
            self._tasks.append(asyncio.create_task(_as_coroutine(task), name=f"{self.name}-{name}"))
        self._tasks.append(asyncio.create_task(self._watch_consumers(), name=f"{self.name}-consumers"))
        for hook in self._measures:
            exposition.before_reading(hook)

    async def stop(self) -> None:
        """Finish what is in hand (at most 12 s), give back the rest, close everything. Safe to call twice."""
        if self._turn is not None:
            await self._turn.wait_no_longer()
        for hook in (self._measure, *self._measures):
            exposition.no_longer(hook)
        exposition.running(self.name, False)
        # Whoever starts here next may only stand by, and says nothing of these.
        for part in self._checks:
            _PART_HEALTHY.forget(service=self.name, part=part)
        if self.breaker is not None:
            _SIGN_IN.forget(service=self.name, platform=self.breaker.platform)
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=GRACE_S)
        self._tasks.clear()
        if self._broker is not None:
            with contextlib.suppress(TimeoutError, nats.errors.Error):
                await self._broker.stop()
            self._broker = None
        for hook in self._stop_hooks:
            try:
                await hook()
            except Exception:
                log.exception("stop_hook_failed", service=self.name)
        if self._turn is not None and self._client is not None:
            # Only now: what was in hand could still be finished.
            await self._turn.end()
        if self._client is not None:
            with contextlib.suppress(TimeoutError, nats.errors.Error):
                await self._client.close()
            self._client = None
        await tracing.flush()
        if self.started_at is not None:
            log.info("service_stopped", service=self.name)
            self.started_at = None

    async def health(self) -> HealthReply:
        """Every part with what is wrong with it."""
        parts: dict[str, str | None] = {"nats": None}
        if self._client is None or not self._client.is_connected:
            parts["nats"] = "not connected"
        if self._is_standing_by:
            return HealthReply(
                service=self.name,
                parts=parts,
                details=await self.details(),
                started_at=self.started_at,
                version=version(),
            )
        parts |= {name: await _probed(probe) for name, probe in self._checks.items()}
        consumers = [consumer for consumer, _, _ in self._consumers]
        behind, now = await self._behind(consumers), datetime.now(UTC)
        parts |= {each.durable: why for each in consumers if (why := self.mailboxes.problem(each, now)) is not None}
        notes = {name: await _probed(look) for name, look in self._notes.items()}
        return HealthReply(
            service=self.name,
            parts=parts,
            notes=notes,
            details=await self.details(),
            additions=await self._additions() if self._additions is not None else None,
            mailboxes=behind,
            started_at=self.started_at,
            version=version(),
        )

    async def _behind(self, consumers: Sequence[Consumer]) -> dict[str, Mailbox]:
        if self._client is None or not self._client.is_connected:
            return {}
        return await self.mailboxes.look(self._client, consumers)

    async def details(self) -> dict[str, str]:
        """What there is to see beside readiness."""
        if self._turn is not None and self._turn.is_standing_by:
            return {"lease": self._turn.lease.told()}
        looked = {name: await _probed(look) for name, look in self._details.items()}
        return {name: found for name, found in looked.items() if found is not None}

    async def _until(self, stop: asyncio.Event) -> None:
        waiting = [asyncio.create_task(stop.wait())]
        if self._turn is not None and self._turn.is_standing_by:
            waiting.append(asyncio.create_task(self._turn.taken.wait()))
        try:
            done = await self._first_of(waiting)
            if done == set(waiting[1:]):
                # There is more to watch now.
                done = await self._first_of(waiting[:1])
        finally:
            for each in waiting:
                each.cancel()
        for task in self._watched():
            if task not in done:
                continue
            name = task.get_name()
            if task.cancelled():
                raise ServiceFailed(f"{self.name}: {name} was cancelled")
            error = task.exception()
            if error is not None:
                raise ServiceFailed(redact(f"{self.name}: {name} failed: {type(error).__name__}: {error}")) from error
            if waiting[0] not in done:
                raise ServiceFailed(f"{self.name}: {name} ended")

    def _watched(self) -> list[asyncio.Task[None]]:
        turn = self._turn.task if self._turn is not None else None
        return [*self._tasks, *([turn] if turn is not None else [])]

    async def _first_of(self, others: Sequence[asyncio.Task[Any]]) -> set[asyncio.Task[Any]]:
        done, _ = await asyncio.wait([*others, *self._watched()], return_when=asyncio.FIRST_COMPLETED)
        return done

    async def _watch_consumers(self) -> None:
        # A subscriber whose durable is deleted spins silently and receives nothing; make it again, then start anew.
        while True:
            await asyncio.sleep(WATCH_EVERY_S)
            if self._client is None or not self._client.is_connected:
                continue
            js = self._client.jetstream(timeout=5)
            for consumer, _, _ in self._consumers:
                try:
                    await js.consumer_info(consumer.stream, consumer.durable)
                except NotFoundError:
                    if self.runtime.nats_declare:
                        await declare_consumer(self._client, consumer, self._topology)
                    raise ServiceFailed(f"{self.name}: consumer {consumer.durable} was deleted") from None
                except (TimeoutError, nats.errors.Error, APIError):
                    break

    def _subscribe(
        self,
        broker: NatsBroker,
        consumer: Consumer,
        types: Sequence[type[Message]],
        handler: Handler,
        topology: Topology,
    ) -> None:
        policy = AcknowledgementPolicy(
            service=self.name,
            consumer=consumer,
            decode=decoder(types),
            handler=handler,
            publisher=self.publisher,
            breaker=self.breaker,
            budget=self.runtime.step_attempts,
            attempts=self.attempts,
            mailboxes=self.mailboxes,
            observe=self._count,
            watermark=self.watermark if consumer.stream == EVENTS.name else None,
        )
        options: dict[str, Any] = {"max_workers": consumer.workers} if consumer.workers > 1 else {}
        subscriber = broker.subscriber(
            "" if len(consumer.subjects) > 1 else consumer.subjects[0],
            stream=JStream(consumer.stream, declare=False),
            durable=consumer.durable,
            config=consumer_config(consumer, topology),
            pull_sub=PullSub(batch_size=1, timeout=5.0),
            # Here the dot belongs to it; without one nothing would arrive.
            inbox_prefix=f"{connection.inbox_of(self.name)}.".encode(),
            decoder=_raw_body,
            no_reply=True,
            **options,
        )

        async def consume(message: NatsMessage) -> None:
            # While it is in doubt whose turn it is, nothing is begun.
            if self._turn is not None:
                await self._turn.lease.wait_certain()
            await policy(message)

        subscriber(consume)

    def _subscribe_query(
        self,
        broker: NatsBroker,
        subject: str,
        query: type[Query[Any]],
        handler: Callable[[Any], Awaitable[Reply]],
    ) -> None:
        async def respond(message: NatsMessage) -> bytes:
            try:
                with message_spans.answering(subject, message.body, message.headers):
                    reply = await handler(query.model_validate_json(message.body or b"{}"))
            except ValidationError as error:
                first = error.errors(include_url=False, include_input=False)[0]
                where = ".".join(str(part) for part in first["loc"])
                reply = Reply(problem=f"the question does not fit: {where}: {first['msg']}")
            except Failure as error:
                reply = Reply(problem=error.reason)
            except Exception as error:
                log.exception("question_failed", subject=subject)
                reply = Reply(problem=redact(f"internal error: {type(error).__name__}"))
            return reply.model_dump_json(exclude_none=True).encode()

        broker.subscriber(subject, queue=self.name, decoder=_raw_body, max_workers=8)(respond)

    def _subscribe_own(self, broker: NatsBroker, subject: str, answer: Callable[[], Awaitable[Reply]]) -> None:
        async def respond(message: NatsMessage) -> bytes:
            return (await answer()).model_dump_json().encode()

        broker.subscriber(subject, queue=self.name, decoder=_raw_body)(respond)

    async def _config(self) -> ConfigReply:
        return ConfigReply(service=self.name, values=self._shown)

    def _count(self, kind: str, outcome: str, seconds: float) -> None:
        _HANDLED.add(service=self.name, message=kind, outcome=outcome)
        _HANDLING.observe(seconds, service=self.name, message=kind)
        if outcome == "dead":
            _DEAD.add(service=self.name, message=kind)

    async def _measure(self) -> None:
        health = await self.health()
        for part, problem in health.parts.items():
            _PART_HEALTHY.set(0 if problem else 1, service=self.name, part=part)
        if self._turn is not None:
            _ACTS.set(not self._is_standing_by, service=self.name)
        if self.breaker is not None and not self._is_standing_by:
            _SIGN_IN.set(self.breaker.is_open, service=self.name, platform=self.breaker.platform)
        if self._client is not None and self._client.is_connected:
            begun = monotonic()
            await self._client.flush(timeout=2)
            _ROUND_TRIP.set(monotonic() - begun, service=self.name)


async def _probed(probe: Check) -> str | None:
    try:
        async with asyncio.timeout(PROBE_DEADLINE_S):
            return await probe()
    except TimeoutError:
        return "does not answer in time"
    except Failure as error:
        return error.reason
    except Exception as error:  # noqa: BLE001 - a broken probe is an unhealthy part
        return redact(f"{type(error).__name__}: {error}")


async def _as_coroutine(run: Hook) -> None:
    await run()


async def _raw_body(message: NatsMessage) -> bytes:
    return message.body


def version() -> str:
    """Navaar's version; empty where it runs without being installed."""
    try:
        return metadata.version("navaar-runtime")
    except metadata.PackageNotFoundError:
        return ""
