"""Version words: what tells two recordings of one song apart.

A title's brackets, dash-suffixes and last words may say that this is a live take, somebody's remix, a karaoke track.
`read_versions` finds those words in several languages; `compare.versions` says whether two sets of them can be one
recording's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA

from navaar_identifier.data import word_lists
from navaar_identifier.names.version_words import (
    BEHIND_NUMBERS,
    BY_FIRST_WORD,
    FIRST_WORDS,
    MISSPELLED,
    NOT_A_NAME,
    TOGETHER,
    VersionKind,
    fits,
)
from navaar_text.folding import fold

SAME_RECORDING = frozenset({VersionKind.REMASTER, VersionKind.CLEAN, VersionKind.EXPLICIT, VersionKind.PLAIN})
"""Kinds that do not make another recording (a clean print and an explicit one count as one here)."""

SOFT = frozenset({VersionKind.EXTENDED, VersionKind.EDIT})
"""Kinds that durations settle: an 'edit' as long as the other side is the other side."""

_NAMED = frozenset(
    {VersionKind.REMIX, VersionKind.LIVE, VersionKind.COVER, VersionKind.SPECIAL, VersionKind.RERECORDED}
)
_DATED = frozenset({VersionKind.REMASTER, VersionKind.RERECORDED})
_COUNTED = frozenset({VersionKind.REMIX, VersionKind.ALTERNATE, VersionKind.DEMO})
"""Kinds of which there are several: 'Take 2', 'B Mix', 'Mix 1'."""
_VERSION = word_lists.word_set(
    "version ver vers версия версія versiyon versiyonu wersja versione versao εκδοχη ورژن نسخه"
)
_OF_SOMEBODY = word_lists.word_set("mix edit dub")
"""Behind somebody's name these make a remix: 'Anvil Edit', 'Anvil Club Mix'."""
_NOTHING_SPECIAL = (
    word_lists.BOILERPLATE
    | word_lists.SMALL_WORDS
    | word_lists.word_set(
        """
    final standard international cd vinyl digital deluxe full complete main extra first second good better high quality
    new old this my for only real true no альбомная оригинальная студийная полная официальная orijinal albüm
    """
    )
)
_IN_TITLES_TOO = SAME_RECORDING | SOFT | {VersionKind.REMIX}
_VERBS = word_lists.word_set("is are was were am be dont cant wont isnt im youre its ill theyre do did")
"""'The First Cut Is the Deepest': what is a sentence is a title."""
STYLES = word_lists.word_set("vocal dub house trap vip")
_LONG = min(MISSPELLED)
"""Letters from which a word may be a misspelled version word."""


@dataclass(frozen=True, slots=True)
class Version:
    """One version mark. `who` is the folded name that goes with it: the remixer, the place, the language, the year."""

    kind: VersionKind
    who: str = ""


_TIMES = re.compile(r"x ?\d(?: \d{1,2})?|\d(?: \d{1,2})? ?x")
"""How fast it runs: '1.25x', folded."""
_MIXED, _FASTER, _SLOWER = (
    Version(kind, who)
    for kind, who in ((VersionKind.REMIX, "mixed"), (VersionKind.SPED_UP, ""), (VersionKind.SLOWED, ""))
)
_ALONE = {
    "mixed": _MIXED, "mix cut": _MIXED, "faster": _FASTER, "fast": _FASTER, "pitched": _FASTER, "pitched up": _FASTER,
    "slower": _SLOWER, "slow": _SLOWER, "pitched down": _SLOWER,
    **{piece: Version(VersionKind.ALTERNATE, piece) for piece in ("bridge", "verse", "chorus", "hook")},
}  # fmt: skip
"""Words that say the version only where nothing else stands in the bracket. Mixed: cut out of somebody's set."""


@lru_cache(maxsize=16384)
def read_versions(text: str) -> tuple[Version, ...]:
    """The version marks in a piece of text that is known to stand beside a title (a bracket, a suffix).

    Args:
        text: what stands in the bracket or after the dash, as written.

    Returns:
        The marks in a fixed order, none twice. Empty when the text says nothing about the version.
    """
    folded = fold(text)
    if folded in _ALONE:
        return (_ALONE[folded],)
    if "x" in folded and _TIMES.fullmatch(folded):
        return (_FASTER if folded.strip("x ")[:1] != "0" else _SLOWER,)
    words = [w if len(w) < _LONG or w in FIRST_WORDS else _meant(w) for w in folded.split()]
    if (
        FIRST_WORDS.isdisjoint(words)
        and (BEHIND_NUMBERS.isdisjoint(words) or not any(map(str.isdigit, words)))
        and (folded.isascii() or not any(phrase in folded for phrase, _ in TOGETHER))
    ):
        return ()
    found: set[VersionKind] = set()
    rest: list[str] = []
    language = ""
    at = 0
    while at < len(words):
        for phrase, kind in BY_FIRST_WORD.get(fits(words[at]), ()):
            piece = words[at : at + len(phrase)]
            if len(piece) == len(phrase) and all(p in (w, fits(w)) for p, w in zip(phrase, piece, strict=True)):
                found.add(kind)
                if kind is VersionKind.LANGUAGE:
                    language = " ".join(w for w in piece if fits(w) == "<language>")
                at += len(phrase)
                break
        else:
            rest.append(words[at])
            at += 1
    if not folded.isascii():
        found.update(kind for phrase, kind in TOGETHER if phrase in folded)
    if not found or (found <= _IN_TITLES_TOO and not _VERBS.isdisjoint(words)):
        return ()
    _settle(found, words)
    name = " ".join(w for w in rest if w not in NOT_A_NAME)
    if found <= SOFT and _is_of_somebody(rest, words):
        found = {VersionKind.REMIX}
    if not name and found & _COUNTED:
        # Nobody's name, but of two mixes it tells which.
        name = " ".join(w for w in words if w in STYLES or w.isdigit() or (len(w) == 1 and w.isalpha()))
    if (
        found == {VersionKind.PLAIN}
        and not _VERSION.isdisjoint(words)
        and any(w not in _NOTHING_SPECIAL for w in name.split())
    ):
        found = {VersionKind.SPECIAL}
    year = next((w for w in words if len(w) == 4 and w.isdigit()), "")
    return tuple(
        Version(
            kind,
            _whose(kind, name, year, language),
        )
        for kind in VersionKind
        if kind in found
    )


def _whose(kind: VersionKind, name: str, year: str, language: str) -> str:
    """What goes with a mark of this kind."""
    if kind is VersionKind.LANGUAGE:
        return language
    named = name if kind in _NAMED or kind in _COUNTED else ""
    return named or (year if kind in _DATED else "")


def _is_of_somebody(rest: list[str], words: list[str]) -> bool:
    """Whether an edit or a long mix carries a name in front: 'Anvil Edit', 'Anvil Club Mix', not 'Edit 2005'."""
    if words[-1] not in _OF_SOMEBODY or not rest or rest != words[: len(rest)]:
        return False
    return all(len(w) > 1 and w not in _NOTHING_SPECIAL and w not in NOT_A_NAME and not w[0].isdigit() for w in rest)


@lru_cache(maxsize=8192)
def _meant(word: str) -> str:
    """The telling version word that a word misspells by one letter, or the word itself."""
    for meant in MISSPELLED.get(len(word), ()):
        if OSA.distance(word, meant, score_cutoff=1) <= 1:
            return meant
    return word


def _settle(found: set[VersionKind], words: list[str]) -> None:
    """Keeps the mark that matters where several words say one thing."""
    if VersionKind.REMIX in found:
        # 'Kygo Remix (Radio Edit)' is a remix first.
        found -= SOFT
    if "unplugged" in words:
        # A concert without amplifiers meets both 'live' and 'acoustic'.
        found.update((VersionKind.LIVE, VersionKind.ACOUSTIC))
    if VersionKind.REMASTER in found:
        found.discard(VersionKind.RERECORDED)
    if VersionKind.PLAYED in found:
        found.discard(VersionKind.COVER)
    if len(found) > 1:
        found.discard(VersionKind.PLAIN)


def is_version(text: str) -> bool:
    """Whether a bracket or a suffix says which version this is."""
    return bool(read_versions(text))


def kinds(versions: Iterable[Version]) -> frozenset[VersionKind]:
    """The marks without their names."""
    return frozenset(v.kind for v in versions)
