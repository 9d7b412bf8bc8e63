"""Profiles: a recording or a candidate made ready for comparison, with every way its name may be read.

An upload's artist field holds a channel, its title 'Artist - Title (Official Video)'; a badly tagged file has the
album in its title, or both names in one field. A profile keeps each plausible reading, so that comparing needs no
further guessing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier import artists, noise, vocabulary
from navaar_identifier.folding import fold
from navaar_identifier.names import read_name
from navaar_identifier.titles import Title, read_title
from navaar_identifier.versions import Version, read_versions

_SEPARATED = re.compile(r"\s[-–—~|•·:=/]{1,3}\s|[-–—]\s|\s[-–—]|[\"“「『|]|--|\w-\w|\S\(")
_SITED = re.compile(r"[@\[]|\.\w{2,4}\b")
_ALBUM_LIVE = re.compile(r"\b(?:live|en vivo|ao vivo|en directo|unplugged|in concert|concert|концерт)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to read who and what. Texts as written; `folded` and `main` are the title folded."""

    artists: tuple[str, ...]
    title: str
    folded: str
    main: str
    by_channel: bool = False
    """The artist is only the channel's name."""
    head: str = ""
    """The title folded without its last dash-separated piece, which may be an album's name."""
    tail: str = ""
    """That piece, folded."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything comparing looks at."""

    readings: tuple[Reading, ...]
    said: tuple[str, ...]
    """What the name says about the version, folded: 'live at wembley'."""
    words: tuple[str, ...]
    """All folded words of the title field, for finding a name inside a longer text."""
    names: tuple[str, ...]
    """The artist field's names, a channel's too."""
    album: str = ""
    """Folded."""
    duration_s: float | None = None
    isrc: str | None = None
    kind: Kind | None = None
    explicit: bool | None = None
    fingerprint: str | None = None
    live_album: bool = False
    text: str = field(default="")
    """The title field as written."""


def normal_isrc(isrc: str | None) -> str | None:
    """'us-rc1-76-07839' as 'USRC17607839'; None when it is not an ISRC."""
    if not isrc:
        return None
    bare = re.sub(r"[^A-Za-z0-9]", "", isrc).upper()
    return bare if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", bare) else None


def of_recording(recording: Recording) -> Profile:
    """The profile of an identified recording, or of one whose fields come from elsewhere as they are."""
    names = recording.artists or ((recording.artist,) if recording.artist else ())
    readings, said, words = _read(
        recording.artist or ", ".join(names),
        names,
        recording.featured,
        recording.title,
        recording.version,
        recording.album or "",
        recording.kind in (Kind.VIDEO, Kind.UPLOAD),
        tuple((r.artist, r.title) for r in recording.readings),
    )
    return Profile(
        readings, said, words, names, fold(recording.album or ""), recording.duration_s, normal_isrc(recording.isrc),
        recording.kind, recording.explicit, recording.fingerprint, bool(_ALBUM_LIVE.search(recording.album or "")),
        recording.title,
    )  # fmt: skip


def of_candidate(candidate: Candidate) -> Profile:
    """The profile of one search result."""
    readings, said, words = _read(
        ", ".join(candidate.artists),
        candidate.artists,
        (),
        candidate.title,
        (),
        candidate.album or "",
        candidate.kind in (Kind.VIDEO, Kind.UPLOAD),
        (),
    )
    return Profile(
        readings, said, words, candidate.artists, fold(candidate.album or ""), candidate.duration_s,
        normal_isrc(candidate.isrc), candidate.kind, candidate.explicit, None,
        bool(_ALBUM_LIVE.search(candidate.album or "")), candidate.title,
    )  # fmt: skip


@lru_cache(maxsize=8192)
def _read(
    credit: str,
    names: tuple[str, ...],
    featured: tuple[str, ...],
    text: str,
    versions: tuple[str, ...],
    album: str,
    upload: bool,
    others: tuple[tuple[str | None, str], ...],
) -> tuple[tuple[Reading, ...], tuple[str, ...], tuple[str, ...]]:
    cleaned = noise.untangle(text[:500]) if text.strip() else ""
    title = read_title(cleaned)
    said = [*title.versions, *versions]
    found: dict[tuple[tuple[str, ...], str], Reading] = {}

    def add(who: tuple[str, ...], what: Title | str, *, by_channel: bool = False) -> None:
        bare = what if isinstance(what, str) else what.bare
        main = bare if isinstance(what, str) else what.main
        head, mark, tail = bare.rpartition(" - ")
        reading = Reading(who, bare, fold(bare), fold(main), by_channel, fold(head) if mark else "", fold(tail) if mark else "")
        if reading.folded:
            found.setdefault((who, reading.folded), reading)

    own = _people(credit, names, (*featured, *title.featured))
    add(own, title, by_channel=upload)
    short = _without_album(title.bare, album)
    if short:
        add(own, read_title(short), by_channel=upload)
    if upload or not own or _SEPARATED.search(cleaned):
        name = read_name(text)
        if name.artist:
            said.extend(name.title.versions)
            people = _people(name.artist, (), name.title.featured)
            add(people, name.title)
            shorter = _without_album(name.title.bare, album)
            if shorter:
                add(people, read_title(shorter))
        elif upload or not own:
            add(own, name.title, by_channel=upload)
            said.extend(name.title.versions)
        for who, what in name.readings:
            add(_people(who or "", (), ()) if who else own, what, by_channel=not who)
    for who, what in others:
        add(_people(who or "", (), ()) or own, what)
    return tuple(found.values())[:8], tuple(dict.fromkeys(fold(v) for v in said)), tuple(fold(cleaned).split())


def _people(credit: str, names: tuple[str, ...], featured: tuple[str, ...]) -> tuple[str, ...]:
    """Every name of a credit, main artists first, channel tails cut, junk left out."""
    people: list[str] = []
    head, guests = artists.split_features(credit)
    wholes = (*names, head) if names else (head,)
    for whole in wholes:
        whole, more = artists.split_features(noise.untangle(whole) if _SITED.search(whole) else whole)
        for name in (artists.from_channel(whole), *artists.split_credit(whole), *more):
            if name not in people and not artists.is_junk(name):
                people.append(name)
    for guest in (*guests, *featured):
        if guest not in people and not artists.is_junk(guest):
            people.append(guest)
    return tuple(people)


def _without_album(title: str, album: str) -> str:
    """The title without the album that a bad tagger wrote behind it, or ''."""
    if not album:
        return ""
    key = fold(album)
    bracket = title.rfind(" (")
    while bracket > 0:
        inside = title[bracket + 2 :].rstrip(") ]")
        if fuzz.ratio(fold(inside), key) >= 80:
            return title[:bracket].strip()
        if len(inside) > 2 * len(album) + 10:
            break
        bracket = title.rfind(" (", 0, bracket)
    for found in re.finditer(r"\s+-\s+", title):
        if fuzz.ratio(fold(title[found.end() :]), key) >= 80:
            return title[: found.start()].strip()
    return ""


def channel_words(profile: Profile) -> frozenset[str]:
    """Words that explain themselves in an upload's title because they are the channel's."""
    return frozenset(word for name in profile.names for word in fold(artists.from_channel(name)).split())


def ignorable(word: str) -> bool:
    """Whether a left-over word of an upload's title says nothing about the recording."""
    return word in vocabulary.NOISE or word in vocabulary.FILLER or word in vocabulary.SMALL_WORDS or (word.isdigit() and len(word) == 4)


def marks(profile: Profile, other: Profile) -> frozenset[Version]:
    """The version marks of a profile, without what only repeats the other side's album or title ('Live and Let Die')."""
    found: set[Version] = set()
    for text in profile.said:
        if other.album and fuzz.ratio(text, other.album) >= 80:
            continue
        if any(fuzz.ratio(text, r.folded) >= 85 or f" {text} " in f" {r.folded} " for r in other.readings[:3]):
            continue
        found.update(read_versions(text))
    return frozenset(found)
