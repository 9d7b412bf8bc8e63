"""The words a person finds a song by: its names, folded, and looked up by their beginnings."""

from __future__ import annotations

from collections.abc import Iterable

from navaar_text.folding import fold

MOST_WORDS = 24
LONGEST_WORD = 40
INDEXED = 10
"""Characters of a word's beginning that a store indexes; the rest of a longer one is compared afterwards."""
MOST_ASKED = 8


def words_of(names: Iterable[str]) -> tuple[str, ...]:
    """The distinct folded words of these names, in their order; the first `MOST_WORDS` of them."""
    return _distinct(" ".join(map(fold, names)))[:MOST_WORDS]


def asked_words(text: str) -> tuple[str, ...]:
    """The words of a question, longest first: the longest is the rarest. Empty when there is nothing to look for."""
    return tuple(sorted(_distinct(fold(text)), key=len, reverse=True)[:MOST_ASKED])


def beginnings(words: Iterable[str]) -> frozenset[str]:
    """What is indexed for these words."""
    return frozenset(word[:length] for word in words for length in range(1, min(len(word), INDEXED) + 1))


def indexed(asked: Iterable[str]) -> tuple[str, ...]:
    """What is looked up for the words of a question."""
    return tuple(dict.fromkeys(word[:INDEXED] for word in asked))


def fits(words: Iterable[str], asked: Iterable[str]) -> bool:
    """Whether each asked word begins one of `words`."""
    words = tuple(words)
    return all(any(word.startswith(each) for word in words) for each in asked)


def _distinct(folded: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word[:LONGEST_WORD] for word in folded.split()))
