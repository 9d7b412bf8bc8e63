"""A browser session that ended is told from everything else, with the real ytmusicapi against the sandbox."""

from __future__ import annotations

import asyncio
import contextlib
import json
import stat
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from navaar_contracts.events import CollectionOpened, CredentialsAccepted, CredentialsRejected, StepFailed, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_runtime.diagnostics import Level
from navaar_runtime.failures import AuthRejected, Permanent
from navaar_runtime.redaction import redact
from navaar_runtime.settings import load
from navaar_sandbox import Fault, Sandbox
from navaar_sandbox.environment import browser_headers
from navaar_ytmusic_gateway import sign_in
from navaar_ytmusic_gateway.__main__ import GATEWAY, create
from navaar_ytmusic_gateway.session_ages import SessionRecord, name_of
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic, YouTubePlaylist
from tests.support.gateways import DEADLINE_S, running, stage, until


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=6) as running_sandbox:
        yield running_sandbox


@pytest_asyncio.fixture
async def youtube(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[YouTubeMusic]:
    made = YouTubeMusic(load(YTMusicSettings, sandbox.environment(tmp_path)))
    yield made
    await made.close()


@pytest.fixture
def playlist(sandbox: Sandbox, youtube: YouTubeMusic) -> YouTubePlaylist:
    return YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id)


ACTS: dict[str, Callable[[YouTubeMusic, YouTubePlaylist, str], Awaitable[object]]] = {
    "look": lambda _, playlist, __: playlist.check_for_change(),
    "read": lambda _, playlist, __: playlist.read(),
    "probe": lambda _, playlist, __: playlist.probe(),
    "add": lambda _, playlist, song: playlist.add(song),
    "remove": lambda _, playlist, song: playlist.remove(song, "0000000000000001"),
    "rename": lambda _, playlist, __: playlist.rename("Another name"),
    "search": lambda youtube, _, __: youtube.search("anything", 5),
}


@pytest.mark.parametrize("kind", ["private", "public", "collaborative"])
@pytest.mark.parametrize("act", ACTS)
async def test_whatever_is_asked_of_a_session_that_ended_asks_for_a_new_sign_in(
    act: str, kind: str, sandbox: Sandbox, youtube: YouTubeMusic, playlist: YouTubePlaylist
) -> None:
    sandbox.world.youtube_playlist.public = kind == "public"
    sandbox.settings(youtube_collaborative=kind == "collaborative", youtube_session_ended=True)
    with pytest.raises(AuthRejected, match="sign in again") as refused:
        await ACTS[act](youtube, playlist, sandbox.catalogue.original("youtube", 0).id)
    assert "NAVAAR_YTMUSIC_PLAYLIST_ID" not in refused.value.reason
    assert "layout" not in refused.value.reason


async def test_a_write_that_met_the_end_of_a_session_leaves_no_doubt_behind(
    sandbox: Sandbox, playlist: YouTubePlaylist
) -> None:
    sandbox.settings(youtube_session_ended=True)
    with pytest.raises(AuthRejected):
        await playlist.add(sandbox.catalogue.original("youtube", 0).id)
    sandbox.settings(youtube_session_ended=False)
    await playlist.probe()


async def test_an_answer_in_an_unknown_layout_for_a_stranger_is_a_matter_of_the_sign_in(
    sandbox: Sandbox, playlist: YouTubePlaylist
) -> None:
    flag = '{"service": "GFEEDBACK", "params": [{"key": "logged_in", "value": "0"}]}'
    body = '{"responseContext": {"serviceTrackingParams": [' + flag + ']}, "contents": {"somethingNew": {}}}'
    sandbox.gate.add(Fault("youtube", "browse", effect="body", status=200, body=body))
    with pytest.raises(AuthRejected, match="sign in again"):
        await playlist.check_for_change()


async def test_a_playlist_that_is_missing_while_signed_in_is_still_named(
    sandbox: Sandbox, youtube: YouTubeMusic
) -> None:
    with pytest.raises(Permanent, match="NAVAAR_YTMUSIC_PLAYLIST_ID"):
        await YouTubePlaylist(youtube, "PLnobodyhasthis").check_for_change()


async def test_headers_of_a_session_that_ended_are_refused(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = load(YTMusicSettings, sandbox.environment(tmp_path))
    sandbox.settings(youtube_session_ended=True)
    with pytest.raises(SignInFailed, match="sign in again"):
        await asyncio.to_thread(sign_in.with_headers, settings, browser_headers(sandbox.world))


@pytest.mark.parametrize("collaborative", [False, True])
async def test_the_doctor_does_not_let_a_session_that_ended_pass(
    collaborative: bool, sandbox: Sandbox, tmp_path: Path
) -> None:
    environment = sandbox.environment(tmp_path)
    sandbox.settings(youtube_collaborative=collaborative, youtube_session_ended=True)
    problems = [found for found in await GATEWAY.diagnose(environment) if found.level is Level.PROBLEM]
    assert problems
    assert all("sign in again" in found.message and found.advice == "navaar auth ytmusic" for found in problems)


async def test_the_doctor_lets_a_living_session_of_a_collaborator_pass(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.settings(youtube_collaborative=True)
    found = await GATEWAY.diagnose(sandbox.environment(tmp_path))
    assert not [each for each in found if each.level is Level.PROBLEM]
    assert "collaborative" in found[-1].message


@pytest.mark.parametrize("collaborative", [False, True])
async def test_a_session_that_ends_pauses_with_one_alert_and_resumes_with_a_new_sign_in(
    collaborative: bool, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at:
        at.sandbox.settings(youtube_collaborative=collaborative)
        service = create(at.environment)
        async with running(service):
            at.sandbox.settings(youtube_session_ended=True)
            await at.place(at.song(1))
            (rejected,) = await at.ledger.wait(CredentialsRejected)
            assert "sign in again" in rejected.reason
            assert (await service.health()).parts["sign-in"]
            # Looked at again and again, and still not taken for a living one.
            asked = at.calls("browse")
            await until(lambda: at.calls("browse") >= asked + 3)
            assert not at.ledger.of(CredentialsAccepted)
            at.sandbox.settings(youtube_session_ended=False)
            sign_in_file = Path(at.environment["NAVAAR_YTMUSIC_AUTH_FILE"])
            sign_in_file.write_text(sign_in_file.read_text())
            await at.ledger.wait(CredentialsAccepted)
            await at.ledger.wait(TrackPlaced)
        assert len(at.ledger.of(CredentialsRejected)) == 1
        assert not at.ledger.of(StepFailed)


async def test_the_alert_of_an_end_says_how_long_the_session_lasted_and_health_who_is_signed_in(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at:
        at.environment["NAVAAR_YTMUSIC_KEEP_ALIVE_S"] = "0.2"
        file = Path(at.environment["NAVAAR_YTMUSIC_AUTH_FILE"])
        key = name_of(json.loads(file.read_text())["cookie"])
        assert key is not None
        now, day = time.time(), 86_400
        record = SessionRecord(file)
        record.begun("an earlier one", now - 50 * day)
        record.ended("an earlier one", now - 31 * day)
        record.begun(key, now - 23 * day)
        service = create(at.environment)
        async with running(service):
            await at.ledger.wait(CollectionOpened)
            async with asyncio.timeout(DEADLINE_S):
                while "playlist main" not in (details := (await service.health()).details):
                    await asyncio.sleep(0.02)
            assert details["account"].startswith("Sandbox Listener, a browser session since ")
            assert "23 days old; the one before lasted 19 days" in details["account"]
            assert details["playlist main"].startswith("'Sandbox Radio' of Sandbox Listener holds 0 of 5,000 entries")
            assert "looked at 20" in details["playlist main"]
            # Nothing else is asked for an hour, and still something is.
            asked, looks = at.calls("account/account_menu"), at.calls("browse")
            await until(lambda: at.calls("account/account_menu") >= asked + 2)
            assert at.calls("browse") == looks
            at.sandbox.settings(youtube_session_ended=True)
            (rejected,) = await at.ledger.wait(CredentialsRejected)
        assert "sign in again" in rejected.reason
        assert rejected.reason.endswith("(it lasted 23 days, the one before 19 days)")
        assert [one.ended_at is None for one in SessionRecord(file).sessions] == [False, False]


async def test_without_an_interval_nothing_is_asked_to_keep_the_session_alive(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, NAVAAR_YTMUSIC_KEEP_ALIVE_S="0") as at:
        service = create(at.environment)
        async with running(service):
            await at.ledger.wait(CollectionOpened)
            assert "youtube-keep-alive" not in {task.get_name() for task in asyncio.all_tasks()}


async def test_what_a_change_met_last_is_known_after_a_restart(sandbox: Sandbox, tmp_path: Path) -> None:
    environment = sandbox.environment(tmp_path)
    song = sandbox.catalogue.original("youtube", 0).id
    for refused in (True, False):
        sandbox.settings(youtube_read_only=refused)
        youtube = YouTubeMusic(load(YTMusicSettings, environment))
        with contextlib.suppress(AuthRejected):
            await YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id).add(song)
        await youtube.close()
        found = {each.subject: each for each in await GATEWAY.diagnose(environment)}
        account = found["YouTube Music account"]
        assert account.level is (Level.WARNING if refused else Level.OK)
        assert ("its last change of a playlist was refused" in account.message) is refused
        assert ("last changed with this session" in found["YouTube Music playlist of main"].message) is not refused


async def test_renewed_cookies_are_sent_back_kept_private_and_never_shown(
    sandbox: Sandbox, tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load(YTMusicSettings, sandbox.environment(tmp_path))
    before = json.loads(settings.ytmusic_auth_file.read_text())
    sandbox.settings(youtube_renews_cookies=True)
    for _ in range(2):
        # The second is a restart.
        youtube = YouTubeMusic(settings)
        playlist = YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id)
        for _ in range(3):
            await playlist.check_for_change()
        assert youtube.account.generation() == 0
        await youtube.close()
    after = json.loads(settings.ytmusic_auth_file.read_text())
    secret = sandbox.world.google.timestamp()
    assert f"__Secure-3PSIDTS={secret}" in after["cookie"]
    assert after["cookie"].startswith(before["cookie"])
    assert after["cookie"].count("__Secure-3PSIDTS=") == 1
    assert {name: value for name, value in after.items() if name != "cookie"} == {
        name: value for name, value in before.items() if name != "cookie"
    }
    assert stat.S_IMODE(settings.ytmusic_auth_file.stat().st_mode) == 0o600
    shown = capsys.readouterr()
    assert "sidts-" not in caplog.text + shown.out + shown.err
    assert redact(secret) == "***"


async def test_renewed_cookies_of_an_old_session_do_not_replace_a_new_sign_in(sandbox: Sandbox, tmp_path: Path) -> None:
    settings = load(YTMusicSettings, sandbox.environment(tmp_path))
    youtube = YouTubeMusic(settings)
    playlist = YouTubePlaylist(youtube, sandbox.world.youtube_playlist.id)
    await playlist.check_for_change()
    file = settings.ytmusic_auth_file
    newer = file.read_text().replace(sandbox.world.google.sapisid, "anotheraccount0123456789")
    client = await asyncio.to_thread(youtube.account.build)
    file.write_text(newer)
    sandbox.settings(youtube_renews_cookies=True)
    await asyncio.to_thread(client.api.get_account_info)
    await youtube.close()
    assert file.read_text() == newer
