"""The adapter: the Data API on worker threads, every error translated beside the call; searches ask as a stranger."""

from __future__ import annotations

import time
from collections.abc import Awaitable
from typing import TypeVar

import requests

from navaar_contracts.health import AdditionBudget
from navaar_contracts.music import Candidate, Kind
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_playlist_gateway.pacing import Pacing
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, beside
from navaar_runtime.failures import AuthRejected, Transient, translate
from navaar_ytmusic_gateway.data_api import error_mapping
from navaar_ytmusic_gateway.data_api.calls import DataApi, Json, Operation
from navaar_ytmusic_gateway.data_api.playlist import DataPlaylist
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger
from navaar_ytmusic_gateway.data_api.tokens import GoogleTokens
from navaar_ytmusic_gateway.settings import PLATFORM, YTMusicSettings
from navaar_ytmusic_gateway.signed_out import Nobody
from navaar_ytmusic_gateway.ytmusic import WRITE_DOUBT_S, YouTubeMusic

T = TypeVar("T")

EXAMPLE = 500
"""Songs by which a forecast is made plain."""


class DataYouTube:
    """The one door to the Data API."""

    def __init__(self, settings: YTMusicSettings, quota: QuotaLedger | None = None, *, keeps: bool = True) -> None:
        """`keeps`: as in `YouTubeMusic`."""
        self.quota = quota or QuotaLedger.of(settings, keeps=keeps)
        self.public = YouTubeMusic(settings, Nobody(settings, keeps=keeps))
        """YouTube Music's pages, which cost nothing."""
        self._tokens = GoogleTokens(settings, keeps=keeps)
        self._api = DataApi(settings, self._tokens, self.quota)
        self._keeps = keeps
        self._pause = RateLimitPause(PLATFORM, beside(settings.ytmusic_auth_file, "data.pause"))
        self._pacing = Pacing(
            settings.ytmusic_write_interval_s, settings.ytmusic_write_burst, "the next change of the playlist"
        )
        self._table = error_mapping.table(self._pause, self.quota)
        self._pool: ClientPool[requests.Session] = ClientPool(
            "youtube-data", settings.ytmusic_workers, requests.Session
        )
        self._playlists: list[DataPlaylist] = []
        self._write_refused: tuple[object, float, str] | None = None
        self._channel: tuple[object, Json] | None = None

    async def call(self, operation: Operation, params: Json, body: Json | None = None) -> Json:
        """The answer of one request; changes of playlists are paced. Raises failures only."""
        writing = not operation.endswith(".list")
        if writing:
            await self._pacing.turn()
        self._pause.check()
        try:
            with translate(self._table):
                answer = await self._pool.run(lambda session: self._api.call(session, operation, params, body))
        except AuthRejected as failure:
            if writing:
                self._write_refused = (self._tokens.sign_in(), time.monotonic(), failure.reason)
            raise
        if self._keeps:
            self._pause.over()
        return answer

    async def stay_signed_in(self) -> None:
        """Refresh the access token if it ends soon, which costs no unit. AuthRejected if the sign-in has ended."""
        with translate(self._table):
            await self._pool.run(lambda _: self._tokens.access())

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates of YouTube Music's own search: better than the API's, and it costs nothing."""
        return await self.as_stranger(self.public.search(query, limit))

    async def search_among(self, query: str, limit: int, kind: Kind) -> tuple[Candidate, ...]:
        """Likewise, songs or videos."""
        return await self.as_stranger(self.public.search_among(query, limit, kind))

    async def as_stranger(self, asked: Awaitable[T]) -> T:
        """The answer to somebody who is not signed in. That he gets none says nothing about the sign-in."""
        try:
            return await asked
        except AuthRejected as failure:
            raise Transient("YouTube Music refused a question that needs no sign-in") from failure

    def playlist(self, playlist_id: str) -> DataPlaylist:
        made = DataPlaylist(self, playlist_id)
        self._playlists.append(made)
        return made

    async def channel(self) -> Json:
        """{"id", "title"} of the channel that is signed in, as its own playlists tell; empty where it has none."""
        sign_in = self._tokens.sign_in()
        if self._channel is None or self._channel[0] != sign_in:
            answer = await self.call("playlists.list", {"part": "snippet", "mine": "true", "maxResults": 1})
            snippets = [each.get("snippet") or {} for each in answer.get("items") or ()]
            found = {"id": snippets[0].get("channelId"), "title": snippets[0].get("channelTitle")} if snippets else {}
            self._channel = (self._tokens.sign_in(), found)
        return self._channel[1]

    async def additions(self) -> AdditionBudget:
        """What the day's units allow, less what the polls need."""
        return self.quota.budget()

    async def forecast(self) -> str:
        """The same in words for a person."""
        return (await self.additions()).describe(EXAMPLE)

    async def paused(self) -> str | None:
        """For people: until when YouTube wants to be left alone; None while it does not."""
        return await self._pause.note()

    async def who(self) -> str | None:
        """For people: the channel that is signed in, once it was asked."""
        return str(self._channel[1].get("title") or "") or None if self._channel is not None else None

    async def waiting(self) -> str | None:
        """That additions wait for the next day's units, and until when; None while they do not."""
        return self.quota.waiting()

    async def without_room(self) -> str | None:
        """For people: which playlists are full, or None."""
        return "; ".join(full for each in self._playlists if (full := each.full)) or None

    async def close(self) -> None:
        self._pool.close()
        await self.public.close()

    def write_doubt(self) -> str | None:
        """Why this very sign-in is not trusted to write, although reads may work."""
        if self._write_refused is None:
            return None
        sign_in, at, reason = self._write_refused
        if sign_in != self._tokens.sign_in() or time.monotonic() - at > WRITE_DOUBT_S:
            self._write_refused = None
            return None
        return reason
