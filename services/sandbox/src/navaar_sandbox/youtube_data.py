"""The pretend YouTube Data API v3, over the same playlists as YouTube Music's pages: units, pages, items, errors.

Source: https://developers.google.com/youtube/v3/docs and .../docs/errors. An insert asks for nothing that is there: the
same video twice makes two items.
"""

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from aiohttp import web

from navaar_sandbox.catalogue import Entry
from navaar_sandbox.faults import Gate, kept
from navaar_sandbox.playlist import Playlist, PlaylistEntry
from navaar_sandbox.ytmusic import ACCOUNT, YouTubeMusic

Json = dict[str, Any]

PRICES = {"items.list": 1, "items.insert": 50, "items.delete": 50, "playlists.list": 1, "videos.list": 1}
UNITS = 10_000  # a day, for a project
MOST_RESULTS = 50
CHANNEL = "UCsandbox0listener000000"
QUOTA = (
    "The request cannot be completed because you have exceeded your "
    '<a href="/youtube/v3/getting-started#quota">quota</a>.'
)
_PACIFIC = ZoneInfo("America/Los_Angeles")


class DataRefused(Exception):
    """An error of the API."""

    def __init__(self, status: int, reason: str, message: str, domain: str = "global") -> None:
        super().__init__(message)
        self.status = status
        self.reason = reason
        self.domain = domain


@dataclass
class YouTubeData:
    """State: what of the project's units is used up today, by operation, and how the API behaves."""

    youtube: YouTubeMusic
    units: int = UNITS
    enabled: bool = True  # the project has the API
    stranger: bool = False  # the playlists belong to another channel
    day: str = ""
    spent: dict[str, int] = field(default_factory=dict)  # operation -> units

    @property
    def units_spent(self) -> int:
        """Units used up today."""
        self._turn_page()
        return sum(self.spent.values())

    def charge(self, operation: str) -> None:
        """Count a request; DataRefused when the day's units do not suffice."""
        price = PRICES[operation]
        if self.units_spent + price > self.units:
            raise DataRefused(403, "quotaExceeded", QUOTA, "youtube.quota")
        self.spent[operation] = self.spent.get(operation, 0) + price

    def _turn_page(self) -> None:
        today = datetime.fromtimestamp(self.youtube.now(), UTC).astimezone(_PACIFIC).date().isoformat()
        if today != self.day:
            self.day, self.spent = today, {}


class YouTubeDataServer:
    """The HTTP side. `media_base` is the address covers come from."""

    def __init__(self, state: YouTubeData, gate: Gate, media_base: Callable[[], str]) -> None:
        self._state = state
        self._youtube = state.youtube
        self._gate = gate
        self._media_base = media_base

    def routes(self, prefix: str) -> list[web.RouteDef]:
        """The routes, below `prefix`, which stands for https://www.googleapis.com."""
        api = prefix + "/youtube/v3"
        return [
            web.get(api + "/playlistItems", self._handle("items.list", self._items)),
            web.post(api + "/playlistItems", self._handle("items.insert", self._insert)),
            web.delete(api + "/playlistItems", self._handle("items.delete", self._delete)),
            web.get(api + "/playlists", self._handle("playlists.list", self._playlists)),
            web.get(api + "/videos", self._handle("videos.list", self._videos)),
        ]

    def _handle(
        self, operation: str, answer: Callable[[web.Request, Json], Json | None]
    ) -> Callable[[web.Request], Any]:
        async def handler(request: web.Request) -> web.StreamResponse:
            async def act() -> web.Response:
                try:
                    self._admit(request, operation)
                    body = await _body(request) if request.method == "POST" else {}
                    answered = answer(request, body)
                except DataRefused as refusal:
                    return _error(refusal.status, refusal.reason, str(refusal), refusal.domain)
                return web.Response(status=204) if answered is None else web.json_response(answered)

            return await self._gate.call(request, "youtube", operation, act, shape)

        return handler

    def _admit(self, request: web.Request, operation: str) -> None:
        bearer = request.headers.get("Authorization", "").startswith("Bearer ")
        if not bearer or not self._youtube.account.signed_in(request.headers):
            raise DataRefused(
                401, "authError", "Request had invalid authentication credentials. Expected OAuth 2 access token."
            )
        if not self._state.enabled:
            raise DataRefused(
                403,
                "accessNotConfigured",
                "YouTube Data API v3 has not been used in project 1234 before or it is disabled.",
                "usageLimits",
            )
        self._state.charge(operation)
        if "part" not in request.query and operation != "items.delete":
            raise DataRefused(400, "missingRequiredParameter", "No filter selected.", "youtube.parameter")

    def _items(self, request: web.Request, _: Json) -> Json:
        playlist = self._playlist(request.query.get("playlistId", ""))
        entries = [self._youtube.kind_of(place) for place in playlist.visible()[1]]
        entries = entries[: kept(request, len(entries))]
        wanted = request.query.get("videoId")
        if wanted is not None:
            entries = [place for place in entries if place.item == wanted]
        size = min(int(request.query.get("maxResults", "5")), MOST_RESULTS)
        start = _place(request.query.get("pageToken"))
        shown = entries[start : start + size]
        parts = request.query["part"].split(",")
        answer: Json = {
            "kind": "youtube#playlistItemListResponse",
            "etag": f"sandbox-{playlist.revision}-{start}",
            "items": [self._item(playlist, place, parts, start + number) for number, place in enumerate(shown)],
            "pageInfo": {"totalResults": len(entries), "resultsPerPage": size},
        }
        if start + size < len(entries):
            answer["nextPageToken"] = _token(start + size)
        if start:
            answer["prevPageToken"] = _token(max(0, start - size))
        return answer

    def _insert(self, request: web.Request, body: Json) -> Json:
        snippet = body.get("snippet") or {}
        playlist = self._playlist(str(snippet.get("playlistId", "")))
        video_id = str((snippet.get("resourceId") or {}).get("videoId", ""))
        if self._state.stranger or self._youtube.account.read_only:
            raise DataRefused(
                403, "playlistItemsNotAccessible", "The request is not properly authorized.", "youtube.playlistItem"
            )
        if len(playlist.entries) >= self._youtube.most:
            raise DataRefused(
                403,
                "playlistContainsMaximumNumberOfVideos",
                "Playlist contains maximum number of items.",
                "youtube.playlistItem",
            )
        if self._youtube.taken_down.get(video_id) == "private":
            raise DataRefused(400, "failedPrecondition", "Precondition check failed.")
        if video_id not in self._youtube.catalogue.entries or video_id in self._youtube.taken_down:
            raise DataRefused(404, "videoNotFound", "Video not found.", "youtube.playlistItem")
        [place] = playlist.add([video_id], by=ACCOUNT)
        return self._item(playlist, place, request.query["part"].split(","), len(playlist.entries) - 1)

    def _delete(self, request: web.Request, body: Json) -> None:
        playlist_id, _, slot = _opened(request.query.get("id", "")).partition(".")
        playlist = self._youtube.playlists.get(playlist_id)
        if playlist is None or slot not in {place.slot for place in playlist.entries}:
            raise DataRefused(404, "playlistItemNotFound", "Playlist item not found.", "youtube.playlistItem")
        playlist.remove(frozenset([slot]))

    def _playlists(self, request: web.Request, _: Json) -> Json:
        if request.query.get("mine") == "true":
            found = [] if self._state.stranger else list(self._youtube.playlists.values())
            channel = "UCsandbox0another0000000" if self._state.stranger else CHANNEL
        else:
            ids = request.query.get("id", "").split(",")
            found = [self._youtube.playlists[each] for each in ids if each in self._youtube.playlists]
            channel = CHANNEL
        size = min(int(request.query.get("maxResults", "5")), MOST_RESULTS)
        return {
            "kind": "youtube#playlistListResponse",
            "items": [_playlist(each, channel) for each in found[:size]],
            "pageInfo": {"totalResults": len(found), "resultsPerPage": size},
        }

    def _videos(self, request: web.Request, _: Json) -> Json:
        ids = request.query.get("id", "").split(",")
        if len(ids) > MOST_RESULTS:
            raise DataRefused(400, "invalidFilters", "The request specifies too many ids.", "youtube.parameter")
        known = self._youtube.catalogue.entries
        found = [known[each] for each in ids if each in known and each not in self._youtube.taken_down]
        return {
            "kind": "youtube#videoListResponse",
            "items": [_video(entry) for entry in found],
            "pageInfo": {"totalResults": len(found), "resultsPerPage": len(found)},
        }

    def _playlist(self, playlist_id: str) -> Playlist:
        playlist = self._youtube.playlists.get(playlist_id)
        if playlist is None:
            raise DataRefused(
                404,
                "playlistNotFound",
                "The playlist identified with the request's playlistId parameter cannot be found.",
                "youtube.playlistItem",
            )
        return playlist

    def _item(self, playlist: Playlist, place: PlaylistEntry, parts: list[str], position: int) -> Json:
        entry = self._youtube.catalogue.entries.get(place.item)
        gone = {"unavailable": "Private video", "deleted": "Deleted video"}.get(place.kind)
        snippet: Json = {
            "publishedAt": _moment(place.added_at),
            "channelId": CHANNEL,
            "title": gone or (entry.title if entry is not None else place.item),
            "description": "" if gone or entry is None else _description(entry),
            "thumbnails": {},
            "channelTitle": playlist.owner,
            "playlistId": playlist.id,
            "position": position,
            "resourceId": {"kind": "youtube#video", "videoId": place.item},
        }
        if gone is None and entry is not None:
            snippet["videoOwnerChannelTitle"] = _channel_of(entry)
            cover = {"url": f"{self._media_base()}/covers/{entry.id}.jpg", "width": 640, "height": 480}
            snippet["thumbnails"] = {"standard": cover}
        dated = {} if gone else {"videoPublishedAt": _moment(place.added_at)}
        whole: Json = {
            "snippet": snippet,
            "contentDetails": {"videoId": place.item, **dated},
            "status": {"privacyStatus": "privacyStatusUnspecified" if gone else "public"},
        }
        name = base64.urlsafe_b64encode(f"{playlist.id}.{place.slot}".encode()).decode().rstrip("=")
        return {"kind": "youtube#playlistItem", "id": name} | {part: whole[part] for part in parts if part in whole}


def _playlist(playlist: Playlist, channel: str) -> Json:
    return {
        "kind": "youtube#playlist",
        "id": playlist.id,
        "snippet": {"title": playlist.title, "channelId": channel, "channelTitle": playlist.owner},
        "status": {"privacyStatus": "public" if playlist.public else "private"},
        "contentDetails": {"itemCount": len(playlist.visible()[1])},
    }


def _video(entry: Entry) -> Json:
    minutes, seconds = divmod(entry.duration, 60)
    details = {"duration": f"PT{minutes}M{seconds}S", "licensedContent": entry.video_type != "MUSIC_VIDEO_TYPE_UGC"}
    return {"kind": "youtube#video", "id": entry.id, "contentDetails": details}


def _channel_of(entry: Entry) -> str:
    return f"{entry.artists[0]} - Topic" if entry.video_type == "MUSIC_VIDEO_TYPE_ATV" else entry.artists[0]


def _description(entry: Entry) -> str:
    if entry.video_type != "MUSIC_VIDEO_TYPE_ATV":
        return f"{entry.title}\n\nThanks for watching!"
    names = " · ".join((entry.title, *entry.artists))
    made = f"℗ {entry.year} Sandbox Records\n\nReleased on: {entry.year}-01-01\n\nAuto-generated by YouTube."
    return f"Provided to YouTube by Sandbox Records\n\n{names}\n\n{entry.album}\n\n{made}"


def _moment(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _token(start: int) -> str:
    return base64.urlsafe_b64encode(f"PT:{start}".encode()).decode().rstrip("=")


def _place(token: str | None) -> int:
    if token is None:
        return 0
    start = _opened(token).removeprefix("PT:")
    if not start.isdecimal():
        raise DataRefused(400, "invalidPageToken", "The request specifies an invalid page token.", "youtube.parameter")
    return int(start)


def _opened(text: str) -> str:
    try:
        return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return ""


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise DataRefused(400, "parseError", "Parse Error")
    return body


_SHAPES = {
    401: ("authError", "Invalid Credentials", "global"),
    403: ("forbidden", "Forbidden", "global"),
    404: ("notFound", "Not Found", "global"),
    409: ("SERVICE_UNAVAILABLE", "The operation was aborted.", "youtube.CoreErrorDomain"),
    429: ("rateLimitExceeded", "Rate Limit Exceeded", "usageLimits"),
}


def shape(status: int, retry_after: int | None) -> web.Response:
    """An error as a fault asks for it."""
    response = _error(status, *_SHAPES.get(status, ("backendError", "Backend Error", "global")))
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def _error(status: int, reason: str, message: str, domain: str = "global") -> web.Response:
    details = [{"message": message, "domain": domain, "reason": reason}]
    return web.json_response({"error": {"code": status, "message": message, "errors": details}}, status=status)
