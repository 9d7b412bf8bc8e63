"""YouTube Music's JSON, as ytmusicapi 1.12 parses it, to Navaar's messages. Pure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qs, urlsplit

from navaar_contracts.music import Candidate, ItemMetadata, Kind
from navaar_playlist_gateway.snapshot import PlaylistEntry, UnusableEntry

Json = Mapping[str, Any]

HEAD = 80
"""Entries that every first page has, whatever of it cannot be shown."""

_KINDS = {
    "MUSIC_VIDEO_TYPE_ATV": Kind.SONG,
    "MUSIC_VIDEO_TYPE_PRIVATELY_OWNED_TRACK": Kind.SONG,
    "MUSIC_VIDEO_TYPE_OMV": Kind.VIDEO,
    "MUSIC_VIDEO_TYPE_OFFICIAL_SOURCE_MUSIC": Kind.VIDEO,
    "MUSIC_VIDEO_TYPE_UGC": Kind.UPLOAD,
}
_GONE = frozenset({"Private video", "[Private video]", "Deleted video", "[Deleted video]"})


def playlist_id(text: str) -> str:
    """The id of a playlist that was given as an id, with or without its VL, or as the address of its page."""
    given = parse_qs(urlsplit(text).query).get("list", [text])[0].strip()
    return given.removeprefix("VL")


def watch_url(video_id: str) -> str:
    """Where a person can hear it."""
    return f"https://music.youtube.com/watch?v={video_id}"


def entries(tracks: Iterable[Json]) -> tuple[PlaylistEntry | UnusableEntry, ...]:
    """All entries of a playlist; one that makes no sense stops no other."""
    found: list[PlaylistEntry | UnusableEntry] = []
    for track in tracks:
        try:
            found.append(entry(track))
        except (AttributeError, KeyError, TypeError, ValueError):
            name = f"unreadable-{_digest(repr(track))}"
            found.append(
                UnusableEntry(name, "an entry that cannot be read", "YouTube Music describes it in an unknown way")
            )
    return tuple(found)


def entry(track: Json) -> PlaylistEntry | UnusableEntry:
    """One entry of a playlist."""
    video_id = track.get("videoId")
    title = str(track.get("title") or "")
    name, entry_name = _name(track), track.get("setVideoId")
    if not video_id:
        return UnusableEntry(str(track.get("setVideoId") or f"no-id-{_digest(name)}"), name, "it has no video any more")
    if title in _GONE:
        return UnusableEntry(video_id, name, "the video is private or deleted", entry_name)
    if track.get("isAvailable") is False:
        reason = "YouTube Music shows it greyed out: not available to this account"
        return UnusableEntry(video_id, name, reason, entry_name)
    if track.get("videoType") == "MUSIC_VIDEO_TYPE_PODCAST_EPISODE":
        return UnusableEntry(video_id, name, "it is a podcast episode", entry_name)
    item = ItemMetadata(
        title=title,
        artists=_artists(track),
        album=_album(track),
        duration_s=_seconds(track),
        kind=_kind(track),
        explicit=track.get("isExplicit"),
        url=watch_url(video_id),
        cover_url=_cover(track),
        set_video_id=track.get("setVideoId"),
    )
    return PlaylistEntry(video_id, item)


def candidates(hits: Iterable[Json]) -> tuple[Candidate, ...]:
    """Search hits that can be played, in order, each video once."""
    found: dict[str, Candidate] = {}
    for hit in hits:
        video_id = hit.get("videoId")
        playable = hit.get("resultType") in ("song", "video") and hit.get("isAvailable") is not False
        if video_id and playable and hit.get("title"):
            with suppress(AttributeError, KeyError, TypeError, ValueError):
                found.setdefault(video_id, _candidate(video_id, hit))
    return tuple(found.values())


def _candidate(video_id: str, hit: Json) -> Candidate:
    return Candidate(
        id=video_id,
        title=hit["title"],
        artists=_artists(hit),
        album=_album(hit),
        duration_s=_seconds(hit),
        kind=_kind(hit),
        explicit=hit.get("isExplicit"),
        url=watch_url(video_id),
        cover_url=_cover(hit),
        released=_released(hit),
    )


def entries_to_remove(tracks: Iterable[Json], video_id: str, set_video_id: str | None) -> list[dict[str, str]]:
    """What names the entries to take out, as an edit wants it: the one called `set_video_id`, else the video's.

    Raises:
        LookupError: the video is listed, and without what names its entry.
    """
    listed = list(tracks)
    found = [track for track in listed if set_video_id and track.get("setVideoId") == set_video_id]
    found = found or [track for track in listed if track.get("videoId") == video_id]
    if any(not track.get("setVideoId") for track in found):
        raise LookupError("an entry without a setVideoId")
    return [{"videoId": track.get("videoId") or video_id, "setVideoId": track["setVideoId"]} for track in found]


def mark(tracks: list[dict[str, Any]]) -> str:
    """Changes when the beginning of a playlist does."""
    head = [[t.get("videoId"), t.get("setVideoId"), t.get("isAvailable")] for t in tracks[:HEAD]]
    return _digest(json.dumps(head))


def refusal(answer: Json) -> str:
    """The sentence in an edit that failed, empty if there is none."""
    for action in answer.get("actions") or ():
        toast = (action.get("addToToastAction") or {}).get("item", {}).get("notificationTextRenderer", {})
        for text in toast.values():
            runs = text.get("runs") if isinstance(text, dict) else None
            if runs:
                return "".join(str(run.get("text", "")) for run in runs)[:200]
    return ""


def _kind(track: Json) -> Kind:
    known = _KINDS.get(str(track.get("videoType")))
    if known is not None:
        return known
    return Kind.SONG if track.get("resultType") == "song" or track.get("album") else Kind.VIDEO


def _artists(track: Json) -> tuple[str, ...]:
    return tuple(a["name"] for a in track.get("artists") or () if a and a.get("name"))


def _album(track: Json) -> str | None:
    album = track.get("album")
    name = album.get("name") if isinstance(album, dict) else None
    return name or None


def _released(hit: Json) -> str | None:
    """The year, where the row of a hit or its album shows one."""
    album = hit.get("album")
    for shown in (hit, album if isinstance(album, dict) else {}):
        year = str(shown.get("year") or "")
        if len(year) == 4 and year.isascii() and year.isdecimal():
            return year
    return None


def _seconds(track: Json) -> float | None:
    seconds = track.get("duration_seconds")
    if isinstance(seconds, int | float):
        return float(seconds)
    return parse_clock(track.get("duration"))


def parse_clock(text: object) -> float | None:
    """Seconds of '3:07' or '1:02:03'; None for anything else."""
    parts = text.strip().split(":") if isinstance(text, str) else []
    if not 2 <= len(parts) <= 3 or not all(part.isdecimal() for part in parts):
        return None
    seconds = 0.0
    for part in parts:
        seconds = seconds * 60 + int(part)
    return seconds


def _cover(track: Json) -> str | None:
    shown = [t for t in track.get("thumbnails") or () if t.get("url")]
    return str(max(shown, key=lambda t: t.get("width") or 0)["url"]) if shown else None


def _name(track: Json) -> str:
    artists = ", ".join(_artists(track))
    title = str(track.get("title") or "an entry without a title")
    return f"{artists} - {title}" if artists else title


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
