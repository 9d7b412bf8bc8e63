"""Rebuilds a ledger from NAVAAR_EVENTS into an empty store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import nats.errors
from nats.aio.client import Client
from nats.js.errors import APIError

from navaar_contracts.streams import COMMANDS, CONSUMERS, EVENTS, LEDGER_EVENTS
from navaar_ledger.domain.policy import Policy
from navaar_ledger.rebuild.comparison import Contents, outline
from navaar_ledger.rebuild.history import SUBJECTS, discoveries, look, read
from navaar_ledger.rebuild.names import RememberedNames
from navaar_ledger.rebuild.replay import Replay
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import Mark
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite import reading
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime import tracing
from navaar_runtime.acknowledgement import MessageUnreadable
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.history import stored

DEADLINE_S = 5.0


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
    client: Client, policy: Policy, store: Store, until: int, told: Callable[[int], None] = lambda sequence: None
) -> Replayed:
    """Make a ledger in the empty `store` from the history up to sequence `until`; `told` hears how far it is.

    Raises:
        Permanent: the store holds a ledger already.
        Transient: the history cannot be read, or the store not be written.
    """
    await store.open()
    try:
        if await store.highest_number():
            raise Permanent("it holds a ledger already; a ledger is rebuilt into an empty place")
        began = await look(client)
        names = RememberedNames()
        async for discovered in discoveries(client, 1):
            names.learn(discovered)
        through = Replay(store, policy, names)
        events = unreadable = 0
        async for message in stored(client, EVENTS.name, SUBJECTS, last=until):
            try:
                event = read(message)
            except MessageUnreadable:
                unreadable += 1
                continue
            # A rebuilt track belongs to the trace in which it was first seen.
            with tracing.within(message.headers):
                await through.take(event, message.at)
            events += 1
            told(message.sequence)
        await through.finish(datetime.now(UTC))
        await store.raise_number(names.highest)
        await store.keep_about(Mark(began.made, until).about())
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
