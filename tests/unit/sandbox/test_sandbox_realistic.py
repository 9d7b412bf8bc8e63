"""The sandbox behaves as the real platforms are reported to, met with the real client libraries."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest
import spotipy
import yt_dlp
from aiogram import Bot
from aiogram.exceptions import TelegramMigrateToChat, TelegramRetryAfter
from multidict import CIMultiDict, CIMultiDictProxy
from spotipy.exceptions import SpotifyException
from ytmusicapi import YTMusic
from ytmusicapi.exceptions import YTMusicServerError

from navaar_sandbox import Sandbox
from navaar_sandbox.control import SETTINGS
from navaar_sandbox.google import GoogleAccount
from navaar_sandbox.limits import Allowance, Pause
from navaar_sandbox.profiles import PROFILES

Make = Callable[[dict[str, str]], YTMusic]


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


def test_an_allowance_is_used_up_at_once_and_grows_back_evenly(clock: Clock) -> None:
    allowance = Allowance(4, 8, clock)
    assert [allowance.take() for _ in range(6)] == [True] * 4 + [False] * 2
    clock.now += 4
    assert [allowance.take() for _ in range(3)] == [True, True, False]
    clock.now += 100
    assert sum(allowance.take() for _ in range(9)) == 4
    assert all(Allowance(None, 1, clock).take() for _ in range(9))


def test_a_strict_pause_begins_anew_for_who_asks_during_it(clock: Clock) -> None:
    pause = Pause(clock)
    assert pause.refuses() == 0
    pause.begin(100)
    clock.now += 60
    assert pause.refuses() == 40
    pause.strict = True
    assert pause.refuses() == 100
    clock.now += 99.5
    assert (pause.refuses(), pause.asked) == (100, 3)
    pause.begin(0)
    assert pause.refuses() == 0


@pytest.mark.parametrize("profile", PROFILES)
def test_a_profile_turns_switches_that_exist(profile: str) -> None:
    assert set(PROFILES[profile]) <= set(SETTINGS)  # type: ignore[index]


class Session:
    """A browser that sends what it is told to send."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.account = GoogleAccount(
            clock, renews_cookies=True, renewed_every_s=600, grace_s=60, idle_s=1800, ends_silently=True
        )

    def asks(self, cookie: str = "") -> bool | None:
        """Whether it is known when it asks with this cookie beside those of its sign-in."""
        moment = int(self._clock.now)
        digest = hashlib.sha1(f"{moment} {self.account.sapisid} o".encode()).hexdigest()
        cookies = "; ".join(filter(None, (self.account.cookie(), cookie)))
        headers = {"Authorization": f"SAPISIDHASH {moment}_{digest}", "Origin": "o", "Cookie": cookies}
        return self.account.signed_in(CIMultiDictProxy(CIMultiDict(headers)))

    def renewed(self) -> str:
        return self.account.renew()[0].partition(";")[0]


def test_a_session_lasts_while_its_cookies_are_kept_and_ends_silently_otherwise(clock: Clock) -> None:
    session = Session(clock)
    assert session.asks() is True
    first = session.renewed()
    assert session.account.renew() == []
    # Other requests were under way: what they send still counts.
    assert session.asks() is True
    clock.now += 700
    assert session.asks() is None
    assert session.asks(first) is True
    second = session.renewed()
    clock.now += 30
    assert session.asks(first) is True
    clock.now += 31
    assert session.asks(first) is None
    assert session.asks(second) is True
    clock.now += 1801
    assert session.asks(second) is None


async def test_quick_changes_are_refused_for_now_and_reads_go_on(
    make_youtube: Make, tmp_path: Path, sandbox: Sandbox
) -> None:
    youtube = await asyncio.to_thread(make_youtube, sandbox.environment(tmp_path))
    playlist = sandbox.world.youtube_playlist.id
    sandbox.settings(youtube_edits=[2, 3600])
    # One request, and each song of it counts.
    songs = [sandbox.catalogue.original("youtube", number).id for number in range(2)]
    await asyncio.to_thread(youtube.add_playlist_items, playlist, songs)
    with pytest.raises(YTMusicServerError, match=r"400.*\n.*try again later"):
        await asyncio.to_thread(youtube.add_playlist_items, playlist, [sandbox.catalogue.original("youtube", 2).id])
    assert len((await asyncio.to_thread(youtube.get_playlist, playlist))["tracks"]) == 2


async def test_a_list_shows_the_video_where_the_album_track_was_added(
    make_youtube: Make, tmp_path: Path, sandbox: Sandbox
) -> None:
    youtube = await asyncio.to_thread(make_youtube, sandbox.environment(tmp_path))
    sandbox.settings(youtube_swaps_every=2)
    slots = [(await sandbox.person.add(number, "youtube"))["slot"] for number in (0, 1)]
    tracks = (await asyncio.to_thread(youtube.get_playlist, sandbox.world.youtube_playlist.id))["tracks"]
    assert [track["setVideoId"] for track in tracks] == slots
    assert tracks[0]["videoId"] == sandbox.catalogue.variant("youtube", 0, "video").id
    assert tracks[1]["videoId"] == sandbox.catalogue.original("youtube", 1).id


@pytest.mark.parametrize("says", [True, False])
async def test_a_pause_may_come_with_and_without_its_length(
    says: bool,
    sandbox: Sandbox,
    tmp_path: Path,
    make_youtube: Make,
    make_spotify: Callable[[dict[str, str]], spotipy.Spotify],
) -> None:
    variables = sandbox.environment(tmp_path)
    youtube = await asyncio.to_thread(make_youtube, variables)
    spotify = make_spotify(variables)
    sandbox.settings(spotify_pause=86_400, spotify_pause_says_how_long=says)
    sandbox.settings(youtube_pause=86_400, youtube_pause_says_how_long=says)
    with pytest.raises(SpotifyException) as refused:
        await asyncio.to_thread(spotify.current_user)
    assert refused.value.headers.get("Retry-After") == ("86400" if says else None)
    with pytest.raises(YTMusicServerError, match="429"):
        await asyncio.to_thread(youtube.get_playlist, sandbox.world.youtube_playlist.id)
    sandbox.settings(spotify_pause=0, youtube_pause=0)
    await asyncio.to_thread(spotify.current_user)
    await asyncio.to_thread(youtube.get_playlist, sandbox.world.youtube_playlist.id)


async def test_who_goes_on_asking_earns_a_pause_of_a_day(
    sandbox: Sandbox, variables: dict[str, str], make_spotify: Callable[[dict[str, str]], spotipy.Spotify]
) -> None:
    spotify = make_spotify(variables)
    sandbox.settings(spotify_calls_per_30_seconds=1, spotify_patience=2, spotify_overuse_pause_s=86_400)
    await asyncio.to_thread(spotify.current_user)
    waits = []
    for _ in range(4):
        with pytest.raises(SpotifyException) as refused:
            await asyncio.to_thread(spotify.current_user)
        waits.append(int(refused.value.headers["Retry-After"]))
    assert max(waits[:3]) <= 30
    assert waits[3] == 86_400


async def test_telegram_asks_for_a_flood_wait_and_tells_where_a_chat_went(sandbox: Sandbox, bot: Bot) -> None:
    channel = sandbox.world.telegram.channel.id
    sandbox.settings(telegram_flood_wait=300)
    with pytest.raises(TelegramRetryAfter) as wait:
        await bot.send_message(channel, "a")
    assert wait.value.retry_after == 300
    sandbox.settings(telegram_flood_wait=0, telegram_migrated_to=-1001999)
    with pytest.raises(TelegramMigrateToChat) as moved:
        await bot.send_message(channel, "a")
    assert moved.value.migrate_to_chat_id == -1001999


@pytest.mark.parametrize(
    ("switch", "words"),
    [({"media_wants_sign_in": True}, "not a bot"), ({"media_status": 403}, "HTTP Error 403")],
)
async def test_downloads_are_refused_in_words_and_by_status(
    switch: dict[str, object], words: str, sandbox: Sandbox, variables: dict[str, str]
) -> None:
    sandbox.settings(**switch)
    address = variables["NAVAAR_YTDLP_URL_TEMPLATE"].format(video_id=sandbox.catalogue.original("youtube", 0).id)

    def download() -> None:
        with yt_dlp.YoutubeDL({"quiet": True, "logger": None, "no_warnings": True}) as client:
            client.extract_info(address, download=False)

    with pytest.raises(yt_dlp.utils.DownloadError, match=words):
        await asyncio.to_thread(download)


async def test_calls_are_delayed_unevenly(sandbox: Sandbox, bot: Bot) -> None:
    sandbox.settings(delay=0.05, jitter=0.05)
    loop = asyncio.get_running_loop()
    begun = loop.time()
    await bot.get_me()
    assert loop.time() - begun >= 0.05
