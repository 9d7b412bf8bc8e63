"""The command line against the sandbox: doctor, sign-ins, judging, wrong configuration."""

from __future__ import annotations

import asyncio
import json
import stat
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from navaar_sandbox import Sandbox
from navaar_sandbox.environment import browser_headers
from tests.support import forked
from tests.support.forked import plain_environment


async def navaar(
    *arguments: str, environment: Mapping[str, str] | None = None, folder: Path, text: str = ""
) -> tuple[int, str, str]:
    """(exit code, standard output, standard error) of a command in `folder`."""
    variables = {**plain_environment(), **(environment or {})}
    return await forked.run("navaar_launcher", *arguments, environment=variables, folder=folder, text=text)


async def test_up_without_configuration_names_every_missing_variable(tmp_path: Path) -> None:
    code, _, err = await navaar("up", folder=tmp_path)
    assert code == 2
    assert "NAVAAR_TELEGRAM_CHANNEL_ID: is required" in err
    assert "NAVAAR_YTMUSIC_PLAYLIST_ID: is required" in err
    assert "Traceback" not in err


async def test_dashboard_prints_a_link_and_not_the_token(tmp_path: Path) -> None:
    variables = {"NAVAAR_DATA_DIR": str(tmp_path / "data"), "NAVAAR_API_PORT": "8765"}
    code, out, err = await navaar("dashboard", environment=variables, folder=tmp_path)
    token = tmp_path / "data" / "api-token"
    assert code == 0, err
    assert out.startswith("http://127.0.0.1:8765/sign-in?code=")
    assert token.read_text() not in out + err
    assert stat.S_IMODE(token.stat().st_mode) == 0o600


async def test_run_names_the_services_there_are(tmp_path: Path) -> None:
    code, _, err = await navaar("run", "telegramm", folder=tmp_path)
    assert code == 2
    assert "telegram-gateway" in err


async def test_run_without_a_nats_server_says_which_variable_is_missing(tmp_path: Path) -> None:
    code, _, err = await navaar("run", "identifier", folder=tmp_path)
    assert code == 2
    assert "NAVAAR_NATS_URL: is required" in err


@pytest.mark.parametrize("command", [("plan",), ("part", "6")])
async def test_a_question_to_nobody_says_what_to_start(tmp_path: Path, command: tuple[str, ...]) -> None:
    code, _, err = await navaar(*command, environment={"NAVAAR_DATA_DIR": str(tmp_path)}, folder=tmp_path)
    assert code == 1
    assert "start `navaar up`" in err


async def test_doctor_is_content_with_a_working_set_up_and_names_what_is_not(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        variables = {**sandbox.environment(tmp_path / "credentials"), "NAVAAR_DATA_DIR": str(tmp_path / "data")}
        code, out, err = await navaar("doctor", "--json", environment=variables, folder=tmp_path)
        findings = json.loads(out)
        assert code == 0, out + err
        assert {f["level"] for f in findings} <= {"ok", "warning"}
        subjects = " ".join(f["subject"] for f in findings)
        for part in ("Telegram bot", "YouTube Music playlist", "Spotify playlist", "ffmpeg", "NATS", "Store"):
            assert part in subjects
        sandbox.settings(bot_can_post=False, youtube_session_ended=True, spotify_revoked=True)
        code, out, _ = await navaar("doctor", "--json", environment=variables, folder=tmp_path)
        assert code == 1
        problems = {f["subject"]: f for f in json.loads(out) if f["level"] == "problem"}
        assert any("Telegram channel" in s for s in problems)
        assert any("YouTube Music" in s for s in problems)
        assert any("Spotify" in s for s in problems)
        assert all(f["advice"] for f in problems.values())


async def test_signing_in_to_youtube_with_pasted_headers(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        variables = sandbox.environment(tmp_path / "credentials")
        file = tmp_path / "new-sign-in.json"
        variables["NAVAAR_YTMUSIC_AUTH_FILE"] = str(file)
        code, _, err = await navaar(
            "auth", "ytmusic", environment=variables, folder=tmp_path, text=browser_headers(sandbox.world) + "\n\n"
        )
        assert code == 0, err
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        code, _, err = await navaar("auth", "ytmusic", environment=variables, folder=tmp_path, text="hello\n")
        assert code == 1
        assert "Traceback" not in err


async def test_signing_in_to_youtube_with_a_browsers_cookies(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        file, cookies = tmp_path / "new-sign-in.json", tmp_path / "cookies.txt"
        variables = sandbox.environment(tmp_path / "credentials") | {"NAVAAR_YTMUSIC_AUTH_FILE": str(file)}
        pairs = (part.split("=", 1) for part in sandbox.world.google.cookie().split("; "))
        cookies.write_text("".join(f".youtube.com\tTRUE\t/\tTRUE\t0\t{name}\t{value}\n" for name, value in pairs))
        command = ("auth", "ytmusic", "--cookies", str(cookies))
        code, out, err = await navaar(*command, environment=variables, folder=tmp_path)
        assert code == 0, err
        assert "Signed in as Sandbox Listener" in err
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert sandbox.world.google.sapisid not in out + err
        before = file.read_bytes()
        command = ("auth", "ytmusic", "--from-browser", f"firefox:{tmp_path}/none")
        code, _, err = await navaar(*command, environment=variables, folder=tmp_path)
        assert code == 1
        assert "about:profiles" in " ".join(err.split())
        assert "Traceback" not in err
        code, _, err = await navaar(*command, "--oauth", environment=variables, folder=tmp_path)
        assert code == 2
        assert file.read_bytes() == before


async def test_signing_in_to_spotify_through_the_browser(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        variables = sandbox.environment(tmp_path / "credentials")
        file = tmp_path / "new-token.json"
        variables["NAVAAR_SPOTIFY_CACHE_PATH"] = str(file)
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            *("-m", "navaar_launcher", "auth", "spotify", "--no-browser", "--timeout", "60"),
            env={**plain_environment(), **variables},
            stderr=asyncio.subprocess.PIPE,
        )
        assert process.stderr is not None
        address = ""
        async with asyncio.timeout(60):
            while not address.startswith("http"):
                address = (await process.stderr.readline()).decode().strip()
            while "Waiting" not in (await process.stderr.readline()).decode():
                pass
            await _visit(address)
            _, err = await process.communicate()
        assert process.returncode == 0, err.decode()
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert json.loads(file.read_text())["refresh_token"]


async def _visit(address: str) -> None:
    """What a browser does: follow the redirects."""
    import urllib.request

    def follow() -> None:
        for attempt in range(20):
            try:
                urllib.request.urlopen(address, timeout=20).read()
            except urllib.error.URLError:
                if attempt == 19:
                    raise
            else:
                return

    await asyncio.to_thread(follow)


async def test_judge_answers_line_by_line(tmp_path: Path) -> None:
    lines = [
        json.dumps({"op": "identify", "raw": "Nilufar Rad - Baran (Official Video).mp3"}),
        "no json",
        json.dumps({"op": "same", "a": {"artist": "A", "title": "B"}, "b": {"artist": "A", "title": "B"}}),
    ]
    code, out, _ = await navaar("judge", folder=tmp_path, text="\n".join(lines) + "\n")
    first, second, third = (json.loads(line) for line in out.splitlines())
    assert code == 0
    assert (first["artist"], first["title"]) == ("Nilufar Rad", "Baran")
    assert "error" in second
    assert third["same"] is True


@pytest.mark.parametrize("platform", ["yt", "sp"])
async def test_both_readings_of_a_name_are_asked_and_the_better_one_wins(tmp_path: Path, platform: str) -> None:
    async with Sandbox(tracks=4) as sandbox:
        variables = sandbox.environment(tmp_path / "credentials")
        for song in sandbox.catalogue.recordings:
            side = "youtube" if platform == "yt" else "spotify"
            right = sandbox.catalogue.variant(side, int(song.key[1:5]), "original")
            for name in (f"{song.artists[0]} - {song.title}", f"{song.title} - {song.artists[0]}"):
                code, out, err = await navaar(
                    *("match", name, "--platform", platform, "--seconds", str(song.duration), "--json"),
                    environment=variables,
                    folder=tmp_path,
                )
                answer = json.loads(out)
                assert code == 0, (name, answer, err)
                chosen = sandbox.catalogue.entries[answer["chosen"]["candidate"]["id"]]
                assert chosen.recording == right.recording, (name, answer)


async def test_a_match_that_is_not_there_is_none(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        variables = sandbox.environment(tmp_path / "credentials")
        code, out, _ = await navaar(
            "match",
            "Nobody At All - No Such Song",
            "--platform",
            "sp",
            "--json",
            environment=variables,
            folder=tmp_path,
        )
    assert code == 1
    assert json.loads(out)["verdict"] != "match"


async def test_identify_says_what_a_file_is(tmp_path: Path) -> None:
    async with Sandbox(tracks=1) as sandbox:
        posted = await sandbox.person.post(0, "tagged_m4a")
        file_path = next(iter(sandbox.world.folder.rglob("*.m4a")))
        code, out, err = await navaar("identify", "--json", str(file_path), folder=tmp_path)
    assert code == 0, err
    row = json.loads(out)
    assert row["method"] == "id3"
    assert row["title"]
    assert posted["audio"]["duration"] == pytest.approx(row["duration_s"], abs=2)
