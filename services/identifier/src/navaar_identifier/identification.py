"""Identification: who the recording of one item is, from the best evidence that came with it."""

from __future__ import annotations

from dataclasses import replace

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, ItemMetadata, Kind, Reading, Recording, Value
from navaar_identifier import witnesses
from navaar_identifier.compare import artists
from navaar_identifier.compare.profile import normal_isrc
from navaar_identifier.names import credits
from navaar_identifier.names.parser import Name, read_name
from navaar_identifier.names.titles import Title, read_title
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import Version, read_versions
from navaar_identifier.text.normalisation import bounded
from navaar_text.folding import fold

_NOTHING = "nothing names this item"
_MOST_READINGS = 3
_SAME_CHANNEL = 0.8


class Identification(Value):
    """Who it is, from where, and why."""

    recording: Recording
    method: str
    """id3, filename, or the platform's short name and _metadata."""
    reasons: tuple[str, ...] = ()
    """In plain words, for the person who asks why."""


def identify(metadata: ItemMetadata, tags: AudioTags | None, platform: Platform) -> Identification:
    """Names the recording of an item.

    An audio file: from its tags, performer and title of the post, the file's name and the caption, put together from
    those that agree (see `witnesses`). What a label delivered to a catalogue is taken as it wrote it; the titles of
    videos and uploads are read.

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
    if channel and name.artist and artists.agree((channel,), credits.split_credit(name.artist)) < _SAME_CHANNEL:
        name = replace(name, title=_covered_by(name.title, channel))
    return _named(name, metadata, None, _from_metadata(platform), reasons)


def _covered_by(title: Title, channel: str) -> Title:
    """The title with the channel's name behind a bare 'cover': who plays another's song there is who put it there."""
    said = tuple(
        f"cover by {channel}" if read_versions(words) == (Version(VersionKind.COVER),) else words
        for words in title.versions
    )
    return replace(title, versions=said)


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
    heard = witnesses.hear(metadata, tags, _from_metadata(platform), f"{platform.label}'s performer and title")
    said = witnesses.together(heard.witnesses, heard.performers)
    if said is None:
        return Identification(
            recording=_with_facts(Recording(), metadata, tags),
            method=_from_metadata(platform),
            reasons=(*heard.doubts, _NOTHING),
        )
    known = metadata if metadata.album or not heard.album else metadata.model_copy(update={"album": heard.album})
    return _named(said.name, known, tags, said.method, [*said.reasons, *heard.doubts])


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
            "version_kinds": tuple(
                dict.fromkeys(mark.kind.value for words in recording.version for mark in read_versions(words))
            ),
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
