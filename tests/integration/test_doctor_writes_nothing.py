"""`navaar doctor` changes nothing, on no platform and in no file, and asks nothing of a platform that wants a pause."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_contracts.identifiers import Platform
from navaar_launcher.doctor import examine
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import FILE
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import RateLimited
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from navaar_sandbox import Sandbox
from tests.support.gateways import running, until

READS = {
    "telegram": {"getMe", "getWebhookInfo", "getChat", "getChatMember"},
    "youtube": {"home", "browse", "account/account_menu", "playlists.list", "playlistItems.list"},
    "spotify": {"me", "playlist", "items"},
}
"""What the platforms' servers call the requests that change nothing."""


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=4) as running_sandbox:
        yield running_sandbox


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file's and folder's time of change, and what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes() if path.is_file() else b"")
        for path in (folder, *sorted(folder.rglob("*")))
    }


async def examined(variables: dict[str, str]) -> list[Diagnostic]:
    return [finding async for finding in examine(variables)]


async def used_data_folder(folder: Path) -> None:
    """As a Navaar leaves it that was killed: its ledger has a log that is still to be brought home."""
    store = SqliteStore(folder)
    await store.open()
    await store.next_track_id()
    with sqlite3.connect(folder / FILE) as left_open:
        left_open.execute("SELECT count(*) FROM sequence").fetchone()
        log = (folder / f"{FILE}-wal").read_bytes()
        await store.close()
    left_open.close()
    (folder / f"{FILE}-wal").write_bytes(log)


@pytest.mark.parametrize("youtube_auth", ["browser", "oauth"])
async def test_nothing_is_written_anywhere(sandbox: Sandbox, tmp_path: Path, youtube_auth: str) -> None:
    data = tmp_path / "data"
    variables = sandbox.environment(data, youtube_auth=youtube_auth, spotify_auth="secret")  # type: ignore[arg-type]
    variables |= {"NAVAAR_DATA_DIR": str(data)}
    await used_data_folder(data)
    # Tokens that have to be refreshed tempt to write.
    for name in ("spotify-token.json", "ytmusic-auth.json"):
        document = json.loads((data / name).read_text())
        if "expires_at" in document:
            (data / name).write_text(json.dumps(document | {"expires_at": int(time.time()) - 5}))
    before = files(data)
    found = await examined(variables)
    assert [each for each in found if each.level is Level.PROBLEM] == []
    assert files(data) == before
    asked = {(call.platform, call.operation) for call in sandbox.gate.calls}
    assert asked - {("google", "token.refresh"), ("spotify_accounts", "token.refresh_token")} <= {
        (platform, operation) for platform, operations in READS.items() for operation in operations
    }
    assert {call.method for call in sandbox.gate.calls if call.platform == "spotify"} == {"GET"}
    assert {platform for platform, _ in asked} >= set(READS)


@pytest.mark.parametrize("spotify_auth", ["secret", "pkce"])
async def test_what_a_platform_replaces_while_it_answers_is_kept_or_the_sign_in_would_be_lost(
    sandbox: Sandbox, tmp_path: Path, spotify_auth: str
) -> None:
    variables = sandbox.environment(tmp_path, spotify_auth=spotify_auth)  # type: ignore[arg-type]
    variables |= {"NAVAAR_DATA_DIR": str(tmp_path / "data")}
    sandbox.settings(youtube_renews_cookies=True, spotify_access_expired=True)
    token = tmp_path / "spotify-token.json"
    token.write_text(json.dumps(json.loads(token.read_text()) | {"expires_at": int(time.time()) - 5}))
    before = token.read_bytes()
    for _ in range(2):
        assert [each for each in await examined(variables) if each.level is Level.PROBLEM] == []
    assert (token.read_bytes() != before) is (spotify_auth == "pkce")


async def test_a_data_folder_that_is_not_there_is_not_made(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = sandbox.environment(tmp_path / "credentials") | {"NAVAAR_DATA_DIR": str(tmp_path / "none" / "data")}
    found = await examined(variables)
    assert [each for each in found if each.level is Level.PROBLEM] == []
    assert not (tmp_path / "none").exists()


async def test_each_platform_says_who_which_playlist_whether_until_when_and_at_what_price(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    variables = sandbox.environment(tmp_path) | {"NAVAAR_DATA_DIR": str(tmp_path / "data")}
    token = tmp_path / "spotify-token.json"
    token.write_text(json.dumps(json.loads(token.read_text()) | {"authorized_at": 1795910400}))
    sandbox.world.spotify_playlist.add([sandbox.catalogue.original("spotify", 0).id], by="a person")
    said = {each.subject: each.message for each in await examined(variables)}
    account, playlist = said["YouTube Music account"], said["YouTube Music playlist of main"]
    assert "signed in as Sandbox Listener" in account
    assert "a browser session since" in account
    assert "'Sandbox Radio' of Sandbox Listener holds 0 of 5,000 entries; this account may edit it" in playlist
    account, playlist = said["Spotify sign-in"], said["Spotify playlist of main"]
    assert f"signed in as {sandbox.world.accounts.user}" in account
    assert "lasts until" in account
    assert "requests a minute" in account
    assert "holds 1 of 10,000 entries; this account may edit it" in playlist
    assert "development mode" in playlist
    assert "is signed in to the Bot API at 127.0.0.1; its token lasts until" in said["Telegram bot"]
    assert "the bot may post, and posts at most 18 times a minute" in said["Telegram channel of main"]


async def test_a_pause_in_a_file_is_kept_to(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = sandbox.environment(tmp_path) | {"NAVAAR_DATA_DIR": str(tmp_path / "data")}
    RateLimitPause(Platform.SPOTIFY, tmp_path / "spotify-token.json.pause").begin(3600)
    before = files(tmp_path)
    found = {each.subject: each for each in await examined(variables)}
    assert found["Spotify sign-in"].level is Level.PROBLEM
    assert "until 20" in found["Spotify sign-in"].message
    assert not [call for call in sandbox.gate.calls if call.platform == "spotify"]
    assert files(tmp_path) == before


async def test_a_pause_that_is_over_is_not_written_down_as_over(sandbox: Sandbox, tmp_path: Path) -> None:
    variables = sandbox.environment(tmp_path) | {"NAVAAR_DATA_DIR": str(tmp_path / "data")}
    pause = tmp_path / "spotify-token.json.pause"
    pause.write_text(json.dumps({"until": time.time() - 60, "long": True, "in_a_row": 3}))
    os.utime(pause, (1, 1))
    before = files(tmp_path)
    assert [each for each in await examined(variables) if each.level is Level.PROBLEM] == []
    assert files(tmp_path) == before


@pytest.mark.parametrize("platform", [Platform.TELEGRAM, Platform.YOUTUBE])
async def test_a_pause_that_only_a_running_gateway_knows_is_kept_to(
    sandbox: Sandbox, tmp_path: Path, nats_environment: dict[str, str], platform: Platform
) -> None:
    variables = {**sandbox.environment(tmp_path), **nats_environment, "NAVAAR_DATA_DIR": str(tmp_path / "data")}
    service = Service(platform.value, load(RuntimeSettings, variables))
    breaker = service.guard(platform, _answers, [])
    async with running(service):
        await until(lambda: service.started_at is not None)
        await breaker.paused(RateLimited(3600, "too much"))
        found = {each.subject: each for each in await examined(variables)}
    told = found[platform.label]
    assert told.level is Level.PROBLEM
    assert "asks for a pause until 20" in told.message
    assert "nothing was asked" in told.advice
    assert not [call for call in sandbox.gate.calls if call.platform == platform.value]


async def _answers() -> None: ...
