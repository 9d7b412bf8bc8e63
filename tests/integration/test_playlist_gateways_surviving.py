"""Both playlist gateways go on by themselves after whatever the platform or the ledger does to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import CandidatesFound, CollectionOpened, CredentialsRejected, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_runtime.service import Service
from navaar_sandbox import Sandbox
from navaar_spotify_gateway.__main__ import create as create_spotify
from navaar_ytmusic_gateway.__main__ import create as create_youtube
from tests.support.gateways import QUICK, Stage, remembering_ledger, running, stage, until

GLANCE = {Platform.YOUTUBE: "browse", Platform.SPOTIFY: "playlist"}


@pytest.fixture(params=[Platform.YOUTUBE, Platform.SPOTIFY])
def platform(request: pytest.FixtureRequest) -> Platform:
    chosen: Platform = request.param
    return chosen


def create(platform: Platform, environment: dict[str, str]) -> Service:
    return (create_youtube if platform is Platform.YOUTUBE else create_spotify)(environment)


@pytest.mark.parametrize(
    "fault",
    [
        {"effect": "status", "status": 503},
        {"effect": "status", "status": 429, "retry_after": 1},
        {"effect": "html", "status": 200},
        {"effect": "html", "status": 429},
        {"effect": "body", "status": 200, "body": "{}"},
        {"effect": "body", "status": 200, "body": "[1]"},
        {"effect": "drop"},
        {"effect": "truncate"},
    ],
    ids=lambda fault: "-".join(str(value) for value in fault.values()),
)
async def test_a_look_that_fails_is_made_good_and_is_no_sign_in_matter(
    platform: Platform, fault: dict[str, object], nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path, **_seconds_between_looks(1)) as at:
        (song,) = at.add(1)
        at.fault(GLANCE[platform], **fault)
        async with running(create(platform, at.environment)):
            if fault == {"effect": "html", "status": 429}:
                # Without a Retry-After the pause is our own, too long for a test: one look was made, no more.
                await until(lambda: at.calls(GLANCE[platform]) == 1)
            else:
                await at.ledger.wait(CollectionOpened)
                assert [event.external_id for event in at.ledger.of(ItemSighted)] == [song]
        assert not at.ledger.of(CredentialsRejected)


async def test_a_ledger_that_starts_later_is_waited_for_without_losing_an_interval(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with Sandbox(tracks=4) as sandbox:
        environment = nats_environment | QUICK | sandbox.environment(tmp_path)
        async with running(create(platform, environment)):
            await until(lambda: sandbox.gate.counts().get(f"{platform.value}/{GLANCE[platform]}", 0) >= 1)
            async with remembering_ledger(environment) as ledger:
                await ledger.wait(CollectionOpened)


async def test_one_link_without_a_playlist_leaves_the_others_alone(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        links = tmp_path / "links.toml"
        world = at.sandbox.world
        links.write_text(
            f'[links.main]\ntelegram_channel_id = "-1001"\nytmusic_playlist_id = "{world.youtube_playlist.id}"\n'
            f'spotify_playlist_id = "{world.spotify_playlist.id}"\n'
            '[links.other]\ntelegram_channel_id = "-1002"\nytmusic_playlist_id = "PLnobodyhasthis"\n'
            'spotify_playlist_id = "7777777777777777777777"\n'
        )
        environment = at.environment | {"NAVAAR_LINKS_FILE": str(links)}
        async with running(create(platform, environment)):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(2))
            await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(2)]


async def test_nothing_is_sent_while_the_platform_wants_a_pause(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(create(platform, at.environment)):
        await at.ledger.wait(CollectionOpened)
        at.fault("search", effect="status", status=429, retry_after=2)
        for track in range(1, 5):
            await at.find("a song", track=track)
        await until(lambda: _answered(at) >= 4)
        limited = [call.at for call in at.sandbox.gate.calls if call.status == 429]
        after = [call.at for call in at.sandbox.gate.calls if call.operation == "search" and call.status == 200]
        assert len(limited) == 1
        # Calls that were on their way at that moment do not count.
        assert not [moment for moment in after if limited[0] + 0.3 < moment < limited[0] + 1.9]


def _answered(at: Stage) -> int:
    return len(at.ledger.of(CandidatesFound))


def _seconds_between_looks(seconds: int) -> dict[str, str]:
    directions = ("YT_TO_TG", "YT_TO_SP", "SP_TO_TG", "SP_TO_YT")
    return {f"NAVAAR_SYNC_INTERVAL_{direction}": str(seconds) for direction in directions}
