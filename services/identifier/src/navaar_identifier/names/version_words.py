"""The kinds of versions, and the words that say them; `data/version_phrases.toml` holds those."""

from __future__ import annotations

from enum import StrEnum
from functools import lru_cache

from navaar_identifier.data.word_lists import phrases, table, word_set
from navaar_text.folding import fold


class VersionKind(StrEnum):
    """How a recording differs from the plain studio one."""

    # Marks are looked up all the time, and an enum's own hash is a call in Python.
    __hash__ = str.__hash__

    TALK = "not the song itself"
    """Reactions, lessons, teasers, interviews, loops, practice videos, collections."""
    KARAOKE = "karaoke"
    INSTRUMENTAL = "instrumental"
    NIGHTCORE = "nightcore"
    SPED_UP = "sped up"
    SLOWED = "slowed"
    EIGHT_D = "8D"
    BOOSTED = "bass boosted"
    MASHUP = "mashup"
    ACAPELLA = "a cappella"
    ACOUSTIC = "acoustic"
    ORCHESTRAL = "orchestral"
    LIVE = "live"
    RERECORDED = "re-recorded"
    DEMO = "demo"
    ALTERNATE = "alternate take"
    PLAYED = "somebody playing along"
    """Guitar, drum and piano covers, 'I tried to play it'."""
    COVER = "cover"
    REMIX = "remix"
    LANGUAGE = "another language"
    EXTENDED = "extended"
    EDIT = "edit"
    REMASTER = "remaster"
    EXPLICIT = "explicit"
    CLEAN = "clean"
    SPECIAL = "a version of its own name"
    """'Inferno version': what that is, nobody says; the durations decide."""
    PLAIN = "plain"
    """Says outright that it is the ordinary version: 'album version', 'original mix', 'mono'."""


_TABLE = table("version_phrases.toml")
_LANGUAGES = word_set(_TABLE["languages"])
_INSTRUMENTS = word_set(_TABLE["instruments"])
_TELLING = word_set(_TABLE["telling"])

NOT_A_NAME = word_set(_TABLE["not_a_name"])
"""Words beside a mark that are not the remixer's or the place's name."""


@lru_cache(maxsize=8192)
def fits(word: str) -> str:
    """The stand-in that a word fits (#, ####, <language>, <instrument>), or the word itself."""
    if word.isdigit():
        return "####" if len(word) == 4 else "#"
    if word in _LANGUAGES:
        return "<language>"
    return "<instrument>" if word in _INSTRUMENTS else word


def _by_first_word() -> dict[str, tuple[tuple[tuple[str, ...], VersionKind], ...]]:
    found: dict[str, list[tuple[tuple[str, ...], VersionKind]]] = {}
    for kind, text in _TABLE["phrases"].items():
        for phrase in phrases(text):
            words = tuple(w if w[:1] in "#<" else fold(w) for w in phrase.split())
            first = words[0] if words[0][:1] in "#<" else fits(words[0])
            found.setdefault(first, []).append((words, VersionKind[kind.upper()]))
    return {first: tuple(sorted(rows, key=lambda row: -len(row[0]))) for first, rows in found.items()}


BY_FIRST_WORD = _by_first_word()
"""Phrases by their first word, longest first."""

FIRST_WORDS = frozenset(BY_FIRST_WORD) | _LANGUAGES | _INSTRUMENTS
"""Words that a phrase may begin with: a text without any of them, and without numbers, says nothing."""

MISSPELLED = {
    letters: tuple(sorted(w for w in _TELLING if abs(len(w) - letters) <= 1))
    for letters in range(min(map(len, _TELLING)), max(map(len, _TELLING)) + 2)
}
"""Words that tell so much that they are recognised with a letter wrong, by the length of what is written."""

BEHIND_NUMBERS = frozenset(words[1] for number in ("#", "####") for words, _ in BY_FIRST_WORD[number])
"""The second words of the phrases that begin with a number: none is that number alone."""

TOGETHER = tuple(
    (fold(phrase), VersionKind[kind.upper()]) for kind, text in _TABLE["unspaced"].items() for phrase in phrases(text)
)
"""Phrases found anywhere in a text."""
