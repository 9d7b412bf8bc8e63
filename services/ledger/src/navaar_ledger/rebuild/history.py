"""What the streams know: the history's place and extent, the numbers it tells, and those of the idempotency records."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError, NotFoundError

from navaar_contracts.events import EVENTS as KINDS
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Event
from navaar_contracts.records import RequestTaken, TrackDiscovered
from navaar_contracts.streams import EVENTS, IDEMPOTENCY, LEDGER_EVENTS
from navaar_runtime.acknowledgement import MessageUnreadable, decoder
from navaar_runtime.failures import Transient
from navaar_runtime.history import Stored, stored

DEADLINE_S = 5.0
SUBJECTS = (*LEDGER_EVENTS.subjects, f"navaar.evt.{RequestTaken.topic}.*")
"""What a ledger is made of."""
NEWEST_RECORDS = 2_000
"""So many are looked at when nothing says that the ledger was set back: numbers only grow."""
HIGHEST_NUMBER = 10**12
"""No ledger gives so many: a message about a higher one is nobody's, and must not move the counter to its end."""
_NUMBERS = (f"navaar.evt.{TrackDiscovered.topic}.*",)
_BUCKET = f"KV_{IDEMPOTENCY.name}"
_DECODE = decoder(KINDS)


@dataclass(frozen=True, slots=True)
class Extent:
    """What NAVAAR_EVENTS holds, and how much of it a ledger has acknowledged."""

    made: str
    """When the stream was made, in ISO 8601."""
    first: int
    last: int
    acknowledged: int
    """Up to here; 0 where nothing was, or the consumer is new."""


async def look(client: Client) -> Extent:
    """Raises Transient."""
    context = client.jetstream(timeout=DEADLINE_S)
    try:
        # The consumer first: what is acknowledged after this look is in the stream and in the store by then.
        try:
            consumer = await context.consumer_info(EVENTS.name, LEDGER_EVENTS.durable)
        except NotFoundError:
            consumer = None
        info = await context.stream_info(EVENTS.name)
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the streams cannot be looked at: {error or type(error).__name__}") from error
    acknowledged = consumer.ack_floor.stream_seq if consumer is not None and consumer.ack_floor is not None else 0
    made = info.created.isoformat() if info.created is not None else "?"
    return Extent(made, info.state.first_seq, info.state.last_seq, acknowledged)


async def moment_of(client: Client, sequence: int) -> datetime | None:
    """When the message at that place was stored; None where it is gone. Raises Transient."""
    if sequence < 1:
        return None
    try:
        return (await client.jetstream(timeout=DEADLINE_S).get_msg(EVENTS.name, sequence, direct=True)).time
    except NotFoundError:
        return None
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the history cannot be read: {error or type(error).__name__}") from error


def read(message: Stored) -> Event:
    """Raises MessageUnreadable."""
    event = _DECODE(message.subject, message.body)
    if not isinstance(event, Event):
        raise MessageUnreadable(f"{type(event).__name__} is no event")
    return event


async def discoveries(client: Client, first: int) -> AsyncIterator[TrackDiscovered]:
    """Which numbers items were given, from that sequence on; raises Transient, also while iterating."""
    async for message in stored(client, EVENTS.name, _NUMBERS, first=first):
        try:
            discovered = read(message)
        except MessageUnreadable:
            continue
        if isinstance(discovered, TrackDiscovered) and discovered.track_id <= HIGHEST_NUMBER:
            yield discovered


async def highest_of_records(client: Client, *, every: bool) -> int:
    """The highest number among the keys of idempotency records, of all or of the newest; raises Transient."""
    context = client.jetstream(timeout=DEADLINE_S)
    try:
        info = await context.stream_info(_BUCKET)
    except NotFoundError:
        return 0
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the idempotency records cannot be looked at: {error or type(error).__name__}") from error
    first = 1 if every else max(1, info.state.last_seq - NEWEST_RECORDS)
    subjects = [f"$KV.{IDEMPOTENCY.name}.*.*.{platform}" for platform in Platform]
    highest = 0
    async for message in stored(client, _BUCKET, subjects, first=first):
        highest = max(highest, number_in(message.subject))
    return highest


def number_in(subject: str) -> int:
    """The track's number in a record's subject, $KV.<bucket>.<link>.<name>.<platform>; 0 where there is none."""
    number = subject.split(".")[-2].partition("-")[0]
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return 0
    return int(number) if int(number) <= HIGHEST_NUMBER else 0
