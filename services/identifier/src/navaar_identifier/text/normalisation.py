"""Freedoms of spelling that say nothing: 'knockin', 'thru', '2 U', 'Two Become One'."""

from __future__ import annotations

from functools import lru_cache

FIELD = 300
"""Characters kept of one field of an item."""

_FREELY = {
    "thru": "through", "til": "till", "until": "till", "u": "you", "ur": "your", "n": "and", "luv": "love",
    "nite": "night", "tonite": "tonight", "lite": "light", "cuz": "because", "cos": "because", "em": "them",
    "ya": "you", "wit": "with", "da": "the",
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
}  # fmt: skip
_SAID_LIKE = {"two": "to", "too": "to", "four": "for", "r": "are"}
"""'Nothing Compares 2 U'."""


def bounded(text: str) -> str:
    """The text's first `FIELD` characters, its white space folded: hostile input must cost no more than a name."""
    return " ".join(text[: 4 * FIELD].split())[:FIELD]


@lru_cache(maxsize=4096)
def normalised(words: tuple[str, ...]) -> tuple[str, ...]:
    """Folded words without the freedoms of spelling."""
    return tuple(_FREELY.get(w, w[:-1] if len(w) > 5 and w.endswith("ing") else w) for w in words)


@lru_cache(maxsize=8192)
def alike(a: str, b: str) -> bool:
    """Whether two folded titles differ in such freedoms only."""
    if a.count(" ") != b.count(" "):
        return False
    left, right = normalised(tuple(a.split())), normalised(tuple(b.split()))
    return left == right or all(
        x == y or _SAID_LIKE.get(x, x) == _SAID_LIKE.get(y, y) for x, y in zip(left, right, strict=True)
    )
