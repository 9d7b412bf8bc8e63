"""Spotify's JSON to Navaar's messages, in the shapes before and after February 2026. Pure."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any

from navaar_contracts.music import Candidate, ItemMetadata, Kind
from navaar_playlist_gateway.snapshot import PlaylistEntry, UnusableEntry

Json = Mapping[str, Any]

_DATE = re.compile(r"(?!0000)\d{4}(?:-\d\d){0,2}")


def track_url(track_id: str) -> str:
    """Where a person can hear it."""
    return f"https://open.spotify.com/track/{track_id}"


def entries(rows: Iterable[Any]) -> tuple[PlaylistEntry | UnusableEntry, ...]:
    """All rows of a playlist; one that makes no sense stops no other."""
    found: list[PlaylistEntry | UnusableEntry] = []
    for row in rows:
        try:
            found.append(entry(row))
        except (AttributeError, KeyError, TypeError, ValueError):
            name = f"unreadable-{hashlib.sha256(repr(row).encode()).hexdigest()[:16]}"
            found.append(UnusableEntry(name, "an entry that cannot be read", "Spotify describes it in an unknown way"))
    return tuple(found)


def entry(row: Json) -> PlaylistEntry | UnusableEntry:
    """One row of a playlist: `item`, or `track` in the older shape."""
    track = row.get("item") if "item" in row else row.get("track")
    if not isinstance(track, dict):
        added = str(row.get("added_at") or "at an unknown time")
        return UnusableEntry(f"empty-{added}", f"an empty entry added {added}", "Spotify no longer has this track")
    name = _name(track)
    if row.get("is_local") or track.get("is_local"):
        return UnusableEntry(_id(track) or f"local-{name}", name, "it is a local file that only its owner has")
    if track.get("type") == "episode" or track.get("episode") is True:
        return UnusableEntry(_id(track) or f"episode-{name}", name, "it is a podcast episode")
    track_id = _id(track)
    if not track_id:
        return UnusableEntry(f"no-id-{name}", name, "Spotify gives no id for it")
    if track.get("is_playable") is False:
        return UnusableEntry(track_id, name, "Spotify shows it greyed out: not available to this account")
    item = ItemMetadata(
        title=str(track.get("name") or ""),
        artists=_artists(track),
        album=_album(track),
        duration_s=_seconds(track),
        isrc=_isrc(track),
        kind=Kind.SONG,
        explicit=track.get("explicit"),
        url=track_url(track_id),
        cover_url=_cover(track),
    )
    return PlaylistEntry(track_id, item, added_at=row.get("added_at"))


def candidates(tracks: Iterable[Any]) -> tuple[Candidate, ...]:
    """Search hits in order; what has no id or cannot be played is left out."""
    found: dict[str, Candidate] = {}
    for track in tracks:
        if not isinstance(track, dict) or not track.get("id") or track.get("is_playable") is False:
            continue
        with suppress(AttributeError, KeyError, TypeError, ValueError):
            found.setdefault(str(track["id"]), _candidate(track))
    return tuple(found.values())


def _candidate(track: Json) -> Candidate:
    track_id = str(track["id"])
    return Candidate(
        id=track_id,
        title=str(track.get("name") or ""),
        artists=_artists(track),
        album=_album(track),
        duration_s=_seconds(track),
        isrc=_isrc(track),
        kind=Kind.SONG,
        explicit=track.get("explicit"),
        url=track_url(track_id),
        cover_url=_cover(track),
        released=_released(track),
    )


def total(playlist: Json) -> int | None:
    """How many entries a playlist object says it has."""
    for key in ("items", "tracks"):
        section = playlist.get(key)
        if isinstance(section, dict) and isinstance(section.get("total"), int):
            return int(section["total"])
    return None


def _id(track: Json) -> str | None:
    """The id that is in the playlist: of the original, where Spotify plays another edition in its place."""
    original = track.get("linked_from")
    value = (original.get("id") if isinstance(original, dict) else None) or track.get("id")
    return str(value) if value else None


def _artists(track: Json) -> tuple[str, ...]:
    return tuple(str(a["name"]) for a in track.get("artists") or () if isinstance(a, dict) and a.get("name"))


def _album(track: Json) -> str | None:
    album = track.get("album")
    return (album.get("name") or None) if isinstance(album, dict) else None


def _released(track: Json) -> str | None:
    """The album's date: a year, a month or a day, as `release_date_precision` says; some old albums have '0000'.

    https://developer.spotify.com/documentation/web-api/reference/get-track
    """
    album = track.get("album")
    date = str(album.get("release_date") or "") if isinstance(album, dict) else ""
    return date if _DATE.fullmatch(date) else None


def _seconds(track: Json) -> float | None:
    milliseconds = track.get("duration_ms")
    return milliseconds / 1000 if isinstance(milliseconds, int | float) and milliseconds > 0 else None


def _isrc(track: Json) -> str | None:
    code = str((track.get("external_ids") or {}).get("isrc") or "").replace("-", "").strip().upper()
    return code or None


def _cover(track: Json) -> str | None:
    images = (track.get("album") or {}).get("images") or ()
    shown = [image for image in images if isinstance(image, dict) and image.get("url")]
    return str(max(shown, key=lambda image: image.get("width") or 0)["url"]) if shown else None


def _name(track: Json) -> str:
    artists = ", ".join(_artists(track))
    title = str(track.get("name") or "an entry without a name")
    return f"{artists} - {title}" if artists else title
