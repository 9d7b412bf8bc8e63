"""Evidence: how title, artists, version, length and album of two profiles speak for or against one recording.

Every piece of evidence is a number with a reason; the pieces add up as log-odds, so that the result is a probability.
The weights were fitted by hand on one half of an evaluation set and checked on the other; docs/quality shows how well
the probabilities hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_contracts.music import Kind
from navaar_identifier import artists, sounds, vocabulary
from navaar_identifier.brackets import groups, without
from navaar_identifier.fingerprint import DIFFERENT, SAME, similarity
from navaar_identifier.folding import fold, script
from navaar_identifier.profiles import Profile, Reading, ignorable, marks
from navaar_identifier.versions import Version, Way, clash, read_versions


@dataclass(frozen=True, slots=True)
class Evidence:
    """The outcome of one comparison."""

    score: float
    """Probability that both are one recording, 0..1."""
    reasons: tuple[str, ...]
    title: float
    artist: float | None
    version: float
    gap_s: float | None


Points = Sequence[tuple[float, float]]

TITLE: Points = ((0.0, -9.0), (0.6, -7.0), (0.75, -3.0), (0.85, 0.0), (0.92, 2.5), (1.0, 4.0))
ARTIST: Points = ((0.0, -6.0), (0.5, -5.0), (0.7, -2.0), (0.8, 1.0), (0.9, 2.4), (1.0, 3.0))
ARTIST_UNKNOWN = -0.7
LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (6.0, 0.3), (12.0, -0.8), (25.0, -2.2), (60.0, -3.5), (120.0, -5.0), (600.0, -7.0),
)  # fmt: skip
"""Points for the difference in seconds between two audio tracks."""
VIDEO_LENGTH: Points = (
    (0.0, 1.8), (1.5, 1.6), (3.0, 1.0), (8.0, 0.4), (20.0, -0.3), (45.0, -1.5), (90.0, -3.0), (180.0, -4.5), (600.0, -7.0),
)  # fmt: skip
"""The same where one side is a video: those have pictures before and after the song."""
VERSION: Points = ((0.0, 0.0), (0.25, -0.6), (0.4, -1.6), (0.7, -4.0), (1.0, -8.0))
SAME_ALBUM = 0.8
WRONG_LENGTH = -3.0
SOUND: Points = ((0.0, -9.0), (0.3, -5.0), (0.45, 0.0), (0.6, 6.0), (0.8, 22.0), (1.0, 25.0))
"""Points for the fingerprints' similarity: the same file under other tags is the same recording, whatever they say."""
START = -3.6


def _at(points: Points, x: float) -> float:
    """The value of a piecewise linear curve."""
    before = points[0]
    if x <= before[0]:
        return before[1]
    for point in points:
        if x <= point[0]:
            share = (x - before[0]) / (point[0] - before[0]) if point[0] > before[0] else 1.0
            return before[1] + share * (point[1] - before[1])
        before = point
    return points[-1][1]


def weigh(a: Profile, b: Profile) -> Evidence:
    """Compares two profiles. Symmetric.

    Returns:
        The evidence with reasons in plain words.
    """
    if a.isrc and b.isrc:
        if a.isrc == b.isrc:
            return Evidence(0.999, (f"same ISRC {a.isrc}",), 1.0, 1.0, 0.0, _gap(a, b))
        # Re-releases carry new codes for the same recording, so a different code is no proof; the rest decides.
    title, artist = _best_readings(a, b)
    marks_a, marks_b = marks(a, b), marks(b, a)
    for whole, part in ((a, b), (b, a)):
        inside = _inside(whole, part)
        if inside is not None and _at(TITLE, inside[0]) + _artist_points(inside[1]) > _at(TITLE, title) + _artist_points(artist):
            title, artist = inside[0], inside[1]
            if whole is a:
                marks_a = marks_a | inside[2]
            else:
                marks_b = marks_b | inside[2]
    version, why = _version_clash(a, b, marks_a, marks_b)
    gap = _gap(a, b)
    same_album = bool(a.album and b.album and title > 0.75 and fuzz.ratio(a.album, b.album) >= 85)
    total = START + _at(TITLE, title) + _artist_points(artist) + _at(VERSION, version)
    if artist is None and title >= 0.93:
        total += _telling(a, b)
    reasons = [_title_reason(title), _artist_reason(artist)]
    if a.fingerprint and b.fingerprint:
        heard = similarity(a.fingerprint, b.fingerprint)
        total += _at(SOUND, heard)
        reasons.append("sounds the same" if heard >= SAME else "sounds different" if heard < DIFFERENT else "sounds partly alike")
    if why:
        reasons.append(why)
    if gap is not None:
        curve = VIDEO_LENGTH if Kind.VIDEO in (a.kind, b.kind) or Kind.UPLOAD in (a.kind, b.kind) else LENGTH
        points = _at(curve, gap)
        if same_album and title >= 0.97 and (artist or 0) >= 0.9:
            # One title by one artist on one album: the length is likelier wrong than the rest.
            points = max(points, WRONG_LENGTH)
        total += points
        reasons.append("same length" if gap < 2 else f"{gap:.0f} s apart")
    if same_album:
        total += SAME_ALBUM
        reasons.append("same album")
    return Evidence(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), tuple(reasons), title, artist, version, gap)


def _telling(a: Profile, b: Profile) -> float:
    """What a long title adds where the artists cannot be compared: few songs share it."""
    letters = min(max((len(r.folded) for r in p.readings), default=0) for p in (a, b))
    return min(1.6, max(0.0, 0.12 * (letters - 4)))


def _gap(a: Profile, b: Profile) -> float | None:
    if not a.duration_s or not b.duration_s:
        return None
    return abs(a.duration_s - b.duration_s)


def _artist_points(artist: float | None) -> float:
    return ARTIST_UNKNOWN if artist is None else _at(ARTIST, artist)


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


def _best_readings(a: Profile, b: Profile) -> tuple[float, float | None]:
    best: tuple[float, float, float | None] = (-99.0, 0.0, None)
    for left in a.readings:
        for right in b.readings:
            title = title_agrees(left, right, a.album, b.album)
            if title < 0.6 and best[0] > -99.0:
                continue
            artist = artists.agree(left.artists, right.artists) if left.artists and right.artists else None
            if artist is not None and artist < 0.7 and artists.unknowable(left.artists, right.artists):
                artist = None
            points = _at(TITLE, title) + _artist_points(artist)
            if points > best[0]:
                best = (points, title, artist)
    return best[1], best[2]


def title_agrees(a: Reading, b: Reading, album_a: str = "", album_b: str = "") -> float:
    """How surely two readings have one title, 0..1. Symmetric.

    Args:
        a: a reading of one side.
        b: a reading of the other.
        album_a: the first side's album, folded: the other side may have it in its title.
        album_b: the second side's.
    """
    whole = texts_agree(a.folded, b.folded)
    if whole < 0.97:
        if a.tail and album_b and fuzz.ratio(a.tail, album_b) >= 80:
            whole = max(whole, texts_agree(a.head, b.folded))
        if b.tail and album_a and fuzz.ratio(b.tail, album_a) >= 80:
            whole = max(whole, texts_agree(a.folded, b.head))
    if whole >= 0.97 or (a.main == a.folded and b.main == b.folded):
        return whole
    # A subtitle in brackets on one side only: 'Big Girl (You Are Beautiful)'.
    if a.main == a.folded or b.main == b.folded:
        return max(whole, texts_agree(a.main, b.main) - 0.05)
    return max(whole, min(0.8, texts_agree(a.main, b.main)))


_NUMBER = re.compile(r"\d+")


@lru_cache(maxsize=16384)
def _numbers(folded: str) -> tuple[str, ...]:
    """The numbers of a title, Roman ones after 'part' and the like or at the end included."""
    found = [n.lstrip("0") or "0" for n in _NUMBER.findall(folded)]
    words = folded.split()
    for index, word in enumerate(words):
        if word in vocabulary.ROMAN and index and (
            words[index - 1] in ("part", "pt", "vol", "volume", "no", "act", "chapter", "book", "teil", "parte") or index == len(words) - 1
        ):
            found.append(vocabulary.ROMAN[word])
    return tuple(sorted(found))


@lru_cache(maxsize=16384)
def texts_agree(a: str, b: str) -> float:
    """How surely two folded titles are one, 0..1. Symmetric."""
    if a == b:
        return 1.0
    left, right = a.replace(" ", ""), b.replace(" ", "")
    if left == right:
        return 1.0
    if not left or not right:
        return 0.0
    script_a, script_b = script(a), script(b)
    if script_a != script_b and script_a and script_b:
        return sounds.alike(a, b)
    ratio = fuzz.ratio(left, right) / 100
    if ratio < 0.5:
        return ratio
    ratio = max(ratio, fuzz.token_sort_ratio(a, b) / 100 - 0.02)
    numbers_a, numbers_b = _numbers(a), _numbers(b)
    if numbers_a != numbers_b:
        if numbers_a and numbers_b:
            return min(ratio, 0.72)
        ratio = min(ratio, 0.84)
    shorter = min(len(left), len(right))
    if shorter <= 4:
        return min(ratio, 0.7)
    if shorter <= 6:
        return min(ratio, 0.84)
    return ratio


_LEFT_OVER = {1: 0.055, 2: 0.04, 3: 0.03}
"""What an unexplained word beside a found title costs, by the title's number of words."""
_PLAYERS = frozenset("piano vocals vocal guitar bass drums organ trumpet sax saxophone violin orchestra singer featuring em on at the album lp".split())


def _inside(whole: Profile, part: Profile) -> tuple[float, float | None, frozenset[Version]] | None:
    """Looks for the part's title (and artist) inside the whole's title text; what is left over must be explained.

    Returns:
        (title, artist, versions in the left-over words), or None when the title is not in there.
    """
    text = whole.words
    whole_names = tuple(artists.from_channel(n) for n in whole.names)
    best: tuple[float, float | None, frozenset[Version]] | None = None
    for reading in part.readings[:3]:
        needle = reading.folded.split()
        at = _find(text, needle)
        if at is None or len(text) > 40:
            continue
        rest = list(text[:at] + ("\0",) + text[at + len(needle) :])
        artist: float | None = None
        for name in reading.artists:
            words = fold(name).split()
            for _ in range(2):
                spot = _find(tuple(rest), words)
                if spot is not None:
                    del rest[spot : spot + len(words)]
                    artist = 0.95
        channel = artists.agree(reading.artists, whole_names) if reading.artists and whole_names else 0.0
        if channel >= 0.8:
            artist = max(artist or 0.0, channel)
        if channel < 0.8 and artist is not None and _only_in_bracket(whole, reading):
            # 'Somebody - Title (Our Artist)': our artist is whom somebody covers.
            continue
        left_over = _unexplained(rest, whole, part, own_channel=channel >= 0.8)
        found = frozenset(read_versions(" ".join(w for w, _ in left_over)))
        unexplained = [(w, weight) for w, weight in left_over if not ignorable(w) and not read_versions(w)]
        if artist is None:
            # The performer is somebody the text does not name like ours: the readings decide.
            continue
        # A long title found whole is telling, whatever else an uploader wrote around it; a single word is not.
        cost = _LEFT_OVER[min(len(needle), 3)]
        title = max(0.0, 0.98 - cost * sum(weight for _, weight in unexplained))
        if len("".join(needle)) <= 3:
            title -= 0.08
        if best is None or title > best[0]:
            best = (title, artist, found)
    return best


def _only_in_bracket(whole: Profile, reading: Reading) -> bool:
    """Whether a text that names a performer of its own has ours in a bracket only."""
    if all(r.by_channel for r in whole.readings):
        return False
    outer = tuple(fold(without(whole.text, groups(whole.text))).split())
    return not any(_find(outer, fold(name).split()) is not None for name in reading.artists)


def _unexplained(rest: list[str], whole: Profile, part: Profile, *, own_channel: bool) -> list[tuple[str, float]]:
    """The words around a found title with how much each speaks against it: an album's or a channel's words do not."""
    known = set(part.album.split()) | set(whole.album.split())
    channel = {w for name in whole.names for w in fold(artists.from_channel(name)).split()}
    words = [w for w in rest if w != "\0"]
    # A channel that names itself first is the performer; behind the name it is only a signature.
    if own_channel or (words and words[0] not in channel):
        known |= channel
    # 'Title | Film | Cast | Label'
    light = 0.3 if "|" in whole.text else 1.0
    return [
        (w, (light if len(w) > 1 and not w.isdigit() else 0.5 * light) * (0.4 if w in _PLAYERS else 1.0)) for w in words if w not in known
    ]


def _find(text: tuple[str, ...], needle: list[str]) -> int | None:
    if not needle:
        return None
    first, size = needle[0], len(needle)
    for at in range(len(text) - size + 1):
        if text[at] == first and list(text[at : at + size]) == needle:
            return at
    return None


def _version_clash(
    a: Profile,
    b: Profile,
    marks_a: frozenset[Version],
    marks_b: frozenset[Version],
) -> tuple[float, str]:
    for one, other, theirs in ((a, b, marks_b), (b, a, marks_a)):
        for mark in theirs:
            if mark.way is not Way.COVER or not one.names:
                continue
            mine = tuple(artists.from_channel(n) for n in one.names)
            by_us = bool(other.names) and artists.agree(mine, tuple(artists.from_channel(n) for n in other.names)) >= 0.85
            if by_us:
                continue
            if not mark.who:
                # 'X - Song (cover)' on a stranger's channel: the stranger sings X's song.
                return 0.7, "the other side is somebody's cover"
            if artists.agree((mark.who,), mine) >= 0.85:
                return 1.0, "the other side is a cover of this artist"
    if a.live_album and not any(m.way is Way.LIVE for m in marks_a):
        marks_b = frozenset(m for m in marks_b if m.way is not Way.LIVE)
    if b.live_album and not any(m.way is Way.LIVE for m in marks_b):
        marks_a = frozenset(m for m in marks_a if m.way is not Way.LIVE)
    return clash(marks_a, marks_b)
