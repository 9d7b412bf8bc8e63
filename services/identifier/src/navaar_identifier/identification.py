"""Identification: who the recording of one item is, from the best evidence that came with it."""

from __future__ import annotations

from typing import Literal

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, ItemMetadata, Kind, Reading, Recording, Value
from navaar_identifier import artists, noise
from navaar_identifier.folding import fold
from navaar_identifier.names import Name, read_name
from navaar_identifier.profiles import normal_isrc
from navaar_identifier.titles import Title, read_title

Method = Literal["id3", "tg_metadata", "filename", "yt_metadata", "sp_metadata"]


class Identification(Value):
    """Who it is, from where, and why."""

    recording: Recording
    method: Method
    reasons: tuple[str, ...] = ()


def identify(metadata: ItemMetadata, tags: AudioTags | None, platform: Platform) -> Identification:
    """Names the recording of an item.

    Telegram: the tags inside the audio, then performer and title of the message, then the file's name, then the
    caption; the first that says something wins, and the others fill what it leaves open. YouTube songs and Spotify
    tracks are taken as their labels wrote them; other YouTube titles are read.

    Args:
        metadata: what the platform told.
        tags: what the audio file says, where its bytes were read.
        platform: whose item it is.

    Returns:
        The recording. Without any usable name its title is '' and the reasons say so; never an exception.
    """
    if platform is Platform.SPOTIFY:
        return _structured(metadata, "sp_metadata", "Spotify's own data")
    if platform is Platform.YOUTUBE:
        if metadata.kind in (Kind.SONG, Kind.AUDIO):
            return _structured(metadata, "yt_metadata", "YouTube Music's own data")
        return _video(metadata)
    return _telegram(metadata, tags)


def _structured(metadata: ItemMetadata, method: Method, reason: str) -> Identification:
    title = read_title(metadata.title.strip())
    names = tuple(dict.fromkeys(n.strip() for n in metadata.artists if not artists.is_junk(n)))
    guests = {fold(f) for f in title.featured}
    main = tuple(n for n in names if fold(n) not in guests) or names
    reasons = (reason,) if metadata.title.strip() else (reason, "there is no title")
    return Identification(
        recording=Recording(
            artist=", ".join(names) or None,
            artists=tuple(artists.from_channel(n) for n in main),
            featured=title.featured,
            title=title.bare if metadata.title.strip() else "",
            version=title.versions,
            album=metadata.album,
            duration_s=metadata.duration_s,
            isrc=normal_isrc(metadata.isrc),
            explicit=metadata.explicit,
            kind=metadata.kind,
            cover_url=metadata.cover_url,
        ),
        method=method,
        reasons=reasons,
    )


def _video(metadata: ItemMetadata) -> Identification:
    name = read_name(metadata.title)
    channel = next((artists.from_channel(n) for n in metadata.artists if not artists.is_junk(n)), None)
    reasons = ["read from the video's title", name.reason]
    readings = name.readings
    if name.artist is None and channel:
        # Without an artist in the title the channel is the best guess there is.
        name = Name(channel, name.title, (), name.reason)
        reasons.append("the channel's name as the artist")
    elif name.artist and channel and _swapped(name, channel):
        name = Name(name.readings[0][0], read_title(name.readings[0][1]), ((name.artist, name.title.bare),), name.reason)
        readings = name.readings
        reasons.append("the channel shows which side is the artist")
    return _from_name(metadata, name, "yt_metadata", tuple(r for r in reasons if r), readings=readings)


def _swapped(name: Name, channel: str) -> bool:
    """Whether the channel is named after what was read as the title."""
    if not name.readings or not name.readings[0][0] or not name.artist:
        return False
    other = artists.agree((channel,), artists.split_credit(name.readings[0][0]))
    return other >= 0.9 and artists.agree((channel,), artists.split_credit(name.artist)) < 0.8


def _telegram(metadata: ItemMetadata, tags: AudioTags | None) -> Identification:
    performer = next((n for n in metadata.artists if n.strip()), "")
    caption = next((line for line in (metadata.caption or "").splitlines() if line.strip()), "")
    sources: list[tuple[Method, str, str, str]] = []
    if tags is not None:
        sources.append(("id3", tags.artist or "", tags.title or "", "the tags inside the audio"))
    sources.append(("tg_metadata", performer, metadata.title, "Telegram's performer and title"))
    sources.append(("filename", "", metadata.file_name or "", "the file's name"))
    sources.append(("filename", "", caption, "the caption's first line"))
    best: tuple[Method, Name, str] | None = None
    reasons: list[str] = []
    for method, artist, title, what in sources:
        name = _fields(artist, title)
        if name is None:
            if (artist or title) and what:
                reasons.append(f"{what}: nothing usable")
            continue
        if best is None:
            best = (method, name, what)
        elif best[1].artist is None and name.artist and _same_title(best[1], name):
            # A tag without an artist, a file name with one: together they are the name.
            best = (best[0], Name(name.artist, best[1].title, name.readings, name.reason), f"{best[2]}, artist from {what}")
        if best[1].artist:
            break
    if best is None:
        return Identification(
            recording=Recording(duration_s=metadata.duration_s or (tags.duration_s if tags else None), kind=Kind.AUDIO),
            method="tg_metadata",
            reasons=(*reasons, "nothing names this item"),
        )
    method, name, what = best
    filled = metadata.model_copy(
        update={
            "album": metadata.album or (tags.album if tags else None),
            "duration_s": metadata.duration_s or (tags.duration_s if tags else None),
            "isrc": metadata.isrc or (tags.isrc if tags else None),
        }
    )
    return _from_name(filled, name, method, (*reasons, what, *((name.reason,) if name.reason else ())), readings=name.readings)


def _same_title(a: Name, b: Name) -> bool:
    left, right = fold(a.title.bare), fold(b.title.bare)
    return left == right or left in fold(" ".join(filter(None, (b.artist, b.title.bare))))


def _fields(artist: str, title: str) -> Name | None:
    """The name in an artist and a title field, or None when they say nothing."""
    artist, title = artist.strip(), title.strip()
    junk_artist = artists.is_junk(artist)
    if is_junk_title(title):
        return None
    if junk_artist or noise.looks_like_file(title):
        name = read_name(title)
        if name.artist is None and not junk_artist:
            return Name(_clean(artist), name.title)
        if not any(c.isalnum() for c in name.title.bare):
            return None
        return name
    cleaned = noise.untangle(title)
    name = read_name(title)
    if name.artist and artists.agree(artists.split_credit(artist), artists.split_credit(name.artist)) >= 0.85:
        # The title field repeats the artist.
        return Name(_clean(artist), name.title, (), "the title repeats the artist")
    return Name(_clean(artist), read_title(cleaned))


def _clean(artist: str) -> str | None:
    text = noise.untangle(artist)
    return None if artists.is_junk(text) else text


def is_junk_title(title: str) -> bool:
    """Whether a title field says nothing: empty, 'Track 01', a bare number with an ending, a handle or a site alone."""
    if not title:
        return True
    stripped = noise.strip_extension(title)
    if artists.is_junk(stripped) and fold(stripped) not in ("artist", "audio", "music", "test", "default", "youtube"):
        return True
    folded = fold(stripped)
    words = folded.split()
    if not words or folded in ("untitled", "audio", "music", "voice", "без названия", "بدون نام"):
        return True
    if len(words) <= 2 and words[0] in ("track", "audio", "трек", "file", "record", "recording", "voice", "titel", "piste", "pista") and (
        len(words) == 1 or words[1].isdigit()
    ):
        return True
    return bool(len(folded) >= 6 and folded.replace(" ", "").isdigit())


def _from_name(
    metadata: ItemMetadata,
    name: Name,
    method: Method,
    reasons: tuple[str, ...],
    *,
    readings: tuple[tuple[str | None, str], ...],
) -> Identification:
    credit, guests = artists.split_features(name.artist or "")
    title: Title = name.title
    featured = tuple(dict.fromkeys((*guests, *title.featured)))
    usable = any(c.isalnum() for c in title.bare)
    return Identification(
        recording=Recording(
            artist=name.artist,
            artists=artists.main_names(credit),
            featured=featured,
            title=title.bare if usable else "",
            version=title.versions,
            album=metadata.album,
            duration_s=metadata.duration_s,
            isrc=normal_isrc(metadata.isrc),
            explicit=metadata.explicit,
            kind=metadata.kind,
            readings=tuple(Reading(artist=a, title=t) for a, t in readings[:3]),
            cover_url=metadata.cover_url,
        ),
        method=method,
        reasons=reasons if usable else (*reasons, "nothing names this item"),
    )
