"""Two ledgers on one store that take the same messages at once: compare-and-set and claims keep them right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from itertools import count
from typing import Any

import pytest_asyncio

from navaar_contracts.commands import DiscardAudio, TrackCommand
from navaar_contracts.events import CollectionOpened
from navaar_contracts.identifiers import Platform
from navaar_ledger.ports import Ports
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import MongoStore
from navaar_runtime.settings import load
from tests.support.ledger_world import Song, World
from tests.support.mongo_server import environment, running_mongo

_name = count(1)


@pytest_asyncio.fixture
async def stores() -> AsyncIterator[tuple[MongoStore, MongoStore]]:
    with running_mongo() as url:
        settings = load(LedgerSettings, environment(url, f"replicas{next(_name)}"))
        async with AsyncExitStack() as stack:
            made = (MongoStore(settings), MongoStore(settings))
            for store in made:
                await store.open()
                stack.push_async_callback(store.close)
            yield made


async def test_two_replicas_that_race_for_every_message_place_each_song_once(
    stores: tuple[MongoStore, MongoStore],
) -> None:
    world = World()
    ports = [Ports(store, world, world.policy, lambda: datetime.now(UTC)) for store in stores]

    async def both(message: Any) -> None:
        answers = await asyncio.gather(*(_on(world, replica, message) for replica in ports))
        for answer in answers:
            world.send(answer)

    for platform in (Platform.YOUTUBE, Platform.SPOTIFY):
        await both(CollectionOpened(link="main", platform=platform, items=0, opened_at=datetime.now(UTC)))
    for number in range(3):
        world.add(Platform.TELEGRAM, Song(number))
        world.add(Platform.YOUTUBE, Song(number, 1), other_upload=True)
    done: set[str] = set()
    while world.events or world.commands:
        if world.events:
            await both(world.events.pop(world.next_event()))
            continue
        command: TrackCommand = world.commands.pop(0)
        # The stream drops what it has seen: both replicas name the same message.
        if command.message_id() not in done and not isinstance(command, DiscardAudio):
            done.add(command.message_id())
            world.carry_out(command)
    for number in range(3):
        assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1]
    counters = await stores[0].counters("main")
    assert counters.tracks == 3
    assert all(
        state.is_done or not amount for states in counters.deliveries.values() for state, amount in states.items()
    )


async def _on(world: World, replica: Ports, message: Any) -> list[Any]:
    world.ports = replica
    return list(await world._handle(message))
