"""A pause that Spotify asks for holds across restarts and for `navaar doctor`."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import CollectionOpened
from navaar_contracts.identifiers import Platform
from navaar_runtime.diagnostics import Level
from navaar_spotify_gateway.__main__ import create, diagnose
from tests.support.gateways import running, stage, until


@pytest.mark.parametrize("retry_after", [6 * 3600, None])
async def test_nothing_is_asked_during_a_pause_after_a_restart_or_by_the_doctor(
    nats_environment: dict[str, str], tmp_path: Path, retry_after: int | None
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path) as at:
        if retry_after is None:
            # Spotify's own shape always names a time; an answer that is no JSON has none.
            at.fault("playlist", effect="html", status=429)
        else:
            at.fault("playlist", effect="status", status=429, retry_after=retry_after)
        async with running(create(at.environment)):
            await until(Path(at.environment["NAVAAR_SPOTIFY_CACHE_PATH"] + ".pause").exists)
        made = len(at.sandbox.gate.calls)
        service = create(at.environment)
        async with running(service):
            await at.find("a song")
            await at.place(at.song(1))
            await at.poll()
            told = (await service.health()).notes["pause"]
            found = await diagnose(at.environment)
        assert len(at.sandbox.gate.calls) == made
        assert not at.ledger.of(CollectionOpened)
        assert bool(told and "until 20" in told) is (retry_after is not None)
        (line,) = [each for each in found if each.level is Level.PROBLEM]
        assert "pause" in line.message
        assert "wait" in line.advice
