"""Hearing messages as they are published, without a mailbox: for what is only shown and may be missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

import nats.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError

from navaar_contracts.message import Message
from navaar_shared.failures import Transient
from navaar_shared.logs import get_logger
from navaar_shared.settle import Unreadable, decoder

log = get_logger(__name__)

Heard = Callable[[Any], Awaitable[None]]

_BATCH = 500


async def listen(client: Client, subject: str, types: Sequence[type[Message]], heard: Heard) -> None:
    """From now on hand every message of `types` on `subject` to `heard`, in turn; others are passed over.

    Plain NATS: nothing is acknowledged or repeated, and what is published while the connection is lost is missed.
    """
    decode = decoder(types)

    async def take(raw: Msg) -> None:
        try:
            message = decode(raw.subject, raw.data)
        except Unreadable:
            return
        try:
            await heard(message)
        except Exception:
            log.exception("listener_failed", subject=raw.subject)

    await client.subscribe(subject, cb=take)


async def past(
    client: Client, stream: str, subject: str, types: Sequence[type[Message]], since: datetime
) -> AsyncIterator[tuple[datetime, Message]]:
    """(when it was stored, message) of what the stream holds on `subject` from `since` on, oldest first, up to now.

    Raises:
        Transient: JetStream does not answer.
    """
    decode = decoder(types)
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.BY_START_TIME,
        opt_start_time=since,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=30,
        filter_subject=subject,
        mem_storage=True,
    )
    try:
        js = client.jetstream(timeout=5)
        subscription = await js.pull_subscribe(subject, stream=stream, config=config)
        left = (await subscription.consumer_info()).num_pending or 0
        while left > 0:
            for raw in await subscription.fetch(min(left, _BATCH), timeout=5):
                left -= 1
                try:
                    yield raw.metadata.timestamp, decode(raw.subject, raw.data)
                except Unreadable:
                    continue
        await subscription.unsubscribe()
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the history cannot be read: {error or type(error).__name__}") from error
