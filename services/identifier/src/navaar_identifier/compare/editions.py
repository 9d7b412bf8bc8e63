"""Editions: which of several uploads of one recording is the one that the source means.

Clean and explicit prints, remasters, singles and albums are one recording here, so no evidence tells them apart. What
the source says of itself decides between candidates that are otherwise equal, then how official an upload is, then
which of them is the older.
"""

from __future__ import annotations

from rapidfuzz import fuzz

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier.compare import artists
from navaar_identifier.compare.profile import Profile, of_candidate, of_recording
from navaar_identifier.compare.versions import SAME_PERFORMER
from navaar_identifier.names.version_words import VersionKind
from navaar_identifier.names.versions import Version, read_versions

_PREFERENCE = {Kind.SONG: 3, Kind.AUDIO: 3, Kind.VIDEO: 2, Kind.UPLOAD: 1}
_ALIKE = 90
"""Likeness per cent from which one album's name holds the other: 'House of Salt', 'House of Salt (Deluxe Edition)'."""
_UNTOLD, _OTHER_PRINT = 1, 2
_UNDATED = "9999"

Distance = tuple[int, ...]


def distance(recording: Recording, candidate: Candidate) -> Distance:
    """How far an upload of the recording is from the edition that was meant; the smallest is the one to take.

    Args:
        recording: what is looked for.
        candidate: an entry that is surely enough the recording.

    Returns:
        Small numbers, the weightiest first: whether it is the other print than the explicit or clean one that was
        meant, the kind of upload, what else tells of its print, the remaster, the album, whether the channel is the
        artist's. Comparable with those of other candidates for the same recording.
    """
    wanted, offered = of_recording(recording), of_candidate(candidate)
    marks_wanted, marks_offered = _marks(wanted), _marks(offered)
    print_ = _told_apart(_explicit(recording, marks_wanted), _explicit(candidate, marks_offered))
    return (
        # A video of the print that is meant comes before a track that surely is the other one. A video that says
        # nothing does not: what it is, nobody knows.
        int(print_ == _OTHER_PRINT or (print_ == _UNTOLD and candidate.kind in (Kind.VIDEO, Kind.UPLOAD))),
        -_PREFERENCE[candidate.kind],
        print_,
        _remaster(marks_wanted, marks_offered),
        _album(wanted.album, offered.album),
        int(not (offered.names and wanted.names and artists.agree(wanted.names, offered.names) >= SAME_PERFORMER)),
    )


def age(candidate: Candidate) -> str:
    """What puts candidates into the order of their release, oldest first; those without a date come last."""
    return candidate.released or _UNDATED


def _marks(profile: Profile) -> frozenset[Version]:
    return frozenset(mark for text in profile.said for mark in read_versions(text))


def _explicit(item: Recording | Candidate, marks: frozenset[Version]) -> bool | None:
    """Whether it is the explicit print; its own words outrank the platform's mark."""
    said = {mark.kind for mark in marks} & {VersionKind.EXPLICIT, VersionKind.CLEAN}
    return item.explicit if len(said) != 1 else VersionKind.EXPLICIT in said


def _told_apart(wanted: bool | None, offered: bool | None) -> int:
    if wanted is None or wanted is offered:
        return 0
    return _UNTOLD if offered is None else _OTHER_PRINT


def _remaster(wanted: frozenset[Version], offered: frozenset[Version]) -> int:
    mine = {mark.who for mark in wanted if mark.kind is VersionKind.REMASTER}
    theirs = {mark.who for mark in offered if mark.kind is VersionKind.REMASTER}
    if mine == theirs:
        return 0
    return 1 if mine and theirs else 2


def _album(wanted: str, offered: str) -> int:
    if not wanted or wanted == offered:
        return 0
    if not offered:
        return 2
    return 1 if fuzz.partial_ratio(wanted, offered) >= _ALIKE else 3
