"""Artists: how surely two names, and two credits, are one performer's."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier.compare import phonetics
from navaar_identifier.data import word_lists
from navaar_identifier.names import credits
from navaar_identifier.text.cuts import continues, may_be_cut
from navaar_identifier.text.hanzi import simplified
from navaar_identifier.text.romanisation import skeleton
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_NATIVE = re.compile(r"^(.{1,80}?)\s*[(\[（]([^()\[\]（）]{1,80})[)\]）]$")
_OF_ANOTHER_PERSON = 0.69
_SPELLED_ALIKE = 65
"""Likeness per cent below which two words of two names are no spellings of one."""
_MOST = 8
"""Names of one credit that are compared."""


def spellings(name: str) -> tuple[str, ...]:
    """The ways a name may be meant: itself, and both halves of 'native (Latin)'."""
    found = _NATIVE.match(name.strip())
    if found and script(found.group(1)) != script(found.group(2)):
        return (name, found.group(1), found.group(2))
    return (name,)


def _either_order(name: str, other: str) -> tuple[str, ...]:
    """The spellings of a name; a Latin one also with its two words turned round, if the other is East Asian.

    There the family name comes first, in Latin letters it often comes last.
    """
    words = name.split()
    if len(words) == 2 and script(name) == "latin" and script(other) in ("han", "kana", "hangul"):
        return (name, f"{words[1]} {words[0]}")
    return spellings(name)


@lru_cache(maxsize=16384)
def one_agrees(a: str, b: str) -> float:
    """How surely two single names are one artist, 0..1. Symmetric."""
    left, right = simplified(fold(a)), simplified(fold(b))
    if not left or not right:
        return 0.0
    bare_left, bare_right = left.replace(" ", ""), right.replace(" ", "")
    if bare_left == bare_right or left.removeprefix("the ") == right.removeprefix("the "):
        return 1.0
    if not left.isascii() and not right.isascii() and (_in_two_scripts(left, right) or _in_two_scripts(right, left)):
        return 0.97
    left_script, right_script = script(left), script(right)
    if left_script != right_script and left_script and right_script:
        return min(0.97, max(phonetics.alike(x, y) for x in _either_order(a, b) for y in _either_order(b, a)))
    left_words = set(left.split()) - word_lists.SMALL_WORDS
    right_words = set(right.split()) - word_lists.SMALL_WORDS
    if not credits.AFTER_OTHERS.isdisjoint(left_words ^ right_words):
        # 'Tribute to The Kinks' is not The Kinks.
        return 0.4
    if left_words and left_words == right_words:
        return 0.97
    whole = fuzz.ratio(bare_left, bare_right) / 100
    if may_be_cut(a) or may_be_cut(b):
        short, long = sorted((left, right), key=len)
        whole = max(whole, continues(short, long))
    if left.isascii() != right.isascii():
        # Words of two scripts in one name: 'Иванушки International'.
        whole = max(whole, min(0.97, phonetics.alike(left, right)))
    shorter = min(left_words, right_words, key=lambda w: sum(map(len, w)))
    if shorter and (left_words <= right_words or right_words <= left_words) and sum(map(len, shorter)) >= 4:
        # 'Zappa' and 'Frank Zappa'.
        return max(0.85, whole)
    length = min(len(bare_left), len(bare_right))
    if length >= 5 and (bare_left in bare_right or bare_right in bare_left):
        # One name grown onto another, as in channel names.
        return max(0.8, whole)
    if length < 4:
        return 0.78 if sorted(bare_left) == sorted(bare_right) else whole * 0.8
    if left.isascii() == right.isascii() and _of_another_person(left, right):
        return min(whole, _OF_ANOTHER_PERSON)
    return max(whole, fuzz.token_sort_ratio(left, right) / 100)


def _in_two_scripts(name: str, other: str) -> bool:
    """Whether a folded name is the other with its Latin spelling beside it: '陈月白 Chen Yuebai'."""
    return " ".join(word for word in name.split() if not word.isascii()) == other


def _of_another_person(a: str, b: str) -> bool:
    """Whether two folded names share words and differ in one that no spelling explains: 'Mara Voss', 'Lena Voss'."""
    mine, theirs = a.split(), b.split()
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    apart = [(x, y) for x, y in zip(mine, theirs, strict=True) if x != y]
    return len(apart) < len(mine) and any(
        fuzz.ratio(x, y) < _SPELLED_ALIKE and not x.startswith(y) and not y.startswith(x) and skeleton(x) != skeleton(y)
        for x, y in apart
    )


def unknowable(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a disagreement says nothing, because one side is in Chinese characters whose reading is not known."""
    return bool(a and b) and phonetics.unknowable(" ".join(a), " ".join(b))


@lru_cache(maxsize=16384)
def agree(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How surely two credits name the same performer, 0..1, whatever the order and the joining words. Symmetric.

    Args:
        a: artists of one side, main artist first.
        b: artists of the other side.
    """
    if not a or not b:
        return 0.0
    if a[0] == b[0]:
        return 1.0
    best = 0.0
    for i, left in enumerate(a[:_MOST]):
        for j, right in enumerate(b[:_MOST]):
            # A guest on both sides is weaker than a main artist on one.
            value = one_agrees(left, right) * (0.95 if i and j else 1.0)
            if value > best:
                best = value
        if best == 1.0:
            return best
    if best < 0.97 and (len(a) > 1 or len(b) > 1):
        # A band's own name may hold a joiner: 'Earth, Wind & Fire'.
        best = max(best, one_agrees(" ".join(a), " ".join(b)))
    return best
