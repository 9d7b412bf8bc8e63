"""Both playlist gateways search, and neither ever writes a secret into a log line or a failure."""

from __future__ import annotations

import json
import logging
from pathlib import Path

import pytest

from navaar_contracts.events import CandidatesFound, CredentialsRejected, StepFailed
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Kind
from navaar_runtime.logs import configure_logs
from tests.support.gateways import PLAYLIST_PLATFORMS, running, stage


async def test_youtube_answers_with_songs_before_videos(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at, running(at.gateway()):
        song = at.sandbox.catalogue.original("youtube", 2)
        await at.find(f"{song.artists[0]} {song.title}")
        (found,) = await at.ledger.wait(CandidatesFound)
        hit = next(candidate for candidate in found.candidates if candidate.id == song.id)
        assert (hit.title, hit.artists, hit.duration_s, hit.kind) == (
            song.title,
            song.artists,
            song.duration,
            Kind.SONG,
        )
        kinds = [candidate.kind for candidate in found.candidates]
        assert len(kinds) <= 10
        first_video = next(i for i, kind in enumerate(kinds) if kind is not Kind.SONG)
        assert Kind.SONG not in kinds[first_video:]
        assert len({candidate.id for candidate in found.candidates}) == len(kinds)


async def test_youtube_is_asked_once_for_one_sort_alone(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at, running(at.gateway()):
        song = at.sandbox.catalogue.original("youtube", 2)
        before = at.sandbox.gate.counts().get("youtube/search", 0)
        for number, kind in enumerate((Kind.SONG, Kind.VIDEO), 1):
            await at.find(f"{song.artists[0]} {song.title}", track=number, among=kind)
        songs, videos = sorted(await at.ledger.wait(CandidatesFound, 2), key=lambda found: found.track_id)
        assert song.id in {candidate.id for candidate in songs.candidates}
        assert {candidate.kind for candidate in songs.candidates} == {Kind.SONG}
        assert videos.candidates
        assert Kind.SONG not in {candidate.kind for candidate in videos.candidates}
        assert at.sandbox.gate.counts()["youtube/search"] == before + 2


async def test_spotify_answers_with_isrc_and_never_asks_for_more_than_ten(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path) as at, running(at.gateway()):
        song = at.sandbox.catalogue.original("spotify", 2)
        await at.find(f"isrc:{song.isrc}", track=1, limit=50)
        await at.find("word " * 700, track=2)
        (exact, long) = sorted(await at.ledger.wait(CandidatesFound, 2), key=lambda found: found.track_id)
        assert [(c.id, c.isrc) for c in exact.candidates] == [(song.id, song.isrc)]
        assert long.candidates == ()


@pytest.mark.parametrize("platform", PLAYLIST_PLATFORMS)
async def test_nothing_found_is_an_answer(platform: Platform, nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.find("zzzqqq xxyyzz")
        (found,) = await at.ledger.wait(CandidatesFound)
        assert found.candidates == ()


@pytest.mark.parametrize("platform", PLAYLIST_PLATFORMS)
async def test_a_search_that_keeps_failing_says_why(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with (
        stage(platform, nats_environment, tmp_path, NAVAAR_STEP_ATTEMPTS="2") as at,
        running(at.gateway()),
    ):
        at.fault("search", effect="status", status=503, count=None)
        await at.find("anything")
        (failed,) = await at.ledger.wait(StepFailed)
        assert "503" in failed.reason


@pytest.mark.parametrize("platform", PLAYLIST_PLATFORMS)
async def test_no_secret_reaches_a_log_line_or_a_failure(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = logging.getLogger().handlers[:], logging.getLogger().level
    configure_logs("DEBUG", json=True)
    try:
        async with stage(platform, nats_environment, tmp_path) as at:
            secrets = _secrets(at.environment)
            service = at.gateway()
            async with running(service):
                await at.find("a song", track=1)
                await at.ledger.wait(CandidatesFound)
                at.fault("search", effect="html", status=500, count=2)
                await at.find("a song", track=2)
                await at.ledger.wait(CandidatesFound, 2)
                at.pretend.revoke()
                await at.find("a song", track=3)
                await at.ledger.wait(CredentialsRejected)
            told = "".join(event.model_dump_json() for event in at.ledger.events)
    finally:
        logging.getLogger().handlers[:] = before[0]
        logging.getLogger().setLevel(before[1])
    written = capsys.readouterr()
    everything = written.out + written.err + told
    assert "service_started" in everything
    assert not [secret[:6] for secret in secrets if secret in everything]


def _secrets(environment: dict[str, str]) -> set[str]:
    google = json.loads(Path(environment["NAVAAR_YTMUSIC_AUTH_FILE"]).read_text())
    spotify = json.loads(Path(environment["NAVAAR_SPOTIFY_CACHE_PATH"]).read_text())
    cookie = google["cookie"].partition("__Secure-3PAPISID=")[2].partition(";")[0]
    return {cookie, spotify["access_token"], spotify["refresh_token"], environment["NAVAAR_SPOTIFY_CLIENT_SECRET"]}
