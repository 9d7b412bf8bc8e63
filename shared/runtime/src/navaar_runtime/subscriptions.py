"""Hearing messages as they are published, without a consumer: for what is only shown and may be missed."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any

from nats.aio.client import Client
from nats.aio.msg import Msg

from navaar_contracts.message import Message
from navaar_runtime.acknowledgement import MessageUnreadable, decoder
from navaar_runtime.history import stored
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

Heard = Callable[[Any], Awaitable[None]]


async def listen(client: Client, subject: str, types: Sequence[type[Message]], heard: Heard) -> None:
    """From now on hand every message of `types` on `subject` to `heard`, in turn; others are passed over.

    Plain NATS: nothing is acknowledged or repeated, and what is published while the connection is lost is missed.
    """
    decode = decoder(types)

    async def take(raw: Msg) -> None:
        try:
            message = decode(raw.subject, raw.data)
        except MessageUnreadable:
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
    async for each in stored(client, stream, (subject,), since=since):
        try:
            yield each.at, decode(each.subject, each.body)
        except MessageUnreadable:
            continue
