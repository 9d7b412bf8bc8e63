"""An item is edited before and after it has been placed, each as a short story in the pure world."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from navaar_contracts import commands as c
from navaar_contracts.events import ItemSighted, NoticeGiven
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.track import Track
from tests.support.ledger_world import Song, World, spelled

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


def track(world: World, track_id: int = 1) -> Track:
    return world.store.documents[track_id]


def edit(world: World, number: int, *, seconds: int = 0, **more: Any) -> ItemSighted:
    """The first post now says that it is song `number`."""
    item = ItemMetadata(title=spelled(Song(number)), artists=("Somebody",), duration_s=200, **more)
    at = world.tick() + timedelta(seconds=seconds)
    sighted = ItemSighted(link="main", platform=TG, external_id="101", item=item, sighted_at=at, edited_at=at)
    world.events.append(sighted)
    return sighted


def songs(world: World, platform: Platform) -> set[int]:
    return {number for _, number in world.shelves[platform].items}


def notices(world: World) -> dict[str, NoticeGiven]:
    return {one.message_id(): one for one in world.handled + world.sent if isinstance(one, NoticeGiven)}


def test_edit_before_anything_was_placed_begins_anew() -> None:
    """However far the old name had come, it is placed nowhere, unless its placement had begun."""
    tried = 0
    while True:
        world = World()
        world.open_collections()
        world.add(TG, Song(1))
        for _ in range(tried):
            if world.events:
                world.hand(world.events.pop(world.next_event()))
            elif world.commands:
                world.carry_out(world.commands.pop(0))
        if any(each.known_at for one in world.store.documents.values() for each in one.deliveries.values()):
            break
        edit(world, 2)
        world.settle()
        assert songs(world, YT) == songs(world, SP) == {2}
        assert track(world).edited is None
        assert not notices(world)
        tried += 1
    assert tried > 10


def test_edit_of_a_song_that_nobody_had_is_tried_at_once(world: World) -> None:
    world.unknown.add(1)
    world.add(TG, Song(1))
    world.settle()
    assert {each.state for each in track(world).deliveries.values()} == {DeliveryState.FAILED}
    edit(world, 2)
    world.settle()
    assert songs(world, YT) == songs(world, SP) == {2}


def test_edit_after_the_placement_changes_nothing_and_is_told_with_both_names(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    edit(world, 2)
    world.settle()
    assert songs(world, YT) == songs(world, SP) == {1}
    [notice] = notices(world).values()
    assert spelled(Song(2)) in notice.details
    assert track(world).display in notice.details
    assert "/retry 1" in notice.details


def test_retry_after_an_edit_puts_the_new_song_in_the_place_of_the_old(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    edit(world, 2)
    world.settle()
    world.ask(c.RetryDeliveries, track_id=1)
    world.settle()
    assert songs(world, YT) == songs(world, SP) == {2}
    assert {each.state for each in track(world).deliveries.values()} == {DeliveryState.SYNCED}
    assert not track(world).replacing


def test_what_was_right_after_all_comes_back(world: World) -> None:
    """A slip of the pen is corrected: another name, the same recording in the catalogues."""
    world.add(TG, Song(1))
    world.settle()
    edit(world, 1, caption="with a caption")
    world.settle()
    world.ask(c.RetryDeliveries, track_id=1)
    world.settle()
    assert songs(world, YT) == songs(world, SP) == {1}
    assert {each.state for each in track(world).deliveries.values()} == {DeliveryState.SYNCED}


def test_words_around_a_name_are_noted_and_nobody_is_told(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    edit(world, 1, caption="#pop")
    world.settle()
    assert not notices(world)
    assert songs(world, YT) == {1}


def test_edit_that_says_the_same_and_one_that_comes_late_change_nothing(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    before = track(world)
    edit(world, 1)
    world.settle()
    assert track(world) == before
    edit(world, 2)
    late = edit(world, 3, seconds=-60)
    world.settle()
    edited = track(world).edited
    assert edited is not None
    assert edited.title == spelled(Song(2)) != late.item.title


def test_edit_back_to_what_was_placed_needs_nobody(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    edit(world, 2)
    edit(world, 1)
    world.settle()
    assert track(world).edited is None
    world.ask(c.RetryDeliveries, track_id=1)
    world.settle()
    assert songs(world, YT) == {1}


def test_document_from_before_edits_were_known_is_read(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    old = track(world).model_dump(mode="json", exclude={"edited", "edited_at", "replacing"})
    assert Track.model_validate(old) == track(world)
