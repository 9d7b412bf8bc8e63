"""Renewals and plans in the life of a ledger that was set back: it counts anew, and acts as little as any other."""

from __future__ import annotations

import copy
from dataclasses import replace

import pytest

from navaar_contracts.commands import DownloadAudio, PlaceTrack, RemoveTrack
from navaar_contracts.identifiers import FirstSync, Platform
from navaar_contracts.message import Event, TrackCommand
from navaar_contracts.records import TrackDiscovered
from navaar_ledger.application.recovery import overdue
from navaar_ledger.domain.effects import effects_of
from navaar_ledger.rebuild.names import RememberedNames
from navaar_ledger.rebuild.replay import Replay
from tests.support.ledger_memory import MemoryStore
from tests.support.ledger_world import Song, World

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


def synced() -> World:
    world = World()
    world.open_collections()
    world.add(TG, Song(1))
    world.settle()
    return world


def clear_and_add(world: World) -> list[int]:
    """Taken out everywhere and added to the channel again; in how many places each collection has it then."""
    for platform in Platform:
        world.take_out(platform, 1)
        world.report(platform)
    world.settle()
    world.add(TG, Song(1))
    world.settle()
    return [world.copies(platform, 1) for platform in Platform]


def test_what_gateways_wrote_down_of_a_renewal_that_the_ledger_has_forgotten_answers_for_no_later_one() -> None:
    world = synced()
    documents, claims = copy.deepcopy(world.store.documents), dict(world.store.claims)
    assert clear_and_add(world) == [1, 1, 1]
    world.store = MemoryStore()
    world.store.documents, world.store.claims = documents, claims
    world.start_again()
    world.open_collections()
    assert clear_and_add(world) == [1, 1, 1]


def orders(world: World) -> list[TrackCommand]:
    return [each for each in world.commands if isinstance(each, PlaceTrack | RemoveTrack | DownloadAudio)]


@pytest.mark.parametrize("origin", list(Platform))
async def test_a_ledger_that_takes_over_its_history_while_a_plan_stands_orders_nothing_that_writes(
    origin: Platform,
) -> None:
    world = World()
    world.open_collections()
    world.add(origin, Song(1))
    while not orders(world):
        if world.events:
            world.hand(world.events.pop(0))
        else:
            world.carry_out(world.commands.pop(0))
    store, names = MemoryStore(), RememberedNames()
    for each in world.sent:
        if isinstance(each, TrackDiscovered):
            names.learn(each)
    through = Replay(store, replace(world.policy, first_sync=FirstSync.PLAN), names)
    for message in world.handled:
        if isinstance(message, Event):
            await through.take(message, world.now)
    await through.finish(world.now)
    assert store.documents
    for track in store.documents.values():
        assert track.held
        asked = [*overdue(track, world.now), *(message for _, message in effects_of(track))]
        assert not [each for each in asked if isinstance(each, PlaceTrack | RemoveTrack | DownloadAudio)]
