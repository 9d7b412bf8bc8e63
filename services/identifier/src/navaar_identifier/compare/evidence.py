"""Evidence: how title, artists, version, length, album and sound of two profiles speak for or against one recording.

Every piece of evidence is a number of points with a reason; the points add up as log-odds, so that the result is a
probability. The curves were set by hand on one half of an evaluation set and checked on the other; docs/quality shows
how well the probabilities hold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rapidfuzz import fuzz

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, similarity
from navaar_identifier.compare import artists
from navaar_identifier.compare.containment import title_inside, unlike_rests
from navaar_identifier.compare.profile import ComparableReading, Profile
from navaar_identifier.compare.titles import numbers, readings_agree, texts_agree
from navaar_identifier.compare.versions import AS_ALBUM, SAME_PERFORMER, marks, one_length, version_clash
from navaar_identifier.names.version_words import Way
from navaar_text.folding import fold

Points = Sequence[tuple[float, float]]
"""A curve: (x, points) in the order of x, straight between."""
_Timed = Profile | Recording | Candidate
_PICTURED = (Kind.VIDEO, Kind.UPLOAD)

START = -3.6
TITLE: Points = ((0.0, -9.0), (0.6, -7.0), (0.75, -3.0), (0.85, 0.0), (0.92, 2.5), (1.0, 4.0))
ARTIST: Points = ((0.0, -6.0), (0.5, -5.0), (0.7, -2.0), (0.8, 1.0), (0.9, 2.4), (1.0, 3.0))
ARTIST_UNKNOWN = -0.7
NAMED_UNREADABLY = -0.5
"""Besides, where both artists are named and only how one is said is not known: they may well be two."""
LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (6.0, 0.3), (12.0, -0.8),
    (25.0, -2.2), (60.0, -3.5), (120.0, -5.0), (600.0, -7.0),
)  # fmt: skip
"""For the difference in seconds between two audio tracks."""
VIDEO_LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (8.0, 0.4), (20.0, -0.3),
    (45.0, -1.5), (90.0, -3.0), (180.0, -4.5), (600.0, -7.0),
)  # fmt: skip
"""The same where one side is a video: those have pictures before and after the song."""
WRONG_LENGTH = -3.0
"""The most that lengths can say against one title by one artist on one album: then the length is likelier wrong."""
SAME_PLACE = 3.0
"""For one artist, one album and one length to the second, where the titles nearly agree or one has none;
not where their numbers differ, which likens them to 0.72 at most."""
VERSION: Points = ((0.0, 0.0), (0.25, -0.6), (0.4, -1.6), (0.7, -4.0), (1.0, -8.0))
ANOTHER_PERFORMANCE = frozenset(f"only one side is {way.value}" for way in (Way.LIVE, Way.ACOUSTIC))
FOR_A_BARE_NAME = 0.45
"""The clash of another performance with a name that says nothing about version and length: taken where nothing is
better."""
BOTH_INSIDE = 0.75
"""The most that an artist inside both titles is worth, where the artist fields name two others."""
"""From here two names are taken for one performer's."""
SURELY_ONE = 0.97
"""From here the names differ in nothing that matters."""
NEARLY_ONE = 0.75
"""What one name within the other is worth where both were found in title fields: 'Hello' and 'Hello Again' may be
songs."""
OF_OTHER_NUMBER = 0.6
"""The most that such names are worth whose numbers differ."""
LIKE_ANOTHER = 0.75
"""The most that a title is worth that was cut out of two fields whose other words are of two songs."""
SAME_ALBUM = 0.8
OTHER_ALBUM = -1.0
"""For two albums where nobody says whether the performers are one."""
TELLING_ALBUM = 6
"""Letters of an album's name that few others share."""
SOUND: Points = (
    (0.0, -9.0), (0.3, -5.0), (0.5, 0.0), (0.7, 1.5), (0.8, 3.0), (0.84, 10.0), (0.88, 18.0), (0.92, 22.0), (1.0, 25.0),
)  # fmt: skip
"""For the fingerprints' similarity: the same file under other tags is the same recording, whatever they say."""
SAME_FILE = 0.96
"""Half of all re-encodings reach this, the same music with another voice hardly ever."""
SOUND_OF_ANOTHER_VERSION = 2.0
"""The most that a lesser similarity says where the names are of two versions: an instrumental sounds nearly like the
song."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outcome of one comparison."""

    score: float
    """Probability that both are one recording, 0..1."""
    reasons: tuple[str, ...]
    version: float = 0.0
    """How strongly the version words clash, 0..1."""


def at(curve: Points, x: float) -> float:
    """The points of a curve at x; flat beyond its ends."""
    if x <= curve[0][0]:
        return curve[0][1]
    for (low, below), (high, above) in pairwise(curve):
        if x <= high:
            return below + (above - below) * (x - low) / (high - low)
    return curve[-1][1]


def at_best(a: Recording, b: Candidate) -> float:
    """The most that `weigh` can say for two items whose names were not looked at: their lengths may be too far apart.

    Returns:
        A probability, 0..1; 1.0 where nothing is known.
    """
    if not (a.duration_s and b.duration_s) or (a.isrc and b.isrc):
        return 1.0
    points = _length_points(a, b)
    if a.album or b.album:
        points = max(points, WRONG_LENGTH) + SAME_ALBUM + SAME_PLACE
    return _probability(START + TITLE[-1][1] + ARTIST[-1][1] + points)


def weigh(a: Profile, b: Profile, *, bare_name: bool = False) -> Evidence:
    """Compares two profiles. Symmetric.

    Args:
        a: one side.
        b: the other.
        bare_name: one side is only a name that somebody asked for, without length, album or version: a live take is
            then no contradiction, but not surely what was meant either.
    """
    if a.isrc and a.isrc == b.isrc:
        return Evidence(0.999, (f"same ISRC {a.isrc}",))
    # Re-releases carry new codes for the same recording, so a different code is no proof; the rest decides.
    title, artist, version, why = _names(a, b)
    if bare_name and why in ANOTHER_PERFORMANCE:
        version = FOR_A_BARE_NAME
    untitled = (a.untitled or b.untitled) and ((artist or 0) >= 0.9 or _one_place(a, b))
    total = START + (0.0 if untitled else at(TITLE, title)) + _artist_points(artist) + at(VERSION, version)
    reasons = ["no title on one side" if untitled else _title_reason(title), _artist_reason(artist)]
    if why:
        reasons.append(why)
    if artist is None and a.names and b.names:
        total += NAMED_UNREADABLY
    if artist is None and title >= 0.93:
        total += _telling(a, b)
        if a.album and b.album and fuzz.partial_ratio(a.album, b.album) < AS_ALBUM:
            total += OTHER_ALBUM
    same_album = (title > 0.7 or untitled) and _one_album(a, b)
    if same_album:
        total += SAME_ALBUM
        reasons.append("same album")
    if a.duration_s and b.duration_s:
        gap = abs(a.duration_s - b.duration_s)
        points = _length_points(a, b)
        if same_album and title >= 0.9 and (artist or 0) >= 0.9:
            points = max(points, WRONG_LENGTH)
        if same_album and gap <= 1.5 and (untitled or ((artist or 0) >= 0.9 and 0.72 < title < 0.97)):
            points += SAME_PLACE
        total += points
        reasons.append("same length" if gap < 2 else f"{gap:.0f} s apart")
    if a.fingerprint and b.fingerprint:
        likeness = similarity(a.fingerprint, b.fingerprint)
        said = at(SOUND, likeness)
        total += min(said, SOUND_OF_ANOTHER_VERSION) if version >= 0.4 and likeness < SAME_FILE else said
        reasons.append(_sound_reason(likeness))
    return Evidence(_probability(total), tuple(reasons), version)


def _one_album(a: Profile, b: Profile) -> bool:
    """Whether both are on one album; one side may have it behind its title."""
    if a.album and b.album:
        return fuzz.ratio(a.album, b.album) >= AS_ALBUM
    if not a.album and not b.album:
        return False
    album, other = (a.album, b) if a.album else (b.album, a)
    behind = (text for r in other.readings[:3] for text in (r.tail, r.folded[len(r.main) :].strip()))
    return any(fuzz.ratio(text, album) >= AS_ALBUM for text in (*other.said, *behind) if text)


def _one_place(a: Profile, b: Profile) -> bool:
    """Whether album and length are so much one that the title may be missing, where no performer speaks against it."""
    if _everyone(a) and _everyone(b):
        return False
    return len(a.album) >= TELLING_ALBUM and one_length(a, b) and fuzz.ratio(a.album, b.album) >= AS_ALBUM


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _length_points(a: _Timed, b: _Timed) -> float:
    """What the lengths of two items say, both being known."""
    video = a.kind in _PICTURED or b.kind in _PICTURED
    return at(VIDEO_LENGTH if video else LENGTH, abs((a.duration_s or 0.0) - (b.duration_s or 0.0)))


def _names(a: Profile, b: Profile) -> tuple[float, float | None, float, str]:
    """The best agreement of title and artist over all readings, and the clash of the version words."""
    best, title, artist = -99.0, 0.0, None
    pair: tuple[ComparableReading, ComparableReading] | None = None
    found_inside = False
    known = bool(a.names and b.names) and artists.agree(a.names, b.names) >= SAME_PERFORMER
    if a.untitled or b.untitled:
        return 0.0, _artists_agree(_everyone(a), _everyone(b)), 0.0, ""
    for left in a.readings:
        for right in b.readings:
            this_title = readings_agree(left, right, a.album, b.album)
            if this_title < 0.6 and best > -99.0:
                continue
            this_artist = _performers_agree(left, right, known)
            points = at(TITLE, this_title) + _artist_points(this_artist)
            if points > best or (points == best and pair and all(r.split for r in pair)):
                best, title, artist = points, this_title, this_artist
                pair = left, right
                found_inside = left.inside and right.inside
        if best == TITLE[-1][1] + ARTIST[-1][1]:
            break
    if artist is not None and artist > BOTH_INSIDE and found_inside and _others_are_named(a, b):
        # One work's title, 'Variations: Aria', names nobody who plays it.
        artist = BOTH_INSIDE
        best = at(TITLE, title) + at(ARTIST, artist)
    if pair and title >= LIKE_ANOTHER and unlike_rests(a, pair[0], b, pair[1]):
        title = LIKE_ANOTHER
        best = at(TITLE, title) + _artist_points(artist)
    marks_a, marks_b = marks(a, b), marks(b, a)
    if best < at(TITLE, 0.95) + at(ARTIST, 0.9):
        for whole, part in ((a, b), (b, a)):
            inside = title_inside(whole, part)
            if inside is None:
                continue
            points = at(TITLE, inside.title) + at(ARTIST, inside.artist)
            if points > best:
                best, title, artist = points, inside.title, inside.artist
                if whole is a:
                    marks_a |= inside.marks
                else:
                    marks_b |= inside.marks
    version, why = version_clash(a, b, marks_a, marks_b)
    return title, artist, version, why


def _others_are_named(a: Profile, b: Profile) -> bool:
    """Whether both artist fields name performers, and not one performer. Uploads name their channels."""
    if {a.kind, b.kind} <= {Kind.VIDEO, Kind.UPLOAD}:
        return False
    return bool(a.names and b.names) and artists.agree(a.names, b.names) < 0.7


def _everyone(profile: Profile) -> tuple[str, ...]:
    """The names that stand for the performer when there is no title to choose a reading by."""
    return profile.names or tuple(name for reading in profile.readings for name in reading.artists)


def _performers_agree(a: ComparableReading, b: ComparableReading, known: bool) -> float | None:
    """How surely two readings name one performer; None where nothing can be said.

    Where both were found in a title field, what is taken for the performer may be the song: two parts of one work
    are no nearer to each other for that.

    Args:
        a: a reading of one side.
        b: a reading of the other.
        known: the artist fields name one performer, so that these two readings name somebody else.
    """
    value = _artists_agree(a.artists, b.artists)
    if value is None or value < OF_OTHER_NUMBER or not (a.split and b.split):
        return value
    name_a, name_b = fold(a.artists[0]), fold(b.artists[0])
    if numbers(name_a) != numbers(name_b):
        return OF_OTHER_NUMBER
    strict = texts_agree(name_a, name_b)
    if known and a.inside and b.inside:
        return value if strict >= SAME_PERFORMER else 0.0
    if a.turned and b.turned:
        return min(value, strict)
    return value if value >= SURELY_ONE else min(value, max(NEARLY_ONE, strict))


def _artists_agree(a: tuple[str, ...], b: tuple[str, ...]) -> float | None:
    """None where nothing can be said: nobody named, or a name whose reading is not known."""
    if not a or not b:
        return None
    value = artists.agree(a, b)
    return None if value < 0.7 and artists.unknowable(a, b) else value


def _artist_points(artist: float | None) -> float:
    return ARTIST_UNKNOWN if artist is None else at(ARTIST, artist)


def _telling(a: Profile, b: Profile) -> float:
    """What a long title adds where the artists cannot be compared: few songs share it."""
    letters = min(max((len(r.folded) for r in p.readings), default=0) for p in (a, b))
    return min(1.6, max(0.0, 0.12 * (letters - 4)))


def _sound_reason(likeness: float) -> str:
    if likeness >= SAME:
        return "sounds the same"
    return "sounds different" if likeness < DIFFERENT else "sounds partly alike"


def _title_reason(title: float) -> str:
    if title >= 0.97:
        return "title agrees"
    return "title nearly agrees" if title >= 0.85 else "title differs"


def _artist_reason(artist: float | None) -> str:
    if artist is None:
        return "artist unknown on one side"
    if artist >= 0.9:
        return "artist agrees"
    return "artist nearly agrees" if artist >= 0.75 else "artist differs"
