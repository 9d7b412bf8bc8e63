"""Evidence: how title, artists, version, length, album and sound of two profiles speak for or against one recording.

Every piece of evidence is a number of points with a reason; the points add up as log-odds, so that the result is a
probability. `weights` holds the points.
"""

from __future__ import annotations

import math
from collections.abc import Collection
from dataclasses import dataclass

from rapidfuzz import fuzz

from navaar_contracts.music import Candidate, Kind, Recording
from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, heard, similarity
from navaar_identifier.compare import artists, weights
from navaar_identifier.compare.containment import MOST_WORDS, title_inside, unlike_rests
from navaar_identifier.compare.profile import ComparableReading, Profile
from navaar_identifier.compare.titles import numbers, readings_agree, texts_agree
from navaar_identifier.compare.versions import (
    AS_ALBUM,
    SAME_PERFORMER,
    SOFT_CLASH,
    guests_clash,
    marks,
    one_length,
    version_clash,
)
from navaar_identifier.compare.weights import at
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_Timed = Profile | Recording | Candidate


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outcome of one comparison."""

    score: float
    """Probability that both are one recording, 0..1."""
    reasons: tuple[str, ...]
    version: float = 0.0
    """How strongly the version words clash, 0..1."""


def at_best(a: Recording, b: Candidate) -> float:
    """The most that `weigh` can say for two items whose names were not looked at: their lengths may be too far apart.

    Returns:
        A probability, 0..1; 1.0 where nothing is known.
    """
    if not (a.duration_s and b.duration_s) or (a.isrc and b.isrc):
        return 1.0
    points = _length_points(a, b)
    if a.album or b.album:
        points = max(points, weights.WRONG_LENGTH) + weights.SAME_ALBUM + weights.SAME_PLACE
    return _probability(weights.START + weights.TITLE[-1][1] + weights.ARTIST[-1][1] + points)


def weigh(a: Profile, b: Profile, *, bare_name: bool = False) -> Evidence:
    """Compares two profiles. Symmetric.

    Args:
        a: one side.
        b: the other.
        bare_name: one side is only a name that somebody asked for, without length, album or version: a live take is
            then no contradiction, but not surely what was meant either.
    """
    title, artist, version, why = _names(a, b)
    if bare_name and why in weights.ANOTHER_PERFORMANCE:
        version = weights.FOR_A_BARE_NAME
    untitled = (a.untitled or b.untitled) and ((artist or 0) >= 0.9 or _one_place(a, b))
    total = (
        weights.START
        + (0.0 if untitled else at(weights.TITLE, title))
        + _artist_points(artist)
        + at(weights.VERSION, version)
    )
    reasons = ["no title on one side" if untitled else _title_reason(title), _artist_reason(artist)]
    if why:
        reasons.append(why)
    if artist is None and a.names and b.names:
        total += weights.NAMED_UNREADABLY
    if artist is None and title >= 0.93:
        total += _telling(a, b)
        if a.album and b.album and fuzz.partial_ratio(a.album, b.album) < AS_ALBUM:
            total += weights.OTHER_ALBUM
    same_album = (title > 0.7 or untitled) and _one_album(a, b)
    if same_album:
        total += weights.SAME_ALBUM
        reasons.append("same album")
    if a.duration_s and b.duration_s:
        gap = abs(a.duration_s - b.duration_s)
        points = _length_points(a, b)
        if same_album and title >= 0.9 and (artist or 0) >= 0.9:
            points = max(points, weights.WRONG_LENGTH)
        if same_album and gap <= 1.5 and (untitled or ((artist or 0) >= 0.9 and 0.72 < title < 0.97)):
            points += weights.SAME_PLACE
        total += points
        reasons.append("same length" if gap < 2 else f"{gap:.0f} s apart")
    one_code = bool(a.isrc) and a.isrc == b.isrc
    if not one_code and not (a.fingerprint and b.fingerprint):
        return Evidence(_probability(total), tuple(reasons), version)
    against = _contradictions(a, b, 1.0 if untitled else title, artist, version)
    alone = False
    if a.fingerprint and b.fingerprint:
        points, likeness, alone = _sound(a, b, version, against)
        total += points
        reasons.append(_sound_reason(likeness))
        if likeness < DIFFERENT and points <= weights.CONTRADICTING_LENGTH:
            against.append("sound")
    if one_code:
        # Another code is no proof of another recording: re-releases carry new ones.
        reasons.insert(0, f"same ISRC {a.isrc}")
        if not against:
            return Evidence(weights.CODED, tuple(reasons), version)
        total += weights.SAME_CODE
        alone = True
    score = _probability(total)
    return Evidence(min(score, weights.CONTRADICTED) if alone else score, tuple(reasons), version)


def _contradictions(a: Profile, b: Profile, title: float, artist: float | None, version: float) -> list[str]:
    """What says of itself that two items are two recordings: the kinds of evidence."""
    against: list[str] = []
    near = one_length(a, b)
    translated = near and (artist or 0) >= SAME_PERFORMER and script(fold(a.text)) != script(fold(b.text))
    # What is longer than any title is none that could be another's.
    are_titles = max(len(a.words), len(b.words)) <= MOST_WORDS
    if title < weights.CONTRADICTING_TITLE and are_titles and not translated:
        against.append("title")
    if artist is not None and artist < weights.CONTRADICTING_ARTIST:
        against.append("artist")
    if version >= weights.CONTRADICTING_VERSION:
        against.append("version")
    if a.duration_s and b.duration_s and _length_points(a, b) <= weights.CONTRADICTING_LENGTH:
        against.append("length")
    return against


def _sound(a: Profile, b: Profile, version: float, against: Collection[str]) -> tuple[float, float, bool]:
    """What two fingerprints say.

    Returns:
        (points, similarity 0..1, whether the sound stands alone against a length or, without lengths, against a name).
    """
    left, right = a.fingerprint or "", b.fingerprint or ""
    likeness = similarity(left, right)
    share = min(1.0, min(heard(left), heard(right)) / weights.HEARD_ENOUGH)
    points = at(weights.SOUND, likeness) * share * share
    if version >= 0.4 and likeness < weights.SAME_FILE:
        points = min(points, weights.SOUND_OF_ANOTHER_VERSION)
    told = share == 1.0 and a.duration_s and b.duration_s
    return points, likeness, points > 0 and ("length" in against or (bool(against) and not told))


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
    return len(a.album) >= weights.TELLING_ALBUM and one_length(a, b) and fuzz.ratio(a.album, b.album) >= AS_ALBUM


def _probability(log_odds: float) -> float:
    return 1 / (1 + math.exp(-max(-30.0, min(30.0, log_odds))))


def _length_points(a: _Timed, b: _Timed) -> float:
    """What the lengths of two items say, both being known."""
    # An official video has pictures around the song; nobody knows what a stranger's upload adds.
    video = Kind.VIDEO in (a.kind, b.kind)
    return at(weights.VIDEO_LENGTH if video else weights.LENGTH, abs((a.duration_s or 0.0) - (b.duration_s or 0.0)))


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
            points = at(weights.TITLE, this_title) + _artist_points(this_artist)
            if points > best or (points == best and pair and all(r.split for r in pair)):
                best, title, artist = points, this_title, this_artist
                pair = left, right
                found_inside = left.inside and right.inside
        if best == weights.TITLE[-1][1] + weights.ARTIST[-1][1]:
            break
    if artist is not None and artist > weights.BOTH_INSIDE and found_inside and _others_are_named(a, b):
        # One work's title, 'Variations: Aria', names nobody who plays it.
        artist = weights.BOTH_INSIDE
        best = at(weights.TITLE, title) + at(weights.ARTIST, artist)
    if pair and artist is not None and any(r.bracketed for r in pair):
        artist = min(artist, _in_bracket(a, b, pair))
        best = at(weights.TITLE, title) + at(weights.ARTIST, artist)
    if pair and title >= weights.LIKE_ANOTHER and unlike_rests(a, pair[0], b, pair[1]):
        title = weights.LIKE_ANOTHER
        best = at(weights.TITLE, title) + _artist_points(artist)
    subtitled = pair is not None and (pair[0].main == pair[0].folded) != (pair[1].main == pair[1].folded)
    marks_a, marks_b = marks(a, b), marks(b, a)
    if best < at(weights.TITLE, 0.95) + at(weights.ARTIST, 0.9):
        for whole, part in ((a, b), (b, a)):
            inside = title_inside(whole, part)
            if inside is None:
                continue
            points = at(weights.TITLE, inside.title) + at(weights.ARTIST, inside.artist)
            if points > best:
                best, title, artist = points, inside.title, inside.artist
                if whole is a:
                    marks_a |= inside.marks
                else:
                    marks_b |= inside.marks
    version, why = version_clash(a, b, marks_a, marks_b)
    if a.guests or b.guests:
        guests = guests_clash(a, b)
        version, why = guests if guests[0] > version else (version, why)
    if subtitled and version < SOFT_CLASH and title >= weights.ONE_TITLE and _gap(a, b) >= weights.ANOTHER_LENGTH:
        version, why = SOFT_CLASH, "only one side has a subtitle, and another length"
    return title, artist, version, why


def _gap(a: Profile, b: Profile) -> float:
    """Seconds between two lengths; 0 where one is not known."""
    return abs(a.duration_s - b.duration_s) if a.duration_s and b.duration_s else 0.0


def _in_bracket(a: Profile, b: Profile, pair: tuple[ComparableReading, ComparableReading]) -> float:
    """The most that an artist is worth who stands in a bracket behind the title: 'Song (Whose)' by somebody else."""
    performed = any(p.kind in (Kind.SONG, Kind.AUDIO) for p, r in zip((a, b), pair, strict=True) if r.bracketed)
    return weights.BRACKETED_BY_PERFORMER if performed else weights.BRACKETED


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
    if value is None or value < weights.OF_OTHER_NUMBER or not (a.split and b.split):
        return value
    name_a, name_b = fold(a.artists[0]), fold(b.artists[0])
    if numbers(name_a) != numbers(name_b):
        return weights.OF_OTHER_NUMBER
    strict = texts_agree(name_a, name_b)
    if known and a.inside and b.inside:
        return value if strict >= SAME_PERFORMER else 0.0
    if a.turned and b.turned:
        return min(value, strict)
    return value if value >= weights.SURELY_ONE else min(value, max(weights.NEARLY_ONE, strict))


def _artists_agree(a: tuple[str, ...], b: tuple[str, ...]) -> float | None:
    """None where nothing can be said: nobody named, or a name whose reading is not known."""
    if not a or not b:
        return None
    value = artists.agree(a, b)
    return None if value < 0.7 and artists.unknowable(a, b) else value


def _artist_points(artist: float | None) -> float:
    return weights.ARTIST_UNKNOWN if artist is None else at(weights.ARTIST, artist)


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
