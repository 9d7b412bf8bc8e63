"""The words around a name that are not the name, and the names that people are given, folded.

The files beside this one hold them, with what each list is for.
"""

from __future__ import annotations

import tomllib
from importlib import resources
from typing import Any

from navaar_text.folding import fold


def word_set(text: str) -> frozenset[str]:
    """The words of a list written out between blanks, folded."""
    return frozenset(word for piece in text.split() for word in fold(piece).split())


def phrases(text: str) -> tuple[str, ...]:
    """The phrases of a list written out between commas, as written."""
    return tuple(phrase for piece in text.split(",") if (phrase := " ".join(piece.split())))


def table(name: str) -> dict[str, Any]:
    """A TOML file of this folder."""
    return tomllib.loads(_text(name))


def _text(name: str) -> str:
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


_VOCABULARY: dict[str, str] = table("vocabulary.toml")

BOILERPLATE = word_set(_VOCABULARY["boilerplate"])
FILLER = word_set(_VOCABULARY["filler"])
BOILERPLATE_PHRASES = frozenset(phrases(_VOCABULARY["boilerplate_phrases"]))
LAST_WORDS = frozenset(_VOCABULARY["last_words"].split())
EXTENSIONS = word_set(_VOCABULARY["extensions"])
SITE_ENDINGS = word_set(_VOCABULARY["site_endings"])
LINK_SITES = frozenset(_VOCABULARY["link_sites"].split())
CHANNEL_KINDS = word_set(_VOCABULARY["channel_kinds"])
JUNK_ARTISTS = frozenset(map(fold, phrases(_VOCABULARY["junk_artists"])))
JUNK_TITLES = frozenset(map(fold, phrases(_VOCABULARY["junk_titles"])))
NUMBERED_TITLES = word_set(_VOCABULARY["numbered_titles"])
SMALL_WORDS = word_set(_VOCABULARY["small_words"])
TITLE_WORDS = word_set(_VOCABULARY["title_words"])
PIECES = word_set(_VOCABULARY["pieces"])
NEGATIONS = word_set(_VOCABULARY["negations"])
HYPHENED = word_set(_VOCABULARY["hyphened"])
TEMPI = word_set(_VOCABULARY["tempi"])

ROMAN = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8", "ix": "9", "x": "10",
    "xi": "11", "xii": "12",
    # In Greek letters they look the same.
    "ι": "1", "ιι": "2", "ιιι": "3",
}  # fmt: skip

GIVEN_NAMES = word_set(" ".join(line for line in _text("given_names.txt").splitlines() if not line.startswith("#")))
