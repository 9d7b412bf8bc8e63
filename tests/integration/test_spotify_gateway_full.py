"""A Spotify playlist that is full is a cause of its own, however Spotify words its refusal."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.causes import Cause
from navaar_runtime.failures import Permanent, Transient
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_spotify_gateway.playlist_facts import MOST_ENTRIES
from navaar_spotify_gateway.settings import SpotifySettings
from navaar_spotify_gateway.spotify import Spotify


@pytest.mark.parametrize("status", [400, 403, 500])
async def test_a_full_playlist_is_refused_as_full(tmp_path: Path, status: int) -> None:
    async with Sandbox(tracks=4, spotify_calls_per_30_seconds=1000) as sandbox:
        sandbox.settings(spotify_full_status=status)
        there = sandbox.world.spotify_playlist
        song = sandbox.catalogue.original("spotify", 1).id
        there.add([sandbox.catalogue.original("spotify", 0).id] * (MOST_ENTRIES - 1), by="a person")
        spotify = Spotify(load(SpotifySettings, sandbox.environment(tmp_path)))
        playlist = spotify.playlist(there.id)
        await playlist.check_for_change()
        with pytest.raises(Permanent) as caught:
            # Only one of them would fit.
            await playlist.add_several([song, sandbox.catalogue.original("spotify", 2).id])
        assert caught.value.cause is Cause.PLAYLIST_FULL
        assert "spotify/items.add" not in sandbox.gate.counts()
        await playlist.add(song)
        # Not looked at since: the answer says it, unless it is a 500, after which one looks before one asks again.
        with pytest.raises(Transient if status == 500 else Permanent) as caught:
            await playlist.add(song)
        if isinstance(caught.value, Permanent):
            assert caught.value.cause is Cause.PLAYLIST_FULL
        await playlist.check_for_change()
        asked = sandbox.gate.counts()["spotify/items.add"]
        with pytest.raises(Permanent, match="full: it holds 10,000 entries") as caught:
            await playlist.add(song)
        assert caught.value.cause is Cause.PLAYLIST_FULL
        assert sandbox.gate.counts()["spotify/items.add"] == asked
        await spotify.close()
