"""Japanese: how a text with kanji is said.

Kanji are read by the word they stand in, so a dictionary is asked: IPAdic through MeCab (fugashi), in memory that is
mapped from its file. One text often has several readings, names above all; the likelier ones are given.
"""

from __future__ import annotations

import re
from functools import lru_cache

import ipadic
from fugashi import GenericTagger

from navaar_text.folding import fold

MOST = 4
"""Readings of one text."""
LONGEST = 60
"""Characters of a text that are read; the work grows with them."""
_CUTS = 6
"""Ways to cut a text into words that are looked at for its readings."""
_KATAKANA = 7
"""The place of the reading among a word's features."""
_KANJI = re.compile("[\u3400-\u4dbf\u4e00-\u9fff々]")
# Foreign words are written with a long mark or two vowels alike; both are one long vowel.
_LONG = str.maketrans({"ー": ""})


def has_kanji(text: str) -> bool:
    """Whether a text holds a character whose reading has to be looked up."""
    return bool(_KANJI.search(text))


@lru_cache(maxsize=8192)
def readings(text: str) -> tuple[str, ...]:
    """The text with its kanji written as they may be said, likelier first; the rest stays.

    Args:
        text: a name or a title; only its first `LONGEST` characters are looked at.

    Returns:
        At most `MOST` different texts in katakana; empty for a text without kanji and for words that the dictionary
        does not know (Chinese ones, mostly).
    """
    folded = fold(text)[:LONGEST]
    if not has_kanji(folded):
        return ()
    found: dict[str, None] = {}
    for cut in _tagger().nbestToNodeList(folded, _CUTS):
        said = " ".join(_said(word.surface, tuple(word.feature)) for word in cut)
        if not has_kanji(said):
            found[said.translate(_LONG)] = None
    return tuple(found)[:MOST]


def _said(surface: str, features: tuple[str, ...]) -> str:
    if has_kanji(surface) and len(features) > _KATAKANA:
        return features[_KATAKANA]
    return surface


@lru_cache(maxsize=1)
def _tagger() -> GenericTagger:
    return GenericTagger(ipadic.MECAB_ARGS)
