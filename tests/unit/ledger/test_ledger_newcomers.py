"""What an item just seen in a collection holds up, and what it does not."""

from __future__ import annotations

import pytest

from navaar_contracts.commands import ChooseMatch, FindCandidates
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Recording
from navaar_ledger.domain.newcomers import may_be
from navaar_ledger.domain.track import Track, TrackState
from tests.support.ledger_world import Song, World, run

APART_S = 60.0


def known(song: int) -> Track:
    """A song that was posted and identified."""
    world = World()
    world.open_collections()
    world.add(Platform.TELEGRAM, Song(song))
    until_searched(world, 1)
    track = world.store.documents[1]
    assert track.recording is not None
    return track.model_copy(update={"recording": track.recording.model_copy(update={"duration_s": 200.0})})


def lasting(track: Track, seconds: float, **changes: object) -> Track:
    assert track.recording is not None
    recording = track.recording.model_copy(update={"duration_s": seconds})
    return track.model_copy(update={"id": 2, "recording": recording, **changes})


def until_searched(world: World, track_id: int) -> None:
    """Carry out what a track waits for until its searches have begun."""
    world.catch_up()
    while not any(isinstance(each, FindCandidates) and each.track_id == track_id for each in world.commands):
        carry_out_one(world, track_id)


def carry_out_one(world: World, track_id: int) -> None:
    command = next(each for each in world.commands if each.track_id == track_id)
    world.commands.remove(command)
    world.carry_out(command)
    world.hand(world.events.pop(0))


def test_whoever_nobody_knows_yet_may_be_anything() -> None:
    track = known(0)
    for state in (TrackState.IDENTIFYING, TrackState.UNIDENTIFIED):
        assert may_be(lasting(track, 200 + APART_S, keys=(), sound_keys=(), state=state), track)
    assert may_be(track.model_copy(update={"id": 2, "recording": None, "keys": ()}), track)


def test_another_song_by_its_own_evidence_cannot_be_it() -> None:
    track = known(0)
    assert not may_be(lasting(track, 200 + APART_S, keys=("t:other",), sound_keys=()), track)


@pytest.mark.parametrize(
    ("seconds", "keys", "sounds"),
    [(203.0, ("t:other",), ()), (200 + APART_S, None, ()), (200 + APART_S, ("t:other",), None)],
    ids=["of one length", "of one title", "of one sound"],
)
def test_whatever_speaks_for_one_recording_holds_it_up(
    seconds: float, keys: tuple[str, ...] | None, sounds: tuple[str, ...] | None
) -> None:
    track = known(0).model_copy(update={"sound_keys": ("a", "b", "c")})
    newcomer = lasting(track, seconds, **{} if keys is None else {"keys": keys})
    assert may_be(newcomer.model_copy(update={} if sounds is None else {"sound_keys": sounds}), track)


def placed_beside(newcomer_s: float) -> list[int]:
    """Which tracks are placed on YouTube Music while somebody's addition there, of that length, is searched for."""
    world = World()
    world.open_collections()
    for number, (platform, seconds) in enumerate(((Platform.YOUTUBE, newcomer_s), (Platform.TELEGRAM, 200.0)), 1):
        world.add(platform, Song(2 * number))
        until_searched(world, number)
        track = world.store.documents[number]
        assert track.recording is not None
        recording: Recording = track.recording.model_copy(update={"duration_s": seconds})
        assert run(world.store.save(track.changed(version=track.version + 1, recording=recording), track.version))
    while any(each.track_id == 2 for each in world.commands):
        carry_out_one(world, 2)
    return [each.track_id for each in world.placings if each.target is Platform.YOUTUBE]


def test_a_song_waits_for_the_searches_of_a_newcomer_that_may_be_the_same() -> None:
    assert placed_beside(203.0) == []


def test_a_song_does_not_wait_for_the_searches_of_what_cannot_be_the_same() -> None:
    assert placed_beside(200 + APART_S) == [2]


def test_the_end_of_a_search_lets_go_at_once_what_it_held_up() -> None:
    """Without the clock: the collection where the newcomer is may take others as soon as it is known."""
    world = World()
    world.open_collections()
    world.add(Platform.YOUTUBE, Song(0))
    until_searched(world, 1)
    world.add(Platform.TELEGRAM, Song(2))
    world.catch_up()
    while any(each.track_id == 2 for each in world.commands):
        carry_out_one(world, 2)
    while any(isinstance(each, FindCandidates | ChooseMatch) and each.track_id == 1 for each in world.commands):
        carry_out_one(world, 1)
        for command in [each for each in world.commands if each.track_id == 2]:
            world.commands.remove(command)
            world.carry_out(command)
    assert [each.track_id for each in world.placings if each.target is Platform.YOUTUBE] == [2]


def run_without_the_clock(world: World) -> None:
    while world.events or world.commands:
        if world.events:
            world.hand(world.events.pop(world.next_event()))
        else:
            world.carry_out(world.commands.pop(0))


def test_a_placement_that_met_a_newcomer_is_made_as_soon_as_that_is_known() -> None:
    world = World()
    world.open_collections()
    world.add(Platform.TELEGRAM, Song(2))
    world.add(Platform.SPOTIFY, Song(4), report=False)
    run_without_the_clock(world)
    assert [number for _, number in world.shelves[Platform.SPOTIFY].items] == [4, 2]
    assert [delivery.disturbed for delivery in world.store.documents[1].deliveries.values()].count(1) == 1
