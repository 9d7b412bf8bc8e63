"""The one way to publish: always into a stream, always acknowledged, always with a deterministic id."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from time import monotonic

import nats.errors
from nats.aio.client import Client
from nats.js.client import JetStreamContext
from nats.js.errors import APIError, NoStreamResponseError

from navaar_contracts.message import Command, Event, Message
from navaar_contracts.streams import COMMANDS, DEAD, EVENTS
from navaar_runtime import cancelling, forbidden, message_spans
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

TYPE_HEADER = "Navaar-Type"
VERSION_HEADER = "Navaar-Version"
ID_HEADER = "Nats-Msg-Id"

LONGEST_ID = 512
_MORE_HEADERS = 256
"""Bytes left for what JetStream and tracing add."""
_TIMEOUT_S = 5.0
_PATIENCE_S = 40.0
"""A three-node stream needed 4.7 s for a new leader; a restarting server needs longer."""


class Publisher:
    """Usable once the service has started, or once it is bound to a connection."""

    def __init__(self) -> None:
        self.trace_of: Callable[[Message], str | None] = lambda message: None
        """The traceparent below which a message is sent, where it belongs to another trace than the running one."""
        self.may_send: Callable[[], None] = lambda: None
        """Raises while nothing may be sent, because another process may be acting for this service."""
        self._client: Client | None = None
        self._jetstream: JetStreamContext | None = None

    def bind(self, client: Client) -> None:
        self._client = client
        self._jetstream = client.jetstream(timeout=_TIMEOUT_S)

    async def publish(self, message: Message, *, fresh_id: str | None = None) -> int:
        """Publish and wait until the stream has stored it. `fresh_id` is for a deliberate repetition.

        Repeating is safe: within the stream's duplicate window the same id is stored once.

        Returns:
            Its place in the stream; that of the first one where this was a repetition.

        Raises:
            Transient: the stream did not acknowledge within 40 s.
            Permanent: NATS takes no message of this size.
            NotLeading: another process may be acting for this service.
        """
        headers = {
            ID_HEADER: header_safe(fresh_id or message.message_id()),
            TYPE_HEADER: type(message).__name__,
            VERSION_HEADER: str(message.schema_version),
        }
        body = message.model_dump_json(exclude_none=True).encode()
        subject = message.subject()
        with message_spans.sending(subject, body, headers, headers[ID_HEADER], self.trace_of(message)) as span:
            message_spans.describe(span, message)
            return await self.store(subject, body, headers, stream_of(message))

    async def dead_letter(self, subject: str, body: bytes, headers: dict[str, str]) -> None:
        """Put the raw bytes of a message that is given up on into NAVAAR_DEAD. Raises Transient, Permanent."""
        with message_spans.sending(subject, body, headers, headers.get(ID_HEADER, "")):
            await self.store(subject, body, headers, DEAD.name)

    async def newest(self) -> int:
        """The place of the last event in the history. Raises Transient."""
        if self._jetstream is None:
            raise RuntimeError("the publisher is used before its service has started")
        try:
            with cancelling.heard():
                history = await self._jetstream.stream_info(EVENTS.name)
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise Transient(f"NATS does not tell how long the history is: {error or type(error).__name__}") from error
        return history.state.last_seq

    async def store(self, subject: str, body: bytes, headers: dict[str, str], stream: str) -> int:
        """Put raw bytes into a stream and wait until it has stored them; their place in it.

        Raises:
            Transient: not within 40 s.
            Permanent: NATS takes no message of this size, or forbids this user the subject.
        """
        if self._jetstream is None or self._client is None:
            raise RuntimeError("the publisher is used before its service has started")
        size = len(body) + sum(len(key) + len(value) + 4 for key, value in headers.items())
        if size + _MORE_HEADERS > self._client.max_payload:
            # The server would not refuse it but hang up.
            raise Permanent(f"a message on {subject} would have {size} bytes, more than NATS takes")
        begun = monotonic()
        give_up = begun + _PATIENCE_S
        failures = 0
        while True:
            self.may_send()
            try:
                with cancelling.heard():
                    stored = await self._jetstream.publish(subject, body, stream=stream, headers=dict(headers))
                return stored.seq
            except (TimeoutError, nats.errors.Error, NoStreamResponseError, APIError) as error:
                if forbidden.is_since(str(self._client.options.get("name")), subject, begun):
                    raise Permanent(
                        f"NATS forbids this user to publish on {subject}: its permissions are not those of this "
                        "version; render them anew and let the server load them"
                    ) from error
                # A timeout means "unknown"; the same id makes the repetition harmless.
                if monotonic() >= give_up:
                    raise Transient(f"NATS did not store {subject}: {error or type(error).__name__}") from error
                log.warning("publish_repeated", subject=subject, error=str(error) or type(error).__name__)
                failures += 1
                await asyncio.sleep(pause_s(failures, first_s=0.2, longest_s=3.0))


def header_safe(message_id: str) -> str:
    """An id that a header can carry: a long one, or one that is more than printable ASCII, as its digest."""
    if len(message_id) <= LONGEST_ID and message_id.isascii() and message_id.isprintable():
        return message_id
    kind = message_id.partition(":")[0]
    digest = hashlib.sha256(message_id.encode(errors="replace")).hexdigest()
    return f"{kind if kind.isalnum() and kind.isascii() else 'id'}:{digest}"


def stream_of(message: Message) -> str:
    """The stream whose subjects cover this message."""
    if isinstance(message, Event):
        return EVENTS.name
    if isinstance(message, Command):
        return COMMANDS.name
    raise TypeError(f"{type(message).__name__} is neither an event nor a command")
