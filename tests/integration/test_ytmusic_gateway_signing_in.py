"""Signing in to YouTube Music with a browser's headers, and the doctor, with the real ytmusicapi."""

from __future__ import annotations

import asyncio
import contextlib
import os
import sqlite3
import stat
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.diagnostics import Level
from navaar_runtime.failures import AuthRejected
from navaar_runtime.redaction import redact
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_sandbox.environment import browser_headers
from navaar_ytmusic_gateway import sign_in
from navaar_ytmusic_gateway.__main__ import GATEWAY
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic, YouTubePlaylist


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=6) as running:
        yield running


def settings(sandbox: Sandbox, folder: Path, **more: Any) -> YTMusicSettings:
    return load(YTMusicSettings, sandbox.environment(folder, **more))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def test_pasted_headers_are_tried_and_kept_private(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    chosen.ytmusic_auth_file.unlink()
    signed_in = await asyncio.to_thread(sign_in.with_headers, chosen, browser_headers(sandbox.world))
    assert (signed_in.kind, signed_in.account) == (sign_in.SignInKind.BROWSER, "Sandbox Listener")
    assert mode(chosen.ytmusic_auth_file) == 0o600
    youtube = YouTubeMusic(chosen)
    await YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id).probe()
    await youtube.close()


def exported(sandbox: Sandbox, *, expires: int = 4_102_444_800) -> str:
    """The browser's cookies as an add-on exports them."""
    pairs = (part.split("=", 1) for part in sandbox.world.google.cookie().split("; "))
    lines = (f"#HttpOnly_.youtube.com\tTRUE\t/\tTRUE\t{expires}\t{name}\t{value}\n" for name, value in pairs)
    return "# Netscape HTTP Cookie File\n" + "".join(lines)


def firefox(sandbox: Sandbox, folder: Path) -> Path:
    """A profile of a Firefox in which somebody is signed in."""
    folder.mkdir()
    with contextlib.closing(sqlite3.connect(folder / "cookies.sqlite")) as database, database:
        database.execute("CREATE TABLE moz_cookies (host, name, value, path, expiry INTEGER, originAttributes)")
        for part in sandbox.world.google.cookie().split("; "):
            row = (".youtube.com", *part.split("=", 1), "/", 4_102_444_800_000, "")
            database.execute("INSERT INTO moz_cookies VALUES (?, ?, ?, ?, ?, ?)", row)
    return folder


@pytest.mark.parametrize("way", ["file", "browser"])
async def test_a_browsers_cookies_are_tried_kept_private_and_never_shown(
    sandbox: Sandbox, tmp_path: Path, way: str, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    chosen = settings(sandbox, tmp_path)
    chosen.ytmusic_auth_file.unlink()
    caplog.set_level("DEBUG")
    if way == "file":
        file = tmp_path / "cookies.txt"
        file.write_text(exported(sandbox))
        signed_in = await asyncio.to_thread(sign_in.with_cookies_file, chosen, file)
    else:
        profile = firefox(sandbox, tmp_path / "abc.default")
        signed_in = await asyncio.to_thread(sign_in.with_browser, chosen, f"firefox:{profile}")
    assert (signed_in.kind, signed_in.account) == (sign_in.SignInKind.BROWSER, "Sandbox Listener")
    assert mode(chosen.ytmusic_auth_file) == 0o600
    assert {path.name for path in tmp_path.iterdir() if path.name.startswith("ytmusic")} == {
        "ytmusic-auth.json",
        "ytmusic-auth.json.sessions",
    }
    youtube = YouTubeMusic(chosen)
    await YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id).probe()
    await youtube.close()
    assert youtube.account.sessions.sessions[-1].account == "Sandbox Listener"
    shown = capsys.readouterr()
    assert sandbox.world.google.sapisid not in caplog.text + shown.out + shown.err
    assert redact(sandbox.world.google.sapisid) == "***"


async def test_cookies_that_youtube_does_not_accept_leave_the_old_sign_in_as_it_is(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    chosen = settings(sandbox, tmp_path)
    before = chosen.ytmusic_auth_file.read_text()
    file = tmp_path / "cookies.txt"
    file.write_text(exported(sandbox))
    sandbox.settings(youtube_session_ended=True)
    with pytest.raises(SignInFailed, match="answers a stranger"):
        await asyncio.to_thread(sign_in.with_cookies_file, chosen, file)
    file.write_text(exported(sandbox, expires=1_700_000_000))
    with pytest.raises(SignInFailed, match="has expired, on 2023-11-14"):
        await asyncio.to_thread(sign_in.with_cookies_file, chosen, file)
    for wrong, said in (
        (tmp_path / "none.txt", "No such file"),
        (tmp_path, "directory"),
        (firefox(sandbox, tmp_path / "p") / "cookies.sqlite", "--from-browser firefox:"),
    ):
        with pytest.raises(SignInFailed, match=said):
            await asyncio.to_thread(sign_in.with_cookies_file, chosen, wrong)
    assert chosen.ytmusic_auth_file.read_text() == before


async def test_headers_of_a_signed_out_browser_are_refused_and_the_old_sign_in_stays(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    chosen = settings(sandbox, tmp_path)
    before = chosen.ytmusic_auth_file.read_text()
    pasted = browser_headers(sandbox.world)
    sandbox.settings(youtube_session_revoked=True)
    with pytest.raises(SignInFailed, match="refuses the sign-in") as failed:
        await asyncio.to_thread(sign_in.with_headers, chosen, pasted)
    assert sandbox.world.google.sapisid not in str(failed.value)
    assert chosen.ytmusic_auth_file.read_text() == before


async def test_a_session_that_reads_but_may_not_write_is_not_trusted_again_by_reading(
    sandbox: Sandbox, tmp_path: Path
) -> None:
    chosen = settings(sandbox, tmp_path)
    sandbox.settings(youtube_read_only=True)
    youtube = YouTubeMusic(chosen)
    playlist = YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id)
    with pytest.raises(AuthRejected):
        await playlist.add(sandbox.catalogue.original("youtube", 0).id)
    await playlist.check_for_change()
    with pytest.raises(AuthRejected):
        await playlist.probe()
    sandbox.settings(youtube_read_only=False)
    file = chosen.ytmusic_auth_file
    fresh = file.with_suffix(".new")
    fresh.write_text(file.read_text())
    fresh.replace(file)
    await playlist.probe()
    await youtube.close()


async def test_the_doctor_finds_everything_in_order(sandbox: Sandbox, tmp_path: Path) -> None:
    diagnostics = await GATEWAY.diagnose(sandbox.environment(tmp_path))
    assert {finding.level for finding in diagnostics} == {Level.OK}
    assert any("may edit" in finding.message for finding in diagnostics)


async def test_the_doctor_does_not_take_a_read_as_proof_of_writing(sandbox: Sandbox, tmp_path: Path) -> None:
    environment = sandbox.environment(tmp_path)
    file = Path(environment["NAVAAR_YTMUSIC_AUTH_FILE"])
    file.write_text(file.read_text().replace("__Secure-3PAPISID", "Another"))
    (finding,) = await GATEWAY.diagnose(environment)
    assert finding.level is Level.PROBLEM
    assert "__Secure-3PAPISID" in finding.message


async def test_the_doctor_names_a_readable_sign_in_and_a_missing_playlist(sandbox: Sandbox, tmp_path: Path) -> None:
    environment = sandbox.environment(tmp_path) | {"NAVAAR_YTMUSIC_PLAYLIST_ID": "PLnobodyhasthis"}
    Path(environment["NAVAAR_YTMUSIC_AUTH_FILE"]).chmod(0o644)
    diagnostics = await GATEWAY.diagnose(environment)
    assert [f.level for f in diagnostics if f.level is not Level.OK] == [Level.WARNING, Level.PROBLEM]
    assert "PLnobodyhasthis" in diagnostics[-1].message
    assert os.fspath(tmp_path) in diagnostics[1].advice
