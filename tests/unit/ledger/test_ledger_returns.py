"""What a person adds is wanted, whatever was before: taken out by hand and added again, it is everywhere again."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from navaar_contracts import commands as c
from navaar_contracts.events import FailureKind, ItemSighted, PresenceKnown
from navaar_contracts.identifiers import FirstSync, Platform
from navaar_contracts.message import TrackCommand
from navaar_ledger.domain.track import TrackState
from tests.support.ledger_world import Song, World, number_of
from tests.unit.ledger.test_ledger_model import SONGS, AnyOrder

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
SOME = [some for number in (1, 2, 3) for some in combinations(Platform, number)]


def synced(origin: Platform, *songs: int) -> World:
    world = World()
    world.open_collections()
    for song in songs:
        world.add(origin, Song(song))
    world.settle()
    return world


def clear(world: World, platforms: tuple[Platform, ...], song: int = 1, *, seen: bool = True) -> None:
    """Taken out by hand; `seen` tells whether the gateways look before anything else happens."""
    for platform in platforms:
        world.take_out(platform, song)
        if seen:
            world.report(platform)
    world.settle()


def copies(world: World, song: int = 1) -> list[int]:
    return [world.copies(platform, song) for platform in Platform]


@pytest.mark.parametrize("origin", list(Platform))
@pytest.mark.parametrize("cleared", SOME, ids=lambda some: "+".join(each.short for each in some))
def test_taken_out_anywhere_and_added_again_it_is_placed_where_it_is_missing(
    origin: Platform, cleared: tuple[Platform, ...]
) -> None:
    for back in cleared:
        world = synced(origin, 1)
        clear(world, cleared)
        assert copies(world) == [each not in cleared for each in Platform]
        before = len(world.placings)
        world.add(back, Song(1))
        world.settle()
        assert copies(world) == [1, 1, 1]
        assert len(world.placings) - before == len(cleared) - 1
        # It does not go on for ever.
        world.settle()
        assert len(world.placings) - before == len(cleared) - 1


def test_it_can_be_taken_out_and_added_again_and_again() -> None:
    world = synced(TG, 1)
    for back in (YT, TG, SP, YT, TG):
        clear(world, tuple(Platform))
        world.add(back, Song(1))
        world.settle()
        assert copies(world) == [1, 1, 1]


def test_a_new_post_of_what_no_gateway_saw_leave_is_enough() -> None:
    """Cleared out and posted again between two looks: whether it is gone is asked, not guessed."""
    world = synced(TG, 1)
    for platform in Platform:
        world.take_out(platform, 1)
    world.add(TG, Song(1))
    world.settle()
    assert copies(world) == [1, 1, 1]


def test_what_is_taken_out_on_one_side_alone_stays_out() -> None:
    world = synced(YT, 1)
    clear(world, (SP,))
    world.start_again()
    world.settle()
    assert copies(world) == [1, 1, 0]


@pytest.mark.parametrize("platform", [YT, SP])
def test_a_sighting_of_what_never_went_away_places_nothing(platform: Platform) -> None:
    """Read again, read short and then whole, replayed: with one side cleared on purpose all of it changes nothing."""
    world = synced(TG, 1, 2)
    before = len(world.placings)
    for event in [each for each in world.handled if isinstance(each, ItemSighted)]:
        world.hand(event)
    world.shelves[platform].listed.clear()
    world.report(platform)
    world.settle()
    assert len(world.placings) == before
    assert copies(world) == copies(world, 2) == [1, 1, 1]


def test_a_return_that_is_told_again_later_is_not_followed_again() -> None:
    world = synced(TG, 1)
    clear(world, (YT, SP))
    world.add(YT, Song(1))
    world.settle()
    told = next(each for each in world.handled if isinstance(each, ItemSighted) and each.returned)
    clear(world, (SP,))
    world.hand(told)
    world.settle()
    assert copies(world) == [1, 1, 0]


def test_never_outlasts_a_return() -> None:
    world = synced(TG, 1)
    world.ask(c.ReportWrongMatch, track_id=1, target=SP)
    world.settle()
    world.ask(c.AnswerReview, track_id=1, target=SP, answer="never")
    world.settle()
    clear(world, tuple(Platform))
    world.add(YT, Song(1))
    world.settle()
    assert copies(world) == [1, 1, 0]


def test_where_it_does_not_show_whether_it_is_gone_nothing_is_doubled() -> None:
    world = synced(TG, 1)
    clear(world, (YT, SP))
    world.add(YT, Song(1), report=False)
    world.report(YT)
    while not any(isinstance(each, c.CheckPresence) for each in world.commands):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    asked = [each for each in world.commands if isinstance(each, c.CheckPresence)]
    for each in asked:
        world.commands.remove(each)
        world.events.append(
            PresenceKnown(link="main", track_id=each.track_id, attempt=each.attempt, target=each.target, certain=False)
        )
    world.settle()
    assert copies(world) == [1, 1, 0]


def test_a_question_that_is_lost_or_fails_is_asked_again_or_let_be() -> None:
    world = synced(TG, 1)
    clear(world, (YT, SP))
    world.add(YT, Song(1))
    while not any(isinstance(each, c.CheckPresence) for each in world.commands):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.commands = [each for each in world.commands if not isinstance(each, c.CheckPresence)]
    world.tick(1000)
    world.cycle()
    world.settle()
    assert copies(world) == [1, 1, 1]

    def fail(command: TrackCommand) -> FailureKind | None:
        return FailureKind.PERMANENT if isinstance(command, c.CheckPresence) else None

    clear(world, (YT, SP))
    world.fail = fail
    world.add(YT, Song(1))
    world.settle()
    assert copies(world) == [1, 1, 0]


def test_a_parted_songs_item_is_not_taken_for_this_one() -> None:
    """Songs 1 and 2 were taken for one and are parted; song 1 is cleared out and comes back, song 2 stays."""
    world = World()
    world.open_collections()
    world.confused = {1, 0}
    world.add(TG, Song(1))
    world.settle()
    world.add(TG, Song(0))
    world.settle()
    assert world.store.documents[2].merged_into == 1
    world.ask(c.PartTrack, track_id=2)
    world.settle()
    assert copies(world, 0) == copies(world, 1) == [1, 1, 1]
    clear(world, tuple(Platform))
    world.add(YT, Song(1))
    world.settle()
    assert copies(world, 0) == copies(world, 1) == [1, 1, 1]


def test_where_the_former_item_cannot_be_had_any_more_another_one_is_found() -> None:
    world = synced(TG, 1)
    clear(world, (TG, YT))

    def fail(command: TrackCommand) -> FailureKind | None:
        is_it = isinstance(command, c.PlaceTrack) and command.external_id == "yt-1"
        return FailureKind.PERMANENT if is_it else None

    world.fail = fail
    world.add(TG, Song(1))
    world.settle()
    assert [external_id for external_id, _ in world.shelves[YT].items] == ["yt-1-other"]
    assert copies(world) == [1, 1, 1]


def test_a_deleted_song_that_is_put_back_is_a_song_of_its_own() -> None:
    world = synced(YT, 1)
    world.ask(c.DeleteTrack, track_id=1)
    clear(world, tuple(Platform))
    world.add(YT, Song(1))
    world.settle()
    assert world.store.documents[1].state is TrackState.DELETED
    assert world.store.documents[2].origin is YT
    assert world.copies(TG, 1) == 1


def test_what_was_a_mere_record_is_synced_once_it_is_put_back() -> None:
    world = World(first_sync=FirstSync.BASELINE)
    world.open_collections()
    world.add(YT, Song(1), report=False)
    world.report(YT, first_read=True)
    world.settle()
    assert copies(world) == [0, 1, 0]
    clear(world, (YT,))
    world.add(YT, Song(1))
    world.settle()
    assert copies(world) == [1, 1, 1]


def test_a_persons_item_that_is_only_chosen_for_another_song_is_a_song_of_its_own() -> None:
    """Song 5 has taken song 0's item for its own and waits to be placed, as somebody adds that very item."""
    world = World()
    world.lookalikes = {5: 0}
    world.add(YT, Song(5))
    while world.events or world.commands:
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    chosen = world.store.documents[1].deliveries[SP].chosen
    assert chosen is not None
    assert (chosen.candidate.id, world.copies(SP, 0)) == ("sp-0", 0)
    world.add(SP, Song(0))
    world.open_collections()
    world.settle()
    assert copies(world, 0) == [1, 1, 1]


class WithClearOuts(AnyOrder):
    """People also take songs out, anywhere, and add them again some time, on one of those sides."""

    @initialize(width=st.integers(1, 3))
    def begin(self, width: int) -> None:
        super().begin(width)
        self.owed: dict[int, Platform] = {}
        self.taken: Counter[tuple[Platform, int]] = Counter()

    @rule(song=SONGS, platforms=st.sets(st.sampled_from(list(Platform)), min_size=1), seen=st.booleans())
    def somebody_clears_out(self, song: int, platforms: set[Platform], seen: bool) -> None:
        self.world.settle()
        for platform in sorted(platforms):
            self.taken[platform, song] += 1
            self.world.take_out(platform, song)
            if seen:
                self.world.report(platform)
        self.owed[song] = sorted(platforms)[0]

    @invariant()
    def no_song_is_placed_twice(self) -> None:
        """But for what was taken out in between."""
        if not hasattr(self, "owed"):
            return
        placed = Counter((p.target, number_of(p.recording)) for p in self.world.placings)
        assert all(count <= 1 + self.taken[each] for each, count in placed.items()), placed
        for platform in Platform:
            for number in range(5):
                assert self.world.copies(platform, number) <= 1, (platform, number)

    def teardown(self) -> None:
        if hasattr(self, "owed"):
            self.world.settle()
            for platform in Platform:
                self.world.report(platform)
            for song, platform in self.owed.items():
                self.world.add(platform, Song(song, 2 if song == 3 and platform is YT else 0))
        super().teardown()


WithClearOuts.TestCase.settings = settings(AnyOrder.TestCase.settings, max_examples=40)
test_whatever_is_taken_out_and_added_again_is_everywhere_once = WithClearOuts.TestCase
