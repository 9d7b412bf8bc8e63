"""Credits: taken apart into artists and guests, channel names cut back to the artist, junk told."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier.data import word_lists
from navaar_text.folding import fold

_FEATURE = re.compile(
    r"\s*[(\[]?\s*\b(?:feat(?:uring)?\.?|ft\.?|f/|w/|при уч(?:астии)?\.?|همراهی|con la participaci[oó]n de)"
    r"(?=[\s.(])\s*",
    re.IGNORECASE,
)
_MAYBE_FEATURE = re.compile("feat|ft|f/|w/|при уч|همراهی|con la")
_BEHIND_BRACKET = re.compile(r"\s*[)\]].*$")
_JOINERS = re.compile(
    r"\s*(?:,|;|\||//|/|、|،|；|·|•|&|\s\+\s|×|\s[xX]\s"
    r"|\s(?:and|vs\.?|versus|with|y|e|et|und|и|و|con|avec|mit|meets|pres\.?|presents)\s)\s*",
    re.IGNORECASE,
)
_SURE_JOINERS = re.compile(r"\s*(?:,|;|/|、|،|；|\s&\s|\s\+\s|\s×\s|\s[xX]\s|\svs\.?\s|\sو\s)\s*")
_CHANNEL_KINDS = "|".join(sorted(word_lists.CHANNEL_KINDS))
_CHANNEL_TAIL = re.compile(
    rf"\s*(?:-\s*topic|vevo|official(?: (?:(?:{_CHANNEL_KINDS}) )?channel)?|\bofficiel\b|\boficial\b|\bresmi\b|tv)$",
    re.IGNORECASE,
)
_CHANNEL_ENDINGS = ("topic", "vevo", "official", "channel", "officiel", "oficial", "resmi", "tv")
_SITE = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)?\.(?:com|net|org|ru|ir|info|me|fm|io|su|biz|co)", re.IGNORECASE)
_NUMBERED = re.compile(r"(?:track|audio|unknown|трек|artist|исполнитель)\s?\d*")
AFTER_OTHERS = word_lists.word_set(
    """
    tribute tributes karaoke plays performs performing salute salutes style covers covering homage омаж трибьют
    """
)
"""Words in the name of somebody who plays another's songs."""
_ADDRESSES = ("@", "http://", "https://", "www.", "t.me/")


@lru_cache(maxsize=2048)
def split_features(text: str) -> tuple[str, tuple[str, ...]]:
    """Takes 'feat. B & C' off a credit or a title.

    Returns:
        The text before the word, and the guests; the closing bracket of '(feat. B)' is gone.
    """
    found = _FEATURE.search(text) if _MAYBE_FEATURE.search(text.lower()) else None
    if not found or not text[: found.start()].strip():
        return text, ()
    guests = text[found.end() :].strip()
    if found.group().lstrip().startswith(("(", "[")):
        guests = _BEHIND_BRACKET.sub("", guests)
    return text[: found.start()].strip(), split_credit(guests.strip(" )]"))


@lru_cache(maxsize=8192)
def split_credit(text: str) -> tuple[str, ...]:
    """The artists of a credit: 'A, B & C' becomes A, B, C.

    A name that holds a joiner may be cut; comparing allows for it.
    """
    return tuple(part for part in (p.strip() for p in _JOINERS.split(text)) if part)


def main_names(credit: str) -> tuple[str, ...]:
    """The main artists of a credit without guests, cut only at commas and signs: 'Mumford and Sons' stays whole."""
    return tuple(part for part in (p.strip() for p in _SURE_JOINERS.split(credit)) if part)


@lru_cache(maxsize=8192)
def is_junk(name: str | None) -> bool:
    """Whether an artist field says nothing: empty, 'Unknown Artist', a handle, a site, a row of digits."""
    if not name or not name.strip():
        return True
    text = name.strip()
    folded = fold(text)
    if not folded or folded in word_lists.JUNK_ARTISTS or text.startswith(_ADDRESSES):
        return True
    if folded.isdigit() and len(folded) >= 5:
        return True
    return ("." in text and bool(_SITE.fullmatch(text))) or bool(_NUMBERED.fullmatch(folded))


@lru_cache(maxsize=8192)
def from_channel(name: str) -> str:
    """The artist a channel is named after: 'SantanaVEVO' and 'Santana - Topic' give Santana."""
    if not name.lower().endswith(_CHANNEL_ENDINGS):
        return name
    return _CHANNEL_TAIL.sub("", name).strip(" -–") or name
