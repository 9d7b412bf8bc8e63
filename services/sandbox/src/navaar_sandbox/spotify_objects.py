"""Spotify's objects as the Web API shows them since February 2026. Pure.

Gone since then, and so not here: popularity, available_markets. Kept: external_ids.
"""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from navaar_sandbox.catalogue import Entry, entry_id
from navaar_sandbox.playlist import Playlist, PlaylistEntry

Json = dict[str, Any]


def artist(name: str) -> Json:
    """A simplified artist."""
    return _reference("artist", entry_id("spotify", name, "original")) | {"name": name}


def _reference(kind: str, object_id: str) -> Json:
    return {
        "external_urls": {"spotify": f"https://open.spotify.com/{kind}/{object_id}"},
        "href": f"https://api.spotify.com/v1/{kind}s/{object_id}",
        "id": object_id,
        "type": kind,
        "uri": f"spotify:{kind}:{object_id}",
    }


def user(user_id: str) -> Json:
    """A simplified user."""
    return _reference("user", user_id) | {"display_name": user_id}


def track(entry: Entry, media_base: str) -> Json:
    """A full track."""
    album_name = entry.album or entry.title
    album = _reference("album", entry_id("spotify", album_name + entry.artists[0], "original")) | {
        "album_type": "album",
        "artists": [artist(entry.artists[0])],
        "images": [{"url": f"{media_base}/covers/{entry.id}.jpg", "height": 640, "width": 640}],
        "name": album_name,
        "release_date": f"{entry.year}-03-01",
        "release_date_precision": "day",
        "total_tracks": 10,
    }
    return _reference("track", entry.id) | {
        "album": album,
        "artists": [artist(name) for name in entry.artists],
        "disc_number": 1,
        "duration_ms": entry.duration * 1000 - 137,
        "explicit": False,
        "external_ids": {"isrc": entry.isrc},
        "is_local": False,
        "is_playable": True,
        "name": entry.title,
        "preview_url": None,
        "track_number": 1,
    }


def local_track(name: str) -> Json:
    """A local file in a playlist; `name` is "Artist - Title"."""
    performer, _, title = name.partition(" - ")
    nobody: Json = {"external_urls": {}, "href": None, "id": None}
    plus = name.replace(" - ", ":").replace(" ", "+")
    return {
        "album": nobody
        | {
            "album_type": None,
            "artists": [],
            "images": [],
            "name": "",
            "release_date": None,
            "type": "album",
            "uri": None,
        },
        "artists": [nobody | {"name": performer, "type": "artist", "uri": None}],
        "disc_number": 0,
        "duration_ms": 201_000,
        "explicit": False,
        "external_ids": {},
        "external_urls": {},
        "href": None,
        "id": None,
        "is_local": True,
        "name": title,
        "preview_url": None,
        "track_number": 0,
        "type": "track",
        "uri": f"spotify:local:{plus}:201",
    }


def episode(name: str) -> Json:
    """A podcast episode in a playlist."""
    show = _reference("show", entry_id("spotify", "show" + name, "original")) | {
        "name": "Sandbox Podcast",
        "publisher": "Sandbox",
    }
    return _reference("episode", entry_id("spotify", name, "original")) | {
        "name": name,
        "description": "",
        "duration_ms": 1_800_000,
        "explicit": False,
        "images": [],
        "is_externally_hosted": False,
        "is_playable": True,
        "language": "en",
        "languages": ["en"],
        "release_date": "2026-01-01",
        "release_date_precision": "day",
        "show": show,
    }


def snapshot_id(playlist: Playlist, revision: int) -> str:
    """The id of one version of a playlist."""
    digest = hashlib.sha256(f"{playlist.id}|{revision}".encode()).hexdigest()[:32]
    return base64.b64encode(f"{revision:08d},{digest}".encode()).decode()


def passing_snapshot_id(playlist: Playlist, revision: int) -> str:
    """What a GET may show for a while after a write: the id of no version at all."""
    digest = hashlib.sha256(f"{playlist.id}|{revision}|passing".encode()).hexdigest()[:32]
    return base64.b64encode(f"{revision:08d},{digest}".encode()).decode()


def revision_of(playlist: Playlist, snapshot: str) -> int | None:
    """The version that a snapshot id names, None if it names none of this playlist."""
    try:
        revision = int(base64.b64decode(snapshot).split(b",")[0])
    except ValueError:
        return None
    return revision if playlist.version(revision) is not None and snapshot_id(playlist, revision) == snapshot else None


def playlist_row(place: PlaylistEntry, entry: Entry | None, media_base: str, *, episodes: bool, item_key: str) -> Json:
    """One place in a playlist; `item_key` is "item", or "track" in the shape before February 2026.

    Episodes are null unless asked for; tracks that are gone everywhere are null as well.
    """
    shown: Json | None = None
    if place.kind == "local":
        shown = local_track(place.item)
    elif place.kind == "episode":
        shown = episode(place.item) if episodes else None
    elif place.kind != "null" and entry is not None:
        shown = track(entry, media_base) | ({"is_playable": False} if place.kind == "unavailable" else {})
    return {
        "added_at": datetime.fromtimestamp(place.added_at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "added_by": _reference("user", place.added_by),
        "is_local": place.kind == "local",
        "primary_color": None,
        "video_thumbnail": {"url": None},
        item_key: shown,
    }


def playlist_head(playlist: Playlist, snapshot: str, media_base: str) -> Json:
    """A playlist without its items."""
    return _reference("playlist", playlist.id) | {
        "collaborative": False,
        "description": playlist.description,
        "images": [{"url": f"{media_base}/covers/{playlist.id}.jpg", "height": None, "width": None}],
        "name": playlist.title,
        "owner": user(playlist.owner),
        "primary_color": None,
        "public": playlist.public,
        "snapshot_id": snapshot,
    }


def paging(items: list[Json], *, href: str, limit: int, offset: int, total: int) -> Json:
    """A page of a list; `href` is the address without limit and offset."""
    joint = "&" if "?" in href else "?"

    def page(start: int) -> str:
        return f"{href}{joint}offset={start}&limit={limit}"

    return {
        "href": page(offset),
        "items": items,
        "limit": limit,
        "next": page(offset + limit) if offset + limit < total else None,
        "offset": offset,
        "previous": page(max(0, offset - limit)) if offset > 0 else None,
        "total": total,
    }
