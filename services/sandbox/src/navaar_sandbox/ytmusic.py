"""The pretend YouTube Music: the InnerTube calls that ytmusicapi 1.12.3 makes, for one account.

A playlist answers in pages of a hundred; an edit is all or nothing; a refused edit is HTTP 200 with STATUS_FAILED.
"""

import base64
import json
import math
import secrets
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

from aiohttp import web

from navaar_sandbox import ytmusic_edits as edits
from navaar_sandbox import ytmusic_pages as pages
from navaar_sandbox.catalogue import Catalogue, Entry, entry_id
from navaar_sandbox.faults import Gate, kept
from navaar_sandbox.google import GoogleAccount
from navaar_sandbox.limits import Allowance, Pause
from navaar_sandbox.playlist import Playlist, PlaylistEntry
from navaar_sandbox.search import SearchIndex

Json = dict[str, Any]
PAGE = 100  # playlist rows
HITS = 20  # search rows
MOST = 5000  # entries in a playlist
BLOCKED = "This functionality is not available right now. Please try again later."
ACCOUNT = "Sandbox Listener"

_STATUS = {
    400: "INVALID_ARGUMENT", 401: "UNAUTHENTICATED", 403: "PERMISSION_DENIED", 404: "NOT_FOUND", 409: "ABORTED",
    429: "RESOURCE_EXHAUSTED", 500: "INTERNAL", 503: "UNAVAILABLE",
}  # fmt: skip
_WORDS = {
    400: "Request contains an invalid argument.",
    401: "Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid "
    "authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.",
    403: "The caller does not have permission",
    404: "Requested entity was not found.",
    409: "The operation was aborted.",
    429: "Resource has been exhausted (e.g. check quota).",
    500: "Internal error encountered.",
    503: "The service is currently unavailable.",
}


class YouTubeRefused(Exception):
    """An InnerTube error with this HTTP status."""

    def __init__(self, status: int, message: str | None = None) -> None:
        super().__init__(message or _WORDS[status])
        self.status = status


class YouTubeMusic:
    """State: the account's playlists, videos that were taken down ("private" or "deleted" by video id), and videos in
    which one hears something else than they are called (a recording and its seconds by video id)."""

    def __init__(self, catalogue: Catalogue, account: GoogleAccount, now: Callable[[], float]) -> None:
        self.catalogue = catalogue
        self.account = account
        self.now = now
        self.playlists: dict[str, Playlist] = {}
        self.taken_down: dict[str, str] = {}
        self.most = MOST  # entries that a playlist may hold
        self.counts_in_words = False  # headers say "No tracks" and "1 thousand tracks" instead of digits
        self.page_lag = 0.0  # seconds until pages show what was changed by the Data API or otherwise
        self.shown_as: dict[str, str] = {}  # videos that lists show as another one, by video id
        # Songs added to playlists, and other changes, until the account is blocked for a while.
        self.edits = Allowance(None, math.inf, now)
        self.pause = Pause(now)  # every request is answered with 429
        self.mislabelled: dict[str, tuple[str, int]] = {}
        entries = list(catalogue.of_platform("youtube"))
        self._songs = SearchIndex(entry for entry in entries if entry.video_type == "MUSIC_VIDEO_TYPE_ATV")
        self._videos = SearchIndex(entry for entry in entries if entry.video_type != "MUSIC_VIDEO_TYPE_ATV")
        self._all = SearchIndex(entries)

    def swap(self, every: int) -> None:
        """Let lists show the video of each song whose number is a multiple of `every` where its album track was added.

        0 lets them show what was added.
        """
        songs = self.catalogue.recordings[::every] if every else ()
        pairs = ((entry_id("youtube", one.isrc, "original"), entry_id("youtube", one.isrc, "video")) for one in songs)
        self.shown_as = {added: shown for added, shown in pairs if shown in self.catalogue.entries}

    def create(self, title: str, *, playlist_id: str | None = None, public: bool = False) -> Playlist:
        """A new playlist of the account."""
        playlist_id = playlist_id or f"PL{secrets.token_urlsafe(24)[:32]}"
        return self.playlists.setdefault(playlist_id, Playlist(playlist_id, title, ACCOUNT, self.now, public=public))

    def find(self, query: str, what: str) -> list[Entry]:
        """Search hits ("songs", "videos" or "all") without those taken down."""
        index = {"songs": self._songs, "videos": self._videos}.get(what, self._all)
        return [entry for entry in index.find(query) if entry.id not in self.taken_down]

    def kind_of(self, place: PlaylistEntry) -> PlaylistEntry:
        """The entry as shown now: a video taken down later is greyed out or deleted wherever it stands, and some are
        shown as another upload of the same recording."""
        if place.item in self.shown_as:
            place = replace(place, item=self.shown_as[place.item])
        taken = self.taken_down.get(place.item)
        if taken is None or place.kind != "track":
            return place
        return PlaylistEntry(
            place.item, place.slot, place.added_at, place.added_by, "unavailable" if taken == "private" else "deleted"
        )


class YouTubeMusicServer:
    """The HTTP side. `media_base` is the address covers come from."""

    def __init__(self, state: YouTubeMusic, gate: Gate, media_base: Callable[[], str]) -> None:
        self._state = state
        self._gate = gate
        self._media_base = media_base

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`, which stands for https://music.youtube.com."""
        return [
            web.get(prefix, self._home),
            web.get(prefix + "/", self._home),
            web.post(prefix + "/youtubei/v1/{endpoint:.+}", self._endpoint),
        ]

    async def _home(self, request: web.Request) -> web.StreamResponse:
        async def act() -> web.Response:
            visitor = base64.urlsafe_b64encode(secrets.token_bytes(18)).decode()
            script = f'ytcfg.set({{"VISITOR_DATA": "{visitor}", "INNERTUBE_CLIENT_NAME": "WEB_REMIX"}});'
            page = f"<!DOCTYPE html><html><head><title>YouTube Music</title><script>{script}</script></head></html>"
            return web.Response(text=page, content_type="text/html")

        return await self._gate.call(request, "youtube", "home", act, shape)

    async def _endpoint(self, request: web.Request) -> web.StreamResponse:
        endpoint = request.match_info["endpoint"]
        try:
            body: Json = json.loads(await request.read() or b"{}")
        except ValueError:
            return shape(400, None)
        act = partial(self._answer, request, endpoint, body)
        return await self._gate.call(
            request, "youtube", _operation(endpoint, body), act, shape, detail=str(body.get("query", ""))
        )

    async def _answer(self, request: web.Request, endpoint: str, body: Json) -> web.Response:
        try:
            wait = self._state.pause.refuses()
            if wait:
                return shape(429, wait if self._state.pause.says_how_long else None)
            signed_in = self._state.account.signed_in(request.headers)
            if signed_in is False:
                raise YouTubeRefused(401)
            if self._state.account.refuses_oauth and request.headers.get("Authorization", "").startswith("Bearer "):
                raise YouTubeRefused(400)
            if "client" not in body.get("context", {}):
                raise YouTubeRefused(400)
            handlers: dict[str, Callable[[web.Request, Json, bool], Json]] = {
                "browse": self._browse,
                "search": self._search,
                "browse/edit_playlist": self._edit,
                "playlist/create": self._create,
                "playlist/delete": self._delete,
                "player": self._player,
                "account/account_menu": self._account_menu,
            }
            if endpoint not in handlers:
                raise YouTubeRefused(404)
            if endpoint not in ("browse", "search", "player", "account/account_menu"):
                if not signed_in:
                    raise YouTubeRefused(401, "You must be signed in to perform this operation.")
                if self._state.account.read_only:
                    raise YouTubeRefused(401)
            answer = handlers[endpoint](request, body, bool(signed_in))
            response = web.json_response(answer | {"responseContext": pages.context(signed_in=bool(signed_in))})
            if signed_in and self._state.account.renews_cookies:
                for header in self._state.account.renew():
                    response.headers.add("Set-Cookie", header)
            return response
        except YouTubeRefused as refusal:
            return _error(refusal.status, str(refusal))

    def _browse(self, request: web.Request, body: Json, signed_in: bool) -> Json:
        if "continuation" in body:
            playlist_id, _, start = _open_token(body["continuation"]).partition("|")
            return self._rows(request, self._readable(playlist_id, signed_in), int(start), signed_in)
        browse_id = str(body.get("browseId", ""))
        if browse_id == "FEmusic_liked_playlists":
            if not signed_in:
                raise YouTubeRefused(401)
            return pages.library_playlists(list(self._state.playlists.values()), self._media_base())
        if not browse_id.startswith("VL"):
            raise YouTubeRefused(400)
        return self._rows(request, self._readable(browse_id[2:], signed_in), 0, signed_in)

    def _readable(self, playlist_id: str, signed_in: bool) -> Playlist:
        playlist = self._state.playlists.get(playlist_id)
        if playlist is None or not (signed_in or playlist.public or playlist.collaborative):
            raise YouTubeRefused(404)
        return playlist

    def _rows(self, request: web.Request, playlist: Playlist, start: int, signed_in: bool) -> Json:
        owned = signed_in and not playlist.collaborative
        entries = [self._state.kind_of(place) for place in playlist.visible(self._state.page_lag)[1]]
        entries = entries[: kept(request, len(entries))]
        known = self._state.catalogue.entries
        rows = [
            pages.playlist_item(place, known.get(place.item), playlist.id, self._media_base(), editable=signed_in)
            for place in entries[start : start + PAGE]
        ]
        if start + PAGE < len(entries):
            rows.append(pages.continuation_item(_token(f"{playlist.id}|{start + PAGE}")))
        if start:
            return pages.more_rows(rows)
        seconds = sum(known[place.item].duration for place in entries if place.item in known)
        return pages.playlist_page(
            playlist, rows, len(entries), seconds, self._media_base(), owned=owned, in_words=self._state.counts_in_words
        )

    def _search(self, request: web.Request, body: Json, _: bool) -> Json:
        base = self._media_base()
        if "continuation" in request.query:
            what, start, query = _open_token(request.query["continuation"]).split("|", 2)
            hits = self._state.find(query, what)
            return pages.more_hits(
                hits[int(start) : int(start) + HITS], base, _next(what, int(start), query, len(hits))
            )
        query = str(body.get("query", ""))
        if not query:
            raise YouTubeRefused(400)
        what = _wanted(str(body.get("params", "")))
        hits = self._state.find(query, what)
        hits = hits[: kept(request, len(hits))]
        if what in ("songs", "videos"):
            return pages.filtered_search(what.title(), hits[:HITS], base, _next(what, 0, query, len(hits)))
        if what == "other" or not hits:
            return pages.search_page([])
        songs = [entry for entry in hits[1:] if entry.video_type == "MUSIC_VIDEO_TYPE_ATV"]
        videos = [entry for entry in hits[1:] if entry.video_type != "MUSIC_VIDEO_TYPE_ATV"]
        return pages.mixed_search(hits[0], songs[:4], videos[:4], base)

    def _edit(self, _: web.Request, body: Json, __: bool) -> Json:
        playlist = self._state.playlists.get(str(body.get("playlistId", "")))
        actions: list[Json] = body.get("actions") or []
        if not self._state.edits.take(max(1, len(actions))):
            raise YouTubeRefused(400, BLOCKED)
        if playlist is None:
            raise YouTubeRefused(404)
        if not actions:
            raise YouTubeRefused(400)
        adds = [
            action for action in actions if action.get("action") == "ACTION_ADD_VIDEO" and action.get("addedVideoId")
        ]
        refusal = self._refusal(playlist, adds)
        if refusal:
            return edits.refused(refusal)
        pairs = []
        for action in actions:
            if action in adds:
                [place] = playlist.add([action["addedVideoId"]], by=ACCOUNT)
                pairs.append((place.item, place.slot))
            elif not self._apply(playlist, action):
                return edits.refused("Something went wrong")
        return edits.added(pairs)

    def _refusal(self, playlist: Playlist, adds: list[Json]) -> str | None:
        """Why none of the videos may be added, None if all may."""
        present = {place.item for place in playlist.entries}
        for action in adds:
            video_id = action["addedVideoId"]
            if len(video_id) != 11:
                raise YouTubeRefused(400)
            if video_id not in self._state.catalogue.entries or video_id in self._state.taken_down:
                raise YouTubeRefused(404)
            if video_id in present and action.get("dedupeOption") != "DEDUPE_OPTION_SKIP":
                return "This track is already in the playlist"
            present.add(video_id)
        if len(playlist.entries) + len(adds) > self._state.most:
            raise YouTubeRefused(400, "Maximum playlist size exceeded.")
        return None

    def _apply(self, playlist: Playlist, action: Json) -> bool:
        """One action that is not an addition; False if it could not be done."""
        slots = [place.slot for place in playlist.entries]
        name = action.get("action")
        if name == "ACTION_REMOVE_VIDEO":
            if action.get("setVideoId") not in slots:
                return False
            playlist.remove(frozenset([action["setVideoId"]]))
        elif name == "ACTION_MOVE_VIDEO_BEFORE":
            successor = action.get("movedSetVideoIdSuccessor")
            if action.get("setVideoId") not in slots or (successor is not None and successor not in slots):
                return False
            before = slots.index(successor) if successor is not None else len(slots)
            playlist.move(slots.index(action["setVideoId"]), before)
        elif name == "ACTION_SET_PLAYLIST_NAME":
            playlist.title = str(action.get("playlistName"))
        elif name == "ACTION_SET_PLAYLIST_DESCRIPTION":
            playlist.description = str(action.get("playlistDescription"))
        elif name == "ACTION_SET_PLAYLIST_PRIVACY":
            playlist.public = action.get("playlistPrivacy") != "PRIVATE"
        elif name != "ACTION_ADD_VIDEO":  # an addition without a video asks only for the results
            raise YouTubeRefused(400)
        return True

    def _create(self, _: web.Request, body: Json, __: bool) -> Json:
        title = str(body.get("title") or "")
        if not title:
            raise YouTubeRefused(400)
        playlist = self._state.create(title, public=body.get("privacyStatus") == "PUBLIC")
        playlist.description = str(body.get("description") or "")
        wanted: list[str] = body.get("videoIds") or []
        if wanted:
            playlist.add([one for one in wanted if one in self._state.catalogue.entries], by=ACCOUNT)
        return {"responseContext": {}, "playlistId": playlist.id}

    def _delete(self, _: web.Request, body: Json, __: bool) -> Json:
        if self._state.playlists.pop(str(body.get("playlistId")), None) is None:
            raise YouTubeRefused(404)
        return {"responseContext": {}, "status": "STATUS_SUCCEEDED"}

    def _player(self, _: web.Request, body: Json, __: bool) -> Json:
        video_id = str(body.get("videoId") or body.get("video_id") or "")
        entry = self._state.catalogue.entries.get(video_id)
        return pages.player(entry, video_id, self._state.taken_down.get(video_id), self._media_base())

    def _account_menu(self, _: web.Request, __: Json, signed_in: bool) -> Json:
        return pages.account_menu(ACCOUNT if signed_in else None, self._media_base())


def _operation(endpoint: str, body: Json) -> str:
    """The name in the call log: edits are told apart, and a playlist's first page from the rest."""
    if endpoint == "browse/edit_playlist":
        kinds = {str(action.get("action")) for action in body.get("actions") or []}
        for word, action in (
            ("add", "ACTION_ADD_VIDEO"),
            ("remove", "ACTION_REMOVE_VIDEO"),
            ("move", "ACTION_MOVE_VIDEO_BEFORE"),
        ):
            if action in kinds:
                return f"edit_playlist.{word}"
        return "edit_playlist"
    if endpoint == "browse" and "continuation" in body:
        return "browse.more"
    return endpoint


def _wanted(params: str) -> str:
    """Which filter ytmusicapi's opaque search parameter stands for."""
    if not params or params.startswith("EhGKAQ"):
        return "all"
    return {"EgWKAQII": "songs", "EgWKAQIQ": "videos"}.get(params[:8], "other")


def _next(what: str, start: int, query: str, hits: int) -> str | None:
    return _token(f"{what}|{start + HITS}|{query}") if start + HITS < hits else None


def _token(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def _open_token(token: str) -> str:
    try:
        return base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)).decode()
    except ValueError:
        raise YouTubeRefused(400) from None


def _error(status: int, message: str) -> web.Response:
    reason = {401: "authError", 404: "notFound", 429: "rateLimitExceeded"}.get(
        status, "badRequest" if status < 500 else "backendError"
    )
    details = [{"message": message, "domain": "global", "reason": reason}]
    body = {"code": status, "message": message, "errors": details, "status": _STATUS.get(status, "UNKNOWN")}
    return web.json_response({"error": body}, status=status)


def shape(status: int, retry_after: int | None) -> web.Response:
    """An InnerTube error as a fault asks for it."""
    response = _error(status, _WORDS.get(status, "Unknown error."))
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response
