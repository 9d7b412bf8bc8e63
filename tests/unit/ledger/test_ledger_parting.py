"""A person says that a joined track is another song: stories of two songs that were taken for one."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest

from navaar_contracts import commands as c
from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import DeliveryState, FirstSync, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import GetCounts, GetTrack, ListTracks, TrackView
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.domain.track import Delivery, Track, TrackState
from tests.support.ledger_world import START, Song, World, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
ONE, OTHER = 2, 3
"""Two songs that share a key, so that they are compared."""
DONE = {DeliveryState.SYNCED, DeliveryState.DUPLICATE}


@pytest.fixture
def confused() -> World:
    """The identifier takes both songs for one, and goes on doing so."""
    world = World()
    world.open_collections()
    world.confused = {ONE, OTHER}
    return world


def track(world: World, number: int) -> Track:
    return world.store.documents[number]


def delivery(world: World, number: int, target: Platform) -> Delivery:
    return track(world, number).deliveries[target]


def told(world: World) -> str:
    return "\n".join(entry.details for entry in world.store.entries.values())


def shown(world: World, number: int) -> TrackView:
    view = run(LedgerQueries(world.store, world.policy, START).get_track(GetTrack(track_id=number))).track
    assert view is not None
    return view


def step(world: World) -> bool:
    if world.events:
        world.hand(world.events.pop(world.next_event()))
    elif world.commands:
        world.carry_out(world.commands.pop(0))
    else:
        return False
    return True


def joined(world: World, first: Platform = TG, second: Platform = SP) -> None:
    world.add(first, Song(ONE))
    world.settle()
    world.add(second, Song(OTHER))
    world.settle()
    assert track(world, 2).merged_into == 1


def sighted_again(world: World, platform: Platform, external_id: str, title: str) -> None:
    item = ItemMetadata(title=title, artists=("Somebody",), duration_s=200)
    world.shelves[platform].items.append((external_id, int(title.split()[-1])))
    world.shelves[platform].reported.add(external_id)
    event = ItemSighted(link="main", platform=platform, external_id=external_id, item=item, sighted_at=world.now)
    world.events.append(event)


def two_songs_everywhere(world: World, *songs: int) -> None:
    for number in songs or (ONE, OTHER):
        assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1], number
    for each in world.store.documents.values():
        if each.is_alive:
            assert {d.state for d in each.deliveries.values()} <= DONE, each.deliveries


# Told


def test_a_song_tells_which_posts_it_consists_of_and_why(confused: World) -> None:
    joined(confused)
    view = shown(confused, 1)
    assert view.posts == 2
    (other,) = view.joined
    assert (other.track_id, other.origin, other.origin_external_id) == (2, SP, "sp-3")
    assert other.said == "Somebody - song 3"
    assert other.why == "the names tell"
    assert START < other.joined_at <= confused.now
    closed = shown(confused, 2)
    assert (closed.merged_into, closed.joined_at, closed.joined_why) == (1, other.joined_at, other.why)
    listed = run(LedgerQueries(confused.store, confused.policy, START).list_tracks(ListTracks())).tracks
    assert [(each.id, each.posts) for each in listed] == [(1, 2)]


def test_what_an_earlier_version_joined_is_told_from_the_audit_log(confused: World) -> None:
    joined(confused)
    documents = confused.store.documents
    documents[2] = track(confused, 2).changed(joined_at=None, joined_why=None)
    documents[1] = track(confused, 1).changed(own=None)
    (other,) = shown(confused, 1).joined
    assert "The same recording as #1" in other.why
    assert "The same recording as #1" in (shown(confused, 2).joined_why or "")


# Parted


@pytest.mark.parametrize(("first", "second"), [*permutations(Platform, 2), (TG, TG), (YT, YT)])
def test_two_songs_are_made_of_the_one_and_each_is_brought_where_it_lacks(
    confused: World, first: Platform, second: Platform
) -> None:
    joined(confused, first, second)
    before = track(confused, 2)
    confused.ask(c.PartTrack, track_id=2)
    one, other = track(confused, 1), track(confused, 2)
    assert (other.is_alive, other.merged_into, one.absorbed) == (True, None, ())
    assert (other.recording, other.keys, other.method) == (before.recording, before.keys, before.method)
    assert set(one.keys) & set(other.keys) == {"bucket-1"}
    confused.settle()
    two_songs_everywhere(confused)
    assert not [m for m in confused.sent if isinstance(m, c.RemoveTrack)]
    assert track(confused, 1).items[first] == track(confused, 1).origin_external_id
    assert track(confused, 2).items[second] == before.origin_external_id
    assert "says admin 7: parted, and never joined again" in told(confused)


@pytest.mark.parametrize("steps", range(0, 40, 3))
@pytest.mark.parametrize(("first", "second"), [(TG, SP), (YT, SP), (SP, TG), (SP, YT), (TG, TG)])
def test_whenever_they_are_parted_each_ends_everywhere_once(
    confused: World, first: Platform, second: Platform, steps: int
) -> None:
    confused.add(first, Song(ONE))
    confused.add(second, Song(OTHER))
    while 2 not in confused.store.documents or track(confused, 2).is_alive:
        assert step(confused)
    for _ in range(steps):
        step(confused)
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    two_songs_everywhere(confused)


@pytest.mark.parametrize("crash", range(5))
@pytest.mark.parametrize("meanwhile", [False, True])
def test_a_crash_between_its_writes_heals(confused: World, crash: int, meanwhile: bool) -> None:
    joined(confused)
    request = c.PartTrack(link="main", track_id=2, asked_at=confused.now, by="admin 7")
    crashed = not confused.hand(request, crash_after=crash)
    if meanwhile:
        confused.cycle()
        confused.run_clock()
        while step(confused):
            pass
    if crashed:
        confused.hand(request)
    confused.settle()
    two_songs_everywhere(confused)
    assert (
        sum("#2 Somebody - song 3 on spotify is another song" in e.details for e in confused.store.entries.values())
        == 1
    )


def test_a_request_that_comes_again_changes_nothing(confused: World) -> None:
    joined(confused)
    request = confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    before, claims = dict(confused.store.documents), dict(confused.store.claims)
    confused.hand(request)
    assert (confused.store.documents, confused.store.claims) == (before, claims)


def test_a_request_whose_rule_was_not_kept_keeps_it_when_it_comes_again(confused: World) -> None:
    joined(confused)
    keep, tries = confused.store.keep_overrides, []

    async def die(overrides: Any) -> None:
        tries.append(overrides)
        if len(tries) == 1:
            raise ConnectionAbortedError
        await keep(overrides)

    confused.store.keep_overrides = die  # type: ignore[method-assign]
    request = c.PartTrack(link="main", track_id=2, asked_at=confused.now)
    with pytest.raises(ConnectionAbortedError):
        confused.hand(request)
    confused.ports = type(confused.ports)(confused.store, confused, confused.policy, lambda: confused.now)
    confused.hand(request)
    assert confused.store.kept_overrides
    confused.settle()
    two_songs_everywhere(confused)


# For good


def test_an_item_that_is_the_others_match_is_not_chosen_again_and_the_reason_says_whose_it_is(confused: World) -> None:
    confused.found_as, confused.confused = {5: 4}, {4, 5}
    search = confused._search
    only = lambda found: tuple(each for each in found if each.id in ("yt-4", "sp-4"))  # noqa: E731
    confused._search = lambda command: only(search(command))  # type: ignore[method-assign]
    for number in (4, 5):
        confused.add(TG, Song(number))
        confused.settle()
    assert track(confused, 2).merged_into == 1
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    one, other = track(confused, 1), track(confused, 2)
    assert (one.items[SP], one.items[YT]) == ("sp-4", "yt-4")
    assert confused.store.claims["main|spotify|sp-4"] == 1
    for target in (SP, YT):
        stopped = other.deliveries[target]
        assert (stopped.state, stopped.cause) == (DeliveryState.FAILED, "no_match")
        assert "it is the match of #1 Somebody - song 4, another song" in (stopped.reason or "")


def test_a_song_that_is_met_again_is_joined_to_the_one_that_it_is(confused: World) -> None:
    joined(confused, TG, TG)
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    sighted_again(confused, TG, "900", "song 3")
    sighted_again(confused, TG, "901", "song 2")
    confused.settle()
    assert track(confused, 3).merged_into == 2
    assert track(confused, 4).merged_into == 1


@pytest.mark.parametrize("gone", [(2,), (1,), (1, 2)])
def test_the_rule_outlives_both_tracks(confused: World, gone: tuple[int, ...]) -> None:
    joined(confused, TG, TG)
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    for number in gone:
        confused.ask(c.DeleteTrack, track_id=number)
    for number in gone:
        sighted_again(confused, TG, str(900 + number), f"song {number + 1}")
    confused.settle()
    again = [track(confused, 2 + place) for place in range(1, len(gone) + 1)]
    assert all(each.is_alive for each in again), [each.merged_into for each in again]


def test_other_posts_of_the_same_recording_go_along(confused: World) -> None:
    joined(confused, TG, TG)
    sighted_again(confused, TG, "900", "song 3")
    sighted_again(confused, TG, "901", "song 2")
    confused.settle()
    assert track(confused, 1).absorbed == (2, 3, 4)
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    assert (track(confused, 1).absorbed, track(confused, 2).absorbed) == ((4,), (3,))
    assert track(confused, 3).merged_into == 2
    assert [confused.copies(platform, number) for platform in (YT, SP) for number in (ONE, OTHER)] == [1, 1, 1, 1]


@pytest.mark.parametrize("named_alike", [True, False])
def test_what_was_joined_through_another_goes_with_it(confused: World, named_alike: bool) -> None:
    confused.add(TG, Song(ONE))
    assert step(confused)
    late = confused.commands.pop()
    confused.add(SP, Song(OTHER))
    confused.add(YT, Song(OTHER, 0 if named_alike else 1))
    while 3 not in confused.store.documents or track(confused, 3).is_alive:
        assert step(confused)
    confused.carry_out(late)
    confused.settle()
    assert (track(confused, 3).merged_into, track(confused, 2).merged_into) == (2, 1)
    assert [each.track_id for each in shown(confused, 1).joined] == [2, 3]
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    assert (track(confused, 1).absorbed, track(confused, 2).absorbed) == ((), (3,))
    two_songs_everywhere(confused)


def test_of_a_chain_the_last_one_alone_is_parted_and_finds_its_like_when_that_is_parted_too(confused: World) -> None:
    confused.add(TG, Song(ONE))
    assert step(confused)
    late = confused.commands.pop()
    confused.add(SP, Song(OTHER))
    confused.add(YT, Song(OTHER, 1))
    while 3 not in confused.store.documents or track(confused, 3).is_alive:
        assert step(confused)
    confused.carry_out(late)
    confused.settle()
    confused.ask(c.PartTrack, track_id=3)
    assert (track(confused, 1).absorbed, track(confused, 2).absorbed) == ((2,), ())
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    assert track(confused, 3).merged_into == 2
    two_songs_everywhere(confused)


def test_what_an_earlier_version_joined_can_be_parted(confused: World) -> None:
    joined(confused)
    documents = confused.store.documents
    documents[1] = track(confused, 1).changed(own=None)
    documents[2] = track(confused, 2).changed(joined_at=None, joined_why=None)
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    two_songs_everywhere(confused)


def test_a_song_that_slept_until_the_other_came_sleeps_again() -> None:
    world = World(first_sync=FirstSync.BASELINE)
    world.open_collections()
    world.confused = {ONE, OTHER}
    world.add(YT, Song(ONE), report=False)
    world.report(YT, first_read=True)
    world.settle()
    world.add(SP, Song(OTHER))
    world.settle()
    assert track(world, 2).merged_into == 1
    world.ask(c.PartTrack, track_id=2)
    world.settle()
    assert (track(world, 1).state, track(world, 1).deliveries) == (TrackState.BASELINE, {})
    assert [world.copies(platform, OTHER) for platform in Platform] == [1, 1, 1]
    assert [world.copies(platform, ONE) for platform in (TG, SP)] == [0, 0]


def test_lists_figures_and_words_show_two_songs_again(confused: World) -> None:
    joined(confused)
    questions = LedgerQueries(confused.store, confused.policy, START)
    assert run(questions.get_counts(GetCounts())).tracks == 1
    confused.ask(c.PartTrack, track_id=2)
    confused.settle()
    assert run(questions.get_counts(GetCounts())).tracks == 2
    assert [each.id for each in run(questions.list_tracks(ListTracks(text="song 3"))).tracks] == [2]
    assert (shown(confused, 1).posts, shown(confused, 1).joined) == (1, ())
    assert (shown(confused, 1).parted, shown(confused, 2).parted) == ((2,), (1,))


# Nothing to part


def test_what_is_not_joined_cannot_be_parted(confused: World) -> None:
    joined(confused)
    before = track(confused, 1)
    confused.ask(c.PartTrack, track_id=1)
    assert track(confused, 1).deliveries == before.deliveries
    assert "There is nothing to part: #1 is not joined to another track" in told(confused)
    confused.ask(c.DeleteTrack, track_id=1)
    confused.ask(c.PartTrack, track_id=2)
    assert track(confused, 2).state is TrackState.MERGED
    assert "There is nothing to part: #1 was deleted" in told(confused)
