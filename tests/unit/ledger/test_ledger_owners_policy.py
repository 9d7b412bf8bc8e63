"""The owner of a link is in charge: what is closed makes no delivery, what a rule leaves out comes to a visible end,
and what has to wait says why and until when."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from navaar_contracts import commands as c
from navaar_contracts.causes import Cause
from navaar_contracts.events import DeliveryStopped
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import ItemMetadata, Kind, Recording
from navaar_contracts.policies import policy_of
from navaar_contracts.queries import DeliveryView, GetTrack, TrackView
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.application.scheduler import cycles_due
from navaar_ledger.domain.owners_policy import day_of, leaves_out, quiet_until
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery, Track
from tests.support.ledger_world import LINK, START, Song, World, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
ONLY_POSTS = {"directions": "*->telegram"}


def links(**policy: Any) -> dict[str, Any]:
    return {"main": LINK.model_copy(update={"policy": policy_of(policy)})}


def governed(**policy: Any) -> World:
    world = World(links=links(**policy))
    world.open_collections()
    return world


def decreed(world: World, **policy: Any) -> None:
    """The owner decides otherwise."""
    world.start_again(links=links(**policy))


def seen(world: World, track_id: int = 1) -> TrackView:
    asked = LedgerQueries(world.store, world.policy, START, now=lambda: world.now)
    track = run(asked.get_track(GetTrack(track_id=track_id))).track
    assert track is not None
    return track


def to(world: World, target: Platform, track_id: int = 1) -> DeliveryView:
    return next(each for each in seen(world, track_id).deliveries if each.target is target)


def told(world: World) -> list[str]:
    return [each.event for each in run(world.store.log("main", None, 500))]


def until_ready(world: World) -> None:
    for _ in range(4):
        while world.events or world.commands:
            world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
        world.run_clock()


# Directions


def test_a_closed_direction_makes_no_delivery_at_all() -> None:
    world = governed(**ONLY_POSTS)
    world.add(SP, Song(0))
    world.settle()
    assert [each.target for each in seen(world).deliveries] == [TG]
    assert (world.copies(TG, 0), world.copies(YT, 0)) == (1, 0)


def test_what_comes_into_a_collection_that_gives_nothing_is_known_all_the_same() -> None:
    world = governed(**ONLY_POSTS)
    world.add(TG, Song(0))
    world.settle()
    assert seen(world).deliveries == ()
    world.add(SP, Song(0))
    world.settle()
    assert world.copies(TG, 0) == 1, "the post was there already"


def test_what_waited_when_a_direction_is_closed_comes_to_a_visible_end() -> None:
    world = governed()
    world.ask(c.SetPause, direction=Direction.SP_TO_TG, paused=True)
    world.add(SP, Song(0))
    until_ready(world)
    assert to(world, TG).state is DeliveryState.PENDING
    decreed(world, directions="*->youtube, *->spotify")
    world.run_clock()
    world.settle()
    left = to(world, TG)
    assert (left.state, left.cause) == (DeliveryState.LEFT_OUT, Cause.POLICY)
    assert "directions" in (left.reason or "")
    assert "left_out" in told(world)
    assert any(isinstance(each, DeliveryStopped) and each.state is DeliveryState.LEFT_OUT for each in world.sent)
    assert world.copies(YT, 0) == 1, "the open direction is not touched"


def test_it_may_be_asked_for_by_name_though_its_direction_is_closed() -> None:
    world = governed(max_length=60)
    world.add(SP, Song(0))
    world.settle()
    assert {each.state for each in seen(world).deliveries} == {DeliveryState.LEFT_OUT}
    decreed(world, directions="*->youtube")
    world.ask(c.RetryDeliveries, track_id=1, target=TG)
    world.settle()
    assert to(world, TG).state is DeliveryState.SYNCED
    assert to(world, YT).state is DeliveryState.LEFT_OUT
    assert (world.copies(TG, 0), world.copies(YT, 0)) == (1, 0)


def test_a_retry_of_the_song_brings_back_all_of_it_that_was_left_out() -> None:
    world = governed(max_length=60)
    world.add(SP, Song(0))
    world.settle()
    world.ask(c.RetryDeliveries, track_id=1)
    world.settle()
    assert (world.copies(TG, 0), world.copies(YT, 0)) == (1, 1)


def test_a_retry_of_what_failed_says_nothing_of_what_was_left_out() -> None:
    world = governed(max_length=230)
    world.add(SP, Song(1))
    world.settle()
    world.unknown.add(1)
    world.ask(c.RetryDeliveries, track_id=1, target=YT)
    world.settle()
    assert (to(world, YT).state, to(world, TG).state) == (DeliveryState.FAILED, DeliveryState.LEFT_OUT)
    world.ask(c.RetryDeliveries, track_id=1)
    world.settle()
    assert (to(world, YT).state, to(world, TG).state) == (DeliveryState.FAILED, DeliveryState.LEFT_OUT)


def test_a_retry_of_all_brings_back_only_what_no_rule_leaves_out_any_more() -> None:
    world = governed(max_length=230)
    world.add(SP, Song(1))  # 260 s
    world.settle()
    world.retry_all()
    world.settle()
    assert to(world, TG).state is DeliveryState.LEFT_OUT
    decreed(world)
    world.retry_all()
    world.settle()
    assert to(world, TG).state is DeliveryState.SYNCED


def test_a_song_that_was_left_out_and_that_a_person_adds_there_is_there() -> None:
    world = governed(max_length=230)
    world.add(SP, Song(1))
    world.settle()
    world.add(TG, Song(1))
    world.settle()
    assert to(world, TG).state is DeliveryState.DUPLICATE


def test_nothing_that_was_taken_out_comes_back_through_a_closed_direction() -> None:
    world = governed()
    world.add(SP, Song(0))
    world.settle()
    decreed(world, directions="*->youtube")
    world.take_out(TG, 0)
    world.take_out(SP, 0)
    world.report(SP)
    world.add(SP, Song(0))
    world.settle()
    assert world.copies(TG, 0) == 0


def test_a_closed_direction_has_no_cycle_and_an_interval_is_the_links_own() -> None:
    policy = Policy(links=links(directions="sp->tg, yt->tg", intervals={"spotify": 300}))
    due = cycles_due(policy, START, START + timedelta(seconds=240))
    assert {each.direction for each in due} == {Direction.YT_TO_TG}
    due = cycles_due(policy, START, START + timedelta(seconds=300))
    assert {each.direction for each in due} == {Direction.YT_TO_TG, Direction.SP_TO_TG}


@pytest.mark.parametrize("given", [YT, SP])
def test_one_way_into_the_channel_still_finds_its_audio(given: Platform) -> None:
    world = governed(**ONLY_POSTS)
    for number in range(4):
        world.add(given, Song(number))
    world.settle()
    assert [world.copies(TG, number) for number in range(4)] == [1, 1, 1, 1]


# First sight


def test_each_link_has_a_first_sync_of_its_own() -> None:
    world = governed(first_sync="baseline")
    world.add(SP, Song(0), report=False)
    world.report(SP, first_read=True)
    world.settle()
    assert seen(world).deliveries == ()
    planned = governed(first_sync="plan")
    planned.add(SP, Song(0))
    until_ready(planned)
    assert [each for each in planned.sent if isinstance(each, c.PlaceTrack)] == []


# What is let through


def one(item: ItemMetadata | None = None, recording: Recording | None = None) -> tuple[Track, Delivery]:
    delivery = Delivery(target=TG, origin=SP, track_id=1, changed_at=START)
    track = Track(
        id=1,
        link="main",
        origin=SP,
        origin_external_id="a",
        item=item or ItemMetadata(),
        recording=recording,
        deliveries={TG: delivery},
        changed_at=START,
        created_at=START,
        updated_at=START,
    )
    return track, delivery


@pytest.mark.parametrize(
    ("policy", "item", "recording", "rule"),
    [
        ({"min_length": 60}, ItemMetadata(duration_s=59.9), None, "min_length"),
        ({"min_length": 60}, ItemMetadata(duration_s=60), None, None),
        ({"max_length": 600}, ItemMetadata(duration_s=600), None, None),
        ({"max_length": 600}, ItemMetadata(duration_s=5), Recording(duration_s=601), "max_length"),
        ({"max_length": 600, "min_length": 60}, ItemMetadata(), None, None),
        ({"explicit": False}, ItemMetadata(explicit=True), None, "explicit"),
        ({"explicit": False}, ItemMetadata(explicit=False), Recording(version_kinds=("explicit",)), "explicit"),
        ({"explicit": False}, ItemMetadata(), Recording(explicit=True), "explicit"),
        ({"explicit": False}, ItemMetadata(), Recording(), None),
        ({"explicit": True}, ItemMetadata(explicit=True), None, None),
        ({"leave_out_versions": "live"}, ItemMetadata(), Recording(version_kinds=("live",)), "leave_out_versions"),
        ({"leave_out_versions": "8d"}, ItemMetadata(), Recording(version_kinds=("8D",)), "leave_out_versions"),
        ({"leave_out_versions": "remix"}, ItemMetadata(), Recording(version_kinds=("live",)), None),
        ({"leave_out_versions": "remix"}, ItemMetadata(), None, None),
        ({"kinds": "song"}, ItemMetadata(kind=Kind.UPLOAD), None, "kinds"),
        ({"kinds": "song, audio"}, ItemMetadata(kind=Kind.AUDIO), None, None),
        ({"directions": "yt->tg"}, ItemMetadata(), None, "directions"),
    ],
)
def test_what_a_rule_leaves_out(
    policy: dict[str, Any], item: ItemMetadata, recording: Recording | None, rule: str | None
) -> None:
    track, delivery = one(item, recording)
    found = leaves_out(track, delivery, Policy(links=links(**policy)))
    assert (found.rule if found is not None else None) == rule
    if found is not None:
        assert found.rule in found.told()
        insisted = delivery.noted(insisted=True)
        assert leaves_out(track, insisted, Policy(links=links(**policy))) is None


def test_a_left_out_song_holds_up_nobody() -> None:
    world = governed(max_length=230)
    for number in range(6):
        world.add(SP, Song(number))
    world.settle()
    assert [world.copies(TG, number) for number in range(6)] == [1, 0, 1, 0, 1, 0]


# When


def at(clock: str) -> datetime:
    return datetime.fromisoformat(clock).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("hours", "now", "until"),
    [
        ("23:00-07:00", "2026-11-22T22:30", "2026-11-23T06:00"),
        ("23:00-07:00", "2026-11-22T05:59", "2026-11-22T06:00"),
        ("23:00-07:00", "2026-11-22T06:00", None),
        ("23:00-07:00", "2026-11-22T21:59", None),
        ("12:00-13:00", "2026-11-22T11:30", "2026-11-22T12:00"),
        ("12:00-13:00", "2026-11-22T12:00", None),
        # The clocks go back in this night: seven is seven by the new time.
        ("23:00-07:00", "2026-10-24T21:30", "2026-10-25T06:00"),
    ],
)
def test_quiet_hours_go_by_the_clock_of_the_links_time_zone(hours: str, now: str, until: str | None) -> None:
    quiet = policy_of({"quiet_hours": hours}).quiet_hours
    assert quiet is not None
    assert quiet_until(quiet, "Europe/Berlin", at(now)) == (at(until) if until else None)


def test_a_day_is_a_day_there() -> None:
    assert day_of("Europe/Berlin", at("2026-10-25T12:00")) == (at("2026-10-24T22:00"), at("2026-10-25T23:00"))


def test_in_quiet_hours_a_song_waits_and_says_until_when() -> None:
    world = governed(quiet_hours="11:30-14:00")
    world.add(SP, Song(0))
    until_ready(world)
    waiting = to(world, TG)
    assert (waiting.state, waiting.cause) == (DeliveryState.PENDING, Cause.QUIET_HOURS)
    assert waiting.due_at == START.replace(hour=14)
    assert world.copies(TG, 0) == 0
    world.tick(2 * 3600)
    world.run_clock()
    world.settle()
    assert to(world, TG).state is DeliveryState.SYNCED


def test_a_daily_cap_lets_so_many_through_and_the_next_on_the_next_day() -> None:
    world = governed(daily_caps={"telegram": 2}, directions="*->telegram")
    for number in range(5):
        world.add(SP, Song(number))
    until_ready(world)
    assert [world.copies(TG, number) for number in range(5)] == [1, 1, 0, 0, 0]
    waiting = to(world, TG, 3)
    assert (waiting.cause, waiting.due_at) == (Cause.DAILY_CAP, START.replace(hour=0) + timedelta(days=1))
    decreed(world, daily_caps={"telegram": 2}, directions="*->telegram")
    until_ready(world)
    assert world.copies(TG, 2) == 0, "a start forgets nothing"
    for day in (1, 2):
        world.tick(24 * 3600)
        until_ready(world)
        assert sum(world.copies(TG, number) for number in range(5)) == min(5, 2 + 2 * day)


def test_a_cap_counts_what_goes_out_in_one_request() -> None:
    world = governed(daily_caps={"spotify": 3}, directions="yt->sp")
    for number in range(6):
        world.add(YT, Song(number))
    until_ready(world)
    assert sum(world.copies(SP, number) for number in range(6)) == 3
