"""Whole journeys through the pure ledger, with the other services as functions."""

from __future__ import annotations

import pytest

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from tests.support.ledger_world import Song, World


@pytest.mark.parametrize("direction", list(Direction))
def test_a_song_travels_from_any_collection_to_the_others(world: World, direction: Direction) -> None:
    world.add(direction.origin, Song(1))
    world.settle()
    assert world.copies(direction.target, 1) == 1
    assert all(world.copies(platform, 1) == 1 for platform in Platform)
    delivery = world.store.documents[1].deliveries[direction.target]
    assert delivery.state is DeliveryState.SYNCED
    assert delivery.direction is direction


@pytest.mark.parametrize(("spelling", "other_upload"), [(0, False), (0, True), (1, False), (1, True), (2, False)])
def test_the_same_song_added_on_all_sides_at_once_stays_single(world: World, spelling: int, other_upload: bool) -> None:
    world.add(Platform.TELEGRAM, Song(1))
    world.add(Platform.YOUTUBE, Song(1, spelling), other_upload=other_upload)
    world.add(Platform.SPOTIFY, Song(1, spelling), other_upload=other_upload)
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]
    assert not world.placings
