"""What is counted of the ledger's decisions: each change once, under its direction and its type of error."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from prometheus_client import REGISTRY

from navaar_contracts import events as e
from navaar_contracts.commands import DownloadAudio, FindCandidates, PlaceTrack, RetryDeliveries, RunCycle
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_ledger import handlers
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.telemetry import gauges
from navaar_ledger.telemetry.health import CRASHES, STOPS, Health
from navaar_ledger.telemetry.transitions import Transition, error_type, transitions
from navaar_runtime.failures import Transient
from tests.support.ledger_world import LINK, START, Song, World

STATES = DeliveryState


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"navaar_{name}", labels) or 0.0


def change(work: Callable[[], object], *asked: tuple[str, dict[str, str]]) -> list[float]:
    before = [value(name, **labels) for name, labels in asked]
    work()
    return [value(name, **labels) - was for (name, labels), was in zip(asked, before, strict=True)]


def of(direction: Direction, *names: str) -> list[tuple[str, dict[str, str]]]:
    return [(name, {"direction": direction.value}) for name in names]


@pytest.mark.parametrize("direction", list(Direction))
def test_a_song_is_discovered_and_synced_once_in_its_direction(world: World, direction: Direction) -> None:
    names = ("tracks_discovered_total", "tracks_synced_total", "track_sync_duration_seconds_count")

    def travel() -> None:
        world.add(direction.origin, Song(1))
        world.settle()

    assert change(travel, *of(direction, *names)) == [1, 1, 1]


def test_a_message_that_comes_again_counts_nothing(world: World) -> None:
    world.add(Platform.TELEGRAM, Song(1))
    world.settle()
    again = list(world.handled)

    def repeat() -> None:
        for message in again:
            world.hand(message)

    names = ("tracks_discovered_total", "tracks_synced_total", "duplicates_skipped_total", "retries_total")
    for direction in Direction:
        assert change(repeat, *of(direction, *names)) == [0, 0, 0, 0]


def test_the_same_song_on_all_sides_is_skipped_as_duplicate_and_never_synced(world: World) -> None:
    def meet() -> None:
        for platform in Platform:
            world.add(platform, Song(1))
        world.settle()

    synced = [("tracks_synced_total", {"direction": d.value}) for d in Direction]
    skipped = [("duplicates_skipped_total", {"direction": d.value}) for d in Direction]
    changed = change(meet, *synced, *skipped)
    assert sum(changed[:6]) == 0
    assert sum(changed[6:]) > 0


def test_every_item_is_counted_by_how_it_was_identified(world: World) -> None:
    def add() -> None:
        world.add(Platform.SPOTIFY, Song(1))
        world.add(Platform.YOUTUBE, Song(2))
        world.settle()

    before = {m: value("identification_total", method=m) for m in ("id3", "tg_metadata", "yt_metadata", "sp_metadata")}
    add()
    assert sum(value("identification_total", method=m) - was for m, was in before.items()) == 2


def failing(world: World, kind: e.FailureKind, step: type) -> None:
    world.fail = lambda command: kind if isinstance(command, step) else None


@pytest.mark.parametrize(
    ("step", "kind", "direction", "expected"),
    [
        (DownloadAudio, e.FailureKind.PERMANENT, Direction.YT_TO_TG, "download_failed"),
        (PlaceTrack, e.FailureKind.PERMANENT, Direction.YT_TO_TG, "upload_failed"),
        (PlaceTrack, e.FailureKind.PERMANENT, Direction.TG_TO_SP, "sync_failed"),
        (PlaceTrack, e.FailureKind.UNKNOWN_OUTCOME, Direction.YT_TO_TG, "unknown_outcome"),
        (FindCandidates, e.FailureKind.EXHAUSTED, Direction.TG_TO_YT, "search_failed"),
    ],
)
def test_what_fails_is_counted_by_type(
    world: World, step: type, kind: e.FailureKind, direction: Direction, expected: str
) -> None:
    failing(world, kind, step)

    def travel() -> None:
        world.add(direction.origin, Song(1))
        world.settle()

    (counted,) = change(travel, ("sync_errors_total", {"direction": direction.value, "error_type": expected}))
    assert counted >= 1


def test_a_song_that_no_catalogue_has_is_counted_as_such(world: World) -> None:
    world.unknown = {1}

    def travel() -> None:
        world.add(Platform.TELEGRAM, Song(1))
        world.settle()

    asked = [
        ("sync_errors_total", {"direction": "tg_to_yt", "error_type": "no_yt_match"}),
        ("sync_errors_total", {"direction": "tg_to_sp", "error_type": "no_sp_match"}),
    ]
    assert change(travel, *asked) == [1, 1]


def test_a_retry_is_counted_once_in_its_own_direction(world: World) -> None:
    failing(world, e.FailureKind.PERMANENT, PlaceTrack)
    world.add(Platform.TELEGRAM, Song(1))
    world.settle()
    world.fail = lambda command: None

    def retry() -> None:
        world.hand(RetryDeliveries(link="main", track_id=1, target=Platform.SPOTIFY, asked_at=world.now))
        world.settle()

    asked = [("retries_total", {"direction": d.value}) for d in Direction]
    assert dict(zip(Direction, change(retry, *asked), strict=True)) == {
        d: float(d is Direction.TG_TO_SP) for d in Direction
    }


def delivery(state: DeliveryState, target: Platform = Platform.SPOTIFY, **more: Any) -> Delivery:
    return Delivery(target=target, origin=Platform.TELEGRAM, track_id=1, state=state, changed_at=START, **more)


def track(*deliveries: Delivery, number: int = 1, link: str = "main") -> Track:
    return Track(
        id=number,
        link=link,
        origin=Platform.TELEGRAM,
        origin_external_id="5",
        item=ItemMetadata(title="t"),
        deliveries={d.target: d for d in deliveries},
        changed_at=START,
        created_at=START,
        updated_at=START,
    )


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"cause": "no_match"}, "no_sp_match"),
        ({"cause": "no_match", "target": Platform.YOUTUBE}, "no_yt_match"),
        ({"cause": "no_youtube_match", "target": Platform.TELEGRAM}, "no_yt_match"),
        ({"cause": "download_failed", "target": Platform.TELEGRAM}, "download_failed"),
        ({"cause": "place_failed", "target": Platform.TELEGRAM}, "upload_failed"),
        ({"cause": "place_failed"}, "sync_failed"),
        ({"cause": "search_failed", "retries": 3}, "retry_failed"),
        ({"cause": "no_match", "retries": 3}, "no_sp_match"),
        ({"cause": "search_failed", "internal": True}, "unexpected"),
        ({"cause": "identify_failed", "internal": True}, "unexpected"),
        ({"cause": "nothing_to_search"}, "nothing_to_search"),
        ({}, "sync_failed"),
    ],
)
def test_types_of_error(fields: dict[str, Any], expected: str) -> None:
    assert error_type(delivery(STATES.FAILED, **fields)) == expected


def test_a_first_failure_keeps_its_type_while_retries_are_left() -> None:
    assert error_type(delivery(STATES.RETRY_SCHEDULED, cause="search_failed", retries=1)) == "search_failed"


def test_a_delivery_that_a_join_took_over_is_the_same_one() -> None:
    closed = track(delivery(STATES.SYNCED), number=1)
    root_before = track(number=2)
    root = track(delivery(STATES.SYNCED), number=2)
    assert list(transitions((closed, root_before), (root,))) == []


def test_what_is_at_rest_from_its_beginning_was_never_under_way() -> None:
    assert list(transitions((), (track(delivery(STATES.SYNCED)),))) == []
    (fresh,) = transitions((), (track(delivery(STATES.PENDING)),))
    assert fresh.before is None


def stop(number: int, cause: str = "download_failed") -> Transition:
    one = delivery(STATES.FAILED, cause=cause)
    return Transition(track(one, number=number), one, STATES.SYNCING)


WAY = ("main", Direction.TG_TO_SP)


def test_a_direction_is_unhealthy_after_crashes_in_a_row() -> None:
    sound = Health()
    for _ in range(CRASHES - 1):
        sound.crashed(WAY)
    assert sound.healthy(WAY)
    sound.crashed(WAY)
    assert not sound.healthy(WAY)
    assert sound.healthy(("main", Direction.TG_TO_YT))
    sound.cycled(WAY)
    assert sound.healthy(WAY)


def test_a_direction_is_unhealthy_when_track_after_track_stops_although_cycles_end() -> None:
    sound = Health()
    for number in range(1, STOPS):
        sound.moved(stop(number))
        sound.moved(stop(number))
        sound.cycled(WAY)
    assert sound.healthy(WAY), "the same track twice is one"
    sound.moved(stop(99))
    assert not sound.healthy(WAY)
    done = delivery(STATES.SYNCED)
    sound.moved(Transition(track(done), done, STATES.SYNCING))
    assert sound.healthy(WAY)


def test_songs_that_cannot_be_found_and_decisions_of_people_are_no_illness() -> None:
    sound = Health()
    for number in range(1, 20):
        for cause in ("no_match", "never", "rejected", "nothing_to_search"):
            sound.moved(stop(number, cause))
    assert sound.healthy(WAY)


async def test_a_refused_sign_in_makes_its_directions_unhealthy_until_it_is_accepted() -> None:
    world = World()
    rejected = e.CredentialsRejected(link="main", platform=Platform.SPOTIFY, reason="no", rejected_at=START)
    labels = {"direction": "tg_to_sp", "error_type": "auth_error"}
    before = value("sync_errors_total", **labels)
    await handlers.credentials_rejected(rejected, world.ports)
    assert value("sync_errors_total", **labels) == before + 1

    async def unhealthy() -> set[Direction]:
        # As after a restart: what is refused, the store knows.
        await gauges.show(world.store, world.policy, Health(), lambda: world.now)
        return {d for d in LINK.directions() if value("direction_healthy", direction=d) == 0}

    assert await unhealthy() == {d for d in Direction if Platform.SPOTIFY in (d.origin, d.target)}
    accepted = e.CredentialsAccepted(link="main", platform=Platform.SPOTIFY, accepted_at=START + timedelta(seconds=1))
    await handlers.credentials_accepted(accepted, world.ports)
    world.now = START + timedelta(seconds=2)
    assert await unhealthy() == set()


async def test_a_closed_collection_makes_its_directions_unhealthy_until_it_is_open() -> None:
    world = World()
    health = world.ports.metrics.health
    telegram = {d for d in LINK.directions() if Platform.TELEGRAM in (d.origin, d.target)}
    for closed in (True, False):
        event = (
            e.CredentialsRejected(
                link="main", platform=Platform.TELEGRAM, reason="no", collection_only=True, rejected_at=START
            )
            if closed
            else e.CredentialsAccepted(link="main", platform=Platform.TELEGRAM, collection_only=True, accepted_at=START)
        )
        handler = handlers.credentials_rejected if closed else handlers.credentials_accepted
        await handler(event, world.ports)  # type: ignore[operator]
        assert {d for d in LINK.directions() if not health.healthy(("main", d))} == (telegram if closed else set())


async def test_a_cycle_is_counted_and_a_crashed_one_too(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World()
    command = RunCycle(link="main", direction=Direction.TG_TO_SP, number=1)
    names = of(Direction.TG_TO_SP, "sync_cycles_total", "sync_cycle_crashes_total")
    before = [value(name, **labels) for name, labels in names]
    await handlers.run_cycle(command, world.ports)

    async def away(*_: object) -> None:
        raise Transient("the store is away")

    monkeypatch.setattr(world.store, "record_cycle", away)
    with pytest.raises(Transient):
        await handlers.run_cycle(command, world.ports)
    assert [value(name, **labels) - was for (name, labels), was in zip(names, before, strict=True)] == [1, 1]
    assert value("last_sync_duration_seconds", direction="tg_to_sp") >= 0


async def test_gauges_add_up_over_directions_and_states(world: World) -> None:
    world.unknown = {2}
    world.add(Platform.TELEGRAM, Song(1))
    world.add(Platform.YOUTUBE, Song(2))
    world.settle()
    await gauges.show(world.store, world.policy, world.ports.metrics.health, lambda: world.now)
    parts = ("pending", "failed", "synced_current", "duplicate", "in_review")
    summed = sum(value(f"tracks_{part}", direction=d.value) for part in parts for d in Direction)
    assert summed == value("tracks_total") == 4
    assert value("tracks_synced_current", direction="tg_to_sp") == 1
    assert value("songs", link="main") == 2
    assert value("deliveries", link="main", direction="tg_to_yt", state="synced") == 1
    assert 0 < value("success_rate_percent") <= 100
    assert REGISTRY.get_sample_value(
        "navaar_info", {"version": gauges.version(), "playlist_id": "y", "sp_playlist_id": "s"}
    )


async def test_an_empty_ledger_has_no_success_rate() -> None:
    world = World()
    await gauges.show(world.store, world.policy, world.ports.metrics.health, lambda: world.now)
    assert REGISTRY.get_sample_value("navaar_success_rate_percent") is None
    assert value("tracks_total") == 0
