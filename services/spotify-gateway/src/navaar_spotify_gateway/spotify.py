"""The adapter: spotipy on worker threads, every client error translated beside the call."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import spotipy
from spotipy.exceptions import SpotifyException

from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind
from navaar_contracts.music import Candidate
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_playlist_gateway.known_state import MARK_LAG_S
from navaar_playlist_gateway.pacing import Pacing
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, beside
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, Snapshot, Tail
from navaar_runtime.failures import Failure, Permanent, Transient, translate
from navaar_runtime.logs import get_logger
from navaar_runtime.service import Service
from navaar_spotify_gateway import error_mapping, expiry
from navaar_spotify_gateway import translate as to
from navaar_spotify_gateway.playlist_facts import MOST_ENTRIES, facts_of
from navaar_spotify_gateway.session import WebApiSession
from navaar_spotify_gateway.settings import PLATFORM, SpotifySettings
from navaar_spotify_gateway.tokens import Tokens

T = TypeVar("T")

log = get_logger(__name__)

PAGE = 50
"""Rows a page of a playlist has at most."""
SEARCH_LIMIT = 10
"""What Spotify gives at most since February 2026; asking for more is an error."""
QUERY_LENGTH = 250
GREET_S = 5.0
HEAD = "snapshot_id,name,collaborative,owner.id,owner.display_name,items.total,tracks.total"
"""What a look asks for: what may have changed, and what the playlist is, at the same price."""

# At DEBUG it prints the bearer token of every call.
logging.getLogger("spotipy").setLevel(logging.WARNING)


@dataclass(frozen=True, slots=True)
class SpotifyAccount:
    id: str
    name: str
    """As people are shown it."""


class Spotify:
    """The one door to spotipy."""

    def __init__(self, settings: SpotifySettings, *, keeps: bool = True) -> None:
        """`keeps`: whether what is learnt by use is written down; `navaar doctor` leaves every file as it is."""
        self.tokens = Tokens(settings, keeps=keeps)
        self.account: SpotifyAccount | None = None
        """Who is signed in, once it was asked."""
        self._keeps = keeps
        self._settings = settings
        self._pause = RateLimitPause(PLATFORM, beside(settings.spotify_cache_path))
        self._table = error_mapping.table(self._pause)
        # One for all playlists: Spotify counts what the app asks.
        self._pacing = Pacing(
            60 / settings.spotify_requests_per_minute, settings.spotify_requests_burst, "the next request to Spotify"
        )
        self._pool: ClientPool[spotipy.Spotify] = ClientPool("spotify", settings.spotify_workers, self._build)

    async def call(self, work: Callable[[spotipy.Spotify], T], *, patient: bool = False) -> T:
        """`work` in its turn with a worker's client, once more after a 401 with a fresh token (a 401 changes nothing).

        What is `patient` lets others go first. Raises failures only, RateLimited at once while Spotify wants a pause.
        """
        self._pause.check()
        await self._pacing.turn()
        # Another request may have met a pause meanwhile.
        self._pause.check()
        with translate(self._table):
            answer = await self._pool.run(lambda client: self._run(client, work), patient=patient)
        if self._keeps:
            self._pause.over()
        return answer

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        """At most `limit` candidates, never more than ten."""
        text, number = shortened(query), min(limit, SEARCH_LIMIT)
        answer = await self.call(lambda api: api.search(text, limit=number, type="track"), patient=True)
        if not isinstance(answer, dict) or "tracks" not in answer:
            raise Transient("Spotify answered a search with something else")
        return to.candidates((answer["tracks"] or {}).get("items") or ())

    def playlist(self, playlist_id: str) -> SpotifyPlaylist:
        return SpotifyPlaylist(self, playlist_id)

    def attach(self, service: Service) -> None:
        """Tell when the sign-in will end: in the log, as a note for people and as a gauge."""

        async def show() -> None:
            expiry.show(self.tokens.file.authorized_at())

        service.measure(show)
        service.on_start(self.warn_of_age)
        service.on_start(self.greet)
        service.note("sign-in", self.age)
        service.detail("account", self.who)
        service.detail("requests", self.left)
        service.note("pause", self._pause.note)

    async def user(self) -> SpotifyAccount:
        """The account that is signed in."""
        me = await self.call(lambda api: api.me()) or {}
        id_ = str(me.get("id") or "")
        self.account = SpotifyAccount(id_, str(me.get("display_name") or id_))
        return self.account

    async def greet(self) -> None:
        """Learn who is signed in; a platform or sign-in that fails now is met again by the first call."""
        with contextlib.suppress(TimeoutError, Failure):
            async with asyncio.timeout(GREET_S):
                await self.user()

    async def who(self) -> str | None:
        """For people: who is signed in, and until when."""
        authorized_at = self.tokens.file.authorized_at()
        until = "" if authorized_at is None else f"sign-in lasts until {expiry.ends(authorized_at):%Y-%m-%d}"
        return ", ".join(part for part in (self.account.name if self.account else "", until) if part) or None

    async def left(self) -> str:
        """For people: what may be asked."""
        settings, now = self._settings, time.monotonic()
        return (
            f"{self._pacing.left(now)} of {settings.spotify_requests_burst} may be made at once, "
            f"then {settings.spotify_requests_per_minute:g} a minute"
        )

    async def warn_of_age(self) -> None:
        """Log it when the sign-in will end before long; a missing one shows by itself."""
        aged = await self.age()
        if aged is not None:
            log.warning("sign_in_ages", reason=aged)

    async def age(self) -> str | None:
        """That the sign-in will end before long, from a month before; None when nothing is to be done or known."""
        authorized_at = self.tokens.file.authorized_at()
        return expiry.warning(authorized_at, datetime.now(UTC)) if authorized_at is not None else None

    async def close(self) -> None:
        self._pool.close()

    def _run(self, client: spotipy.Spotify, work: Callable[[spotipy.Spotify], T]) -> T:
        try:
            return work(client)
        except SpotifyException as error:
            if error.http_status != 401:
                raise
        # spotipy trusts the expiry that it was told and never refreshes on a refusal.
        self.tokens.renounce()
        return work(client)

    def _build(self) -> spotipy.Spotify:
        client = spotipy.Spotify(
            auth_manager=self.tokens,
            requests_session=WebApiSession(),
            requests_timeout=self._settings.spotify_timeout_s,
        )
        client.prefix = self._settings.spotify_api_base
        return client


class SpotifyPlaylist:
    """One playlist; satisfies `navaar_playlist_gateway.gateway.Playlist`."""

    mark_lag_s = MARK_LAG_S
    at_once = PLATFORM.spec.takes_at_once

    def __init__(self, spotify: Spotify, playlist_id: str) -> None:
        self._spotify = spotify
        self._id = playlist_id
        self.facts: PlaylistFacts | None = None
        """As the playlist was described last."""
        self._total = 0
        """How many entries were seen last."""

    async def check_for_change(self) -> ChangeCheck:
        head = await self.head()
        if not head.get("snapshot_id"):
            raise Transient("Spotify described the playlist without its snapshot")
        count = to.total(head)
        self._total = count or 0
        account = self._spotify.account
        self.facts = facts_of(head, account.id if account else None)
        return ChangeCheck(str(head["snapshot_id"]), count)

    async def read(self) -> Snapshot:
        # The mark is taken before the rows: a change while they are read makes the next check differ.
        mark = (await self.check_for_change()).mark
        rows, total = await self._rows(0)
        return Snapshot(to.entries(rows), mark, total)

    async def read_tail(self, start: int) -> Tail:
        rows, total = await self._rows(start)
        return Tail(to.entries(rows), start, total)

    async def _rows(self, start: int) -> tuple[list[Any], int]:
        """The rows from the place `start` to the end, and how many there are altogether."""
        rows: list[Any] = []
        total = start + 1
        while start + len(rows) < total:
            offset = start + len(rows)
            page = await self._read(
                lambda api, at=offset: api.playlist_items(self._id, limit=PAGE, offset=at)  # type: ignore[misc]
            )
            items = page.get("items") or []
            total = int(page.get("total") or 0)
            rows.extend(items)
            if not items:
                break
        self._total = total
        return rows, total

    async def add(self, external_id: str) -> Addition:
        (added,) = await self.add_several([external_id])
        return added

    async def add_several(self, external_ids: Sequence[str]) -> tuple[Addition, ...]:
        # Asked first: after a 500 it would look as if nobody knew what became of the addition.
        self._refuse_if_full(len(external_ids))
        try:
            answer = await self._spotify.call(lambda api: api.playlist_add_items(self._id, list(external_ids)))
        except Permanent:
            await self.check_for_change()
            self._refuse_if_full(len(external_ids))
            raise
        if not isinstance(answer, dict) or not answer.get("snapshot_id"):
            raise Transient("Spotify did not say whether the addition was made")
        # Its snapshot is not passed on: for half a minute a GET shows others.
        return tuple(Addition() for _ in external_ids)

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        # Without naming a version: the one that a GET shows may be an old one, and Spotify refuses those.
        answer = await self._spotify.call(
            lambda api: api.playlist_remove_all_occurrences_of_items(self._id, [external_id])
        )
        if not isinstance(answer, dict) or not answer.get("snapshot_id"):
            raise Transient("Spotify did not say whether the removal was made")
        return True

    def _refuse_if_full(self, more: int) -> None:
        if self._total + more > MOST_ENTRIES:
            raise Permanent(
                f"the Spotify playlist is full: it holds {self._total:,} entries, and Spotify allows {MOST_ENTRIES:,}",
                FailureKind.EXHAUSTED,
                cause=Cause.PLAYLIST_FULL,
            )

    async def probe(self) -> None:
        await self.check_for_change()

    async def head(self) -> dict[str, Any]:
        """The playlist without its entries, as Spotify describes it (see HEAD)."""
        return await self._read(lambda api: api.playlist(self._id, fields=HEAD))

    async def added_by(self, user: str) -> bool:
        """Whether one of the first entries was added by this user."""
        page = await self._read(lambda api: api.playlist_items(self._id, fields="items.added_by.id", limit=PAGE))
        return any(((row or {}).get("added_by") or {}).get("id") == user for row in page.get("items") or ())

    async def _read(self, work: Callable[[spotipy.Spotify], Any]) -> dict[str, Any]:
        try:
            answer = await self._spotify.call(work)
        except Permanent as failure:
            raise Permanent(
                f"the Spotify playlist {self._id} cannot be read: check NAVAAR_SPOTIFY_PLAYLIST_ID ({failure.reason})"
            ) from failure
        if not isinstance(answer, dict):
            # spotipy turns an unreadable answer into None.
            raise Transient("Spotify sent something that is no JSON")
        return answer


def shortened(query: str) -> str:
    """The query within what Spotify takes, cut between words."""
    text = " ".join(query.split())
    return text if len(text) <= QUERY_LENGTH else text[:QUERY_LENGTH].rpartition(" ")[0] or text[:QUERY_LENGTH]
