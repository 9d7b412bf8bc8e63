"""Signing in to Spotify, its tokens, and the doctor, with the real spotipy against the sandbox."""

from __future__ import annotations

import asyncio
import json
import socket
import stat
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
import requests

from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.diagnostics import Level
from navaar_runtime.failures import AuthRejected
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_spotify_gateway import sign_in
from navaar_spotify_gateway.__main__ import GATEWAY
from navaar_spotify_gateway.settings import SpotifySettings
from navaar_spotify_gateway.spotify import Spotify, SpotifyPlaylist
from navaar_spotify_gateway.token_file import AUTHORIZED_AT
from tests.support.ports import free_port


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=6) as running:
        yield running


def environment(sandbox: Sandbox, folder: Path, **more: Any) -> dict[str, str]:
    redirect = f"http://127.0.0.1:{free_port()}/callback"
    return sandbox.environment(folder, **more) | {"NAVAAR_SPOTIFY_REDIRECT_URI": redirect}


def browse(url: str) -> str:
    """A browser that agrees; where it ended."""
    return requests.get(url, timeout=10).url


def listen_and_browse(pending: sign_in.PendingSignIn) -> str | None:
    browser = threading.Timer(0.3, browse, [pending.url])
    browser.start()
    try:
        return sign_in.listen(pending, timeout_s=10)
    finally:
        browser.join()


@pytest.mark.parametrize("auth", ["secret", "pkce"])
async def test_signing_in_through_the_browser_keeps_a_private_dated_token(
    sandbox: Sandbox, tmp_path: Path, auth: Literal["secret", "pkce"]
) -> None:
    settings = load(SpotifySettings, environment(sandbox, tmp_path, spotify_auth=auth))
    settings.spotify_cache_path.unlink()
    pending = sign_in.begin(settings)
    address = await asyncio.to_thread(listen_and_browse, pending)
    assert address is not None
    signed_in = await asyncio.to_thread(sign_in.finish, pending, address)
    assert "playlist-modify-private" in signed_in.scopes
    assert stat.S_IMODE(settings.spotify_cache_path.stat().st_mode) == 0o600
    assert json.loads(settings.spotify_cache_path.read_text())[AUTHORIZED_AT] == pytest.approx(time.time(), abs=60)
    spotify = Spotify(settings)
    await SpotifyPlaylist(spotify, sandbox.world.spotify_playlist.id).check_for_change()
    await spotify.close()


async def test_a_pasted_address_signs_in_as_well(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = load(SpotifySettings, environment(sandbox, tmp_path, spotify_auth="pkce"))
    pending = sign_in.begin(settings)

    def redirected() -> str:
        return requests.get(pending.url, timeout=10, allow_redirects=False).headers["Location"]

    address = await asyncio.to_thread(redirected)
    await asyncio.to_thread(sign_in.finish, pending, f"  {address}\n")


async def test_an_address_of_another_sign_in_and_a_refusal_are_told_apart(sandbox: Sandbox, tmp_path: Path) -> None:
    pending = sign_in.begin(load(SpotifySettings, environment(sandbox, tmp_path)))
    with pytest.raises(SignInFailed, match="another sign-in"):
        sign_in.finish(pending, f"{pending.redirect_uri}?code=abc&state=other")
    with pytest.raises(SignInFailed, match="you refused"):
        sign_in.finish(pending, f"{pending.redirect_uri}?error=access_denied&state={pending.state}")
    with pytest.raises(SignInFailed, match="no code"):
        sign_in.finish(pending, "hello")
    with pytest.raises(SignInFailed, match="Spotify refuses"):
        await asyncio.to_thread(sign_in.finish, pending, f"{pending.redirect_uri}?code=abc&state={pending.state}")


async def test_a_taken_port_falls_back_to_pasting(sandbox: Sandbox, tmp_path: Path) -> None:
    pending = sign_in.begin(load(SpotifySettings, environment(sandbox, tmp_path)))
    port = int(pending.redirect_uri.split(":")[2].partition("/")[0])
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with pytest.raises(sign_in.CannotListen, match=str(port)):
            sign_in.listen(pending, timeout_s=1)


async def test_rotated_refresh_tokens_are_kept_and_refreshed_once_for_all_threads(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    settings = load(SpotifySettings, environment(sandbox, tmp_path, spotify_auth="pkce"))
    token = json.loads(settings.spotify_cache_path.read_text())
    settings.spotify_cache_path.write_text(json.dumps(token | {"expires_at": 0, AUTHORIZED_AT: 1234}))
    spotify = Spotify(settings)
    playlist = SpotifyPlaylist(spotify, sandbox.world.spotify_playlist.id)
    await asyncio.gather(*(playlist.check_for_change() for _ in range(8)))
    assert sandbox.gate.counts()["spotify_accounts/token.refresh_token"] == 1
    kept = json.loads(settings.spotify_cache_path.read_text())
    assert kept["refresh_token"] != token["refresh_token"]
    assert kept[AUTHORIZED_AT] == 1234
    sandbox.settings(spotify_access_expired=True)
    await asyncio.gather(*(playlist.check_for_change() for _ in range(8)))
    await spotify.close()
    assert sandbox.gate.counts()["spotify_accounts/token.refresh_token"] == 2


async def test_a_sign_in_without_a_needed_permission_asks_for_a_new_one(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = load(SpotifySettings, environment(sandbox, tmp_path))
    settings.spotify_cache_path.write_text(json.dumps(sandbox.world.accounts.sign_in("playlist-read-private")))
    spotify = Spotify(settings)
    with pytest.raises(AuthRejected, match="playlist-modify-private"):
        await SpotifyPlaylist(spotify, sandbox.world.spotify_playlist.id).check_for_change()
    await spotify.close()


async def test_the_doctor_finds_everything_in_order_but_an_unknown_age(sandbox: Sandbox, tmp_path: Path) -> None:
    diagnostics = await GATEWAY.diagnose(environment(sandbox, tmp_path))
    assert [f.level for f in diagnostics] == [Level.OK, Level.WARNING, Level.OK]
    assert "six months" in diagnostics[1].message


async def test_the_doctor_warns_before_a_sign_in_ends(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = environment(sandbox, tmp_path)
    file = Path(variables["NAVAAR_SPOTIFY_CACHE_PATH"])
    file.write_text(json.dumps(json.loads(file.read_text()) | {AUTHORIZED_AT: time.time() - 160 * 86_400}))
    diagnostics = await GATEWAY.diagnose(variables)
    assert any("days left: 2" in f.message and "navaar auth spotify" in f.advice for f in diagnostics)


async def test_the_doctor_names_a_playlist_of_somebody_else(sandbox: Sandbox, tmp_path: Path) -> None:
    theirs = sandbox.world.spotify.create("Theirs", playlist_id="7heir5P1ay1i5t00000000", owner="them", public=True)
    variables = environment(sandbox, tmp_path) | {"NAVAAR_SPOTIFY_PLAYLIST_ID": theirs.id}
    diagnostics = await GATEWAY.diagnose(variables)
    assert diagnostics[-1].level is Level.PROBLEM
    assert "belongs to them" in diagnostics[-1].message


async def test_the_doctor_says_off_without_a_playlist_and_missing_without_a_sign_in(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    variables = environment(sandbox, tmp_path)
    (off,) = await GATEWAY.diagnose(variables | {"NAVAAR_SPOTIFY_PLAYLIST_ID": ""})
    assert off.level is Level.OK
    missing = await GATEWAY.diagnose(variables | {"NAVAAR_SPOTIFY_CACHE_PATH": str(tmp_path / "none")})
    assert (missing[-1].level, missing[-1].advice) == (Level.PROBLEM, "navaar auth spotify")
