"""How much waits and for how long, as a real JetStream tells it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from time import monotonic

import nats
import pytest_asyncio
from nats.aio.client import Client
from prometheus_client import REGISTRY

from navaar_contracts import streams
from navaar_contracts.commands import FindCandidates
from navaar_contracts.events import DeliverySynced, ItemSighted
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ItemMetadata
from navaar_runtime.consumer_metrics import ConsumerMetrics
from navaar_runtime.declare import Topology, declare
from tests.support.nats_server import NatsServer

FIND, FACTS = streams.gateway_consumers(Platform.SPOTIFY)[FindCandidates], streams.LEDGER_EVENTS


@pytest_asyncio.fixture
async def client(nats_server: NatsServer) -> AsyncIterator[Client]:
    connected = await nats.connect(nats_server.url)
    await declare(connected, Topology())
    yield connected
    await connected.close()


async def send(client: Client, message: Message) -> None:
    await client.jetstream().publish(message.subject(), message.model_dump_json().encode())


async def shown(client: Client, consumer: streams.Consumer) -> dict[str, float]:
    queues = ConsumerMetrics()
    queues.bind(client)
    await queues.show()
    labels = {"stream": consumer.stream, "consumer": consumer.durable}
    names = ("waiting", "in_hand", "redelivered", "oldest_age_seconds")
    found = {name: REGISTRY.get_sample_value(f"navaar_queue_{name}", labels) for name in names}
    return {name: value for name, value in found.items() if value is not None}


def find(number: int) -> FindCandidates:
    return FindCandidates(link="main", track_id=number, target=Platform.SPOTIFY, query="q")


async def until_older(client: Client, consumer: streams.Consumer, seconds: float) -> dict[str, float]:
    async with asyncio.timeout(60):
        while True:
            now = await shown(client, consumer)
            if now["oldest_age_seconds"] > seconds:
                return now
            await asyncio.sleep(0.05)


async def test_an_empty_consumer_waits_for_nothing(client: Client) -> None:
    assert await shown(client, FIND) == {"waiting": 0, "in_hand": 0, "redelivered": 0, "oldest_age_seconds": 0}


async def test_what_nobody_takes_grows_old_and_what_is_taken_is_in_hand_until_it_is_settled(client: Client) -> None:
    await send(client, find(1))
    old = await until_older(client, FIND, 0.3)
    assert (old["waiting"], old["in_hand"]) == (1, 0)
    second_sent = monotonic()
    await send(client, find(2))
    assert (await shown(client, FIND))["oldest_age_seconds"] >= old["oldest_age_seconds"]
    subscription = await client.jetstream().pull_subscribe_bind(FIND.durable, stream=FIND.stream)
    first, second = await subscription.fetch(2, timeout=10)
    taken = await shown(client, FIND)
    assert (taken["waiting"], taken["in_hand"]) == (0, 2)
    assert taken["oldest_age_seconds"] > 0.3
    await first.ack_sync()
    # The first was 0.3 s older.
    assert (await shown(client, FIND))["oldest_age_seconds"] < monotonic() - second_sent + 0.2
    await second.nak()
    (again,) = await subscription.fetch(1, timeout=10)
    assert (await shown(client, FIND))["redelivered"] == 1
    await again.ack_sync()
    assert await shown(client, FIND) == {"waiting": 0, "in_hand": 0, "redelivered": 0, "oldest_age_seconds": 0}


async def test_messages_of_others_in_the_same_stream_make_a_consumer_no_older(client: Client) -> None:
    fact = DeliverySynced(
        link="main", track_id=1, direction=Direction.TG_TO_YT, state=DeliveryState.SYNCED, display="x", seconds=1
    )
    await send(client, fact)
    # The consumer for cards takes this one, so its age tells when it is old enough.
    await until_older(client, streams.BOT_CARDS, 0.4)
    sent = monotonic()
    item = ItemMetadata(title="t")
    await send(
        client,
        ItemSighted(
            link="main", platform=Platform.SPOTIFY, external_id="1", item=item, sighted_at="2026-11-22T12:00:00Z"
        ),
    )
    now = await shown(client, FACTS)
    assert now["waiting"] == 1
    assert now["oldest_age_seconds"] < monotonic() - sent + 0.2


async def test_streams_are_shown_with_what_they_hold_and_their_limits(client: Client) -> None:
    for number in (1, 2, 3):
        await client.jetstream().publish(streams.dead_subject("ledger", "x", "main"), str(number).encode())
    await shown(client, FIND)
    dead = {"stream": streams.DEAD.name}
    assert REGISTRY.get_sample_value("navaar_stream_messages", dead) == 3
    assert (REGISTRY.get_sample_value("navaar_stream_bytes", dead) or 0) > 0
    assert REGISTRY.get_sample_value("navaar_stream_limit_bytes", dead) == streams.DEAD.default_max_bytes
