"""Failures on demand, as each real client library meets them; and the control side."""

import asyncio
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import requests
import spotipy
import yt_dlp
from aiogram import Bot
from aiogram.exceptions import TelegramNetworkError, TelegramRetryAfter, TelegramServerError
from aiogram.types import FSInputFile
from spotipy.exceptions import SpotifyException
from ytmusicapi import YTMusic
from ytmusicapi.exceptions import YTMusicServerError

from navaar_sandbox import Fault, Sandbox
from tests.unit.sandbox.test_sandbox_world import download


@pytest.fixture
async def youtube(variables: dict[str, str], make_youtube: Callable[[dict[str, str]], YTMusic]) -> YTMusic:
    return await asyncio.to_thread(make_youtube, variables)


@pytest.fixture
def spotify(variables: dict[str, str], make_spotify: Callable[[dict[str, str]], spotipy.Spotify]) -> spotipy.Spotify:
    return make_spotify(variables)


@pytest.fixture
async def song(sandbox: Sandbox) -> FSInputFile:
    recording = sandbox.catalogue.recordings[0]
    return FSInputFile(await asyncio.to_thread(sandbox.world.shelf.file, recording.key, recording.duration))


def youtube_entries(sandbox: Sandbox) -> int:
    return len(sandbox.world.youtube_playlist.entries)


def spotify_entries(sandbox: Sandbox) -> int:
    return len(sandbox.world.spotify_playlist.entries)


def posts(sandbox: Sandbox) -> int:
    return len(sandbox.world.telegram.channel.messages)


# -- Telegram -------------------------------------------------------------------------------------------------------


async def test_telegram_errors_before_anything_happened(sandbox: Sandbox, bot: Bot, song: FSInputFile) -> None:
    channel = sandbox.world.telegram.channel.id
    sandbox.fault("telegram", "sendAudio", status=500)
    with pytest.raises(TelegramServerError):
        await bot.send_audio(channel, song)
    sandbox.fault("telegram", "sendAudio", status=429, retry_after=7)
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_audio(channel, song)
    assert refusal.value.retry_after == 7
    sandbox.fault("telegram", "sendAudio", effect="drop")
    with pytest.raises(TelegramNetworkError):
        await bot.send_audio(channel, song)
    assert posts(sandbox) == 0
    await bot.send_audio(channel, song)
    assert posts(sandbox) == 1


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"effect": "drop_after"}, TelegramNetworkError),
        ({"effect": "status_after", "status": 502}, TelegramServerError),
        ({"effect": "hang_after", "seconds": 3}, TelegramNetworkError),
    ],
)
async def test_telegram_posts_and_then_fails_to_say_so(
    sandbox: Sandbox, bot: Bot, song: FSInputFile, fault: dict[str, Any], error: type[Exception]
) -> None:
    sandbox.fault("telegram", "sendAudio", **fault)
    with pytest.raises(error):
        await bot.send_audio(sandbox.world.telegram.channel.id, song, request_timeout=1)
    assert posts(sandbox) == 1


async def test_a_broken_long_poll_loses_no_update(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person.post_text("kept")
    sandbox.fault("telegram", "getUpdates", effect="drop_after")
    with pytest.raises(TelegramNetworkError):
        await bot.get_updates()
    [update] = await bot.get_updates()
    assert update.channel_post is not None and update.channel_post.text == "kept"


# -- YouTube Music --------------------------------------------------------------------------------------------------


async def test_youtube_answers_errors_as_json_or_html(sandbox: Sandbox, youtube: YTMusic) -> None:
    playlist_id = sandbox.world.youtube_playlist.id
    sandbox.fault("youtube", "browse", status=503)
    with pytest.raises(YTMusicServerError, match="503"):
        await asyncio.to_thread(youtube.get_playlist, playlist_id)
    sandbox.fault("youtube", "browse", effect="html", status=429)
    with pytest.raises(json.JSONDecodeError):
        await asyncio.to_thread(youtube.get_playlist, playlist_id)
    sandbox.fault("youtube", "browse", effect="body", status=200, body='{"contents": {"newLayout": {}}}')
    with pytest.raises(KeyError):
        await asyncio.to_thread(youtube.get_playlist, playlist_id)
    sandbox.fault("youtube", "browse", effect="truncate")
    with pytest.raises(json.JSONDecodeError):
        await asyncio.to_thread(youtube.get_playlist, playlist_id)
    await asyncio.to_thread(youtube.get_playlist, playlist_id)


async def test_youtube_adds_and_then_fails_to_say_so(sandbox: Sandbox, youtube: YTMusic) -> None:
    playlist_id, video_id = sandbox.world.youtube_playlist.id, sandbox.catalogue.original("youtube", 0).id
    sandbox.fault("youtube", "edit_playlist.add", effect="status_after", status=503)
    with pytest.raises(YTMusicServerError):
        await asyncio.to_thread(youtube.add_playlist_items, playlist_id, [video_id])
    assert youtube_entries(sandbox) == 1
    again = await asyncio.to_thread(youtube.add_playlist_items, playlist_id, [video_id])
    assert isinstance(again, dict) and again["status"] == "STATUS_FAILED"
    assert youtube_entries(sandbox) == 1


async def test_an_empty_and_a_shrunken_read_are_over_with_the_next(sandbox: Sandbox, youtube: YTMusic) -> None:
    playlist_id = sandbox.world.youtube_playlist.id
    for number in range(4):
        await sandbox.person.add(number, "youtube")

    def sizes() -> tuple[int, int]:
        playlist = youtube.get_playlist(playlist_id)
        return playlist["trackCount"], len(playlist["tracks"])

    sandbox.fault("youtube", "browse", effect="empty")
    assert await asyncio.to_thread(sizes) == (0, 0)
    sandbox.fault("youtube", "browse", effect="shrunken", share=0.5)
    assert await asyncio.to_thread(sizes) == (2, 2)
    assert await asyncio.to_thread(sizes) == (4, 4)


# -- Spotify --------------------------------------------------------------------------------------------------------


async def test_spotify_errors_keep_their_status_and_wait(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    sandbox.fault("spotify", "search", status=429, retry_after=11)
    with pytest.raises(SpotifyException) as refusal:
        await asyncio.to_thread(spotify.search, "anything", limit=5)
    assert (refusal.value.http_status, refusal.value.headers["Retry-After"]) == (429, "11")
    sandbox.fault("spotify", "search", effect="html", status=502)
    with pytest.raises(SpotifyException) as refusal:
        await asyncio.to_thread(spotify.search, "anything", limit=5)
    assert refusal.value.http_status == 502


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ({"effect": "status_after", "status": 503}, SpotifyException),
        ({"effect": "drop_after"}, requests.exceptions.ConnectionError),
        ({"effect": "hang_after", "seconds": 3}, requests.exceptions.ReadTimeout),
    ],
)
async def test_spotify_adds_and_then_fails_to_say_so(
    sandbox: Sandbox, spotify: spotipy.Spotify, fault: dict[str, Any], error: type[Exception]
) -> None:
    spotify.requests_timeout = 1
    sandbox.fault("spotify", "items.add", **fault)
    track_id = sandbox.catalogue.original("spotify", 0).id
    with pytest.raises(error):
        await asyncio.to_thread(spotify.playlist_add_items, sandbox.world.spotify_playlist.id, [track_id])
    assert spotify_entries(sandbox) == 1


async def test_spotify_reads_may_come_back_empty_or_late(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    playlist_id = sandbox.world.spotify_playlist.id
    await sandbox.person.add(0, "spotify")
    sandbox.fault("spotify", "items", effect="empty")
    assert (await asyncio.to_thread(spotify.playlist_items, playlist_id))["total"] == 0
    sandbox.settings(lag=60)
    before = await asyncio.to_thread(spotify.playlist, playlist_id, fields="snapshot_id")
    await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [sandbox.catalogue.original("spotify", 1).id])
    assert await asyncio.to_thread(spotify.playlist, playlist_id, fields="snapshot_id") == before


# -- Media ----------------------------------------------------------------------------------------------------------


async def test_a_download_fails_and_then_works(sandbox: Sandbox, variables: dict[str, str], tmp_path: Path) -> None:
    url = variables["NAVAAR_YTDLP_URL_TEMPLATE"].format(video_id=sandbox.catalogue.original("youtube", 0).id)
    sandbox.fault("media", "*", status=503)
    with pytest.raises(yt_dlp.utils.DownloadError, match="503"):
        await asyncio.to_thread(download, url, tmp_path)
    await asyncio.to_thread(download, url, tmp_path)
    assert len(list(tmp_path.glob("*.m4a"))) == 1


# -- The plan itself ------------------------------------------------------------------------------------------------


async def test_a_fault_strikes_as_often_as_planned_after_what_it_lets_pass(sandbox: Sandbox, bot: Bot) -> None:
    fault = sandbox.fault("telegram", "get*", count=2, skip=1)
    outcomes = []
    for _ in range(4):
        try:
            await bot.get_me()
            outcomes.append("fine")
        except TelegramServerError:
            outcomes.append("failed")
    assert outcomes == ["fine", "failed", "failed", "fine"]
    assert fault.struck == 2


async def test_a_fault_with_a_probability_strikes_that_share(sandbox: Sandbox, bot: Bot) -> None:
    fault = sandbox.fault("*", count=None, probability=0.3)
    for _ in range(100):
        try:
            await bot.get_me()
        except TelegramServerError:
            continue
    assert 15 <= fault.struck <= 45


async def test_a_delay_lets_the_call_go_on(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.fault("telegram", "getMe", effect="delay", seconds=0.3)
    started = asyncio.get_running_loop().time()
    await bot.get_me()
    assert asyncio.get_running_loop().time() - started >= 0.3


def test_an_unknown_effect_is_refused() -> None:
    with pytest.raises(ValueError, match="unknown effect"):
        Fault("telegram", effect="explode")  # type: ignore[arg-type]


# -- Control --------------------------------------------------------------------------------------------------------


async def test_everything_can_be_driven_over_http(sandbox: Sandbox, bot: Bot) -> None:
    base = f"{sandbox.url}/_control"

    async with aiohttp.ClientSession() as session:

        async def post(path: str, **body: Any) -> tuple[int, Any]:
            async with session.post(f"{base}/{path}", json=body) as answer:
                return answer.status, await answer.json()

        async def get(path: str) -> Any:
            async with session.get(f"{base}/{path}") as answer:
                return await answer.json()

        assert (await post("person/add", number=0, side="telegram", form="tagged_mp3"))[0] == 200
        assert (await post("person/write", text="/start"))[1]["text"] == "/start"
        assert len(await bot.get_updates()) == 2
        assert (await post("faults", platform="telegram", operation="getMe", status=500))[0] == 200
        with pytest.raises(TelegramServerError):
            await bot.get_me()
        assert (await get("state"))["faults"][0]["struck"] == 1
        async with session.delete(f"{base}/faults"):
            assert sandbox.gate.faults == []
        assert (await post("settings", lag=2.5, telegram_token_revoked=True))[0] == 200
        assert sandbox.world.youtube_playlist.lag == 2.5
        assert (await get("compare"))["telegram"]["present"] == 1
        assert [call["status"] for call in await get("calls?platform=telegram&operation=getMe")] == [500]
        assert (await get(f"messages/{sandbox.world.telegram.channel.id}"))[0]["audio"]["title"]

        for path, body in (("person/fly", {}), ("person/add", {"nope": 1}), ("settings", {"nope": 1})):
            status, answer = await post(path, **body)
            assert status == 400
            assert answer["error"]
