"""Words: whether two titles differ in a word rather than in its spelling.

A likeness of letters alone takes 'The North River of My Life' and 'The South River of My Life' for one title: the
longer two titles are, the less a single word counts in it.
"""

from __future__ import annotations

from enum import IntEnum
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from navaar_identifier.data import word_lists
from navaar_identifier.text.normalisation import normalised
from navaar_identifier.text.romanisation import skeleton
from navaar_identifier.text.scripts import script

_SAYING_NOTHING = (word_lists.BOILERPLATE | word_lists.FILLER) - word_lists.TITLE_WORDS
_NEGATIONS = word_lists.NEGATIONS
_POINTING = word_lists.word_set("this that these those")
_TINY, _SHORT, _LONG = 2, 3, 8
"""Letters: a word up to the second has two letters turned at most, from the third on it may have two."""
_RATHER_SHORT = 5
_HEAD = 2
"""Letters that a word with two slips still begins with."""
_BONES = 2
"""Consonants that make two spellings of one word, where all of them are alike."""
_JOINED_ALIKE = 75
"""Likeness per cent of what is left of two titles, run together, from which it is one text divided otherwise."""


class WordDifference(IntEnum):
    """How two titles differ in their words."""

    NONE = 0
    """In spelling at most."""
    SLIGHT = 1
    """In a word that may well be a bad slip: where artist, album and length agree, it is one."""
    CERTAIN = 2
    """In a word that is another, or that only one of them has."""


@lru_cache(maxsize=16384)
def difference(a: str, b: str) -> WordDifference:
    """How the words of two folded titles differ. Symmetric.

    Small words, and those that only say how something was published, may be missing; a negation may not.
    """
    left, right = normalised(tuple(a.split())), normalised(tuple(b.split()))
    mine, theirs = _rest(left, right), _rest(right, left)
    if not mine and not theirs:
        return WordDifference.NONE
    if _NEGATIONS.intersection(mine) != _NEGATIONS.intersection(theirs):
        return WordDifference.CERTAIN
    if len(mine) == len(theirs) and all(
        _of_words(x, y) is WordDifference.NONE for x, y in zip(mine, theirs, strict=True)
    ):
        return WordDifference.NONE
    mine = [w for w in mine if w not in word_lists.SMALL_WORDS]
    theirs = [w for w in theirs if w not in word_lists.SMALL_WORDS]
    if not mine or not theirs:
        more, whole = (mine, left) if mine else (theirs, right)
        telling = [word for word in more if word not in _SAYING_NOTHING]
        if not all(map(str.isascii, whole)):
            # What stands there in another script too is its translation: 'Shabe Barani | شب بارانی'.
            scripts = {script(word) for word in (right if mine else left)}
            telling = [word for word in telling if script(word) in scripts]
        if len(telling) == 1 and (telling[0] in _POINTING or _is_small_inside(telling[0], whole)):
            return WordDifference.SLIGHT
        return WordDifference.CERTAIN if telling else WordDifference.NONE
    if len(mine) != len(theirs):
        return WordDifference.NONE if _one_text(mine, theirs) else WordDifference.CERTAIN
    worst = max(map(_of_words, mine, theirs))
    return WordDifference.NONE if worst is WordDifference.CERTAIN and _one_text(mine, theirs) else worst


def _is_small_inside(word: str, words: tuple[str, ...]) -> bool:
    return len(word) <= _SHORT and word not in (words[0], words[-1])


def _rest(words: tuple[str, ...], others: tuple[str, ...]) -> list[str]:
    """The words that the other side does not have, each counted, in their order."""
    there = list(others)
    rest: list[str] = []
    for word in words:
        if word in there:
            there.remove(word)
        else:
            rest.append(word)
    return rest


def _of_words(a: str, b: str) -> WordDifference:
    """How two words differ."""
    longer, wrong = max(len(a), len(b)), OSA.distance(a, b)
    if wrong == 1 and _TINY < longer <= _RATHER_SHORT and a[:1] != b[:1] and len(a) == len(b) and a[:2] != b[1::-1]:
        # Slips seldom meet the first letter, and 'Night' and 'Light' are two words.
        return WordDifference.CERTAIN
    if longer == _SHORT and wrong == 1 and sorted(a) == sorted(b):
        return WordDifference.NONE
    if wrong <= (0 if longer <= _SHORT else 1 if longer < _LONG else 2):
        return WordDifference.NONE
    bones = skeleton(a)
    if len(bones) >= _BONES and bones == skeleton(b):
        return WordDifference.NONE
    if (
        (longer == _TINY and wrong == 1)
        or (longer == _SHORT and wrong == 1 and len(a) != len(b))
        or (longer > _SHORT and wrong == 2 and a[:_HEAD] == b[:_HEAD])
    ):
        return WordDifference.SLIGHT
    return WordDifference.CERTAIN


def _one_text(mine: list[str], theirs: list[str]) -> bool:
    """Whether the words are one text that is divided otherwise: 'sun flowers' and 'sunflower'."""
    left, right = "".join(mine), "".join(theirs)
    if len(mine) == len(theirs):
        return left == right
    return fuzz.ratio(left, right) >= _JOINED_ALIKE
