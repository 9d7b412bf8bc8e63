"""What all links ask of Spotify goes through one paced queue; health shows it, the account and the playlist."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.events import CollectionOpened
from navaar_contracts.identifiers import Platform
from navaar_runtime.failures import RateLimited
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_spotify_gateway.__main__ import create
from navaar_spotify_gateway.settings import SpotifySettings
from navaar_spotify_gateway.spotify import Spotify
from tests.support.gateways import running, stage, until


async def test_several_playlists_and_searches_share_what_may_be_asked(tmp_path: Path) -> None:
    async with Sandbox(tracks=2) as sandbox:
        variables = sandbox.environment(tmp_path) | {
            "NAVAAR_SPOTIFY_REQUESTS_PER_MINUTE": "1",
            "NAVAAR_SPOTIFY_REQUESTS_BURST": "3",
        }
        other = sandbox.world.spotify.create("Another")
        spotify = Spotify(load(SpotifySettings, variables))
        await spotify.playlist(sandbox.world.spotify_playlist.id).check_for_change()
        await spotify.playlist(other.id).check_for_change()
        await spotify.search("a song", 5)
        assert await spotify.left() == "0 of 3 may be made at once, then 1 a minute"
        for _ in range(3):
            with pytest.raises(RateLimited, match="the next request to Spotify may be made in") as held:
                await spotify.search("a song", 5)
            assert held.value.by_us
        await spotify.close()
        assert len([call for call in sandbox.gate.calls if call.platform == "spotify"]) == 3
        assert not (tmp_path / "spotify-token.json.pause").exists()


async def test_health_shows_the_account_the_playlist_and_what_may_be_asked(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path) as at:
        at.add(0, 1)
        service = create(at.environment)
        async with running(service):
            await at.ledger.wait(CollectionOpened)
            await until(lambda: at.calls("me") == 1)
            details = (await service.health()).details
        user = at.sandbox.world.accounts.user
        assert details["account"] == user
        assert details["playlist main"].startswith(f"'Sandbox Radio' of {user} holds 2 of 10,000 entries, looked at 20")
        assert details["requests"].endswith("may be made at once, then 60000 a minute")
        assert "pause" not in details
