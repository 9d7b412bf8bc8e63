"""How much waits in every consumer, for how long, and how full the streams are."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from nats.aio.client import Client
from nats.js import JetStreamContext
from nats.js.errors import NotFoundError

from navaar_contracts.streams import AUDIO, CONSUMERS, IDEMPOTENCY, STREAMS, Consumer
from navaar_runtime import metrics

_WAITING = metrics.gauge(
    "navaar_queue_waiting", "Messages in a consumer that nobody has taken yet", "stream", "consumer"
)
_IN_HAND = metrics.gauge(
    "navaar_queue_in_hand",
    "Messages of a consumer that were taken and are not settled, those that wait for another try included",
    "stream",
    "consumer",
)
_REDELIVERED = metrics.gauge(
    "navaar_queue_redelivered", "Messages in hand that were delivered more than once", "stream", "consumer"
)
_OLDEST = metrics.gauge(
    "navaar_queue_oldest_age_seconds", "Age of a consumer's oldest unsettled message, else 0", "stream", "consumer"
)
_MESSAGES = metrics.gauge("navaar_stream_messages", "Messages kept in a stream", "stream")
_BYTES = metrics.gauge("navaar_stream_bytes", "Bytes that a stream holds", "stream")
_LIMIT = metrics.gauge(
    "navaar_stream_limit_bytes", "Bytes at which a stream drops its oldest; absent without", "stream"
)

AT_ONCE = 8
"""Requests under way at a time."""
KEPT = (*(stream.name for stream in STREAMS), f"OBJ_{AUDIO.name}", f"KV_{IDEMPOTENCY.name}")


class ConsumerMetrics:
    """A look at all consumers and streams; usable once the service has started."""

    def __init__(self) -> None:
        self._client: Client | None = None

    def bind(self, client: Client) -> None:
        self._client = client

    async def show(self) -> None:
        """Set the gauges.

        Raises:
            TimeoutError, nats.errors.Error, nats.js.errors.APIError: JetStream does not answer.
        """
        if self._client is None:
            return
        js = self._client.jetstream(timeout=3)
        turn = asyncio.Semaphore(AT_ONCE)
        await asyncio.gather(
            *(_show_consumer(js, consumer, turn) for consumer in CONSUMERS), *(_show_stream(js, name) for name in KEPT)
        )


async def _show_stream(js: JetStreamContext, name: str) -> None:
    info = await js.stream_info(name)
    _MESSAGES.set(info.state.messages, stream=name)
    _BYTES.set(info.state.bytes, stream=name)
    if (info.config.max_bytes or -1) > 0:
        _LIMIT.set(info.config.max_bytes or 0, stream=name)


async def _show_consumer(js: JetStreamContext, consumer: Consumer, turn: asyncio.Semaphore) -> None:
    labels = {"stream": consumer.stream, "consumer": consumer.durable}
    async with turn:
        info = await js.consumer_info(consumer.stream, consumer.durable)
        waiting, in_hand = info.num_pending or 0, info.num_ack_pending or 0
        _WAITING.set(waiting, **labels)
        _IN_HAND.set(in_hand, **labels)
        _REDELIVERED.set(info.num_redelivered or 0, **labels)
        floor = info.ack_floor.stream_seq if info.ack_floor is not None else 0
        since = await _oldest(js, consumer, floor + 1) if waiting or in_hand else None
    _OLDEST.set(max(0.0, (datetime.now(UTC) - since).total_seconds()) if since is not None else 0.0, **labels)


async def _oldest(js: JetStreamContext, consumer: Consumer, first: int) -> datetime | None:
    """When the first message from that sequence on that is the consumer's came in."""
    moments = [await _came(js, consumer.stream, subject, first) for subject in consumer.subjects]
    return min((each for each in moments if each is not None), default=None)


async def _came(js: JetStreamContext, stream: str, subject: str, first: int) -> datetime | None:
    try:
        message = await js.get_msg(stream, seq=first, subject=subject, direct=True, next=True)
    except NotFoundError:
        return None
    return message.time if message.time is None or message.time.tzinfo else message.time.replace(tzinfo=UTC)
