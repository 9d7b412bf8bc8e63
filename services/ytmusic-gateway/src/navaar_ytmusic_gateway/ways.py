"""The two ways to a YouTube Music playlist, and the one place that chooses: by what the sign-in file holds.

Browser headers mean YouTube Music's own pages, through ytmusicapi; a Google token means the YouTube Data API. The file
is looked at before every call, so another sign-in may also be another way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial

from navaar_contracts.health import AdditionBudget
from navaar_contracts.links import Link
from navaar_contracts.music import Candidate, Kind
from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_playlist_gateway.sign_in import NotSignedIn
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, Snapshot, Tail
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import RateLimited
from navaar_runtime.private_files import fingerprint
from navaar_runtime.service import Service
from navaar_ytmusic_gateway import doctor
from navaar_ytmusic_gateway.data_api import doctor as data_doctor
from navaar_ytmusic_gateway.data_api.playlist import DataPlaylist
from navaar_ytmusic_gateway.data_api.youtube import DataYouTube
from navaar_ytmusic_gateway.keep_alive import keep_alive
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.sign_in_file import SignInKind, kind_of, read_sign_in
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic, YouTubePlaylist


class YouTube:
    """The account, reached the way its sign-in is for. Satisfies `navaar_playlist_gateway.gateway.Client`."""

    def __init__(self, settings: YTMusicSettings, *, keeps: bool = True) -> None:
        """`keeps`: whether what is learnt by use is written down; `navaar doctor` leaves the sign-in as it is."""
        self._settings = settings
        self._pages = YouTubeMusic(settings, keeps=keeps)
        self._data = DataYouTube(settings, keeps=keeps)
        self._seen: object = ()
        self._way: YouTubeMusic | DataYouTube = self._pages

    def way(self) -> YouTubeMusic | DataYouTube:
        """The way of the sign-in as it is now. Without one it is the pages', which say what to do."""
        seen = fingerprint(self._settings.ytmusic_auth_file)
        if seen != self._seen:
            self._seen, self._way = seen, self._data if self._holds_a_token() else self._pages
        return self._way

    def _holds_a_token(self) -> bool:
        try:
            return kind_of(read_sign_in(self._settings.ytmusic_auth_file)) is SignInKind.OAUTH
        except NotSignedIn:
            return False

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        return await self.way().search(query, limit)

    async def search_among(self, query: str, limit: int, kind: Kind) -> tuple[Candidate, ...]:
        return await self.way().search_among(query, limit, kind)

    def playlist(self, playlist_id: str) -> EitherPlaylist:
        return EitherPlaylist(self, self._pages.playlist(playlist_id), self._data.playlist(playlist_id))

    def attach(self, service: Service) -> None:
        service.on_start(self.open)
        service.note("changes", self._pages.refused_for_now)
        service.note("room", self._without_room)
        service.note("pause", self._waiting)
        service.detail("way", self.describe)
        service.detail("account", self._who)
        service.detail("additions", self._forecast)
        service.additions(self._additions)
        every_s = self._settings.ytmusic_keep_alive_s
        if every_s and service.breaker is not None:
            wait = partial(self._until_a_session, service.breaker.wait_open, every_s)
            service.background("keep-alive", partial(keep_alive, self._pages, every_s, wait, service.breaker.close))

    async def open(self) -> None:
        """Build the clients that the first messages need."""
        way = self.way()
        await (way if isinstance(way, YouTubeMusic) else way.public).open()

    async def describe(self) -> str:
        """For people: which way is in use, and what it costs."""
        if isinstance(self.way(), YouTubeMusic):
            pause = f"{self._settings.ytmusic_write_interval_s:g} s"
            return f"browser session (ytmusicapi): costs nothing, one change each {pause} on average, ends now and then"
        return (
            f"YouTube Data API: {self._settings.youtube_units_a_day:,} units a day; an addition costs 52, a removal "
            "53, a poll of a private playlist 1, searches and public playlists nothing"
        )

    async def _without_room(self) -> str | None:
        return await self.way().without_room()

    async def _waiting(self) -> str | None:
        way = self.way()
        waiting = await way.waiting() if isinstance(way, DataYouTube) else None
        return "; ".join(each for each in (waiting, await way.paused()) if each) or None

    async def _who(self) -> str | None:
        return await self.way().who()

    async def _until_a_session(self, wait_open: Callable[[], Awaitable[None]], every_s: float) -> None:
        """Return once a browser's session is in use and not known to be refused."""
        await wait_open()
        while not isinstance(self.way(), YouTubeMusic):
            await asyncio.sleep(every_s)
            await wait_open()

    async def _forecast(self) -> str | None:
        way = self.way()
        return await way.forecast() if isinstance(way, DataYouTube) else None

    async def _additions(self) -> AdditionBudget | None:
        way = self.way()
        return await way.additions() if isinstance(way, DataYouTube) else None

    async def close(self) -> None:
        await self._pages.close()
        await self._data.close()


class EitherPlaylist:
    """One playlist, by the way in use. Satisfies `navaar_playlist_gateway.gateway.Playlist`."""

    def __init__(self, youtube: YouTube, by_pages: YouTubePlaylist, by_data: DataPlaylist) -> None:
        self._youtube = youtube
        self.by_pages = by_pages
        self.by_data = by_data

    mark_lag_s = 0.0

    @property
    def at_once(self) -> int:
        """The Data API takes one at a time."""
        now = self._now()
        return now.at_once if isinstance(now, YouTubePlaylist) else 1

    @property
    def facts(self) -> PlaylistFacts | None:
        now = self._now()
        return now.facts if isinstance(now, YouTubePlaylist) else None

    def polled_every(self, interval_s: float) -> None:
        self.by_data.polled_every(interval_s)

    def admit_addition(self) -> None:
        if self._now() is self.by_data:
            self.by_data.admit_addition()

    async def check_for_change(self) -> ChangeCheck:
        return await self._now().check_for_change()

    async def read(self) -> Snapshot:
        return await self._now().read()

    async def read_tail(self, start: int) -> Tail:
        now = self._now()
        return await now.read_tail(start) if isinstance(now, YouTubePlaylist) else Tail((), start, -1)

    async def add(self, external_id: str) -> Addition:
        return await self._now().add(external_id)

    async def add_several(self, external_ids: Sequence[str]) -> Sequence[Addition | None]:
        now = self._now()
        if isinstance(now, YouTubePlaylist):
            return await now.add_several(external_ids)
        # Another sign-in came between: nothing was added, and the next try is one at a time.
        raise RateLimited(0.0, "the way to YouTube has just changed", by_us=True)

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        return await self._now().remove(external_id, set_video_id)

    async def probe(self) -> None:
        await self._now().probe()

    def _now(self) -> YouTubePlaylist | DataPlaylist:
        return self.by_pages if isinstance(self._youtube.way(), YouTubeMusic) else self.by_data


async def check_account(youtube: YouTube, settings: YTMusicSettings) -> tuple[Diagnostic, ...]:
    """For `navaar doctor`: the way in use and what it costs, the sign-in and the account."""
    way = youtube.way()
    in_use = Diagnostic("YouTube Music way", Level.OK, await youtube.describe())
    if isinstance(way, DataYouTube):
        return (in_use, *await data_doctor.check_account(way, settings))
    found = await doctor.check_account(way, settings)
    return found if any(each.level is Level.PROBLEM for each in found) else (*found, in_use)


async def check_playlist(youtube: YouTube, link: Link) -> Diagnostic:
    """For `navaar doctor`: whether this account may edit the link's playlist."""
    way = youtube.way()
    if isinstance(way, DataYouTube):
        return await data_doctor.check_playlist(way, link)
    return await doctor.check_playlist(way, link)
