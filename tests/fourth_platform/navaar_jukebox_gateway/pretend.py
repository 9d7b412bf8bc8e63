"""The pretend service: Jukebox's HTTP API on 127.0.0.1, with the sandbox's songs, faults and lag.

Like Spotify it does not refuse duplicates.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable
from typing import Any, Self

from aiohttp import web

from navaar_sandbox.catalogue import Catalogue
from navaar_sandbox.faults import Gate, kept
from navaar_sandbox.playlist import Playlist

TOKEN = "jukebox-0token0for0tests0only"
PLAYLIST_ID = "evening"


class PretendJukebox:
    """`async with PretendJukebox(catalogue) as jukebox:` serves one playlist."""

    operations = {"add": "add", "remove": "remove", "read": "read", "check": "head"}
    unknown_id = "jb-999999"
    unknown_playlist = "nobody-has-this"

    def __init__(self, catalogue: Catalogue) -> None:
        self.songs = {f"jb-{song.number}": song for song in catalogue.recordings}
        self.gate = Gate(time.time)
        self.playlist = Playlist(PLAYLIST_ID, "Evening", "a person", time.time)
        self._token = TOKEN
        self._url = ""
        self._runner: web.AppRunner | None = None

    def song(self, number: int) -> str:
        """The id of song `number`."""
        return f"jb-{number}"

    def environment(self) -> dict[str, str]:
        """The variables that lead Navaar here."""
        return {
            "NAVAAR_JUKEBOX_API_BASE": self._url,
            "NAVAAR_JUKEBOX_TOKEN": TOKEN,
            "NAVAAR_JUKEBOX_PLAYLIST_ID": PLAYLIST_ID,
        }

    def revoke(self) -> None:
        """From now on the token is refused."""
        self._token = ""

    async def __aenter__(self) -> Self:
        app = web.Application()
        songs = f"/playlists/{PLAYLIST_ID}/songs"
        app.add_routes(
            [
                web.get("/search", self._guarded("search", self._search)),
                web.get(f"/playlists/{PLAYLIST_ID}", self._guarded("head", self._head)),
                web.get(songs, self._guarded("read", self._read)),
                web.post(songs, self._guarded("add", self._add)),
                web.delete(songs + "/{song}", self._guarded("remove", self._remove)),
            ]
        )
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self._url = f"http://{host}:{port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def _guarded(
        self, operation: str, act: Callable[[web.Request], Awaitable[web.StreamResponse]]
    ) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def answer(request: web.Request) -> web.StreamResponse:
            if request.headers.get("Authorization") != f"Bearer {self._token}":
                return _error(401)
            return await self.gate.call(request, "jukebox", operation, lambda: act(request), _error)

        return answer

    async def _search(self, request: web.Request) -> web.Response:
        words = set(_words(request.query["q"]))
        names = {id_: set(_words(f"{' '.join(song.artists)} {song.title}")) for id_, song in self.songs.items()}
        hits = sorted((id_ for id_ in names if words & names[id_]), key=lambda id_: -len(words & names[id_]))
        return web.json_response({"songs": [self._song(id_) for id_ in hits[: int(request.query["limit"])]]})

    async def _head(self, _: web.Request) -> web.Response:
        revision, entries = self.playlist.visible()
        return web.json_response({"version": revision, "count": len(entries)})

    async def _read(self, request: web.Request) -> web.Response:
        revision, entries = self.playlist.visible()
        shown = entries[: kept(request, len(entries))]
        songs = [self._song(entry.item) for entry in shown]
        return web.json_response({"version": revision, "count": len(shown), "songs": songs})

    async def _add(self, request: web.Request) -> web.Response:
        song = str((await request.json())["id"])
        if song not in self.songs:
            return _error(404)
        self.playlist.add([song], by="Navaar")
        return web.json_response({"version": self.playlist.revision})

    async def _remove(self, request: web.Request) -> web.Response:
        song = request.match_info["song"]
        self.playlist.remove(frozenset(entry.slot for entry in self.playlist.entries if entry.item == song))
        return web.json_response({"version": self.playlist.revision})

    def _song(self, id_: str) -> dict[str, Any]:
        song = self.songs[id_]
        return {
            "id": id_,
            "title": song.title,
            "artists": list(song.artists),
            "album": song.album,
            "seconds": song.duration,
            "isrc": song.isrc,
        }


def _error(status: int, retry_after: float | None = None, *_: object) -> web.Response:
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return web.json_response({"error": status}, status=status, headers=headers)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())
