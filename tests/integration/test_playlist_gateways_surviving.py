"""Both playlist gateways go on by themselves after whatever the platform or the ledger does to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import CandidatesFound, CollectionOpened, CredentialsRejected, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_sandbox import Sandbox
from tests.support.gateways import (
    PLAYLIST_PLATFORMS,
    QUICK,
    Stage,
    create,
    polled_every,
    pretend_service,
    remembering_ledger,
    running,
    stage,
    until,
)


@pytest.fixture(params=PLAYLIST_PLATFORMS)
def platform(request: pytest.FixtureRequest) -> Platform:
    chosen: Platform = request.param
    return chosen


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
    async with stage(platform, nats_environment, tmp_path, **polled_every(1)) as at:
        (song,) = at.add(1)
        at.fault("check", **fault)
        async with running(create(platform, at.environment)):
            if fault == {"effect": "html", "status": 429}:
                # Without a Retry-After the pause is our own, too long for a test: one look was made, no more.
                await until(lambda: at.calls("check") == 1)
            else:
                await at.ledger.wait(CollectionOpened)
                assert [event.external_id for event in at.ledger.of(ItemSighted)] == [song]
        assert not at.ledger.of(CredentialsRejected)


async def test_a_ledger_that_starts_later_is_waited_for_without_losing_an_interval(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with Sandbox(tracks=4) as sandbox, pretend_service(platform, sandbox) as pretend:
        environment = nats_environment | QUICK | sandbox.environment(tmp_path) | pretend.environment()
        check = f"{platform.value}/{pretend.operations['check']}"
        async with running(create(platform, environment)):
            await until(lambda: pretend.gate.counts().get(check, 0) >= 1)
            async with remembering_ledger(environment) as ledger:
                await ledger.wait(CollectionOpened)


async def test_one_link_without_a_playlist_leaves_the_others_alone(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        links = tmp_path / "links.toml"
        spec = platform.spec
        required = {p.spec.collection_setting: "-100" for p in Platform if p.spec.is_required and p != platform}
        links.write_text(
            "".join(
                f"[links.{name}]\n"
                + "".join(f'{key} = "{value}{name}"\n' for key, value in required.items())
                + f'{spec.collection_setting} = "{playlist}"\n'
                for name, playlist in (("main", at.playlist.id), ("other", at.pretend.unknown_playlist))
            )
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
        at.fault("search", effect="status", status=429, retry_after=5)
        for track in range(1, 5):
            await at.find("a song", track=track)
        await until(lambda: _answered(at) >= 4)
        limited = [call.at for call in at.pretend.gate.calls if call.status == 429]
        after = [call.at for call in at.pretend.gate.calls if call.operation == "search" and call.status == 200]
        assert len(limited) == 1
        # Calls that were on their way at that moment do not count.
        assert not [moment for moment in after if limited[0] + 2 < moment < limited[0] + 4.9]


def _answered(at: Stage) -> int:
    return len(at.ledger.of(CandidatesFound))
