"""The Data API's JSON to Navaar's messages. Pure.

Sources: https://developers.google.com/youtube/v3/docs/playlistItems and .../videos. An item's description is its
video's; the one that YouTube makes for a label's recording names artists and album.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from navaar_contracts.music import ItemMetadata, Kind
from navaar_playlist_gateway.snapshot import PlaylistEntry, UnusableEntry
from navaar_ytmusic_gateway.translate import watch_url

Json = Mapping[str, Any]

TOPIC = " - Topic"
"""How the channels end that YouTube makes for an artist's recordings."""
_GONE = frozenset({"Private video", "Deleted video"})
"""What the API calls a video in whose place nothing can be heard."""
_NO_ARTISTS = frozenset({"Release", "Various Artists"})
"""Such channels that stand for nobody."""
_PROVIDED = "Provided to YouTube by "
_DURATION = re.compile(r"P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?")


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """What a video says of itself: seconds, and whether its channel is a partner's (an official one)."""

    duration_s: float | None
    official: bool


@dataclass(frozen=True, slots=True)
class Provided:
    """What the description of a label's recording tells."""

    artists: tuple[str, ...]
    album: str | None


def entries(rows: Iterable[Json], facts: Mapping[str, VideoFacts]) -> tuple[PlaylistEntry | UnusableEntry, ...]:
    """All entries of a playlist; one that makes no sense stops no other. `facts` by video id, where they are known."""
    found: list[PlaylistEntry | UnusableEntry] = []
    for row in rows:
        try:
            found.append(_entry(row, facts.get(video_id(row))))
        except (AttributeError, KeyError, TypeError, ValueError):
            name = f"unreadable-{hashlib.sha256(repr(row).encode()).hexdigest()[:16]}"
            found.append(UnusableEntry(name, "an entry that cannot be read", "YouTube describes it in an unknown way"))
    return tuple(found)


def _entry(row: Json, facts: VideoFacts | None) -> PlaylistEntry | UnusableEntry:
    snippet: Json = row["snippet"]
    video, title, owner = video_id(row), str(snippet.get("title") or ""), snippet.get("videoOwnerChannelTitle")
    if not video:
        return UnusableEntry(row_id(row), title or "an entry without a title", "it has no video any more")
    if is_gone(row):
        return UnusableEntry(video, title, "the video is private or deleted")
    channel = str(owner or "")
    is_song = channel.endswith(TOPIC)
    provided = provided_of(str(snippet.get("description") or "")) if is_song else None
    official = facts is not None and facts.official
    item = ItemMetadata(
        title=title,
        artists=provided.artists if provided is not None else artists_of(channel),
        album=provided.album if provided is not None else None,
        duration_s=facts.duration_s if facts is not None else None,
        kind=Kind.SONG if is_song else Kind.VIDEO if official else Kind.UPLOAD,
        url=watch_url(video),
        cover_url=_cover(snippet),
        set_video_id=row_id(row) or None,
    )
    return PlaylistEntry(video, item)


def video_id(row: Json) -> str:
    """The id of a row's video, empty where it has none."""
    details, snippet = row.get("contentDetails") or {}, row.get("snippet") or {}
    return str(details.get("videoId") or (snippet.get("resourceId") or {}).get("videoId") or "")


def row_id(row: Json) -> str:
    """What the API calls the entry itself."""
    return str(row.get("id") or "")


def is_gone(row: Json) -> bool:
    """Whether the row stands for a video that is private or deleted. One that is called like that has an owner."""
    snippet = row.get("snippet") or {}
    return snippet.get("title") in _GONE and not snippet.get("videoOwnerChannelTitle")


def provided_of(description: str) -> Provided | None:
    """Artists and album of a description that YouTube makes: lines "title · artist · artist", then the album."""
    if not description.startswith(_PROVIDED):
        return None
    parts = [part.strip() for part in description.split("\n\n")]
    names = [name.strip() for name in parts[1].split(" · ")] if len(parts) > 1 else []
    if len(names) < 2 or not all(names):
        return None
    album = parts[2] if len(parts) > 2 and "\n" not in parts[2] and not parts[2].startswith("℗") else None
    return Provided(tuple(names[1:]), album or None)


def artists_of(channel: str) -> tuple[str, ...]:
    """The artist for whom a channel stands, or who uploaded a video; empty where it says nothing."""
    name = channel.removesuffix(TOPIC)
    if channel.endswith("VEVO"):
        # TaylorSwiftVEVO
        name = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", channel.removesuffix("VEVO"))
    name = name.strip()
    return () if not name or (name in _NO_ARTISTS and channel.endswith(TOPIC)) else (name,)


def facts_of(videos: Iterable[Json]) -> dict[str, VideoFacts]:
    """What a list of videos tells, by video id; whatever makes no sense is left out."""
    found = {}
    for video in videos:
        details = video.get("contentDetails")
        if isinstance(details, Mapping) and video.get("id"):
            found[str(video["id"])] = VideoFacts(
                seconds(details.get("duration")), details.get("licensedContent") is True
            )
    return found


def seconds(text: object) -> float | None:
    """Seconds of an ISO 8601 duration such as PT1H2M3S; None for anything else, and for the 0 of a live broadcast."""
    match = _DURATION.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        return None
    weeks, days, hours, minutes, rest = (int(part or 0) for part in match.groups())
    return float((((weeks * 7 + days) * 24 + hours) * 60 + minutes) * 60 + rest) or None


def mark(rows: Iterable[Json]) -> str:
    """Changes when the rows do."""
    told = [[row_id(row), video_id(row), is_gone(row)] for row in rows]
    return hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]


def is_called(row_name: str, set_video_id: str | None) -> bool:
    """Whether the API's name of an entry is the one that was kept.

    YouTube Music's own name (setVideoId) is the end of it: the API's is the base64 of playlist id, dot, setVideoId.
    """
    if not set_video_id:
        return False
    if row_name == set_video_id:
        return True
    try:
        inner = base64.urlsafe_b64decode(row_name + "=" * (-len(row_name) % 4)).decode("ascii")
    except (binascii.Error, ValueError):
        return False
    return inner.rpartition(".")[2] == set_video_id


def _cover(snippet: Json) -> str | None:
    shown = [each for each in (snippet.get("thumbnails") or {}).values() if each.get("url")]
    return str(max(shown, key=lambda each: each.get("width") or 0)["url"]) if shown else None
