"""The pretend Spotify Web API, as a development-mode app meets it since March 2026.

Playlist content is under /items, searches give at most ten, batch look-ups are gone, adding checks no duplicates,
every change gives a new snapshot_id. Source: the Web API reference and the February 2026 migration guide.
"""

import json
import re
from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import urlencode

from aiohttp import web

from navaar_sandbox import spotify_objects as objects
from navaar_sandbox.faults import Gate, kept
from navaar_sandbox.playlist import Playlist
from navaar_sandbox.spotify_accounts import AccessToken
from navaar_sandbox.spotify_fields import select
from navaar_sandbox.spotify_state import WORDS, Spotify, SpotifyRefused

Json = dict[str, Any]
SEARCH_LIMIT = 10
ITEMS_LIMIT = 50
ADD_LIMIT = 100
FURTHEST = 10_000  # offset

_ID = re.compile(r"[0-9A-Za-z]{22}")


class SpotifyServer:
    """The HTTP side. `api_base` and `media_base` are its own address (ending in /v1) and that of covers."""

    def __init__(
        self, state: Spotify, gate: Gate, *, api_base: Callable[[], str], media_base: Callable[[], str]
    ) -> None:
        self._state = state
        self._gate = gate
        self._api_base = api_base
        self._media_base = media_base

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`, which stands for https://api.spotify.com/v1."""
        return [web.route("*", prefix + "/{path:.*}", self._any)]

    async def _any(self, request: web.Request) -> web.StreamResponse:
        path = request.match_info["path"].strip("/")
        body = await request.read()
        operation, handler = self._route(request.method, path)
        act = partial(self._answer, request, handler, body)
        return await self._gate.call(request, "spotify", operation, act, shape, detail=request.query.get("q", ""))

    def _route(self, method: str, path: str) -> tuple[str, Callable[[web.Request, AccessToken, Any], tuple[int, Json]]]:
        parts = path.split("/")
        match method, parts:
            case "GET", ["me"]:
                return "me", self._me
            case "GET", ["me", "playlists"]:
                return "me.playlists", self._my_playlists
            case "POST", ["me", "playlists"]:
                return "playlist.create", self._create
            case "GET", ["search"]:
                return "search", self._search
            case "GET", ["tracks", track_id] if track_id:
                return "track", partial(self._track, track_id)
            case "GET", ["playlists", playlist_id]:
                return "playlist", partial(self._playlist, playlist_id)
            case "PUT", ["playlists", playlist_id]:
                return "playlist.change", partial(self._change, playlist_id)
            case _, ["playlists", playlist_id, "items"]:
                handlers = {
                    "GET": ("items", self._items),
                    "POST": ("items.add", self._add),
                    "PUT": ("items.reorder", self._reorder),
                    "DELETE": ("items.remove", self._remove),
                }
                if method in handlers:
                    name, handler = handlers[method]
                    return name, partial(handler, playlist_id)
            case _, ["playlists", _, "tracks"]:
                return "tracks.gone", _gone
            case "GET", ["tracks" | "artists" | "albums"] | ["users", _, "playlists"]:
                return "batch.gone", _gone
        return "unknown", _unknown

    async def _answer(
        self, request: web.Request, handler: Callable[[web.Request, AccessToken, Any], tuple[int, Json]], body: bytes
    ) -> web.Response:
        try:
            token = self._token(request)
            self._state.admit()
            try:
                payload = json.loads(body) if body else None
            except ValueError:
                raise SpotifyRefused(400, "Error parsing JSON.") from None
            status, answer = handler(request, token, payload)
            return web.json_response(answer, status=status)
        except SpotifyRefused as refusal:
            return _error(refusal.status, str(refusal), refusal.retry_after)

    def _token(self, request: web.Request) -> AccessToken:
        authorization = request.headers.get("Authorization", "")
        if not authorization.startswith("Bearer "):
            raise SpotifyRefused(401, "No token provided")
        token = self._state.accounts.token(authorization)
        if token is None:
            raise SpotifyRefused(401, "Invalid access token")
        if token.ends <= self._state.now():
            raise SpotifyRefused(401, "The access token expired")
        if not self._state.premium:
            raise SpotifyRefused(403, "Active premium subscription required for the owner of the app.")
        return token

    # -- playlists --------------------------------------------------------------------------------------------

    def _readable(self, playlist_id: str, token: AccessToken) -> Playlist:
        if not _ID.fullmatch(playlist_id):
            raise SpotifyRefused(400, "Invalid base62 id")
        playlist = self._state.playlists.get(playlist_id)
        if playlist is None:
            raise SpotifyRefused(404, "Resource not found")
        if not playlist.public and (token.user != playlist.owner or "playlist-read-private" not in token.scope.split()):
            raise SpotifyRefused(404, "Resource not found")
        return playlist

    def _writable(self, playlist_id: str, token: AccessToken) -> Playlist:
        playlist = self._readable(playlist_id, token)
        if token.user != playlist.owner:
            raise SpotifyRefused(403, "Forbidden")
        if f"playlist-modify-{'public' if playlist.public else 'private'}" not in token.scope.split():
            raise SpotifyRefused(403, "Insufficient client scope")
        return playlist

    def _page(self, request: web.Request, playlist: Playlist, limit: int, offset: int) -> Json:
        _, entries = playlist.visible()
        entries = entries[: kept(request, len(entries))]
        item_key = "track" if self._state.old_shape else "item"
        known = self._state.catalogue.entries
        additional = request.query.get("additional_types", "track")
        rows = [
            objects.playlist_row(
                place,
                known.get(place.item),
                self._media_base(),
                episodes="episode" in additional.split(","),
                item_key=item_key,
            )
            for place in entries[offset : offset + limit]
        ]
        href = f"{self._api_base()}/playlists/{playlist.id}/items?{urlencode({'additional_types': additional})}"
        if request.query.get("fields") and request.path.endswith("/items"):
            href += f"&{urlencode({'fields': request.query['fields']})}"
        return objects.paging(rows, href=href, limit=limit, offset=offset, total=len(entries))

    def _playlist(self, playlist_id: str, request: web.Request, token: AccessToken, _: Any) -> tuple[int, Json]:
        playlist = self._readable(playlist_id, token)
        shown = objects.playlist_head(playlist, self._state.shown_snapshot(playlist), self._media_base()) | {
            "followers": {"href": None, "total": 0}
        }
        # Since March 2026 only the owner and collaborators see what is inside.
        if token.user == playlist.owner or self._state.old_shape:
            shown["tracks" if self._state.old_shape else "items"] = self._page(request, playlist, ITEMS_LIMIT * 2, 0)
        return 200, select(shown, request.query.get("fields"))

    def _items(self, playlist_id: str, request: web.Request, token: AccessToken, _: Any) -> tuple[int, Json]:
        playlist = self._readable(playlist_id, token)
        if token.user != playlist.owner:
            raise SpotifyRefused(403, "Forbidden")
        limit, offset = _bounds(request, most=ITEMS_LIMIT, default=20)
        return 200, select(self._page(request, playlist, limit, offset), request.query.get("fields"))

    def _add(self, playlist_id: str, request: web.Request, token: AccessToken, body: Any) -> tuple[int, Json]:
        playlist = self._writable(playlist_id, token)
        options = body if isinstance(body, dict) else {}
        uris = options.get("uris") if options else body
        uris = uris or (request.query.get("uris") or "").split(",")
        position = options.get("position", request.query.get("position"))
        ids = [self._known(uri) for uri in uris]
        if len(ids) > ADD_LIMIT:
            raise SpotifyRefused(400, "You can add a maximum of 100 tracks per request.")
        if len(playlist.entries) + len(ids) > self._state.most:
            raise SpotifyRefused(self._state.full_status, "Playlist size limit reached")
        if position is not None and not 0 <= int(position) <= len(playlist.entries):
            raise SpotifyRefused(400, "Index out of bounds.")
        playlist.add(ids, by=self._state.accounts.user, position=None if position is None else int(position))
        return 201, {"snapshot_id": objects.snapshot_id(playlist, playlist.revision)}

    def _known(self, uri: Any) -> str:
        kind, _, track_id = str(uri).removeprefix("spotify:").partition(":")
        if kind != "track" or not _ID.fullmatch(track_id):
            raise SpotifyRefused(400, f"Invalid track uri: {uri}")
        if track_id not in self._state.catalogue.entries:
            raise SpotifyRefused(400, "Payload contains a non-existing ID")
        return track_id

    def _remove(self, playlist_id: str, _: web.Request, token: AccessToken, body: Any) -> tuple[int, Json]:
        playlist = self._writable(playlist_id, token)
        wanted: list[Json] = (body or {}).get("items") or []
        if not wanted:
            raise SpotifyRefused(400, "No uris provided")
        # Against a snapshot, only what stood in that version is removed: newer additions stay.
        seen = playlist.entries
        if body.get("snapshot_id"):
            revision = objects.revision_of(playlist, body["snapshot_id"])
            found = None if revision is None else playlist.version(revision)
            stale = self._state.snapshot_lag > 0 and revision != playlist.revision
            if found is None or stale:
                raise SpotifyRefused(400, "Invalid snapshot id")
            seen = found
        slots = set()
        for one in wanted:
            uri = str(one.get("uri", ""))
            positions = one.get("positions")
            for index, place in enumerate(seen):
                if uri == _uri(place.item, place.kind) and (positions is None or index in positions):
                    slots.add(place.slot)
        if slots:
            playlist.remove(frozenset(slots))
        return 200, {"snapshot_id": objects.snapshot_id(playlist, playlist.revision)}

    def _reorder(self, playlist_id: str, _: web.Request, token: AccessToken, body: Any) -> tuple[int, Json]:
        playlist = self._writable(playlist_id, token)
        body = body or {}
        if "uris" in body:
            ids = [self._known(uri) for uri in body["uris"]]
            playlist.set([])
            if ids:
                playlist.add(ids, by=self._state.accounts.user)
        else:
            start, length = int(body.get("range_start", -1)), int(body.get("range_length", 1))
            before = int(body.get("insert_before", -1))
            if not (0 <= start < len(playlist.entries) and 0 <= before <= len(playlist.entries) and length > 0):
                raise SpotifyRefused(400, "Index out of bounds.")
            if body.get("snapshot_id") and objects.revision_of(playlist, body["snapshot_id"]) is None:
                raise SpotifyRefused(400, "Invalid snapshot id")
            playlist.move(start, before, length)
        return 200, {"snapshot_id": objects.snapshot_id(playlist, playlist.revision)}

    def _change(self, playlist_id: str, _: web.Request, token: AccessToken, body: Any) -> tuple[int, Json]:
        playlist = self._writable(playlist_id, token)
        playlist.title = str((body or {}).get("name", playlist.title))
        playlist.description = str((body or {}).get("description", playlist.description))
        playlist.public = bool((body or {}).get("public", playlist.public))
        return 200, {}

    def _my_playlists(self, request: web.Request, token: AccessToken, _: Any) -> tuple[int, Json]:
        limit, offset = _bounds(request, most=50, default=20)
        mine = [one for one in self._state.playlists.values() if one.owner == token.user]
        shown = []
        for one in mine[offset : offset + limit]:
            _, entries = one.visible()
            head = objects.playlist_head(one, self._state.shown_snapshot(one), self._media_base())
            shown.append(
                head | {"items": {"href": f"{self._api_base()}/playlists/{one.id}/items", "total": len(entries)}}
            )
        return 200, objects.paging(
            shown, href=f"{self._api_base()}/me/playlists", limit=limit, offset=offset, total=len(mine)
        )

    def _create(self, _: web.Request, token: AccessToken, body: Any) -> tuple[int, Json]:
        public = bool((body or {}).get("public", True))
        if f"playlist-modify-{'public' if public else 'private'}" not in token.scope.split():
            raise SpotifyRefused(403, "Insufficient client scope")
        if not (body or {}).get("name"):
            raise SpotifyRefused(400, "Missing required field: name")
        playlist = self._state.create(str(body["name"]), public=public)
        playlist.description = str(body.get("description") or "")
        return 201, objects.playlist_head(
            playlist, objects.snapshot_id(playlist, playlist.revision), self._media_base()
        )

    # -- the catalogue ----------------------------------------------------------------------------------------

    def _me(self, _: web.Request, token: AccessToken, __: Any) -> tuple[int, Json]:
        if token.user is None:
            raise SpotifyRefused(401, "Valid user authentication required")
        return 200, objects.user(token.user) | {"images": []}

    def _track(self, track_id: str, _: web.Request, __: AccessToken, ___: Any) -> tuple[int, Json]:
        if not _ID.fullmatch(track_id):
            raise SpotifyRefused(400, "Invalid base62 id")
        entry = self._state.catalogue.entries.get(track_id)
        if entry is None:
            raise SpotifyRefused(404, "Resource not found")
        return 200, objects.track(entry, self._media_base())

    def _search(self, request: web.Request, _: AccessToken, __: Any) -> tuple[int, Json]:
        query = request.query.get("q", "")
        if not query.strip():
            raise SpotifyRefused(400, "No search query")
        if len(query) > 250:
            raise SpotifyRefused(400, "Query exceeds maximum length of 250 characters")
        limit, offset = _bounds(request, most=SEARCH_LIMIT, default=5)
        kinds = request.query.get("type", "").split(",")
        if not set(kinds) <= {"track", "album", "artist", "playlist", "show", "episode", "audiobook"}:
            raise SpotifyRefused(400, "Bad search type field" if kinds != [""] else "Missing parameter type")
        hits = self._state.find(query) if "track" in kinds else []
        hits = hits[: kept(request, len(hits))]
        shown = [objects.track(entry, self._media_base()) for entry in hits[offset : offset + limit]]
        href = f"{self._api_base()}/search?{urlencode({'q': query, 'type': request.query['type']})}"
        answer: Json = {
            f"{kind}s": objects.paging([], href=href, limit=limit, offset=offset, total=0) for kind in kinds
        }
        if "track" in kinds:
            answer["tracks"] = objects.paging(shown, href=href, limit=limit, offset=offset, total=len(hits))
        return 200, answer


def _bounds(request: web.Request, *, most: int, default: int) -> tuple[int, int]:
    try:
        limit, offset = int(request.query.get("limit", default)), int(request.query.get("offset", 0))
    except ValueError:
        raise SpotifyRefused(400, "Invalid limit") from None
    if not 1 <= limit <= most:
        raise SpotifyRefused(400, "Invalid limit")
    if not 0 <= offset <= FURTHEST:
        raise SpotifyRefused(400, "Invalid offset")
    return limit, offset


def _uri(item: str, kind: str) -> str:
    if kind == "local":
        return str(objects.local_track(item)["uri"])
    return str(objects.episode(item)["uri"]) if kind == "episode" else f"spotify:track:{item}"


def _gone(_: web.Request, __: AccessToken, ___: Any) -> tuple[int, Json]:
    raise SpotifyRefused(403, "Forbidden")


def _unknown(_: web.Request, __: AccessToken, ___: Any) -> tuple[int, Json]:
    raise SpotifyRefused(404, "Service not found")


def _error(status: int, message: str, retry_after: int | None = None) -> web.Response:
    response = web.json_response({"error": {"status": status, "message": message}}, status=status)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def shape(status: int, retry_after: int | None) -> web.Response:
    """A Web API error as a fault asks for it; a 429 always says how long to wait."""
    wait = retry_after if retry_after is not None else 5 if status == 429 else None
    return _error(status, WORDS.get(status, "Unknown error"), wait)
