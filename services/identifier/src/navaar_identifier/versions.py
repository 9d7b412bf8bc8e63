"""Version words: what tells two recordings of one song apart.

A title's brackets, dash-suffixes and last words may say that this is a live take, somebody's remix, a karaoke track.
`read_versions` finds those words in several languages; `clash` says whether two sets of them can be one recording's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from navaar_identifier import vocabulary
from navaar_identifier.version_words import (
    BEHIND_NUMBERS,
    BY_FIRST_WORD,
    FIRST_WORDS,
    MISSPELLED,
    NOT_A_NAME,
    TOGETHER,
    Way,
    fits,
)
from navaar_text.folding import fold

SAME_RECORDING = frozenset({Way.REMASTER, Way.CLEAN, Way.EXPLICIT, Way.PLAIN})
"""Ways that do not make another recording (a clean print and an explicit one count as one here)."""

SOFT = frozenset({Way.EXTENDED, Way.EDIT})
"""Ways that durations settle: an 'edit' as long as the other side is the other side."""

SOFT_CLASH = 0.4

_FAST = frozenset({Way.SPED_UP, Way.NIGHTCORE})
_NAMED = frozenset({Way.REMIX, Way.LIVE, Way.COVER, Way.SPECIAL})
_DATED = frozenset({Way.REMASTER, Way.RERECORDED})


_VERSION = frozenset({"version", "ver", "vers"})
_NOTHING_SPECIAL = (
    vocabulary.NOISE
    | vocabulary.SMALL_WORDS
    | vocabulary.word_set(
        """
    final standard international cd vinyl digital deluxe full complete main extra first second good better high quality
    new old this my for only real true no
    """
    )
)
_IN_TITLES_TOO = SAME_RECORDING | SOFT | {Way.REMIX}
_VERBS = vocabulary.word_set("is are was were am be dont cant wont isnt im youre its ill theyre do did")
"""'The First Cut Is the Deepest': what is a sentence is a title."""
_LONG = min(MISSPELLED)
"""Letters from which a word may be a misspelled version word."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version mark. `who` is the folded name that goes with it: the remixer, the place, the language, the year."""

    way: Way
    who: str = ""


@lru_cache(maxsize=16384)
def read_versions(text: str) -> tuple[Version, ...]:
    """The version marks in a piece of text that is known to stand beside a title (a bracket, a suffix).

    Args:
        text: what stands in the bracket or after the dash, as written.

    Returns:
        The marks in a fixed order, none twice. Empty when the text says nothing about the version.
    """
    folded = fold(text)
    words = [w if len(w) < _LONG or w in FIRST_WORDS else _meant(w) for w in folded.split()]
    if (
        FIRST_WORDS.isdisjoint(words)
        and (BEHIND_NUMBERS.isdisjoint(words) or not any(map(str.isdigit, words)))
        and (folded.isascii() or not any(phrase in folded for phrase, _ in TOGETHER))
    ):
        return ()
    found: set[Way] = set()
    rest: list[str] = []
    language = ""
    at = 0
    while at < len(words):
        for phrase, way in BY_FIRST_WORD.get(fits(words[at]), ()):
            piece = words[at : at + len(phrase)]
            if len(piece) == len(phrase) and all(p in (w, fits(w)) for p, w in zip(phrase, piece, strict=True)):
                found.add(way)
                if way is Way.LANGUAGE:
                    language = " ".join(w for w in piece if fits(w) == "<language>")
                at += len(phrase)
                break
        else:
            rest.append(words[at])
            at += 1
    if not folded.isascii():
        found.update(way for phrase, way in TOGETHER if phrase in folded)
    if not found or (found <= _IN_TITLES_TOO and not _VERBS.isdisjoint(words)):
        return ()
    _settle(found, words)
    name = " ".join(w for w in rest if w not in NOT_A_NAME)
    if found == {Way.PLAIN} and not _VERSION.isdisjoint(words) and any(w not in _NOTHING_SPECIAL for w in name.split()):
        found = {Way.SPECIAL}
    year = next((w for w in words if len(w) == 4 and w.isdigit()), "")
    return tuple(
        Version(way, name if way in _NAMED else year if way in _DATED else language if way is Way.LANGUAGE else "")
        for way in Way
        if way in found
    )


@lru_cache(maxsize=8192)
def _meant(word: str) -> str:
    """The telling version word that a word misspells by one letter, or the word itself."""
    for meant in MISSPELLED.get(len(word), ()):
        if OSA.distance(word, meant, score_cutoff=1) <= 1:
            return meant
    return word


def _settle(found: set[Way], words: list[str]) -> None:
    """Keeps the mark that matters where several words say one thing."""
    if Way.REMIX in found:
        # 'Kygo Remix (Radio Edit)' is a remix first.
        found -= SOFT
    if "unplugged" in words:
        # A concert without amplifiers meets both 'live' and 'acoustic'.
        found.update((Way.LIVE, Way.ACOUSTIC))
    if Way.REMASTER in found:
        found.discard(Way.RERECORDED)
    if Way.PLAYED in found:
        found.discard(Way.COVER)
    if len(found) > 1:
        found.discard(Way.PLAIN)


def is_version(text: str) -> bool:
    """Whether a bracket or a suffix says which version this is."""
    return bool(read_versions(text))


def ways(versions: Iterable[Version]) -> frozenset[Way]:
    """The marks without their names."""
    return frozenset(v.way for v in versions)


@lru_cache(maxsize=8192)
def clash(a: frozenset[Version], b: frozenset[Version]) -> tuple[float, str]:
    """How strongly two sets of marks speak against one recording.

    Returns:
        (0..1, why): 0 nothing against, 1 certainly different versions. Around 0.5: the durations should decide.
        Symmetric in its arguments.
    """
    mine, theirs = _by_way(a), _by_way(b)
    worst, why = 0.0, ""
    for way in Way:
        left, right = mine.get(way), theirs.get(way)
        if way in SAME_RECORDING or (left is None and right is None):
            continue
        if left is not None and right is not None:
            strength, reason = _whose_clash(left, right), f"another {way.value}"
        else:
            strength = _alone(way, mine, theirs)
            reason = "one side is not the song itself" if way is Way.TALK else f"only one side is {way.value}"
        if strength > worst:
            worst, why = strength, reason
    return worst, why


_ByWay = dict[Way, list[Version]]


def _by_way(marks: frozenset[Version]) -> _ByWay:
    found: _ByWay = {}
    for mark in marks:
        found.setdefault(mark.way, []).append(mark)
    return found


def _whose_clash(left: list[Version], right: list[Version]) -> float:
    """The clash of one kind of mark: whoever is named on one side must be met by somebody on the other."""
    return max(
        min(_who_clash(one, other) for other in others)
        for these, others in ((left, right), (right, left))
        for one in these
    )


def _alone(way: Way, mine: _ByWay, theirs: _ByWay) -> float:
    """The strength of a mark that only one side carries."""
    if way in SOFT:
        return SOFT_CLASH
    if way is Way.SPECIAL:
        return 0.6
    if way is Way.COVER:
        # 'X - Song (Y cover)' is X's recording, named after whom it honours; the artists decide.
        return 0.3
    if way in _FAST and _FAST & mine.keys() and _FAST & theirs.keys():
        return 0.3
    # 'Acoustic, live' and 'live', 'unplugged' and 'acoustic': both say how it was played.
    other = {Way.ACOUSTIC: Way.LIVE, Way.LIVE: Way.ACOUSTIC}.get(way)
    if other is not None and other in mine and other in theirs:
        return 0.3
    return 1.0


def _who_clash(left: Version, right: Version) -> float:
    if left.who == right.who:
        return 0.0
    if not left.who or not right.who:
        return 0.25
    close = max(fuzz.ratio(left.who, right.who), fuzz.token_set_ratio(left.who, right.who))
    if close >= 80:
        return 0.0
    if left.way is Way.LIVE:
        return 0.7
    if left.way is Way.COVER:
        return 0.2
    return 1.0 if close < 60 else 0.6
