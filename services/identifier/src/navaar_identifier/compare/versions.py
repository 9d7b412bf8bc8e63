"""Versions: how strongly what two items say about their versions speaks against one recording.

`marks` takes what a name says, without what only repeats a title or an album; `clash` compares two sets of marks;
`version_clash` adds whose covers the items are, and live albums.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier.compare import artists
from navaar_identifier.compare.profile import Profile
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import SAME_RECORDING, SOFT, STYLES, Version, read_versions
from navaar_text.folding import fold

SOFT_CLASH = 0.4
_NOT_TIMED = 0.7
"""The clash of an edit or a long version with a plain one where the lengths cannot settle it."""
_OF_ITS_OWN = 0.85
"""The clash of a version of its own name, 'Bedroom Version', with a plain one: not even one length makes them one."""
_ANOTHER_PLACE = 0.8
_ANOTHER_STYLE = 0.85
"""The clash of a mix of some style, 'Vocal Mix', with one of none."""
_OTHER_GUESTS = 0.85
_ONE_GUEST = 0.6
_SAME_GUEST = 0.7
_LEFT_OUT = 12.0
"""Seconds from which a guest on one side only was not just left out on the other."""
_ON_A_LIVE_ALBUM = 0.6
"""The clash of a live album with another album, unless the lengths agree."""
AS_ALBUM = 85
"""Likeness per cent from which two names are one album's."""
SAME_PERFORMER = 0.9
_SAME_ALBUM = 80
"""Likeness per cent from which a version phrase is taken for an album's name."""
_NEARLY = 3.0
"""Seconds between two lengths of one recording."""
_OF_ALBUMS = (VersionKind.LIVE, VersionKind.ACOUSTIC, VersionKind.TALK)
"""What an album's name says of its recordings, or of itself."""
_COVER_BY = re.compile(r"\bcover(?:ed)?(?: version)? by (?:the )?(.+)")
_COLLECTION = re.compile(r"\b(?:best of|greatest hits|compilation)\b")
_FAST = frozenset({VersionKind.SPED_UP, VersionKind.NIGHTCORE})


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
            found.update(m for m in read_versions(text) if m.kind not in _OF_ALBUMS)
            continue
        if any(fuzz.ratio(text, r.folded[len(r.main) :].strip()) >= _SAME_ALBUM for r in other.readings[:3]):
            # The other side says it too, with a misspelling that hides it.
            continue
        if any(fuzz.ratio(text, r.folded) >= 85 or f" {text} " in f" {r.folded} " for r in other.readings[:3]):
            continue
        found.update(read_versions(text))
    return frozenset([_own(mark, profile) for mark in found])


def _own(mark: Version, profile: Profile) -> Version:
    """A version that the performer named after herself is a new recording: 'Lena's Version' by Lena Voss."""
    if mark.kind is not VersionKind.SPECIAL or not mark.who.endswith("s"):
        return mark
    names = {word for reading in profile.readings for name in reading.artists for word in fold(name).split()}
    whose = (mark.who, mark.who.removesuffix("s"))
    return Version(VersionKind.RERECORDED) if any(names.issuperset(w.split()) for w in whose) else mark


@lru_cache(maxsize=8192)
def clash(a: frozenset[Version], b: frozenset[Version]) -> tuple[float, str]:
    """How strongly two sets of marks speak against one recording.

    Returns:
        (0..1, why): 0 nothing against, 1 certainly different versions. Around 0.5: the durations should decide.
        Symmetric in its arguments.
    """
    mine, theirs = _by_way(a), _by_way(b)
    for one, other in ((mine, theirs), (theirs, mine)):
        if VersionKind.EXTENDED in one and VersionKind.EDIT in other and not one.keys() & other.keys():
            return 1.0, "one side is extended, the other an edit"
    worst, why = 0.0, ""
    for kind in VersionKind:
        left, right = mine.get(kind), theirs.get(kind)
        if kind in SAME_RECORDING or (left is None and right is None):
            continue
        if left is not None and right is not None:
            strength, reason = _whose_clash(left, right), f"another {kind.value}"
        else:
            strength = _alone(kind, mine, theirs)
            reason = "one side is not the song itself" if kind is VersionKind.TALK else f"only one side is {kind.value}"
        if strength > worst:
            worst, why = strength, reason
    return worst, why


_ByWay = dict[VersionKind, list[Version]]


def _by_way(marks: frozenset[Version]) -> _ByWay:
    found: _ByWay = {}
    for mark in marks:
        found.setdefault(mark.kind, []).append(mark)
    return found


def _whose_clash(left: list[Version], right: list[Version]) -> float:
    """The clash of one kind of mark: whoever is named on one side must be met by somebody on the other."""
    return max(
        min(_who_clash(one, other) for other in others)
        for these, others in ((left, right), (right, left))
        for one in these
    )


def _alone(kind: VersionKind, mine: _ByWay, theirs: _ByWay) -> float:
    """The strength of a mark that only one side carries."""
    if kind in SOFT:
        return SOFT_CLASH
    if kind is VersionKind.SPECIAL:
        return _OF_ITS_OWN
    if kind is VersionKind.COVER:
        # 'X - Song (Y cover)' is X's recording, named after whom it honours; the artists decide.
        return 0.3
    if kind in _FAST and _FAST & mine.keys() and _FAST & theirs.keys():
        return 0.3
    # 'Acoustic, live' and 'live', 'unplugged' and 'acoustic': both say how it was played.
    other = {VersionKind.ACOUSTIC: VersionKind.LIVE, VersionKind.LIVE: VersionKind.ACOUSTIC}.get(kind)
    if other is not None and other in mine and other in theirs:
        return 0.3
    return 1.0


def _who_clash(left: Version, right: Version) -> float:
    if left.who == right.who:
        return 0.0
    if not left.who or not right.who:
        return _ANOTHER_STYLE if left.kind is VersionKind.REMIX and (left.who or right.who) in STYLES else 0.25
    close = max(fuzz.ratio(left.who, right.who), fuzz.token_set_ratio(left.who, right.who))
    if close >= 80:
        return 0.0
    if left.kind is VersionKind.LIVE:
        return _ANOTHER_PLACE
    if left.kind is VersionKind.COVER:
        return 0.2
    return 1.0


def version_clash(
    a: Profile, b: Profile, marks_a: frozenset[Version], marks_b: frozenset[Version]
) -> tuple[float, str]:
    """How strongly the version words of two items speak against one recording.

    Args:
        a: one side.
        b: the other.
        marks_a: what the first side says about its version.
        marks_b: what the second side says.

    Returns:
        (0..1, why) as `versions.clash`; symmetric.
    """
    if not marks_a and not marks_b:
        return (_ON_A_LIVE_ALBUM, "only one album is live") if _one_is_on_a_live_album(a, b) else (0.0, "")
    for one, other, theirs in ((a, b, marks_b), (b, a, marks_a)):
        by = cover_by(other)
        if by and one.names and not _is_named(by, one):
            return 1.0, f"the other side is a cover by {by}"
        covers = [m for m in theirs if m.kind is VersionKind.COVER]
        if not covers or not one.names or (other.names and artists.agree(one.names, other.names) >= 0.85):
            continue
        if any(not m.who for m in covers):
            # 'X - Song (cover)' on a stranger's channel: the stranger sings X's song.
            return 0.85, "the other side is somebody's cover"
        if any(artists.agree((m.who,), one.names) >= 0.85 for m in covers):
            return 1.0, "the other side is a cover of this artist"
        if other.names and any(artists.agree((m.who,), other.names) >= 0.85 for m in covers):
            return 1.0, "the other side is its channel's own cover"
    # On a live album the titles need not say so.
    if a.live_album and not any(m.kind is VersionKind.LIVE for m in marks_a):
        marks_b = frozenset(m for m in marks_b if m.kind is not VersionKind.LIVE)
    if b.live_album and not any(m.kind is VersionKind.LIVE for m in marks_b):
        marks_a = frozenset(m for m in marks_a if m.kind is not VersionKind.LIVE)
    said = clash(marks_a, marks_b)
    if said[0] == SOFT_CLASH and not (a.duration_s and b.duration_s):
        said = (_NOT_TIMED, said[1])
    if said[0] < _ON_A_LIVE_ALBUM and _one_is_on_a_live_album(a, b):
        return _ON_A_LIVE_ALBUM, "only one album is live"
    return said


def guests_clash(a: Profile, b: Profile) -> tuple[float, str]:
    """How strongly the guests of two items speak against one recording: with another voice it was recorded again.

    Returns:
        (0..1, why) as `versions.clash`; symmetric.
    """
    met_a, met_b = _are_named(a.guests, b), _are_named(b.guests, a)
    if a.guests and b.guests:
        return (0.0, "") if met_a or met_b else (_OTHER_GUESTS, "another guest")
    if met_a or met_b or not (a.duration_s and b.duration_s) or abs(a.duration_s - b.duration_s) < _LEFT_OUT:
        # Whoever writes a name down may leave the guest out.
        return 0.0, ""
    return _ONE_GUEST, "only one side has a guest, and another length"


def _are_named(guests: tuple[str, ...], profile: Profile) -> bool:
    """Whether one of some guests is named by the other side, or may be, in a script that cannot be read."""
    people = tuple(dict.fromkeys((*_people(profile), *profile.guests)))
    return bool(guests) and (artists.agree(guests, people) >= _SAME_GUEST or artists.unknowable(guests, people))


def _people(profile: Profile) -> tuple[str, ...]:
    return (*profile.names, *(person for reading in profile.readings for person in reading.artists))


def _is_named(name: str, profile: Profile) -> bool:
    """Whether the artist field or the title field names this performer."""
    return artists.agree((name,), _people(profile)) >= SAME_PERFORMER


def _one_is_on_a_live_album(a: Profile, b: Profile) -> bool:
    if not (a.album and b.album) or a.live_album == b.live_album or not (a.surely_live or b.surely_live):
        return False
    return not one_length(a, b) and fuzz.ratio(a.album, b.album) < AS_ALBUM
