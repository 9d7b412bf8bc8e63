"""Identification: who the recording of one item is, from the best evidence that came with it."""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, ItemMetadata, Kind, Reading, Recording, Value
from navaar_identifier.compare import artists
from navaar_identifier.compare.profile import normal_isrc
from navaar_identifier.data.word_lists import JUNK_TITLES, NUMBERED_TITLES
from navaar_identifier.names import boilerplate, cleanup, credits
from navaar_identifier.names.parser import Name, read_name
from navaar_identifier.names.titles import read_title
from navaar_identifier.text.normalisation import bounded
from navaar_text.folding import fold

_NOTHING = "nothing names this item"
_MOST_READINGS = 3


class Identification(Value):
    """Who it is, from where, and why."""

    recording: Recording
    method: str
    """id3, filename, or the platform's short name and _metadata."""
    reasons: tuple[str, ...] = ()
    """In plain words, for the person who asks why."""


def identify(metadata: ItemMetadata, tags: AudioTags | None, platform: Platform) -> Identification:
    """Names the recording of an item.

    An audio file: its tags, then performer and title of the post, then the file's name, then the caption; the first
    that says something wins, and the others fill what it leaves open. What a label delivered to a catalogue is taken as
    it wrote it; the titles of videos and uploads are read.

    Args:
        metadata: what the platform told.
        tags: what the audio file says, where its bytes were read.
        platform: whose item it is.

    Returns:
        The recording. Without any usable name its title is '' and the reasons say so; never an exception.
    """
    if platform.spec.gives_files:
        return _file(metadata, tags, platform)
    if metadata.kind in (Kind.VIDEO, Kind.UPLOAD):
        return _video(metadata, platform)
    return _as_delivered(metadata, platform)


def _from_metadata(platform: Platform) -> str:
    return f"{platform.short}_metadata"


def _as_delivered(metadata: ItemMetadata, platform: Platform) -> Identification:
    """The names as a label delivered them: nothing to guess, only version words and guests to take apart."""
    written = bounded(metadata.title)
    title = read_title(written)
    names = tuple(dict.fromkeys(bounded(n) for n in metadata.artists if not credits.is_junk(bounded(n))))
    guests = {fold(f) for f in title.featured}
    main = tuple(n for n in names if fold(n) not in guests) or names
    recording = Recording(
        artist=", ".join(names) or None,
        artists=tuple(credits.from_channel(n) for n in main),
        featured=title.featured,
        title=title.bare if written else "",
        version=title.versions,
    )
    source = f"{platform.label}'s own data"
    return Identification(
        recording=_with_facts(recording, metadata, None),
        method=_from_metadata(platform),
        reasons=(source,) if written else (source, _NOTHING),
    )


def _video(metadata: ItemMetadata, platform: Platform) -> Identification:
    """The name in a video's title, with the channel's help where the title leaves the artist open."""
    name = read_name(metadata.title)
    reasons = ["read from the video's title", name.reason]
    channel = next(
        (credits.from_channel(bounded(n)) for n in metadata.artists if not credits.is_junk(bounded(n))), None
    )
    if channel and name.artist is None:
        named = next(
            (r for r in name.readings if r[0] and artists.agree((channel,), credits.split_credit(r[0])) >= 0.9), None
        )
        title = read_title(named[1]) if named else name.title
        name = Name(channel, title, name.readings, name.reason)
        reasons.append("the channel's name as the artist")
    elif channel and name.artist and _swapped(name, channel):
        other = name.readings[0]
        name = Name(other[0], read_title(other[1]), ((name.artist, name.title.bare),), name.reason)
        reasons.append("the channel shows which side is the artist")
    return _named(name, metadata, None, _from_metadata(platform), reasons)


def _swapped(name: Name, channel: str) -> bool:
    """Whether the channel is named after what was read as the title."""
    other = name.readings[0][0] if name.readings else None
    if not other or not name.artist:
        return False
    return (
        artists.agree((channel,), credits.split_credit(other)) >= 0.9
        and artists.agree((channel,), credits.split_credit(name.artist)) < 0.8
    )


def _file(metadata: ItemMetadata, tags: AudioTags | None, platform: Platform) -> Identification:
    """The name of an audio file that somebody posted."""
    performer = next((n for n in metadata.artists if n.strip()), "")
    caption = next((line for line in (metadata.caption or "").splitlines() if line.strip()), "")
    sources: list[tuple[str, str, str, str]] = [
        (_from_metadata(platform), performer, metadata.title, f"{platform.label}'s performer and title"),
        ("filename", "", metadata.file_name or "", "the file's name"),
        ("filename", "", caption, "the caption's first line"),
    ]
    if tags is not None:
        sources.insert(0, ("id3", tags.artist or "", tags.title or "", "the tags inside the audio"))
    best: tuple[str, Name] | None = None
    reasons: list[str] = []
    for method, artist, title, source in sources:
        name = _read_fields(bounded(artist), bounded(title))
        if name is None:
            if artist or title:
                reasons.append(f"{source}: nothing usable")
        elif best is None:
            best = (method, name)
            reasons.extend((source, name.reason))
        elif best[1].artist is None and name.artist and _same_title(best[1], name):
            # Tags without an artist and a file name with one are the name together.
            best = (best[0], Name(name.artist, best[1].title, name.readings, name.reason))
            reasons.append(f"the artist from {source}")
        if best is not None and best[1].artist:
            break
    if best is None:
        return Identification(
            recording=_with_facts(Recording(), metadata, tags),
            method=_from_metadata(platform),
            reasons=(*reasons, _NOTHING),
        )
    return _named(best[1], metadata, tags, best[0], reasons)


def _same_title(a: Name, b: Name) -> bool:
    """Whether the first title is the second's, or stands in the second name."""
    left = fold(a.title.bare)
    return bool(left) and left in fold(f"{b.artist or ''} {b.title.bare}")


def _read_fields(artist: str, title: str) -> Name | None:
    """The name in an artist and a title field, or None when they say nothing."""
    if is_junk_title(title):
        return None
    performer = _performer(artist)
    name = read_name(title)
    if not any(map(str.isalnum, name.title.bare)):
        return None
    if performer is None:
        return name
    if cleanup.looks_like_file(title):
        # The title is a file's name; whatever the artist field says, the file's own artist is part of it.
        return name if name.artist else Name(performer, name.title, (), "the title is a file's name")
    if name.artist and artists.agree(credits.split_credit(performer), credits.split_credit(name.artist)) >= 0.85:
        return Name(performer, name.title, (), "the title repeats the artist")
    return Name(performer, read_title(cleanup.clean(title)))


def _performer(artist: str) -> str | None:
    """An artist field without sites and handles; None when nothing is left."""
    if credits.is_junk(artist):
        return None
    text = boilerplate.drop_brackets(cleanup.clean(artist))
    return None if credits.is_junk(text) else text


def is_junk_title(title: str) -> bool:
    """Whether a title field says nothing: empty, 'Track 01', a long bare number, a handle or a site alone."""
    stripped = cleanup.strip_extension(title)
    words = fold(stripped).split()
    if not words or " ".join(words) in JUNK_TITLES or stripped.startswith("@"):
        return True
    if words[0] in NUMBERED_TITLES and len(words) <= 2 and all(w.isdigit() for w in words[1:]):
        return True
    if "." in stripped and " " not in stripped.strip() and credits.is_junk(stripped):
        return True
    digits = "".join(words)
    return len(digits) >= 6 and digits.isdigit()


def _with_facts(recording: Recording, metadata: ItemMetadata, tags: AudioTags | None) -> Recording:
    """The recording with what is known besides the names; the platform's word before the file's."""
    file = tags or AudioTags()
    return recording.model_copy(
        update={
            "album": metadata.album or file.album,
            "duration_s": metadata.duration_s or file.duration_s,
            "isrc": normal_isrc(metadata.isrc) or normal_isrc(file.isrc),
            "explicit": metadata.explicit,
            "kind": metadata.kind,
            "cover_url": metadata.cover_url,
        }
    )


def _named(
    name: Name, metadata: ItemMetadata, tags: AudioTags | None, method: str, reasons: list[str]
) -> Identification:
    credit, guests = credits.split_features(name.artist or "")
    title = name.title
    usable = any(map(str.isalnum, title.bare))
    recording = Recording(
        artist=name.artist,
        artists=credits.main_names(credit),
        featured=tuple(dict.fromkeys((*guests, *title.featured))),
        title=title.bare if usable else "",
        version=title.versions,
        readings=tuple(Reading(artist=a, title=t) for a, t in name.readings[:_MOST_READINGS]),
    )
    said = tuple(r for r in (*reasons, "" if usable else _NOTHING) if r)
    return Identification(
        recording=_with_facts(recording, metadata, tags), method=method, reasons=tuple(dict.fromkeys(said))
    )
