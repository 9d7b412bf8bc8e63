"""A playlist reached by the YouTube Data API: signing in, reading cheaply, writing, units, and the doctor."""

from __future__ import annotations

import asyncio
import json
import stat
import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
import typer
from typer.testing import CliRunner

from navaar_contracts.causes import Cause
from navaar_contracts.events import CollectionOpened, CredentialsAccepted, CredentialsRejected, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Kind
from navaar_playlist_gateway.sign_in import SignInFailed
from navaar_playlist_gateway.snapshot import AlreadyThere, PlaylistEntry, Snapshot, UnusableEntry
from navaar_runtime.diagnostics import Level
from navaar_runtime.failures import AuthRejected, Permanent, RateLimited, Transient
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_ytmusic_gateway import sign_in
from navaar_ytmusic_gateway.__main__ import GATEWAY
from navaar_ytmusic_gateway.data_api.playlist import DataPlaylist
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.data_api.youtube import DataYouTube
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.terminal import ytmusic
from navaar_ytmusic_gateway.ways import YouTube
from tests.support.gateways import running, stage, until


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=60) as running_sandbox:
        yield running_sandbox


@pytest_asyncio.fixture
async def youtube(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[DataYouTube]:
    opened = DataYouTube(settings(sandbox, tmp_path))
    yield opened
    await opened.close()


@pytest.fixture
def playlist(sandbox: Sandbox, youtube: DataYouTube) -> DataPlaylist:
    return youtube.playlist(sandbox.world.youtube_playlist.id)


def settings(sandbox: Sandbox, folder: Path, **more: Any) -> YTMusicSettings:
    environment = sandbox.environment(folder, youtube_auth="oauth")
    return load(YTMusicSettings, environment | {name: str(value) for name, value in more.items()})


def put(sandbox: Sandbox, *numbers: int) -> list[str]:
    """A person adds these songs."""
    ids = [sandbox.catalogue.original("youtube", number).id for number in numbers]
    sandbox.world.youtube_playlist.add(ids, by="a person")
    return ids


def spent(sandbox: Sandbox) -> dict[str, int]:
    """Units that the other side has counted, by operation."""
    return dict(sandbox.world.youtube_data.spent)


def ids(reading: Snapshot) -> list[str]:
    return [entry.external_id for entry in reading.entries]


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Signing in


async def test_the_device_flow_waits_for_the_person(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    chosen.ytmusic_auth_file.unlink()
    sandbox.settings(youtube_device_approved=False)
    code = await asyncio.to_thread(sign_in.begin_device, chosen)
    assert code.user_code in code.url
    assert await asyncio.to_thread(sign_in.poll_device, chosen, code) is None
    assert not chosen.ytmusic_auth_file.exists()
    sandbox.settings(youtube_device_approved=True)
    signed_in = await asyncio.to_thread(sign_in.wait_for_device, chosen, code)
    assert (signed_in.kind, signed_in.account) == (sign_in.SignInKind.OAUTH, "Sandbox Listener")
    assert mode(chosen.ytmusic_auth_file) == 0o600
    kept = json.loads(chosen.ytmusic_auth_file.read_text())
    assert {"access_token", "refresh_token", "expires_at", "expires_in", "scope", "token_type"} <= set(kept)
    assert kept["expires_at"] > time.time()


async def test_the_command_shows_where_to_agree_and_keeps_the_sign_in(
    sandbox: Sandbox, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    environment = sandbox.environment(tmp_path, youtube_auth="oauth")
    file = Path(environment["NAVAAR_YTMUSIC_AUTH_FILE"])
    file.unlink()
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    command = typer.Typer()
    command.command()(ytmusic)
    done = await asyncio.to_thread(CliRunner().invoke, command, ["--oauth"])
    assert done.exit_code == 0, done.output
    assert "google.com/device" in done.output
    assert "Signed in as Sandbox Listener" in done.output
    assert mode(file) == 0o600
    assert json.loads(file.read_text())["refresh_token"] not in done.output


async def test_who_is_asked_to_slow_down_does(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    code = await asyncio.to_thread(sign_in.begin_device, chosen)
    told = json.dumps({"error": "slow_down", "error_description": "Forbidden"})
    sandbox.fault("google", "token.device", effect="body", status=403, body=told)
    assert await asyncio.to_thread(sign_in.poll_device, chosen, code) is None
    assert await asyncio.to_thread(sign_in.poll_device, chosen, code) is not None


async def test_a_sign_in_that_cannot_work_is_not_kept(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    before = chosen.ytmusic_auth_file.read_text()
    sandbox.settings(youtube_api_enabled=False)
    code = await asyncio.to_thread(sign_in.begin_device, chosen)
    with pytest.raises(SignInFailed, match="enable it"):
        await asyncio.to_thread(sign_in.wait_for_device, chosen, code)
    assert chosen.ytmusic_auth_file.read_text() == before


@pytest.mark.parametrize(
    ("name", "value"), [("NAVAAR_YTMUSIC_CLIENT_ID", "somebody-else"), ("NAVAAR_YTMUSIC_CLIENT_SECRET", "")]
)
async def test_a_wrong_oauth_client_is_named(sandbox: Sandbox, tmp_path: Path, name: str, value: str) -> None:
    with pytest.raises(SignInFailed, match=name):
        await asyncio.to_thread(sign_in.begin_device, settings(sandbox, tmp_path, **{name: value}))


async def test_a_pasted_token_is_tried_and_kept_fresh(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    pasted = json.loads(chosen.ytmusic_auth_file.read_text()) | {"expires_at": 5}
    chosen.ytmusic_auth_file.unlink()
    await asyncio.to_thread(sign_in.with_headers, chosen, json.dumps(pasted))
    assert json.loads(chosen.ytmusic_auth_file.read_text())["expires_at"] > time.time()


async def test_an_expired_token_is_refreshed_once_for_all_threads_and_saved_private(
    sandbox: Sandbox, youtube: DataYouTube, playlist: DataPlaylist, tmp_path: Path
) -> None:
    file = tmp_path / "ytmusic-auth.json"
    document = json.loads(file.read_text())
    file.write_text(json.dumps(document | {"expires_at": int(time.time()) - 5}))
    sandbox.world.google.tokens.clear()
    await asyncio.gather(*(playlist.about() for _ in range(8)))
    assert sandbox.gate.counts()["google/token.refresh"] == 1
    kept = json.loads(file.read_text())
    assert kept["access_token"] != document["access_token"]
    assert kept["refresh_token"] == document["refresh_token"]
    assert mode(file) == 0o600


async def test_a_token_refused_before_its_time_is_refreshed_and_the_call_repeated(
    sandbox: Sandbox, playlist: DataPlaylist
) -> None:
    sandbox.world.google.tokens.clear()
    await playlist.check_for_change()
    assert sandbox.gate.counts()["google/token.refresh"] == 1


async def test_without_its_oauth_client_a_token_is_no_sign_in(sandbox: Sandbox, tmp_path: Path) -> None:
    youtube = DataYouTube(settings(sandbox, tmp_path, NAVAAR_YTMUSIC_CLIENT_ID=""))
    with pytest.raises(AuthRejected, match="NAVAAR_YTMUSIC_CLIENT_ID"):
        await youtube.playlist(sandbox.world.youtube_playlist.id).read()
    await youtube.close()


async def test_what_the_file_holds_chooses_the_way(sandbox: Sandbox, tmp_path: Path) -> None:
    chosen = settings(sandbox, tmp_path)
    youtube = YouTube(chosen)
    assert "Data API" in await youtube.describe()
    put(sandbox, 0)
    playlist = youtube.playlist(sandbox.world.youtube_playlist.id)
    assert (await playlist.check_for_change()).count == 1
    assert spent(sandbox)
    before = spent(sandbox)
    sandbox.environment(tmp_path, youtube_auth="browser")
    assert "browser session" in await youtube.describe()
    assert (await playlist.check_for_change()).count == 1
    assert spent(sandbox) == before
    chosen.ytmusic_auth_file.unlink()
    with pytest.raises(AuthRejected, match="navaar auth ytmusic"):
        await playlist.check_for_change()
    await youtube.close()


async def test_a_sign_in_that_ended_pauses_with_one_alert_and_resumes_with_a_new_file(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, youtube_auth="oauth") as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        google = at.sandbox.world.google
        at.sandbox.settings(youtube_grant_revoked=True)
        await at.poll()
        (refused,) = await at.ledger.wait(CredentialsRejected)
        assert "navaar auth ytmusic --oauth" in refused.reason
        asked = at.sandbox.gate.counts()["google/token.refresh"]
        await until(lambda: at.sandbox.gate.counts()["google/token.refresh"] > asked + 1)
        # A new sign-in has another refresh token.
        google.grant_revoked, google.refresh_token = False, "1//0another-refresh-token"
        at.sandbox.environment(tmp_path, youtube_auth="oauth")
        await at.ledger.wait(CredentialsAccepted)
        await at.place(at.song(4))
        await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(4)]
        assert len(at.ledger.of(CredentialsRejected)) == len(at.ledger.of(CredentialsAccepted)) == 1


# Reading


async def test_entries_have_what_identification_wants(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    clip = sandbox.catalogue.variant("youtube", 1, "video")
    upload = sandbox.catalogue.variant("youtube", 2, "upload")
    song = sandbox.catalogue.original("youtube", 0)
    sandbox.world.youtube_playlist.add([song.id, clip.id, upload.id], by="a person")
    await sandbox.person.add_odd("youtube", "deleted", sandbox.catalogue.original("youtube", 3).id)
    reading = await playlist.read()
    *known, gone = reading.entries
    assert isinstance(gone, UnusableEntry)
    for entry, one, kind in zip(known, (song, clip, upload), (Kind.SONG, Kind.VIDEO, Kind.UPLOAD), strict=True):
        assert isinstance(entry, PlaylistEntry)
        item = entry.item
        assert (item.title, item.artists, item.duration_s) == (one.title, one.artists, float(one.duration))
        assert (item.kind, item.album) == (kind, one.album)
        assert item.set_video_id
        assert item.cover_url
    assert reading.count == 4


async def test_a_poll_of_a_private_playlist_costs_a_unit_and_tells_what_is_new(
    sandbox: Sandbox, playlist: DataPlaylist
) -> None:
    put(sandbox, *range(55))
    assert len((await playlist.read()).entries) == 55
    assert spent(sandbox) == {"playlists.list": 1, "items.list": 2, "videos.list": 2}
    for _ in range(3):
        await playlist.check_for_change()
    assert spent(sandbox)["items.list"] == 5
    (new,) = put(sandbox, 55)
    check = await playlist.check_for_change()
    assert check.reading is not None
    assert ids(check.reading)[-1] == new
    assert check.count == 56
    assert spent(sandbox) == {"playlists.list": 1, "items.list": 6, "videos.list": 3}


async def test_videos_that_are_not_described_are_asked_about_once(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    put(sandbox, 0, 1)
    sandbox.fault("youtube", "videos.list", status=404, count=None)
    for _ in range(3):
        entries = (await playlist.read()).items
        assert [entry.item.duration_s for entry in entries] == [None, None]
        assert all(entry.item.artists for entry in entries)
    assert sandbox.gate.counts()["youtube/videos.list"] == 1


async def test_what_is_taken_out_or_moved_is_noticed_by_the_next_poll(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    held = put(sandbox, *range(53))
    first = await playlist.check_for_change()
    truth = sandbox.world.youtube_playlist
    truth.remove(frozenset([truth.entries[2].slot]))
    put(sandbox, 53)
    check = await playlist.check_for_change()
    assert check.mark != first.mark
    assert check.reading is not None
    assert held[2] not in ids(check.reading)
    assert len(check.reading.entries) == 53


async def test_a_page_token_that_grew_old_makes_the_list_be_read_again(
    sandbox: Sandbox, playlist: DataPlaylist
) -> None:
    put(sandbox, *range(55))
    await playlist.read()
    refusal = {"error": {"code": 400, "message": "no", "errors": [{"reason": "invalidPageToken"}]}}
    sandbox.fault("youtube", "items.list", effect="body", status=400, body=json.dumps(refusal))
    put(sandbox, 55)
    assert len((await playlist.read()).entries) == 56


async def test_a_public_playlist_is_read_by_its_page_which_costs_nothing(
    sandbox: Sandbox, playlist: DataPlaylist
) -> None:
    sandbox.settings(youtube_public=True)
    put(sandbox, 0, 1)
    check = await playlist.check_for_change()
    reading = await playlist.read()
    assert (check.count, len(reading.entries)) == (2, 2)
    (first, _) = reading.items
    assert first.item.album
    assert spent(sandbox) == {"playlists.list": 1}
    await playlist.add(sandbox.catalogue.original("youtube", 2).id)
    assert spent(sandbox) == {"playlists.list": 1, "items.list": 1, "items.insert": 50}


async def test_a_public_playlist_is_watched_without_a_unit_left(sandbox: Sandbox, tmp_path: Path) -> None:
    sandbox.settings(youtube_public=True, youtube_units=0)
    put(sandbox, 0)
    youtube = DataYouTube(settings(sandbox, tmp_path))
    playlist = youtube.playlist(sandbox.world.youtube_playlist.id)
    assert len((await playlist.read()).entries) == 1
    assert (await playlist.check_for_change()).count == 1
    sandbox.settings(youtube_public=False)
    with pytest.raises(RateLimited):
        await playlist.read()
    await youtube.close()


async def test_what_the_api_confirmed_holds_before_the_page_shows_it(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    sandbox.settings(youtube_public=True)
    put(sandbox, 0)
    added = sandbox.catalogue.original("youtube", 1).id
    sandbox.settings(youtube_page_lag=3600)
    before = ids(await playlist.read())
    await playlist.add(added)
    reading = await playlist.read()
    assert (ids(reading), reading.count) == ([*before, added], len(before) + 1)
    with pytest.raises(AlreadyThere):
        await playlist.add(added)
    sandbox.settings(youtube_page_lag=0)
    assert added in ids(await playlist.read())
    sandbox.settings(youtube_page_lag=3600)
    await playlist.remove(added, None)
    reading = await playlist.read()
    assert (ids(reading), reading.count) == (before, len(before))
    await playlist.add(added)
    assert added in ids(await playlist.read())


async def test_a_lost_answer_and_a_page_that_is_late_leave_exactly_one(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, youtube_auth="oauth") as at:
        at.sandbox.settings(youtube_public=True, youtube_page_lag=3600)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            at.fault("add", effect="drop_after")
            await at.place(at.song(4))
            (placed,) = await at.ledger.wait(TrackPlaced)
        assert at.ids == [at.song(4)]
        assert placed.external_id == at.song(4)
        assert at.calls("add") == 1


@pytest.mark.parametrize("status", [401, 403, 429, 503])
async def test_a_page_that_strangers_do_not_get_is_no_matter_of_the_sign_in(
    sandbox: Sandbox, playlist: DataPlaylist, status: int
) -> None:
    sandbox.settings(youtube_public=True)
    put(sandbox, 0)
    sandbox.fault("youtube", "browse", status=status, count=None)
    assert len((await playlist.read()).entries) == 1
    assert (await playlist.check_for_change()).count == 1


async def test_a_playlist_that_became_private_is_read_by_the_api(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    sandbox.settings(youtube_public=True)
    put(sandbox, 0)
    await playlist.read()
    sandbox.settings(youtube_public=False)
    assert len((await playlist.read()).entries) == 1


async def test_searches_need_no_sign_in_and_cost_nothing(sandbox: Sandbox, youtube: DataYouTube) -> None:
    song = sandbox.catalogue.original("youtube", 0)
    sandbox.settings(youtube_grant_revoked=True)
    found = await youtube.search(f"{song.artists[0]} {song.title}", 5)
    assert song.id in [candidate.id for candidate in found]
    assert spent(sandbox) == {}
    sandbox.fault("youtube", "search", status=401)
    with pytest.raises(Transient):
        await youtube.search("anything", 5)


# Writing


async def test_a_full_playlist_is_asked_once_and_waits_for_room(sandbox: Sandbox, playlist: DataPlaylist) -> None:
    put(sandbox, 0, 1)
    sandbox.settings(youtube_most=2)
    await playlist.read()
    new = sandbox.catalogue.original("youtube", 2).id
    for _ in range(3):
        with pytest.raises(Permanent, match="full") as refused:
            await playlist.add(new)
        assert refused.value.cause is Cause.PLAYLIST_FULL
    assert spent(sandbox)["items.insert"] == 50
    truth = sandbox.world.youtube_playlist
    truth.remove(frozenset([truth.entries[0].slot]))
    await playlist.check_for_change()
    await playlist.add(new)
    assert truth.entries[-1].item == new


async def test_an_entry_that_the_browser_way_added_is_taken_out_by_its_name(
    sandbox: Sandbox, playlist: DataPlaylist
) -> None:
    # The same video twice: a person's, and the one that is to go.
    (video,) = put(sandbox, 0)
    put(sandbox, 0)
    first, second = sandbox.world.youtube_playlist.entries
    await playlist.remove(video, second.slot)
    assert sandbox.world.youtube_playlist.entries == (first,)
    await playlist.remove(video, "0000000000000099")
    assert sandbox.world.youtube_playlist.entries == ()
    assert spent(sandbox)["items.delete"] == 100


async def test_a_playlist_of_somebody_else_is_a_matter_of_the_sign_in(
    sandbox: Sandbox, youtube: DataYouTube, playlist: DataPlaylist
) -> None:
    sandbox.settings(youtube_owned_by_another=True, youtube_public=True)
    with pytest.raises(AuthRejected, match="owner's account"):
        await playlist.probe()
    with pytest.raises(AuthRejected):
        await playlist.add(sandbox.catalogue.original("youtube", 0).id)
    sandbox.settings(youtube_owned_by_another=False)
    with pytest.raises(AuthRejected):
        await playlist.probe()


# Units


async def test_both_sides_count_the_same_units(sandbox: Sandbox, youtube: DataYouTube, playlist: DataPlaylist) -> None:
    put(sandbox, *range(3))
    await playlist.read()
    for number in (3, 4):
        await playlist.check_for_change()
        await playlist.add(sandbox.catalogue.original("youtube", number).id)
    await playlist.check_for_change()
    with pytest.raises(Permanent):
        await playlist.add("AAAAAAAAAAA")
    await playlist.remove(sandbox.catalogue.original("youtube", 3).id, None)
    await playlist.probe()
    assert youtube.quota.spent == sum(spent(sandbox).values())
    assert spent(sandbox)["items.insert"] == 150
    assert spent(sandbox)["videos.list"] == 3


async def test_used_up_units_wait_for_the_next_day_also_after_a_restart_and_are_told(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, youtube_auth="oauth") as at:
        at.sandbox.settings(youtube_units=120)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(0))
            await at.ledger.wait(TrackPlaced)
            await at.place(at.song(1), track=2)
            await at.ledger.wait(TrackPlaced, 2)
            refused = len([call for call in at.sandbox.gate.calls if call.status == 403])
            await at.place(at.song(2), track=3)
            await until(lambda: len([call for call in at.sandbox.gate.calls if call.status == 403]) > refused)
        service = at.gateway()
        made = len(at.sandbox.gate.calls)
        async with running(service):
            health = await service.health()
            told = health.notes["pause"]
            assert told and "midnight in California" in told
            assert health.additions is not None
            assert health.additions.left == 0
            assert "additions a day, 0 left until" in health.details["additions"]
            await at.place(at.song(3), track=4)
            # Searches cost nothing and go on.
            await at.find(at.sandbox.catalogue.recordings[0].title)
            await until(lambda: any(call.operation == "search" for call in at.sandbox.gate.calls[made:]))
        kinds = {call.operation for call in at.sandbox.gate.calls[made:]}
        assert not kinds & {"items.insert", "items.list", "playlists.list"}
        # Google gives the project more; nothing was lost.
        at.sandbox.settings(youtube_units=10_000)
        at.environment["NAVAAR_YOUTUBE_UNITS_A_DAY"] = "20000"
        async with running(at.gateway()):
            for number, track in ((2, 3), (3, 4)):
                await at.place(at.song(number), track=track, attempt=2)
            await until(lambda: len(at.ids) == 4)
        assert sorted(at.ids) == sorted(at.song(number) for number in range(4))


async def test_a_song_is_not_added_with_the_units_that_polls_need(sandbox: Sandbox, tmp_path: Path) -> None:
    # An hour after midnight in California: nearly a whole day of polls lies ahead.
    morning = datetime(2026, 11, 29, 9, tzinfo=UTC)
    quota = QuotaLedger(GATEWAY.platform, tmp_path / "quota", 110, lambda: morning)
    youtube = DataYouTube(settings(sandbox, tmp_path, NAVAAR_YOUTUBE_UNITS_A_DAY=110), quota)
    playlist = youtube.playlist(sandbox.world.youtube_playlist.id)
    playlist.polled_every(120)
    await playlist.check_for_change()
    await playlist.add(sandbox.catalogue.original("youtube", 0).id)
    await playlist.check_for_change()
    with pytest.raises(RateLimited, match="used up"):
        await playlist.add(sandbox.catalogue.original("youtube", 1).id)
    assert spent(sandbox)["items.insert"] <= 100
    await youtube.close()


# The doctor


async def test_the_doctor_says_which_way_is_in_use_and_what_it_costs(sandbox: Sandbox, tmp_path: Path) -> None:
    found = await GATEWAY.diagnose(sandbox.environment(tmp_path, youtube_auth="oauth"))
    assert {finding.level for finding in found} == {Level.OK}
    said = " / ".join(finding.message for finding in found)
    for word in ("Data API", "an addition costs 52", "additions a day", "500 songs take 3 days", "may edit"):
        assert word in said
    found = await GATEWAY.diagnose(sandbox.environment(tmp_path, youtube_auth="browser"))
    assert any("browser session" in finding.message for finding in found)


@pytest.mark.parametrize(
    ("switches", "word"),
    [
        ({"youtube_grant_revoked": True}, "has ended"),
        ({"youtube_api_enabled": False}, "enable it"),
        ({"youtube_owned_by_another": True}, "owner's account"),
        ({"youtube_units": 0}, "midnight in California"),
    ],
)
async def test_the_doctor_names_what_is_wrong(
    sandbox: Sandbox, tmp_path: Path, switches: dict[str, Any], word: str
) -> None:
    sandbox.settings(**switches)
    found = await GATEWAY.diagnose(sandbox.environment(tmp_path, youtube_auth="oauth"))
    (problem,) = [finding for finding in found if finding.level is Level.PROBLEM]
    assert word in problem.message
    assert problem.advice


async def test_items_that_a_person_adds_are_reported(nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, youtube_auth="oauth") as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        (theirs,) = at.add(5)
        await at.poll()
        (seen,) = await at.ledger.wait(ItemSighted)
        assert seen.external_id == theirs
        assert seen.item.duration_s
