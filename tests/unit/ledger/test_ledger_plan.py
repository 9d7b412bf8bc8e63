"""While a plan stands nothing is written anywhere, whatever comes up; what waits goes on once it is approved."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule

from navaar_contracts import commands as c
from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind
from navaar_contracts.identifiers import Direction, FirstSync, Platform
from navaar_contracts.queries import DeliveryView, GetCounts, GetPlan, GetTrack, TrackView
from navaar_ledger.application.queries import LedgerQueries
from tests.support.ledger_world import START, Song, World, run
from tests.unit.ledger.test_ledger_model import AnyOrder

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
WRITES = (c.PlaceTrack, c.RemoveTrack, c.DownloadAudio)


def planned(**rules: object) -> World:
    world = World(first_sync=FirstSync.PLAN, **rules)
    world.open_collections()
    return world


def synced(*songs: int) -> World:
    """These songs are everywhere, and then a plan begins."""
    world = World()
    world.open_collections()
    for song in songs:
        world.add(YT, Song(song))
    world.settle()
    world.start_again(first_sync=FirstSync.PLAN)
    return world


def calm(world: World) -> None:
    """Everything that goes on while a plan stands, cycles and asking again included."""
    for _ in range(4):
        while world.events or world.commands:
            world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
        world.tick(600)
        world.run_clock()
        world.cycle()


def approve(world: World, first_sync: FirstSync = FirstSync.SYNC) -> None:
    world.start_again(first_sync=first_sync)
    world.cycle()
    world.settle()


def written(world: World) -> list[str]:
    return [message.message_id() for message in world.sent if isinstance(message, WRITES)]


def questions(world: World) -> LedgerQueries:
    return LedgerQueries(world.store, world.policy, START)


def seen(world: World, track_id: int = 1) -> TrackView:
    track = run(questions(world).get_track(GetTrack(track_id=track_id))).track
    assert track is not None
    return track


def to(world: World, target: Platform, track_id: int = 1) -> DeliveryView:
    return next(each for each in seen(world, track_id).deliveries if each.target is target)


def waiting(world: World) -> dict[Direction, int]:
    return dict(run(questions(world).get_counts(GetCounts())).held)


@pytest.mark.parametrize("first_read", [False, True])
@pytest.mark.parametrize("origin", list(Platform))
def test_what_is_added_while_a_plan_stands_waits_is_shown_and_goes_on(origin: Platform, first_read: bool) -> None:
    world = planned()
    world.add(origin, Song(1), report=False)
    world.report(origin, first_read=first_read)
    calm(world)
    assert written(world) == []
    others = [each for each in Platform if each is not origin]
    assert {(to(world, each).cause, to(world, each).reason) for each in others} == {
        (Cause.PLAN, "Waits for the plan's approval: nothing is written until then.")
    }
    assert waiting(world) == {Direction.between(origin, each): 1 for each in others}
    approve(world)
    assert [world.copies(each, 1) for each in Platform] == [1, 1, 1]
    assert waiting(world) == {}


def wrong_match(world: World) -> None:
    world.ask(c.ReportWrongMatch, track_id=1, target=SP)


def wrong_video(world: World) -> None:
    world.ask(c.ReportWrongMatch, track_id=1, target=TG)


def deleted(world: World) -> None:
    world.ask(c.DeleteTrack, track_id=1)


def another_upload(world: World) -> None:
    world.add(SP, Song(2))


@pytest.mark.parametrize("happens", [wrong_match, wrong_video, deleted, another_upload, World.retry_all])
def test_no_request_of_a_person_writes_while_a_plan_stands(happens: Callable[[World], None]) -> None:
    world = synced(1)
    before = written(world)
    happens(world)
    calm(world)
    assert written(world) == before
    assert not world.at_the_gate


def test_a_wrong_match_is_taken_out_and_replaced_once_the_plan_is_approved() -> None:
    world = synced(1)
    world.ask(c.ReportWrongMatch, track_id=1, target=SP)
    calm(world)
    assert to(world, SP).cause == Cause.PLAN
    assert "take out sp-1" in {each.proposal for each in run(questions(world).get_plan(GetPlan())).actions}
    assert world.copies(SP, 1) == 1
    approve(world)
    assert "sp-1" not in [external_id for external_id, _ in world.shelves[SP].items]


def test_what_had_failed_and_is_retried_waits_too() -> None:
    world = World()
    world.open_collections()
    world.fail = lambda command: FailureKind.PERMANENT if isinstance(command, c.PlaceTrack) else None
    world.add(TG, Song(1))
    world.settle()
    world.fail = lambda command: None
    world.start_again(first_sync=FirstSync.PLAN)
    before = written(world)
    world.retry_all()
    calm(world)
    assert written(world) == before
    approve(world)
    assert [world.copies(each, 1) for each in Platform] == [1, 1, 1]


def test_what_was_on_its_way_when_the_plan_began_waits_shown_and_counted() -> None:
    """Three songs: ready, being placed with the command in its queue, and being placed with the command lost."""
    world = World()
    world.open_collections()
    world.add(TG, Song(1))
    while not any(isinstance(each, c.PlaceTrack) for each in world.commands):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.start_again(first_sync=FirstSync.PLAN)
    before = written(world)
    calm(world)
    assert written(world) == before
    assert world.copies(YT, 1) + world.copies(SP, 1) == 0
    assert sum(waiting(world).values()) == 2
    assert {to(world, YT).cause, to(world, SP).cause} == {Cause.PLAN}
    world.at_the_gate = []
    approve(world)
    assert [world.copies(each, 1) for each in Platform] == [1, 1, 1]


def test_a_plan_that_ends_in_a_mere_record_syncs_what_was_added_meanwhile_and_nothing_else() -> None:
    world = planned()
    world.add(YT, Song(1), report=False)
    world.report(YT, first_read=True)
    calm(world)
    world.add(YT, Song(2))
    calm(world)
    approve(world, FirstSync.BASELINE)
    assert [world.copies(each, 1) for each in Platform] == [0, 1, 0]
    assert [world.copies(each, 2) for each in Platform] == [1, 1, 1]
    assert seen(world, 1).state == "baseline"
    # What had been chosen for the recorded one is anybody's: added by a person, it is known for what it is.
    world.add(SP, Song(1))
    world.settle()
    assert world.copies(SP, 1) == 1


def test_waiting_is_written_down_once() -> None:
    world = World()
    world.open_collections()
    world.add(TG, Song(1))
    while not any(isinstance(each, c.PlaceTrack) for each in world.commands):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.commands.clear()
    world.start_again(first_sync=FirstSync.PLAN)
    for _ in range(5):
        calm(world)
    told = [entry.event for entry in world.store.entries.values()]
    assert told.count("plan_waits") == 1
    assert "asked_again" not in told


class WithPlans(AnyOrder):
    """Plans begin and are approved at any moment."""

    @initialize(width=st.integers(1, 3), planned=st.booleans())
    def begin(self, width: int, planned: bool) -> None:
        policy = FirstSync.PLAN if planned else FirstSync.SYNC
        self.world = World(working=width, identifying=width, listening=width, first_sync=policy)
        self.world.open_collections()
        self.before = 0

    @precondition(lambda self: not self.world.policy.plan_stands)
    @rule()
    def a_plan_begins(self) -> None:
        self.world.start_again(first_sync=FirstSync.PLAN)
        self.before = len(written(self.world))

    @precondition(lambda self: self.world.policy.plan_stands)
    @rule()
    def a_person_approves(self) -> None:
        self.world.start_again(first_sync=FirstSync.SYNC)

    @invariant()
    def nothing_is_written_while_a_plan_stands(self) -> None:
        if hasattr(self, "world") and self.world.policy.plan_stands:
            assert written(self.world)[self.before :] == []

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.start_again(first_sync=FirstSync.SYNC)
            self.world.cycle()
        super().teardown()


WithPlans.TestCase.settings = settings(AnyOrder.TestCase.settings, max_examples=40)
test_nothing_is_written_before_a_person_approves_the_plan = WithPlans.TestCase
