"""Rebuilds a ledger from NAVAAR_EVENTS into a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError

from navaar_contracts.events import EVENTS as KINDS
from navaar_contracts.records import RequestTaken, TrackDiscovered
from navaar_contracts.streams import COMMANDS, CONSUMERS, EVENTS, LEDGER_EVENTS
from navaar_ledger.domain.policy import Policy
from navaar_ledger.rebuild.comparison import Contents, outline
from navaar_ledger.rebuild.replay import NumberedStore, Replay
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.sqlite import reading
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime import tracing
from navaar_runtime.acknowledgement import MessageUnreadable, decoder
from navaar_runtime.failures import Transient
from navaar_runtime.history import stored

DEADLINE_S = 5.0
_NUMBERS = (f"navaar.evt.{TrackDiscovered.topic}.*",)
_SUBJECTS = (*LEDGER_EVENTS.subjects, f"navaar.evt.{RequestTaken.topic}.*")
_DECODE = decoder(KINDS)


@dataclass(frozen=True, slots=True)
class Position:
    """How far the present ledger has read the history."""

    first: int
    """The oldest sequence that the stream still has."""
    begins_at: datetime | None
    """When that was stored; None where the stream is empty."""
    read: int
    """Up to here the ledger has taken what concerns it."""
    is_still: bool
    """Nothing waits for the ledger and nothing is in its hands."""
    gaps: int
    """Messages that somebody deleted from the middle."""

    @property
    def is_whole(self) -> bool:
        """Whether the stream has everything from its beginning."""
        return self.first <= 1 and not self.gaps


@dataclass(frozen=True, slots=True)
class Replayed:
    """What one replay met."""

    events: int
    unreadable: int


async def position(client: Client) -> Position:
    """Where the stream and the ledger's consumer stand; raises Transient."""
    context = client.jetstream(timeout=DEADLINE_S)
    try:
        mine = await context.consumer_info(EVENTS.name, LEDGER_EVENTS.durable)
        busy = bool(mine.num_pending or mine.num_ack_pending)
        for consumer in CONSUMERS:
            if consumer.stream == COMMANDS.name and consumer.durable.startswith("ledger-"):
                asked = await context.consumer_info(COMMANDS.name, consumer.durable)
                busy = busy or bool(asked.num_pending or asked.num_ack_pending)
        state = (await context.stream_info(EVENTS.name)).state
        begins_at = (await context.get_msg(EVENTS.name, state.first_seq)).time if state.messages else None
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the streams cannot be looked at: {error or type(error).__name__}") from error
    acked = mine.ack_floor.stream_seq if mine.ack_floor is not None else 0
    return Position(
        first=state.first_seq,
        begins_at=begins_at,
        read=acked if busy else state.last_seq,
        is_still=not busy,
        gaps=state.num_deleted or 0,
    )


async def rebuild(
    client: Client, policy: Policy, folder: Path, until: int, told: Callable[[int], None] = lambda sequence: None
) -> Replayed:
    """Make folder/ledger.sqlite3 from the history up to sequence `until`; `told` hears how far it is.

    Raises:
        Transient: the history cannot be read, or the folder not be written.
    """
    store = NumberedStore(folder)
    await store.open()
    try:
        async for message in stored(client, EVENTS.name, _NUMBERS):
            try:
                discovered = _DECODE(message.subject, message.body)
            except MessageUnreadable:
                continue
            if isinstance(discovered, TrackDiscovered):
                store.learn(discovered)
        through = Replay(store, policy)
        events = unreadable = 0
        async for message in stored(client, EVENTS.name, _SUBJECTS, last=until):
            try:
                event = _DECODE(message.subject, message.body)
            except MessageUnreadable:
                unreadable += 1
                continue
            # A rebuilt track belongs to the trace in which it was first seen.
            with tracing.within(message.headers):
                await through.take(event, message.at)  # type: ignore[arg-type]
            events += 1
            told(message.sequence)
        await through.finish(datetime.now(UTC))
        await store.finish()
    finally:
        await store.close()
    return Replayed(events, unreadable)


async def present(settings: LedgerSettings, data_dir: Path) -> Contents:
    """The ledger of these settings.

    Raises:
        Permanent: there is none.
        Transient: MongoDB does not answer.
    """
    if settings.mongodb_url is None:
        return in_file(data_dir / FILE)
    from navaar_ledger.store.mongo import MongoStore

    store = MongoStore(settings)
    contents = Contents()
    try:
        async for track in store.documents():
            contents.tracks[track.id] = outline(track)
        async for key, owner in store.claims():
            contents.claims[key] = owner
    finally:
        await store.close()
    return contents


def in_file(file: Path) -> Contents:
    """The ledger in an SQLite file; raises Permanent."""
    contents = Contents()
    with reading.snapshot(file) as connection:
        for track in reading.tracks(connection):
            contents.tracks[track.id] = outline(track)
        contents.claims.update(reading.claims(connection))
    return contents
