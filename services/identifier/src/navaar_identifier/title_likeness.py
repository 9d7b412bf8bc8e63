"""How surely two titles are one: spelling, numbers, subtitles, scripts."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier import japanese, sounds, vocabulary
from navaar_identifier.folding import fold, script
from navaar_identifier.profiles import Reading
from navaar_identifier.romanisation import skeleton

_NUMBER = re.compile(r"\d+")
_COUNTED = frozenset(["part", "pt", "vol", "volume", "no", "act", "chapter", "book", "teil", "parte"])
_ALBUM = 80
_FEW_BONES = 3
"""Consonants below which a glance at a title in another script shows nothing."""
_APART = 58
"""Likeness per cent below which two titles without a common word need no closer look."""


def readings_agree(a: Reading, b: Reading, album_a: str = "", album_b: str = "") -> float:
    """How surely two readings have one title, 0..1. Symmetric.

    Args:
        a: a reading of one side.
        b: a reading of the other.
        album_a: the first side's album, folded: the other side may have it in its title.
        album_b: the second side's.
    """
    whole = texts_agree(a.folded, b.folded)
    if whole >= 0.97:
        return whole
    if a.tail and album_b and fuzz.ratio(a.tail, album_b) >= _ALBUM:
        whole = max(whole, texts_agree(a.head, b.folded))
    if b.tail and album_a and fuzz.ratio(b.tail, album_a) >= _ALBUM:
        whole = max(whole, texts_agree(a.folded, b.head))
    if a.main == a.folded and b.main == b.folded:
        return whole
    # A subtitle in brackets on one side only, 'Big Girl (You Are Beautiful)'; two different ones are two songs.
    mains = texts_agree(a.main, b.main)
    if a.main == a.folded or b.main == b.folded:
        return max(whole, mains - 0.05)
    return max(whole, min(0.8, mains))


@lru_cache(maxsize=16384)
def texts_agree(a: str, b: str) -> float:
    """How surely two folded titles are one, 0..1. Symmetric."""
    left, right = a.replace(" ", ""), b.replace(" ", "")
    if left == right:
        return 1.0 if left else 0.0
    if not left or not right:
        return 0.0
    script_a, script_b = script(a), script(b)
    if script_a != script_b and script_a and script_b:
        return sounds.alike(a, b)
    ratio = fuzz.ratio(left, right) / 100
    if japanese.has_kanji(a) != japanese.has_kanji(b):
        # Mostly Latin, with a few characters of another script: '裸足でSummer'.
        ratio = max(ratio, sounds.alike(a, b))
    if ratio < 0.5:
        return ratio
    ratio = max(ratio, fuzz.token_sort_ratio(a, b) / 100 - 0.02)
    numbers_a, numbers_b = _numbers(a), _numbers(b)
    if numbers_a != numbers_b:
        # 'Part 1' and 'Part 2' differ by one letter and are two recordings.
        ratio = min(ratio, 0.72 if numbers_a and numbers_b else 0.84)
    shorter = min(len(left), len(right))
    # One letter makes another word of a short one.
    return min(ratio, 0.7) if shorter <= 4 else min(ratio, 0.84) if shorter <= 6 else ratio


@lru_cache(maxsize=16384)
def _numbers(folded: str) -> tuple[str, ...]:
    """The numbers of a title, Roman ones after 'part' and the like or at the end included."""
    found = [n.lstrip("0") or "0" for n in _NUMBER.findall(folded)]
    words = folded.split()
    for index, word in enumerate(words):
        if index and word in vocabulary.ROMAN and (words[index - 1] in _COUNTED or index == len(words) - 1):
            found.append(vocabulary.ROMAN[word])
    return tuple(sorted(found))


def _native(folded: str) -> str:
    """The words that are not written in Latin letters."""
    if folded.isascii():
        return ""
    return " ".join(word for word in folded.split() if script(word) not in ("latin", ""))


def far_apart(a: str, b: str) -> bool:
    """Whether two title fields surely hold two titles, at a glance. Symmetric.

    It spares most candidates of a search the full comparison; in doubt it says no.
    """
    left, right = fold(a), fold(b)
    if min(len(left), len(right)) <= 3:
        return False
    words = set(left.split())
    if any(len(w) > 2 and w in words for w in right.split()) or left in right or right in left:
        return False
    if not (left.isascii() and right.isascii()):
        native_left, native_right = _native(left), _native(right)
        if bool(native_left) != bool(native_right) or script(native_left) != script(native_right):
            bones_left, bones_right = skeleton(left), skeleton(right)
            shorter = min(len(bones_left), len(bones_right))
            if shorter < _FEW_BONES or sounds.unknowable(left, right):
                return False
            return fuzz.partial_ratio(bones_left, bones_right) < (_APART - 8 if shorter > _FEW_BONES else 70)
    return fuzz.partial_ratio(left.replace(" ", ""), right.replace(" ", "")) < _APART
