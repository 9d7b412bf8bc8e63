"""Profiles: a recording or a candidate made ready for comparison, with every way its name may be read.

An upload's artist field holds a channel, its title 'Artist - Title (Official Video)'; a badly tagged file has the
album in its title, or both names in one field. A profile keeps each plausible reading, so that comparing needs no
further guessing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier.names import cleanup, credits
from navaar_identifier.names.brackets import groups, without
from navaar_identifier.names.parser import Name, read_name
from navaar_identifier.names.titles import Title, read_title
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import kinds, read_versions
from navaar_identifier.text.cuts import may_be_cut
from navaar_identifier.text.normalisation import bounded
from navaar_text.folding import fold

_MOST_NAMES = 20
_MOST_READINGS = 6
_GROWN = 4
"""Letters from which a name is looked for in a longer one."""
_NUMBERED = re.compile(r"(?=[0-9a-zA-Z]{2,4}-)(?:\d*[a-zA-Z]?\d+|\d+[a-zA-Z]?\d*)-(?=\S)")
"""A track number, maybe with a letter wrong: '001-', '0D1-', '00A-'."""
_SAME_ALBUM = 80
"""Likeness per cent from which a piece of a title is taken for the album's name."""
_SEPARATED = re.compile(r"\s[-–—~|•·:=/]{1,3}\s|[-–—]\s|\s[-–—]|[\"“「『|]|--|\w-\w|\S\(|\)$|:\s")
_OF_ANOTHER = re.compile(
    r"\s*[(\[][^()\[\]]*\b(?:song|cover|version|tribute|originally)\b[^()\[\]]*[)\]]", re.IGNORECASE
)
"""Behind a name, whose song is played: 'Somebody (Another's song)'."""
_HANDLE = re.compile(r"\d")
"""In a channel's name: it is somebody's handle rather than a performer."""
_PRODUCER = re.compile(r"\bprod(?:uced|\.)?\s?(?:by\b|por\b|:)?\s*([^()\[\]|]{2,60}?)\s*(?=[()\[\]|]|$)", re.IGNORECASE)
_DASH = re.compile(r"\s+-\s+")
_SITED = re.compile(r"[@\[]|\.\w{2,4}\b")
_UNTITLED = re.compile(r"(?:0\d{1,2}|\d{1,3}\W+)?\W*")
_LIVE = re.compile(r"\b(?:live|en vivo|ao vivo|en directo|unplugged|in concert|concert|концерт)\b", re.IGNORECASE)

_SURELY_LIVE = re.compile(
    r"\blive (?:at|in|from|on|au|en|after)\b|[(\[]live\b|\blive[)\]]?$|: live\b|en vivo|ao vivo|en directo|unplugged"
    r"|in concert",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ComparableReading:
    """One way to read who and what."""

    artists: tuple[str, ...]
    folded: str
    """The title, folded."""
    main: str
    """The title without its unexplained brackets, folded."""
    head: str
    """The title without its last dash-separated piece, folded; '' without a dash."""
    tail: str
    """That piece, folded: it may be an album's name."""
    by_channel: bool = False
    """The artist is only the channel's name."""
    inside: bool = False
    """The artist was found inside the title field, while the artist field names somebody else."""
    split: bool = False
    """The artist was found inside the title field, whatever the artist field says."""
    turned: bool = False
    """And there stands behind the title."""
    bracketed: bool = False
    """And there only in a bracket, while the artist field names somebody else: whose song it is, or who plays it."""
    cut: bool = False
    """The title ends where the field does, and where formats cut it off."""


@dataclass(frozen=True, slots=True)
class Profile:
    """Everything comparing looks at."""

    text: str
    """The title field as written."""
    readings: tuple[ComparableReading, ...]
    said: tuple[str, ...]
    """What the name says about the version, folded: 'live at wembley'."""
    words: tuple[str, ...]
    """All folded words of the title field, for finding a name inside a longer text."""
    names: tuple[str, ...]
    """The artist field's names; channel names are cut back to the artist's."""
    album: str
    """Folded."""
    duration_s: float | None
    isrc: str | None
    kind: Kind | None
    live_album: bool
    surely_live: bool
    """The album's name cannot mean anything else: 'Live at Wembley', not 'Live Through This'."""
    untitled: bool = False
    """The title field holds a track number at most."""
    fingerprint: str | None = None
    guests: tuple[str, ...] = ()
    """Who is named as a guest, in whatever field."""


def normal_isrc(isrc: str | None) -> str | None:
    """'us-rc1-76-07839' as 'USRC17607839'; None when it is not an ISRC."""
    if not isrc:
        return None
    bare = re.sub(r"[^A-Za-z0-9]", "", isrc).upper()
    return bare if re.fullmatch(r"[A-Z]{2}[A-Z0-9]{3}\d{7}", bare) else None


def of_recording(recording: Recording) -> Profile:
    """The profile of an identified recording, or of one whose fields come from elsewhere as they are."""
    names = _bounded(recording.artists or ((recording.artist,) if recording.artist else ()))
    field = _Field(
        title=bounded(recording.title),
        credit=bounded(recording.artist or ", ".join(names)),
        names=names,
        featured=_bounded(recording.featured),
        versions=_bounded(recording.version),
        album=bounded(recording.album or ""),
        upload=recording.kind in (Kind.VIDEO, Kind.UPLOAD),
        others=tuple((bounded(r.artist or ""), bounded(r.title)) for r in recording.readings[:4]),
    )
    return _profile(recording, field, recording.fingerprint)


def of_candidate(candidate: Candidate) -> Profile:
    """The profile of one search result."""
    names = _bounded(candidate.artists)
    field = _Field(
        title=bounded(candidate.title),
        credit=bounded(", ".join(names)),
        names=names,
        album=bounded(candidate.album or ""),
        upload=candidate.kind in (Kind.VIDEO, Kind.UPLOAD),
    )
    return _profile(candidate, field, None)


def _bounded(texts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(bounded(t) for t in texts[:_MOST_NAMES])


class _Field(NamedTuple):
    """A title field, and what beside it decides how it is read."""

    title: str
    credit: str
    names: tuple[str, ...]
    featured: tuple[str, ...] = ()
    versions: tuple[str, ...] = ()
    album: str = ""
    upload: bool = False
    """The artist field holds a channel's name."""
    others: tuple[tuple[str, str], ...] = ()
    """Other readings as (artist, title), found when the item was identified."""


@dataclass(frozen=True, slots=True)
class _Parse:
    """One way to take a title field apart."""

    artists: tuple[str, ...]
    title: str
    main: str
    said: tuple[str, ...] = ()
    """Version words that taking off the album brought to light."""
    by_channel: bool = False
    split: bool = False


class _Read(NamedTuple):
    readings: tuple[ComparableReading, ...]
    said: tuple[str, ...]
    words: tuple[str, ...]
    guests: tuple[str, ...]


def _profile(item: Recording | Candidate, field: _Field, fingerprint: str | None) -> Profile:
    read = _read(field)
    album = (item.album or "").replace("_", " ").replace("-", " ")
    live = bool(album and _LIVE.search(album))
    return Profile(
        text=field.title,
        readings=read.readings,
        said=read.said,
        words=read.words,
        names=tuple(credits.from_channel(n) for n in field.names),
        album=fold(item.album or ""),
        duration_s=item.duration_s,
        isrc=normal_isrc(item.isrc),
        kind=item.kind,
        live_album=live,
        surely_live=live and bool(_SURELY_LIVE.search(album)),
        untitled=bool(_UNTITLED.fullmatch(item.title.strip())),
        fingerprint=fingerprint,
        guests=read.guests,
    )


@lru_cache(maxsize=8192)
def _read(field: _Field) -> _Read:
    """The readings, the version phrases, the words and the guests of a title field."""
    # Hyphens for blanks: then three of them were ' - '.
    text = field.title.replace("---", " - ")
    cleaned = cleanup.clean(text) if text.strip() else ""
    title = read_title(cleaned)
    own = _people(field.credit, field.names, (*field.featured, *title.featured))
    producers = _producers(text)

    parses = [_without_album(own, title, field.album, by_channel=field.upload), *_behind_number(text, own, field)]
    said = [*title.versions, *field.versions, *_said(parses)]
    guests = [*credits.split_features(field.credit)[1], *field.featured, *title.featured]
    # A guest behind the artist hides the separator from the title: look at the whole field then.
    if field.upload or not own or _SEPARATED.search(cleaned if title.featured else title.bare):
        name = read_name(text)
        whole_name = _as_whole_name(name, own, field)
        said += [*name.title.versions, *_said(whole_name)]
        guests += [*name.title.featured, *credits.split_features(name.artist or "")[1]]
        parses += whole_name
        if field.upload and own and any(VersionKind.COVER in kinds(read_versions(v)) for v in said):
            # 'Title - Whose Song (our cover)' on the player's own channel: both sides of the dash may be the title.
            parses.append(_Parse(own, name.title.bare, name.title.main, by_channel=True))
            parses += [_Parse(own, other, other, by_channel=True) for _, other in name.readings]
    for who, what in field.others:
        parses.append(_Parse((_people(who) if who else ()) or own, what, what, split=bool(who)))

    if producers:
        # Who made a song may be asked for as its artist; only behind those who sing it.
        parses = [replace(p, artists=(*p.artists, *producers)) if p.artists else p for p in parses]
    cut = may_be_cut(field.title)
    whole = fold(cleaned)
    outside = fold(without(cleaned, groups(cleaned))) if cleaned.endswith((")", "]")) else whole
    readings: dict[tuple[tuple[str, ...], str], ComparableReading] = {}
    for parse in parses:
        folded = fold(parse.title)
        if folded and (parse.artists, folded) not in readings:
            reading = _comparable(parse, folded, own, whole, outside)
            readings[parse.artists, folded] = replace(reading, cut=True) if cut and whole.endswith(folded) else reading
    phrases = tuple(dict.fromkeys(fold(v) for v in said))
    sung_by = tuple(dict.fromkeys(g for g in guests if g not in producers))
    return _Read(tuple(readings.values())[:_MOST_READINGS], phrases, tuple(whole.split()), sung_by)


def _producers(text: str) -> tuple[str, ...]:
    """Who produced it, as a title field says."""
    found = _PRODUCER.search(text) if "prod" in text.lower() else None
    return credits.split_credit(found[1]) if found else ()


def _said(parses: list[_Parse]) -> list[str]:
    return [words for parse in parses for words in parse.said]


def _behind_number(text: str, own: tuple[str, ...], field: _Field) -> list[_Parse]:
    """The ways to read what stands behind a track number; none without a number."""
    numbered = _NUMBERED.match(text)
    if not numbered:
        return []
    rest = text[numbered.end() :]
    parses: list[_Parse] = []
    if not field.upload:
        parses.append(_without_album(own, read_title(cleanup.clean(rest)), field.album))
    if (field.upload or not own) and _DASH.search(rest):
        name = read_name(rest)
        if name.artist:
            parses.append(_split_off(name.artist, name.title, field.album))
    return parses


def _as_whole_name(name: Name, own: tuple[str, ...], field: _Field) -> list[_Parse]:
    """The ways to read a title field that may hold the artist too."""
    parses: list[_Parse] = []
    if name.artist:
        parses.append(_split_off(name.artist, name.title, field.album))
    elif field.upload or not own:
        parses.append(_Parse(own, name.title.bare, name.title.main, by_channel=field.upload))
    for who, what in name.readings:
        parses.append(_Parse(_people(who) if who else own, what, what, by_channel=not who, split=bool(who)))
    return parses


def _split_off(artist: str, title: Title, album: str) -> _Parse:
    return _without_album(_people(artist, (), title.featured), title, album, split=True)


def _without_album(
    who: tuple[str, ...], title: Title, album: str, *, by_channel: bool = False, split: bool = False
) -> _Parse:
    """A title read without the album that may stand behind it: with it in both, two songs would look alike."""
    # 'Artist - Title' of a single that is named like its song is no title with an album behind it.
    short = _cut_album(title.bare, album) if who or not _DASH.search(title.bare) else ""
    if not short:
        return _Parse(who, title.bare, title.main, by_channel=by_channel, split=split)
    cut = read_title(short)
    return _Parse(who, cut.bare, cut.main, cut.versions, by_channel, split)


def _comparable(parse: _Parse, folded: str, own: tuple[str, ...], whole: str, outside: str) -> ComparableReading:
    """A parse made ready for comparison.

    Args:
        parse: whose title is not empty.
        folded: its title, folded.
        own: the performers that the artist field names.
        whole: the title field, folded.
        outside: what of it stands in no bracket, folded; all of it where no bracket ends it.
    """
    head, dash, tail = parse.title.rpartition(" - ")
    split = parse.split and bool(parse.artists)
    inside = split and bool(own) and not _is_one_of(parse.artists[0], own)
    return ComparableReading(
        parse.artists,
        folded,
        fold(parse.main),
        fold(head) if dash else "",
        fold(tail) if dash else "",
        parse.by_channel,
        inside=inside,
        split=split,
        turned=split and 0 <= whole.find(folded) < whole.find(fold(parse.artists[0])),
        bracketed=inside and fold(parse.artists[0]) not in outside and not _HANDLE.search(own[0]),
    )


@lru_cache(maxsize=8192)
def _people(credit: str, names: tuple[str, ...] = (), featured: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Every name of a credit, main artists first, channel tails cut, junk left out."""
    people: dict[str, None] = {}
    head, guests = credits.split_features(credit)
    for written in (*names, head):
        whole = (_OF_ANOTHER.sub("", written) or written) if "(" in written or "[" in written else written
        text = cleanup.clean(whole) if _SITED.search(whole) else whole
        main, more = credits.split_features(text)
        people.update(dict.fromkeys((credits.from_channel(main), *credits.split_credit(main), *more)))
    people.update(dict.fromkeys((*guests, *featured)))
    return tuple(p for p in people if not credits.is_junk(p))


def _is_one_of(name: str, people: tuple[str, ...]) -> bool:
    """Whether a name is one of these, or grown onto one, but for its spelling."""
    bare = fold(name).replace(" ", "")
    if len(bare) < _GROWN:
        return any(bare == fold(p).replace(" ", "") for p in people)
    for person in people:
        other = fold(person).replace(" ", "")
        if bare == other or (len(other) >= _GROWN and (bare in other or other in bare)):
            return True
    return False


def _cut_album(title: str, album: str) -> str:
    """The title without the album that a bad tagger wrote behind it, or ''."""
    if not album:
        return ""
    key = fold(album)
    bracket = title.rfind(" (")
    while bracket > 0:
        inside = title[bracket + 2 :].rstrip(") ]")
        if fuzz.ratio(fold(inside), key) >= _SAME_ALBUM:
            return title[:bracket].strip()
        if len(inside) > 2 * len(album) + 10:
            break
        bracket = title.rfind(" (", 0, bracket)
    for found in _DASH.finditer(title):
        if fuzz.ratio(fold(title[found.end() :]), key) >= _SAME_ALBUM:
            return title[: found.start()].strip()
    return ""
