"""Clashes: how strongly the version words of two items, whose covers they are and live albums speak against one
recording."""

from __future__ import annotations

from rapidfuzz import fuzz

from navaar_identifier import artists
from navaar_identifier.marks import cover_by, one_length
from navaar_identifier.profiles import Profile
from navaar_identifier.version_words import Way
from navaar_identifier.versions import SOFT_CLASH, Version, clash

_NOT_TIMED = 0.6
"""The clash of an edit or a long version with a plain one where the lengths cannot settle it."""
_ON_A_LIVE_ALBUM = 0.6
"""The clash of a live album with another album, unless the lengths agree."""
AS_ALBUM = 85
"""Likeness per cent from which two names are one album's."""
SAME_PERFORMER = 0.9


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
        covers = [m for m in theirs if m.way is Way.COVER]
        if not covers or not one.names or (other.names and artists.agree(one.names, other.names) >= 0.85):
            continue
        if any(not m.who for m in covers):
            # 'X - Song (cover)' on a stranger's channel: the stranger sings X's song.
            return 0.7, "the other side is somebody's cover"
        if any(artists.agree((m.who,), one.names) >= 0.85 for m in covers):
            return 1.0, "the other side is a cover of this artist"
        if other.names and any(artists.agree((m.who,), other.names) >= 0.85 for m in covers):
            return 1.0, "the other side is its channel's own cover"
    # On a live album the titles need not say so.
    if a.live_album and not any(m.way is Way.LIVE for m in marks_a):
        marks_b = frozenset(m for m in marks_b if m.way is not Way.LIVE)
    if b.live_album and not any(m.way is Way.LIVE for m in marks_b):
        marks_a = frozenset(m for m in marks_a if m.way is not Way.LIVE)
    said = clash(marks_a, marks_b)
    if said[0] == SOFT_CLASH and not (a.duration_s and b.duration_s):
        said = (_NOT_TIMED, said[1])
    if said[0] < _ON_A_LIVE_ALBUM and _one_is_on_a_live_album(a, b):
        return _ON_A_LIVE_ALBUM, "only one album is live"
    return said


def _is_named(name: str, profile: Profile) -> bool:
    """Whether the artist field or the title field names this performer."""
    people = (*profile.names, *(person for reading in profile.readings for person in reading.artists))
    return artists.agree((name,), people) >= SAME_PERFORMER


def _one_is_on_a_live_album(a: Profile, b: Profile) -> bool:
    if not (a.album and b.album) or a.live_album == b.live_album or not (a.surely_live or b.surely_live):
        return False
    return not one_length(a, b) and fuzz.ratio(a.album, b.album) < AS_ALBUM
