"""Marks: what two names say about the version of a recording, without what only repeats a title or an album."""

from __future__ import annotations

import re

from rapidfuzz import fuzz

from navaar_identifier.profiles import Profile
from navaar_identifier.version_words import Way
from navaar_identifier.versions import Version, read_versions

_SAME_ALBUM = 80
"""Likeness per cent from which a version phrase is taken for an album's name."""
_NEARLY = 3.0
"""Seconds between two lengths of one recording."""
_OF_ALBUMS = (Way.LIVE, Way.ACOUSTIC, Way.TALK)
"""What an album's name says of its recordings, or of itself."""
_COVER_BY = re.compile(r"\bcover(?:ed)?(?: version)? by (?:the )?(.+)")
_COLLECTION = re.compile(r"\b(?:best of|greatest hits|compilation)\b")


def cover_by(profile: Profile) -> str:
    """Who covers the song, as a version phrase says it, folded: 'cover by somebody'; '' where it does not."""
    for text in profile.said:
        found = _COVER_BY.search(text)
        if found:
            return found[1]
    return ""


def one_length(a: Profile, b: Profile) -> bool:
    """Whether both lengths are known and nearly one."""
    return bool(a.duration_s and b.duration_s) and abs((a.duration_s or 0) - (b.duration_s or 0)) <= _NEARLY


def marks(profile: Profile, other: Profile) -> frozenset[Version]:
    """The version marks of a profile, without what only repeats the other side's album or title."""
    found: set[Version] = set()
    near = one_length(profile, other)
    for text in profile.said:
        if any(fuzz.ratio(text, said) >= _SAME_ALBUM for said in other.said):
            # Both say it: then it is no accident of an album's name.
            found.update(read_versions(text))
            continue
        if other.album and fuzz.ratio(text, other.album) >= _SAME_ALBUM:
            continue
        if near and ((profile.album and fuzz.ratio(text, profile.album) >= _SAME_ALBUM) or _COLLECTION.search(text)):
            # A bad tagger wrote the album behind the title.
            found.update(m for m in read_versions(text) if m.way not in _OF_ALBUMS)
            continue
        if any(fuzz.ratio(text, r.folded[len(r.main) :].strip()) >= _SAME_ALBUM for r in other.readings[:3]):
            # The other side says it too, with a misspelling that hides it.
            continue
        if any(fuzz.ratio(text, r.folded) >= 85 or f" {text} " in f" {r.folded} " for r in other.readings[:3]):
            continue
        found.update(read_versions(text))
    return frozenset(found)
