"""Artists: credits taken apart, channel names cut back to the artist, names compared."""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz

from navaar_identifier import sounds, vocabulary
from navaar_identifier.folding import fold, script

_FEATURE = re.compile(
    r"\s*[(\[]?\s*\b(?:feat(?:uring)?\.?|ft\.?|f/|w/|при уч(?:астии)?\.?|همراهی|con la participaci[oó]n de)(?=[\s.(])\s*", re.IGNORECASE
)
_JOINERS = re.compile(
    r"\s*(?:,|;|\||//|/|、|،|；|·|•|\s&\s|&|\s\+\s|\s×\s|×|\s[xX]\s|\s(?:and|vs\.?|versus|with|y|e|et|und|и|и|و|con|avec|mit|meets|pres\.?|presents)\s)\s*",
    re.IGNORECASE,
)
_SURE_JOINERS = re.compile(r"\s*(?:,|;|/|//|、|،|；|\s&\s|\s\+\s|\s×\s|\s[xX]\s|\svs\.?\s)\s*")
_COMMA = re.compile(r"\s*(?:,|;|、|،)\s*")
_CHANNEL_TAIL = re.compile(
    r"\s*(?:-\s*topic|vevo|official(?: (?:artist |youtube |music )?channel)?|\bofficiel\b|\boficial\b|\bresmi\b|tv)$", re.IGNORECASE
)
_NATIVE = re.compile(r"^(.{1,80}?)\s*[(\[（]([^()\[\]（）]{1,80})[)\]）]$")


def split_features(text: str) -> tuple[str, tuple[str, ...]]:
    """Takes 'feat. B & C' off a credit or a title.

    Returns:
        The text before the word, and the guests; the closing bracket of '(feat. B)' is gone.
    """
    found = _FEATURE.search(text)
    if not found or not text[: found.start()].strip():
        return text, ()
    guests = text[found.end() :].strip()
    guests = re.sub(r"\s*[)\]].*$", "", guests) if found.group().lstrip().startswith(("(", "[")) else guests
    return text[: found.start()].strip(), split_credit(guests.strip(" )]"))


@lru_cache(maxsize=8192)
def split_credit(text: str) -> tuple[str, ...]:
    """The artists of a credit: 'A, B & C' becomes A, B, C. A name that holds a joiner may be cut; comparing allows for it."""
    return tuple(part for part in (p.strip() for p in _JOINERS.split(text)) if part)


def main_names(credit: str) -> tuple[str, ...]:
    """The main artists of a credit without guests; a credit with commas or '&' is taken apart, 'and' is left alone.

    'Earth, Wind & Fire' comes out in pieces; comparing and searching put them together again.
    """
    parts = tuple(p for p in (x.strip() for x in _SURE_JOINERS.split(credit)) if p)
    return parts


def is_junk(name: str | None) -> bool:
    """Whether an artist field says nothing: empty, 'Unknown Artist', a handle, a site."""
    if not name or not name.strip():
        return True
    text = name.strip()
    folded = fold(text)
    if not folded or folded in vocabulary.JUNK_ARTISTS:
        return True
    if text.startswith(("@", "http://", "https://", "www.", "t.me/")):
        return True
    if folded.isdigit() and len(folded) >= 5:
        return True
    return bool(re.fullmatch(r"(?:www\.)?[\w-]+(?:\.[\w-]+)?\.(?:com|net|org|ru|ir|info|me|fm|io|su|biz|co)", text, re.IGNORECASE)) or bool(
        re.fullmatch(r"(?:track|audio|unknown|трек|artist|исполнитель)\s?\d*", folded)
    )


@lru_cache(maxsize=8192)
def from_channel(name: str) -> str:
    """The artist a channel is named after: 'SantanaVEVO' and 'Santana - Topic' give Santana."""
    cut = _CHANNEL_TAIL.sub("", name).strip(" -–")
    return cut or name


def spellings(name: str) -> tuple[str, ...]:
    """The ways a name may be meant: itself, and both halves of 'native (Latin)'."""
    found = _NATIVE.match(name.strip())
    if found and script(found.group(1)) != script(found.group(2)):
        return (name, found.group(1), found.group(2))
    return (name,)


@lru_cache(maxsize=16384)
def one_agrees(a: str, b: str) -> float:
    """How surely two single names are one artist, 0..1. Symmetric."""
    left, right = fold(a), fold(b)
    if not left or not right:
        return 0.0
    if left == right:
        return 1.0
    bare_left, bare_right = left.replace(" ", ""), right.replace(" ", "")
    if bare_left == bare_right:
        return 1.0
    if left.removeprefix("the ") == right.removeprefix("the "):
        return 1.0
    left_script, right_script = script(left), script(right)
    if left_script != right_script and left_script and right_script:
        best = max(sounds.alike(x, y) for x in spellings(a) for y in spellings(b))
        return min(best, 0.97)
    left_words, right_words = set(left.split()) - vocabulary.SMALL_WORDS, set(right.split()) - vocabulary.SMALL_WORDS
    if left_words and left_words == right_words:
        return 0.97
    whole = fuzz.ratio(bare_left, bare_right) / 100
    if left_words and right_words and (left_words <= right_words or right_words <= left_words):
        shorter = min(left_words, right_words, key=lambda w: (len(w), sum(map(len, w)), sorted(w)))
        if sum(map(len, shorter)) >= 4:
            return max(0.85, whole)
    if min(len(bare_left), len(bare_right)) >= 5:
        # One name grown onto another: 'TonyBennettVEVO', 'colinhayTV'.
        if bare_left in bare_right or bare_right in bare_left:
            return max(0.8, whole)
    if min(len(bare_left), len(bare_right)) < 4:
        return 0.78 if sorted(bare_left) == sorted(bare_right) else whole * 0.8
    tokens = fuzz.token_sort_ratio(left, right) / 100
    return max(whole, tokens)


def unknowable(a: tuple[str, ...], b: tuple[str, ...]) -> bool:
    """Whether a disagreement says nothing, because one side is in Chinese characters whose reading is not known."""
    return bool(a and b) and sounds.unknowable(" ".join(a), " ".join(b))


@lru_cache(maxsize=16384)
def agree(a: tuple[str, ...], b: tuple[str, ...]) -> float:
    """How surely two credits name the same performer, 0..1, whatever the order and the joining words. Symmetric.

    Args:
        a: artists of one side, main artist first.
        b: artists of the other side.
    """
    if not a or not b:
        return 0.0
    best = 0.0
    for i, left in enumerate(a[:8]):
        for j, right in enumerate(b[:8]):
            value = one_agrees(left, right)
            if i and j:
                value *= 0.95
            if value > best:
                best = value
        if best == 1.0:
            break
    if best < 0.97 and (len(a) > 1 or len(b) > 1):
        # A band's own name may hold a joiner: 'Earth, Wind & Fire'.
        best = max(best, one_agrees(" ".join(a), " ".join(b)))
    return best
