"""The decision against a model of the world: whatever happens, each collection ends with each song once."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import FailureKind, ItemSighted, StepFailed
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import TrackCommand
from tests.support.ledger_visible import lost_songs
from tests.support.ledger_world import Song, World, number_of

SONGS = st.integers(0, 4)
STRANGE = frozenset({3})
"""Added under names that share no key: only the searches lead to the same ids. No step of theirs fails."""
LIKE, LIKED = 5, 0
"""A song that no catalogue has, and the one that searches take it for. No step of the former fails."""
KINDS = st.sampled_from([FailureKind.EXHAUSTED, FailureKind.PERMANENT, FailureKind.UNKNOWN_OUTCOME])
SETTLED = (DeliveryState.SYNCED, DeliveryState.DUPLICATE)


class AnyOrder(RuleBasedStateMachine):
    """Steps are taken one by one; at the end the world calms down, and a person retries what had failed."""

    left_out: frozenset[int] = frozenset()
    """Songs that have a rule of their own."""

    @initialize(width=st.integers(1, 3))
    def begin(self, width: int) -> None:
        self.world = World(working=width, identifying=width, listening=width)
        self.world.open_collections()

    @rule(song=SONGS, platform=st.sampled_from(list(Platform)), odd=st.booleans(), reported=st.booleans())
    def somebody_adds(self, song: int, platform: Platform, odd: bool, reported: bool) -> None:
        if song in self.left_out:
            return
        if song in STRANGE:
            self.world.add(platform, Song(song, 2 if platform is Platform.YOUTUBE else 0), report=reported)
        else:
            self.world.add(platform, Song(song, int(odd)), other_upload=odd, report=reported)

    @rule(platform=st.sampled_from(list(Platform)))
    def a_gateway_looks(self, platform: Platform) -> None:
        self.world.report(platform)

    @precondition(lambda self: self.world.events)
    @rule(which=st.integers(0, 50), lose=st.booleans(), crash=st.none() | st.integers(0, 3))
    def the_ledger_takes_an_event(self, which: int, lose: bool, crash: int | None) -> None:
        world = self.world
        place = world.next_event()
        if not isinstance(world.events[place], ItemSighted):
            place = which % len(world.events)
        event = world.events.pop(place)
        if not world.hand(event, lose=lose, crash_after=crash):
            # Its consumer holds one message at a time: the same comes again before any other.
            assert world.hand(event)

    @precondition(lambda self: self.world.handled)
    @rule(which=st.integers(0, 500))
    def an_event_is_repeated(self, which: int) -> None:
        self.world.catch_up()
        self.world.hand(self.world.handled[which % len(self.world.handled)])

    @precondition(lambda self: self.world.commands)
    @rule(which=st.integers(0, 50), repeat=st.booleans())
    def a_service_carries_out(self, which: int, repeat: bool) -> None:
        world = self.world
        command = world.commands[which % len(world.commands)]
        world.carry_out(command)
        if not repeat:
            world.commands.remove(command)

    @precondition(lambda self: self.world.commands)
    @rule(which=st.integers(0, 50), kind=KINDS)
    def a_step_fails(self, which: int, kind: FailureKind) -> None:
        world = self.world
        command = world.commands[which % len(world.commands)]
        if song_of(world, command) in {*STRANGE, LIKE}:
            return
        if kind is FailureKind.UNKNOWN_OUTCOME and not isinstance(command, PlaceTrack):
            return
        if kind is FailureKind.PERMANENT and command.imperative in (
            "identify-track",
            "judge-identity",
            "check-presence",
        ):
            return  # Nobody can keep a song single that nobody can recognise, or place what may be there.
        world.fail = lambda _: kind
        world.carry_out(command)
        world.fail = lambda _: None
        world.commands.remove(command)

    @precondition(lambda self: self.world.commands)
    @rule(which=st.integers(0, 50))
    def a_command_is_lost(self, which: int) -> None:
        self.world.commands.pop(which % len(self.world.commands))

    @rule()
    def a_cycle_runs(self) -> None:
        self.world.tick(1)
        self.world.cycle()

    @rule()
    def the_clock_ticks(self) -> None:
        self.world.tick(1)
        self.world.run_clock()

    @rule()
    def the_ledger_restarts(self) -> None:
        self.world.restart()

    @rule()
    def a_person_retries(self) -> None:
        self.world.retry_all()

    @invariant()
    def no_song_is_placed_twice(self) -> None:
        if not hasattr(self, "world"):
            return
        placed = Counter((p.target, number_of(p.recording)) for p in self.world.placings)
        assert all(count == 1 for count in placed.values()), placed
        for platform in Platform:
            for number in range(5):
                assert self.world.copies(platform, number) <= 1, (platform, number)

    @invariant()
    def no_song_is_lost(self) -> None:
        assert not hasattr(self, "world") or not lost_songs(self.world)

    def teardown(self) -> None:
        if not hasattr(self, "world"):
            return
        world = self.world
        world.settle()
        for _ in range(3):
            world.retry_all()
            world.settle()
        self.no_song_is_placed_twice()
        self.no_song_is_lost()
        somewhere = {number for shelf in world.shelves.values() for _, number in shelf.items} - {LIKE}
        # Another song's item may stand for one that nobody has added.
        added = {int(each.item.title.split()[-1]) for each in world.handled if isinstance(each, ItemSighted)}
        for number in somewhere & added:
            assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1], number
        for track in world.store.documents.values():
            if track.is_alive and not track.item.title.endswith(f" {LIKE}"):
                assert {d.state for d in track.deliveries.values()} <= set(SETTLED), track


class WithLookAlike(AnyOrder):
    """Somebody also adds a song that is taken for another one; the two meet at whatever point either has come to."""

    left_out = frozenset({LIKED})

    @initialize(width=st.integers(1, 3))
    def begin(self, width: int) -> None:
        self.world = World(working=width)
        self.world.open_collections()
        self.world.lookalikes = {LIKE: LIKED}

    @rule(platform=st.sampled_from(list(Platform)))
    def somebody_adds_the_look_alike(self, platform: Platform) -> None:
        self.world.add(platform, Song(LIKE))

    @rule(platform=st.sampled_from(list(Platform)))
    def somebody_adds_the_right_one(self, platform: Platform) -> None:
        # Also where the other song has chosen that very item and is about to be placed.
        self.world.add(platform, Song(LIKED))

    def teardown(self) -> None:
        super().teardown()
        if hasattr(self, "world"):
            alike = [t for t in self.world.store.documents.values() if t.item.title.endswith(f" {LIKE}")]
            for track in alike:
                root = self.world.store.documents.get(track.merged_into or 0, track)
                assert root.item.title.endswith(f" {LIKE}"), (track, root)


def song_of(world: World, command: TrackCommand) -> int:
    track = world.store.documents[command.track_id]
    return int(track.item.title.split()[-1])


AnyOrder.TestCase.settings = settings(
    max_examples=150,
    stateful_step_count=60,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
test_each_collection_ends_with_each_song_once = AnyOrder.TestCase
WithLookAlike.TestCase.settings = settings(AnyOrder.TestCase.settings, max_examples=60)
test_a_song_that_is_taken_for_another_harms_neither = WithLookAlike.TestCase


def test_of_two_songs_reported_in_one_look_the_first_releases_no_placement_of_the_second() -> None:
    """Song 2 waits to be placed on Spotify, where somebody has added another upload of it besides song 3."""
    world = World(working=2)
    world.open_collections()
    world.add(Platform.YOUTUBE, Song(0))
    world.add(Platform.TELEGRAM, Song(3))
    world.add(Platform.TELEGRAM, Song(2))
    world.add(Platform.YOUTUBE, Song(3, 2), report=False)
    world.add(Platform.SPOTIFY, Song(1))
    world.add(Platform.SPOTIFY, Song(3), report=False)
    world.add(Platform.SPOTIFY, Song(2, 1), other_upload=True, report=False)
    world.add(Platform.YOUTUBE, Song(2))
    world.settle()
    for number in range(4):
        assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1]


def test_a_failed_step_is_a_fact_of_its_own() -> None:
    """The model really makes steps fail."""
    world = World()
    world.open_collections()
    world.add(Platform.YOUTUBE, Song(1))
    world.hand(world.events.pop())
    world.fail = lambda _: FailureKind.EXHAUSTED
    world.carry_out(world.commands[0])
    assert isinstance(world.events[-1], StepFailed)
