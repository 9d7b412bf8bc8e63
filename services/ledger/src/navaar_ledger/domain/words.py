"""Folded words, and how they are indexed by their beginnings. Pure.

Folding forgets case, width, accents and vowel points, and the letters that Arabic and Persian keyboards mix up, as the
identifier's does; a search need not know more.
"""

from __future__ import annotations

import unicodedata

MOST_WORDS = 24
LONGEST_WORD = 40
INDEXED = 10
"""Characters of a word's beginning that the stores index; the rest of a longer one is compared afterwards."""
MOST_ASKED = 8
_LETTERS = str.maketrans(
    {
        **dict.fromkeys("يىئےې", "ی"),
        **dict.fromkeys("كڪ", "ک"),
        **dict.fromkeys("ةۀەہھ", "ه"),
        **dict.fromkeys("أإآٱ", "ا"),
        **dict.fromkeys("'’‘ʼ`´′!ءـ\u200c\u200d", ""),
        **{"ؤ": "و", "ø": "o", "ł": "l", "đ": "d", "æ": "ae", "œ": "oe", "ı": "i", "$": "s", "ς": "σ"},
        **dict.fromkeys("&+", " and "),
    }
)
_VOICING = "\u3099\u309a"
"""Kana marks that tell words apart; every other combining mark is an ornament."""


def fold(text: str) -> str:
    """The text as lower-case words between single spaces; only its first 400 characters are looked at."""
    plain = unicodedata.normalize("NFKC", text[:400]).casefold().translate(_LETTERS)
    parts = unicodedata.normalize("NFD", plain).translate(_LETTERS)
    bare = "".join(c for c in parts if c in _VOICING or unicodedata.category(c) not in ("Mn", "Cf"))
    whole = unicodedata.normalize("NFC", bare)
    return " ".join("".join(map(_letter, whole)).split())


def _letter(char: str) -> str:
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    return char if char.isalnum() or char in _VOICING or char == "ー" else " "


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a question, longest first: the longest is the rarest. Empty when there is nothing to look for."""
    return tuple(sorted(distinct(fold(text)), key=len, reverse=True)[:MOST_ASKED])


def beginnings(words: tuple[str, ...]) -> frozenset[str]:
    """What is indexed for these words."""
    return frozenset(word[:length] for word in words for length in range(1, min(len(word), INDEXED) + 1))


def indexed(asked: tuple[str, ...]) -> tuple[str, ...]:
    """What is looked up for the words of a question."""
    return tuple(dict.fromkeys(word[:INDEXED] for word in asked))


def fits(words: tuple[str, ...], asked: tuple[str, ...]) -> bool:
    """Whether each asked word begins one of `words`."""
    return all(any(word.startswith(each) for word in words) for each in asked)


def distinct(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in folded.split()))
