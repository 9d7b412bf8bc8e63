"""The adapter: Jukebox's HTTP on worker threads, every client error translated beside the call."""

from __future__ import annotations

from typing import Any

import requests

from navaar_contracts.music import Candidate, ItemMetadata, Kind
from navaar_jukebox_gateway.settings import PLATFORM, JukeboxSettings
from navaar_playlist_gateway.client_pool import ClientPool
from navaar_playlist_gateway.rate_limit_pause import RateLimitPause, retry_after
from navaar_playlist_gateway.snapshot import Addition, ChangeCheck, PlaylistEntry, Snapshot
from navaar_runtime.failures import AuthRejected, Failure, Permanent, Transient, translate
from navaar_runtime.platform_requests import asking
from navaar_runtime.service import Service

Json = dict[str, Any]


class Refused(Exception):
    """Jukebox answered with an error status."""

    def __init__(self, answer: requests.Response) -> None:
        super().__init__(f"HTTP {answer.status_code}")
        self.status = answer.status_code
        self.retry_after_s = retry_after(answer.headers.get("Retry-After"))


class Jukebox:
    """The one door to Jukebox."""

    def __init__(self, settings: JukeboxSettings) -> None:
        self._settings = settings
        self._pause = RateLimitPause(PLATFORM)
        self._pool: ClientPool[requests.Session] = ClientPool("jukebox", 2, self._build)

    async def call(self, method: str, path: str, *keys: str, **options: Any) -> Json:
        """The answer's JSON, which has `keys`. Raises failures only."""
        self._pause.check()
        operation = "search" if path.startswith("/search") else {"POST": "add", "DELETE": "remove"}.get(method, "read")

        def work(session: requests.Session) -> Json:
            url = self._settings.jukebox_api_base + path
            with asking(PLATFORM, operation, method, url) as answered:
                answer = session.request(method, url, timeout=20, **options)
                answered(answer.status_code)
            if answer.status_code >= 400:
                raise Refused(answer)
            found: Json = answer.json()
            return found

        with translate({Refused: self._refused, requests.RequestException: _broken}):
            found = await self._pool.run(work)
        if not isinstance(found, dict) or not found.keys() >= set(keys):
            raise Transient("Jukebox answered with something else")
        self._pause.over()
        return found

    async def search(self, query: str, limit: int) -> tuple[Candidate, ...]:
        found = await self.call("GET", "/search", "songs", params={"q": query, "limit": str(min(limit, 10))})
        return tuple(_candidate(song) for song in found["songs"])

    def playlist(self, playlist_id: str) -> Playlist:
        return Playlist(self, playlist_id)

    def attach(self, service: Service) -> None:
        """Nothing of its own."""

    async def close(self) -> None:
        self._pool.close()

    def _build(self) -> requests.Session:
        session = requests.Session()
        session.headers["Authorization"] = f"Bearer {self._settings.jukebox_token.get_secret_value()}"
        return session

    def _refused(self, error: BaseException) -> Failure:
        assert isinstance(error, Refused)
        if error.status == 429:
            return self._pause.begin(error.retry_after_s)
        if error.status == 401:
            return AuthRejected("Jukebox does not accept the token: set NAVAAR_JUKEBOX_TOKEN to a valid one")
        if error.status >= 500:
            return Transient(f"Jukebox is in trouble (HTTP {error.status})")
        return Permanent(f"Jukebox refuses the request (HTTP {error.status})")


class Playlist:
    """One playlist."""

    def __init__(self, jukebox: Jukebox, playlist_id: str) -> None:
        self._jukebox = jukebox
        self._path = f"/playlists/{playlist_id}"

    async def check_for_change(self) -> ChangeCheck:
        head = await self._jukebox.call("GET", self._path, "version", "count")
        return ChangeCheck(str(head["version"]), int(head["count"]))

    async def read(self) -> Snapshot:
        page = await self._jukebox.call("GET", f"{self._path}/songs", "version", "count", "songs")
        entries = tuple(PlaylistEntry(song["id"], _item(song)) for song in page["songs"])
        return Snapshot(entries, str(page["version"]), int(page["count"]))

    async def add(self, external_id: str) -> Addition:
        added = await self._jukebox.call("POST", f"{self._path}/songs", "version", json={"id": external_id})
        return Addition(mark=str(added["version"]))

    async def remove(self, external_id: str, set_video_id: str | None) -> bool:
        await self._jukebox.call("DELETE", f"{self._path}/songs/{external_id}")
        return True

    async def probe(self) -> None:
        await self.check_for_change()


def _broken(error: BaseException) -> Failure:
    return Transient(f"talking to Jukebox failed ({type(error).__name__})")


def _candidate(song: Json) -> Candidate:
    return Candidate(
        id=song["id"],
        title=song["title"],
        artists=tuple(song["artists"]),
        album=song["album"],
        duration_s=song["seconds"],
        isrc=song["isrc"],
        url=PLATFORM.spec.item_url(song["id"], None),
    )


def _item(song: Json) -> ItemMetadata:
    return ItemMetadata(
        title=song["title"],
        artists=tuple(song["artists"]),
        album=song["album"],
        duration_s=song["seconds"],
        isrc=song["isrc"],
        kind=Kind.SONG,
        url=PLATFORM.spec.item_url(song["id"], None),
    )
