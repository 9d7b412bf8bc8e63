"""Both playlist gateways place exactly once, whatever the platform answers or keeps to itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import CollectionOpened, FailureKind, ItemSighted, StepFailed, TrackPlaced
from navaar_contracts.identifiers import Platform
from tests.support.gateways import PLAYLIST_WAYS, reached, running, stage, until


@pytest.fixture(params=PLAYLIST_WAYS)
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Platform:
    return reached(request.param, monkeypatch)


async def test_a_track_is_placed_at_the_end_and_reported_with_its_address(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        before = at.add(0)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4))
            (placed,) = await at.ledger.wait(TrackPlaced)
        assert at.ids == [*before, at.song(4)]
        assert (placed.external_id, placed.already_there, placed.track_id) == (at.song(4), False, 1)
        assert placed.url and at.song(4) in placed.url
        assert bool(placed.set_video_id) == (platform == "youtube")


async def test_our_own_addition_is_not_reported_as_new(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        await at.place(at.song(4))
        await at.ledger.wait(TrackPlaced)
        (theirs,) = at.add(5)
        await at.poll()
        (seen,) = await at.ledger.wait(ItemSighted)
        assert seen.external_id == theirs


async def test_what_is_there_already_is_not_added_again(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        at.add(4)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4))
            (placed,) = await at.ledger.wait(TrackPlaced)
        assert placed.already_there
        assert at.ids == [at.song(4)]
        assert at.calls("add") == 0


async def test_a_repeated_command_answers_the_same_without_adding(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        for attempt in (1, 2, 3):
            await at.place(at.song(4), attempt=attempt)
        placed = await at.ledger.wait(TrackPlaced, 3)
        assert {(p.external_id, p.already_there, p.set_video_id) for p in placed} == {
            (at.song(4), False, placed[0].set_video_id)
        }
        assert at.ids == [at.song(4)]
        assert at.calls("add") == 1


@pytest.mark.parametrize("effect", ["status_after", "drop_after", "html_after", "truncate", "hang_after"])
async def test_an_effect_whose_answer_is_lost_leaves_exactly_one(
    platform: Platform, effect: str, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    hasty = {"NAVAAR_YTMUSIC_TIMEOUT_S": "0.7", "NAVAAR_SPOTIFY_TIMEOUT_S": "0.7"}
    async with stage(platform, nats_environment, tmp_path, **hasty) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        at.fault("add", effect=effect, status=503, seconds=2)
        await at.place(at.song(4))
        (placed,) = await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(4)]
        assert not placed.already_there
        # A call that hangs is counted when the sandbox has hung up.
        await until(lambda: at.calls("add") == 1)


@pytest.mark.parametrize("effect", ["status", "drop"])
async def test_a_failure_without_effect_is_made_good(
    platform: Platform, effect: str, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        at.fault("add", effect=effect, status=503)
        await at.place(at.song(4))
        await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(4)]
        assert at.calls("add") == 2


async def test_a_lost_answer_and_lagging_reads_together_leave_exactly_one(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with (
        stage(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="4") as at,
        running(at.gateway()),
    ):
        await at.ledger.wait(CollectionOpened)
        at.playlist.lag = 2.5
        at.fault("add", effect="status_after", status=503)
        await at.place(at.song(4))
        await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(4)]


async def test_lagging_reads_do_not_make_two_deliveries_of_one_item_two_entries(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with (
        stage(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="8") as at,
        running(at.gateway()),
    ):
        await at.ledger.wait(CollectionOpened)
        at.playlist.lag = 5
        await at.place(at.song(4), track=1)
        await at.place(at.song(4), track=2)
        placed = await at.ledger.wait(TrackPlaced, 2)
        assert sorted(p.already_there for p in placed) == [False, True]
        assert at.ids == [at.song(4)]


async def test_a_crash_between_adding_and_recording_leaves_exactly_one(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        await at.ledger.service.records.create(f"main.1.{platform.value}", {"external_id": at.song(4)})
        at.add(4)
        async with running(at.gateway()):
            await at.place(at.song(4))
            (placed,) = await at.ledger.wait(TrackPlaced)
        assert not placed.already_there
        assert at.ids == [at.song(4)]


async def test_a_rate_limit_is_waited_out_and_costs_nothing(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with (
        stage(platform, nats_environment, tmp_path, NAVAAR_STEP_ATTEMPTS="1") as at,
        running(at.gateway()),
    ):
        await at.ledger.wait(CollectionOpened)
        at.fault("add", effect="status", status=429, retry_after=2)
        await at.place(at.song(4))
        await at.ledger.wait(TrackPlaced)
        first, second = at.moments("add")
        assert second - first >= 1.9
        assert at.ids == [at.song(4)]
        assert not at.ledger.of(StepFailed)


async def test_items_that_nobody_reported_are_reported_before_anything_is_added(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        (theirs,) = at.add(5)
        await at.place(at.song(4))
        (failed,) = await at.ledger.wait(StepFailed)
        assert failed.kind is FailureKind.COLLECTION_CHANGED
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == [theirs]
        assert at.ids == [theirs]
        await at.place(at.song(4), attempt=2)
        await at.ledger.wait(TrackPlaced)
        assert at.ids == [theirs, at.song(4)]


async def test_a_decision_older_than_the_latest_report_is_made_again(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            at.add(5)
            await at.poll()
            await at.ledger.wait(ItemSighted)
        async with running(at.gateway()):  # and it is remembered over a restart
            await at.place(at.song(4), ago_s=20)
            (failed,) = await at.ledger.wait(StepFailed)
            assert failed.kind is FailureKind.COLLECTION_CHANGED
            assert at.ids == [at.song(5)]


async def test_many_at_once_are_placed_in_turn_and_once_each(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        for track in range(1, 11):
            await at.place(at.song(track), track=track)
        await at.ledger.wait(TrackPlaced, 10)
        assert sorted(at.ids) == sorted(at.song(track) for track in range(1, 11))


async def test_an_item_that_does_not_exist_fails_for_good_with_a_reason(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        await at.place(at.pretend.unknown_id)
        (failed,) = await at.ledger.wait(StepFailed)
        assert failed.kind is FailureKind.PERMANENT
        assert "HTTP 40" in failed.reason
        await until(lambda: at.ids == [])


async def test_a_shrunken_read_is_confirmed_before_an_item_counts_as_absent(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        at.add(0, 1, 2, 3)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            at.playlist.add([at.song(9)], by="a person")
            at.ledger.claimed.add(at.song(9))
            at.fault("read", effect="shrunken", share=0.5)
            await at.place(at.song(3))
            (placed,) = await at.ledger.wait(TrackPlaced)
        assert placed.already_there
        assert at.calls("add") == 0
