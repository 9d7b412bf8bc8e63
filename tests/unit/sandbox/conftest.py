"""A running sandbox, and the real client libraries pointed at it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
import requests
import spotipy
from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from requests.adapters import HTTPAdapter
from ytmusicapi import YTMusic
from ytmusicapi.auth.oauth import OAuthCredentials

from navaar_sandbox import Sandbox


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=12) as running:
        yield running


@pytest.fixture
def variables(sandbox: Sandbox, tmp_path: Path) -> dict[str, str]:
    return sandbox.environment(tmp_path)


def make_bot(variables: dict[str, str]) -> Bot:
    server = TelegramAPIServer.from_base(variables["NAVAAR_TELEGRAM_API_BASE"])
    return Bot(variables["NAVAAR_TELEGRAM_BOT_TOKEN"], session=AiohttpSession(api=server))


@pytest.fixture
async def bot(variables: dict[str, str]) -> AsyncIterator[Bot]:
    made = make_bot(variables)
    yield made
    await close(made)


async def close(bot: Bot) -> None:
    """Close the connections; aiogram's own close then waits a quarter of a second for TLS that is not used here."""
    assert isinstance(bot.session, AiohttpSession)
    if bot.session._session is not None:
        await bot.session._session.close()


class Rewriting(HTTPAdapter):
    """Sends what is meant for the real services to the sandbox."""

    def __init__(self, addresses: dict[str, str]) -> None:
        super().__init__()
        self._addresses = addresses

    def send(self, request: requests.PreparedRequest, *args: object, **kwargs: object) -> requests.Response:
        assert request.url is not None
        for real, pretend in self._addresses.items():
            if request.url.startswith(real):
                request.url = pretend + request.url.removeprefix(real)
        return super().send(request, *args, **kwargs)  # type: ignore[arg-type]


def rewriting_session(variables: dict[str, str]) -> requests.Session:
    session = requests.Session()
    session.mount(
        "https://",
        Rewriting(
            {
                "https://music.youtube.com": variables["NAVAAR_YTMUSIC_API_BASE"],
                "https://oauth2.googleapis.com": variables["NAVAAR_GOOGLE_OAUTH_BASE"],
                "https://www.youtube.com": variables["NAVAAR_GOOGLE_OAUTH_BASE"],
            }
        ),
    )
    return session


@pytest.fixture
def make_youtube() -> Callable[[dict[str, str]], YTMusic]:
    """Makes a client; its constructor and methods block, so call both from a worker thread."""

    def make(variables: dict[str, str]) -> YTMusic:
        session = rewriting_session(variables)
        credentials = None
        if "NAVAAR_YTMUSIC_CLIENT_ID" in variables:
            credentials = OAuthCredentials(
                variables["NAVAAR_YTMUSIC_CLIENT_ID"], variables["NAVAAR_YTMUSIC_CLIENT_SECRET"], session=session
            )
        return YTMusic(variables["NAVAAR_YTMUSIC_AUTH_FILE"], requests_session=session, oauth_credentials=credentials)

    return make


@pytest.fixture
def make_spotify() -> Callable[[dict[str, str]], spotipy.Spotify]:
    """Makes a client with a session of its own, so that one call is one request."""

    def make(variables: dict[str, str]) -> spotipy.Spotify:
        cache = spotipy.CacheFileHandler(cache_path=variables["NAVAAR_SPOTIFY_CACHE_PATH"])
        common = {
            "client_id": variables["NAVAAR_SPOTIFY_CLIENT_ID"],
            "redirect_uri": "http://127.0.0.1:8888/callback",
            "cache_handler": cache,
            "open_browser": False,
        }
        if "NAVAAR_SPOTIFY_CLIENT_SECRET" in variables:
            auth = spotipy.SpotifyOAuth(client_secret=variables["NAVAAR_SPOTIFY_CLIENT_SECRET"], **common)
        else:
            auth = spotipy.SpotifyPKCE(**common)
        auth.OAUTH_TOKEN_URL = variables["NAVAAR_SPOTIFY_ACCOUNTS_BASE"] + "/api/token"
        auth.OAUTH_AUTHORIZE_URL = variables["NAVAAR_SPOTIFY_ACCOUNTS_BASE"] + "/authorize"
        client = spotipy.Spotify(auth_manager=auth, requests_session=requests.Session())
        client.prefix = variables["NAVAAR_SPOTIFY_API_BASE"]
        return client

    return make
