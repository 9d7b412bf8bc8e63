"""A pause of YouTube Music, for everything or for changes only, holds across restarts and for `navaar doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import StepFailed, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_runtime.diagnostics import Level
from navaar_ytmusic_gateway.__main__ import create, diagnose
from tests.support.gateways import running, stage, until


@pytest.mark.parametrize("retry_after", [6 * 3600, None])
async def test_nothing_is_asked_during_a_pause_after_a_restart_or_by_the_doctor(
    nats_environment: dict[str, str], tmp_path: Path, retry_after: int | None
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at:
        at.fault("browse", status=429, retry_after=retry_after)
        async with running(create(at.environment)):
            await until(Path(at.environment["NAVAAR_YTMUSIC_AUTH_FILE"] + ".pause").exists)
        made = len(at.sandbox.gate.calls)
        service = create(at.environment)
        async with running(service):
            await at.find("a song")
            await at.place(at.song(1))
            await at.poll()
            told = (await service.health()).notes["pause"]
            found = await diagnose(at.environment)
        assert len(at.sandbox.gate.calls) == made
        assert bool(told and "until 20" in told) is (retry_after is not None)
        (line,) = [each for each in found if each.level is Level.PROBLEM]
        assert "pause" in line.message
        assert "wait" in line.advice


async def test_changes_that_are_refused_for_now_are_not_tried_after_a_restart_while_reads_go_on(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    settings = {"NAVAAR_YTMUSIC_REFUSED_PAUSE_S": "0.05", "NAVAAR_YTMUSIC_LONG_PAUSE_S": "7200"}
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, **settings) as at:
        at.sandbox.settings(youtube_writes_left=0)
        async with running(create(at.environment)):
            await at.place(at.song(1))
            await until(lambda: at.calls("add") == 3)
        service = create(at.environment)
        async with running(service):
            await at.place(at.song(2), track=2)
            looks = at.calls("browse")
            await at.poll()
            await until(lambda: at.calls("browse") > looks)
            assert "refuses changes" in ((await service.health()).notes["changes"] or "")
            found = await diagnose(at.environment)
        assert at.calls("add") == 3
        assert at.calls("edit_playlist") == 0
        assert not at.ledger.of(TrackPlaced)
        assert not at.ledger.of(StepFailed)
        (line,) = [each for each in found if each.level is not Level.OK]
        assert (line.level, "wait" in line.advice) == (Level.PROBLEM, True)
