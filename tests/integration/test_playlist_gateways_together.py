"""What waits for a playlist goes out together, in order and once each, where a platform takes several at once."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import entry_points
from pathlib import Path

import pytest

from navaar_contracts.causes import Cause
from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import CollectionOpened, FailureKind, StepFailed, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Recording
from navaar_playlist_gateway.placer import Placer
from navaar_playlist_gateway.settings import PlaylistSettings
from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.failures import Failure, Permanent, RateLimited, Transient
from navaar_runtime.lease import NotLeading
from navaar_runtime.settings import load
from tests.support.gateways import PLAYLIST_PLATFORMS, Stage, running, stage

TOGETHER = tuple(platform for platform in PLAYLIST_PLATFORMS if platform.spec.takes_at_once > 1)
Outcome = TrackPlaced | BaseException


@pytest.fixture(params=TOGETHER)
def platform(request: pytest.FixtureRequest) -> Platform:
    chosen: Platform = request.param
    return chosen


@dataclass
class Process:
    """One life of a gateway, as far as placing goes: what it holds in memory begins anew."""

    at: Stage
    placer: Placer

    def commands(self, *tracks: int) -> list[PlaceTrack]:
        """Song n for track n; the ledger knows them all."""
        return [self.command(self.at.song(track), track) for track in tracks]

    def command(self, external_id: str, track: int, *, attempt: int = 1) -> PlaceTrack:
        self.at.ledger.claimed.add(external_id)
        return PlaceTrack(
            link="main",
            track_id=track,
            attempt=attempt,
            target=self.at.platform,
            external_id=external_id,
            recording=Recording(title="A song"),
            decided_at=datetime.now(UTC),
        )

    async def place(self, commands: Sequence[PlaceTrack]) -> list[Outcome]:
        """All of them at once, as their consumer hands them over; what each came to."""
        return await asyncio.gather(*(self.placer.place(each) for each in commands), return_exceptions=True)

    async def place_until_settled(self, commands: Sequence[PlaceTrack]) -> dict[int, Outcome]:
        """As `place`, and what is to be tried again is tried again, as often as it takes."""
        settled: dict[int, Outcome] = {}
        async with asyncio.timeout(60):
            while waiting := [each for each in commands if each.track_id not in settled]:
                for each, outcome in zip(waiting, await self.place(waiting), strict=True):
                    if isinstance(outcome, TrackPlaced | Permanent):
                        settled[each.track_id] = outcome
                    else:
                        assert isinstance(outcome, Failure), outcome
                await asyncio.sleep(0.05)
        return settled


Started = Callable[..., Awaitable[Process]]


@contextlib.asynccontextmanager
async def gateway_lives(
    platform: Platform, nats_environment: dict[str, str], folder: Path, **variables: str
) -> AsyncIterator[tuple[Stage, Started]]:
    """The platform, and what starts another life of its gateway, which has looked at the playlist once."""
    async with contextlib.AsyncExitStack() as stack:
        at = await stack.enter_async_context(stage(platform, nats_environment, folder, tracks=24, **variables))
        package = entry_points(group="navaar.gateways")[platform.value].value
        gateway = import_module(f"{package}.__main__").GATEWAY
        ledger, settings = at.ledger.service, load(PlaylistSettings, at.environment)

        async def start(may_act: Callable[[], None] = lambda: None) -> Process:
            client = await stack.enter_async_context(gateway.client(at.environment))
            collection = client.playlist(at.playlist.id)
            watcher = PlaylistWatcher(
                "main", platform, collection, ledger.publisher, ledger.queries, ledger.records, settings
            )
            await watcher.poll()
            settle_s = settings.settle_seconds
            return Process(at, Placer(watcher, collection, ledger.records, settle_s, may_act=may_act))

        yield at, start


def ids(process: Process, *tracks: int) -> list[str]:
    return [process.at.song(track) for track in tracks]


async def test_they_go_out_in_one_request_in_the_order_of_their_tracks_after_one_look(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start()
        looks = sum(at.calls(each) for each in {at.pretend.operations[what] for what in ("read", "check")})
        outcomes = await gateway.place(gateway.commands(3, 1, 4, 2, 5))
        assert [each.external_id for each in outcomes if isinstance(each, TrackPlaced)] == ids(gateway, 3, 1, 4, 2, 5)
        assert not any(each.already_there for each in outcomes if isinstance(each, TrackPlaced))
        assert at.ids == ids(gateway, 1, 2, 3, 4, 5)
        assert at.calls("add") == 1
        assert sum(at.calls(each) for each in {at.pretend.operations[w] for w in ("read", "check")}) - looks == 1


async def test_what_came_in_since_the_first_start_goes_first(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start()
        old = [each.model_copy(update={"backfill": True}) for each in gateway.commands(1, 2)]
        await gateway.place([*old, *gateway.commands(3)])
        assert at.ids == ids(gateway, 3, 1, 2)


async def test_one_of_them_that_is_there_already_is_left_out_and_a_second_of_the_same_waits(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        (there,) = at.add(2)
        at.ledger.claimed.add(there)
        gateway = await start()
        again = gateway.command(at.song(3), 7)
        outcomes = await gateway.place([*gateway.commands(1, 2, 3), again])
        assert at.ids == ids(gateway, 2, 1, 3)
        assert [each.already_there for each in outcomes if isinstance(each, TrackPlaced)] == [False, True, False, True]


@pytest.mark.parametrize("effect", ["status_after", "truncate"])
async def test_a_lost_answer_leaves_exactly_one_of_each(
    platform: Platform, effect: str, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="0.6") as (at, start):
        gateway = await start()
        at.fault("add", effect=effect, status=503)
        commands = gateway.commands(1, 2, 3, 4)
        assert {type(each) for each in await gateway.place(commands)} == {Transient}
        settled = await gateway.place_until_settled(commands)
        assert all(isinstance(each, TrackPlaced) and not each.already_there for each in settled.values())
        assert at.ids == ids(gateway, 1, 2, 3, 4)
        assert at.calls("add") == 1


@pytest.mark.parametrize("effect", ["status", "drop"])
async def test_a_failure_without_effect_is_made_good_in_order_although_others_come_meanwhile(
    platform: Platform, effect: str, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="0.6") as (at, start):
        gateway = await start()
        at.fault("add", effect=effect, status=503)
        first, later = gateway.commands(1, 2, 3), gateway.commands(4, 5)
        await gateway.place(first)
        # Whether the first will be in there is not known: the later ones do not overtake them, and lose no try.
        assert {type(each) for each in await gateway.place(later)} == {RateLimited}
        await gateway.place_until_settled([*later, *first])
        assert at.ids == ids(gateway, 1, 2, 3, 4, 5)
        assert at.calls("add") <= 3


@pytest.mark.parametrize("arrived", [(), (1, 3), (1, 2, 3, 4)], ids=["none", "half", "all"])
async def test_after_a_crash_those_that_arrived_are_found_and_the_others_added_together(
    platform: Platform, arrived: tuple[int, ...], nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="0.6") as (at, start):
        gateway = await start()
        commands = gateway.commands(1, 2, 3, 4)
        for each in commands:
            await at.ledger.service.records.create(each.delivery_key(), {"external_id": each.external_id})
        at.add(*arrived)
        settled = await (await start()).place_until_settled(commands)
        assert all(isinstance(each, TrackPlaced) and not each.already_there for each in settled.values())
        missing = [track for track in (1, 2, 3, 4) if track not in arrived]
        assert at.ids == ids(gateway, *arrived, *missing)
        assert at.calls("add") == bool(missing)


async def test_after_two_failures_in_a_row_fewer_are_tried_until_all_are_in(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="0.3") as (at, start):
        gateway = await start()
        at.fault("add", effect="status", status=502, count=3)
        settled = await gateway.place_until_settled(gateway.commands(1, 2, 3, 4))
        assert all(isinstance(each, TrackPlaced) for each in settled.values())
        assert at.ids == ids(gateway, 1, 2, 3, 4)
        # All, all, the first half, the first alone; then the others.
        assert at.calls("add") > 4


async def test_a_stop_amid_the_answer_leaves_exactly_one_of_each(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path, NAVAAR_SETTLE_SECONDS="0.6") as (at, start):
        gateway = await start()
        at.fault("add", effect="hang_after", seconds=0.5)
        commands = gateway.commands(1, 2, 3)
        placing = asyncio.create_task(gateway.place(commands))
        async with asyncio.timeout(60):
            while not at.ids:
                await asyncio.sleep(0.01)
        placing.cancel()
        await asyncio.gather(placing, return_exceptions=True)
        settled = await (await start()).place_until_settled(commands)
        assert all(isinstance(each, TrackPlaced) for each in settled.values())
        assert at.ids == ids(gateway, 1, 2, 3)


@pytest.mark.parametrize("culprit", [1, 6])
async def test_of_several_that_are_refused_only_the_culprit_fails(
    platform: Platform, culprit: int, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    quick = {"NAVAAR_YTMUSIC_WRITE_INTERVAL_S": "0"}
    async with gateway_lives(platform, nats_environment, tmp_path, **quick) as (at, start):
        gateway = await start()
        commands = gateway.commands(*(track for track in range(1, 9) if track != culprit))
        commands.append(gateway.command(at.pretend.unknown_id, culprit))
        outcomes = dict(zip((each.track_id for each in commands), await gateway.place(commands), strict=True))
        failed = outcomes.pop(culprit)
        assert isinstance(failed, Permanent)
        assert failed.kind is FailureKind.PERMANENT
        assert "HTTP 40" in failed.reason
        assert all(isinstance(each, TrackPlaced) and not each.already_there for each in outcomes.values())
        assert at.ids == ids(gateway, *sorted(outcomes))
        assert at.calls("add") <= 8


async def test_a_rate_limit_meets_all_and_fails_none(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start()
        at.fault("add", effect="status", status=429, retry_after=1)
        commands = gateway.commands(1, 2, 3)
        assert {type(each) for each in await gateway.place(commands)} == {RateLimited}
        assert at.ids == []
        await gateway.place_until_settled(commands)
        assert at.ids == ids(gateway, 1, 2, 3)
        assert at.calls("add") == 2


async def test_what_a_person_added_meanwhile_is_told_before_any_of_them_is_added(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start()
        theirs = at.add(9)
        outcomes = await gateway.place(gateway.commands(1, 2))
        assert [each.kind for each in outcomes if isinstance(each, Permanent)] == [FailureKind.COLLECTION_CHANGED] * 2
        assert at.ids == theirs
        await gateway.place(gateway.commands(1, 2))
        assert at.ids == [*theirs, *ids(gateway, 1, 2)]


async def test_the_whole_gateway_places_what_its_consumer_brings_together_once_each_and_in_order(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path, tracks=24) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        for what in ("read", "check"):
            # The look takes as long as it does in life, so that there is time to come in.
            at.fault(what, effect="delay", seconds=0.3, count=None)
        for track in range(1, 21):
            await at.place(at.song(track), track=track)
        await at.ledger.wait(TrackPlaced, 20)
        assert at.ids == [at.song(track) for track in range(1, 21)]
        assert at.calls("add") < 20
        assert not at.ledger.of(StepFailed)


async def test_youtube_adds_what_fits_into_a_playlist_that_is_nearly_full(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    quick = {"NAVAAR_YTMUSIC_WRITE_INTERVAL_S": "0"}
    async with gateway_lives(Platform("youtube"), nats_environment, tmp_path, **quick) as (at, start):
        at.sandbox.settings(youtube_most=3)
        gateway = await start()
        outcomes = await gateway.place(gateway.commands(1, 2, 3, 4, 5))
        assert at.ids == ids(gateway, 1, 2, 3)
        assert [each.cause for each in outcomes if isinstance(each, Permanent)] == [Cause.PLAYLIST_FULL] * 2
        # What comes later is told the same without a request for each.
        asked = at.calls("add"), at.calls("check")
        again = await gateway.place(gateway.commands(*range(6, 16)))
        assert {each.cause for each in again if isinstance(each, Permanent)} == {Cause.PLAYLIST_FULL}
        assert len(again) == 10
        assert (at.calls("add"), at.calls("check")) <= (asked[0], asked[1] + 5)


async def test_a_duplicate_that_reads_do_not_show_yet_keeps_only_itself_waiting(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    quick = {"NAVAAR_YTMUSIC_WRITE_INTERVAL_S": "0"}
    async with gateway_lives(Platform("youtube"), nats_environment, tmp_path, **quick) as (at, start):
        gateway = await start()
        at.playlist.lag = 3600
        at.add(2)
        outcomes = await gateway.place(gateway.commands(1, 2, 3, 4))
        assert [type(each) for each in outcomes] == [TrackPlaced, Transient, TrackPlaced, TrackPlaced]
        assert sorted(at.ids) == sorted(ids(gateway, 1, 2, 3, 4))


async def test_two_gateways_that_both_think_it_is_their_turn_add_each_song_once(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateways = [await start(), await start()]
        commands = gateways[0].commands(1, 2, 3)
        settled = await asyncio.gather(*(each.place_until_settled(commands) for each in gateways))
        assert sorted(at.ids) == sorted(ids(gateways[0], 1, 2, 3))
        for outcomes in settled:
            assert all(isinstance(each, TrackPlaced) for each in outcomes.values())


async def test_without_the_lease_nothing_is_added_and_no_attempt_is_lost(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start(overtaken)
        (outcome,) = await gateway.place(gateway.commands(1))
        assert isinstance(outcome, RateLimited)
        assert outcome.by_us
        assert at.calls("add") == 0
        (placed,) = await (await start()).place(gateway.commands(1))
        assert isinstance(placed, TrackPlaced)


def overtaken() -> None:
    raise NotLeading("another process acts now")


async def test_a_begun_record_of_another_song_under_the_same_number_does_not_answer_for_this_one(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with gateway_lives(platform, nats_environment, tmp_path) as (at, start):
        gateway = await start()
        (before,) = gateway.commands(1)
        at.fault("add", effect="drop_after")
        (lost,) = await gateway.place([before])
        assert isinstance(lost, Transient)
        # The ledger was restored from a backup that did not know that song, and has given its number to another one.
        now = gateway.command(at.song(2), 1).model_copy(update={"recording": Recording(title="Another")})
        (placed,) = await (await start()).place([now])
        assert isinstance(placed, TrackPlaced)
        assert placed.external_id == at.song(2)
        assert at.ids == ids(gateway, 1, 2)
