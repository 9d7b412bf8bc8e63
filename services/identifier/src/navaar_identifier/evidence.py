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
from navaar_identifier.folding import fold, script
from navaar_identifier.profiles import Profile, Reading, channel_words, ignorable
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
    title, artist, left, right = _best_readings(a, b)
    marks_a, marks_b = a.marks, b.marks
    for whole, part in ((a, b), (b, a)):
        inside = _inside(whole, part)
        if inside is not None and _at(TITLE, inside[0]) + _artist_points(inside[1]) > _at(TITLE, title) + _artist_points(artist):
            title, artist = inside[0], inside[1]
            if whole is a:
                marks_a = marks_a | inside[2]
            else:
                marks_b = marks_b | inside[2]
    version, why = _version_clash(a, b, marks_a, marks_b, artist, left, right)
    gap = _gap(a, b)
    total = START + _at(TITLE, title) + _artist_points(artist) + _at(VERSION, version)
    reasons = [_title_reason(title), _artist_reason(artist)]
    if why:
        reasons.append(why)
    if gap is not None:
        curve = VIDEO_LENGTH if Kind.VIDEO in (a.kind, b.kind) or Kind.UPLOAD in (a.kind, b.kind) else LENGTH
        total += _at(curve, gap)
        reasons.append("same length" if gap < 2 else f"{gap:.0f} s apart")
    if a.album and b.album and title > 0.75:
        close = fuzz.ratio(a.album, b.album)
        if close >= 85:
            total += SAME_ALBUM
            reasons.append("same album")
    return Evidence(1 / (1 + math.exp(-max(-30.0, min(30.0, total)))), tuple(reasons), title, artist, version, gap)


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


def _best_readings(a: Profile, b: Profile) -> tuple[float, float | None, Reading | None, Reading | None]:
    best: tuple[float, float, float | None, Reading | None, Reading | None] = (-99.0, 0.0, None, None, None)
    for left in a.readings:
        for right in b.readings:
            title = title_agrees(left, right)
            if title < 0.6 and best[3] is not None:
                continue
            artist = artists.agree(left.artists, right.artists) if left.artists and right.artists else None
            points = _at(TITLE, title) + _artist_points(artist)
            if points > best[0]:
                best = (points, title, artist, left, right)
    return best[1], best[2], best[3], best[4]


def title_agrees(a: Reading, b: Reading) -> float:
    """How surely two readings have one title, 0..1. Symmetric."""
    whole = texts_agree(a.folded, b.folded)
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


def _inside(whole: Profile, part: Profile) -> tuple[float, float | None, frozenset[Version]] | None:
    """Looks for the part's title (and artist) inside the whole's title text; what is left over must be explained.

    Returns:
        (title, artist, versions in the left-over words), or None when the title is not in there.
    """
    text = whole.words
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
            spot = _find(tuple(rest), words)
            if spot is not None:
                del rest[spot : spot + len(words)]
                artist = 0.95
        channel = artists.agree(reading.artists, tuple(artists.from_channel(n) for n in whole.names)) if reading.artists and whole.names else 0
        if channel >= 0.8:
            artist = max(artist or 0.0, channel)
        own = channel_words(whole)
        left_over = [w for w in rest if w != "\0"]
        marks = frozenset(read_versions(" ".join(left_over)))
        unexplained = [w for w in left_over if not ignorable(w) and w not in own and not read_versions(w)]
        if artist is None:
            # The performer is somebody the text does not name like ours: the readings decide.
            continue
        title = max(0.0, 0.98 - 0.045 * sum(1 if len(w) > 1 else 0.5 for w in unexplained))
        if len("".join(needle)) <= 3:
            title -= 0.08
        if best is None or title > best[0]:
            best = (title, artist, marks)
    return best


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
    artist: float | None,
    left: Reading | None,
    right: Reading | None,
) -> tuple[float, str]:
    for one, other, marks in ((a, b, marks_b), (b, a, marks_a)):
        for mark in marks:
            if mark.way is Way.COVER and mark.who and one.names:
                covered = artists.agree((mark.who,), tuple(artists.from_channel(n) for n in one.names))
                performer = artists.agree(one.names, tuple(n for r in other.readings for n in r.artists)) if other.readings else 0.0
                if covered >= 0.85 and performer < 0.85:
                    return 1.0, "the other side is a cover of this artist"
    if a.live_album and not any(m.way is Way.LIVE for m in marks_a):
        marks_b = frozenset(m for m in marks_b if m.way is not Way.LIVE)
    if b.live_album and not any(m.way is Way.LIVE for m in marks_b):
        marks_a = frozenset(m for m in marks_a if m.way is not Way.LIVE)
    return clash(marks_a, marks_b)
