"""Names that programs give to files: 'AUD-20260214-WA0007', '2_5309971632882714021', 'New Recording 5'."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from navaar_identifier.data.word_lists import table, word_set
from navaar_identifier.names import cleanup
from navaar_text.folding import fold

_DEVICE = word_set(table("machine_names.toml")["device"])
_WORDS = _DEVICE | word_set(table("machine_names.toml")["beside"])
_TOGETHER = re.compile(r"(?<=[a-z])(?=[A-Z])")
_PIECE = re.compile(r"\d+|[^\W\d_]+")
_HEX = re.compile(r"(?=.*\d)(?=.*[a-f])[0-9a-f]{8,}|[0-9a-f]{4,}(?:-[0-9a-f]{4,}){2,}", re.IGNORECASE)
_RANDOM = re.compile(r"[A-Za-z0-9_-]{11,}")
_CHANGES = 5
"""Changes between capitals, small letters and digits from which one long word is no word."""
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d[-_. ]?(?:0[1-9]|1[0-2])[-_. ]?(?:0[1-9]|[12]\d|3[01])(?!\d)")
_MANY_DIGITS = 6
_RANDOM_TAIL = re.compile(r"tmp(?=.*\d)[a-z0-9_]{4,}", re.IGNORECASE)
_ALONE = frozenset(("videoplayback", "tmp", "download", "document"))
_COPY = re.compile(r"\s*\(\d{1,3}\)$")


@lru_cache(maxsize=8192)
def is_made_by_program(name: str) -> bool:
    """Whether a file's name, or a title copied from one, is a program's and says nothing of a song.

    Args:
        name: as found, with its ending or without.
    """
    plain = cleanup.strip_extension(name.strip())
    stem = _COPY.sub("", plain)
    if not any(map(str.isalnum, stem)):
        return False
    if _is_random(stem):
        return True
    pieces = [p for word in re.split(r"[\s_.,()\[\]-]+", stem) if word for p in _pieces(word)]
    digits = sum(len(p) for p in pieces if p.isdigit())
    words = [p for p in pieces if not p.isdigit()]
    if not all(w in _WORDS or (digits and _is_marker(w)) for w in words):
        return False
    if digits >= _MANY_DIGITS or (digits and _DATE.search(stem)):
        # Fewer digits are a song's name: '1999'.
        return True
    counted = bool(digits) or stem != plain or len(words) > 1 or stem.lower() in _ALONE
    return counted and not _DEVICE.isdisjoint(words)


def _pieces(word: str) -> list[str]:
    """Letters and digits of one word apart, folded; a long hexadecimal number is digits."""
    if _HEX.fullmatch(word):
        return ["0" * len(word)]
    if fold(word) in _WORDS:
        return [fold(word)]
    word = _TOGETHER.sub(" ", word)
    if _RANDOM_TAIL.fullmatch(word):
        return [word[:3].lower(), "0"]
    return [fold(p).replace(" ", "") or p for p in _PIECE.findall(word)]


def _is_marker(word: str) -> bool:
    """Whether a piece is one letter between numbers, as in '12h30m05s'."""
    return word.isascii() and len(word) == 1


def _is_random(stem: str) -> bool:
    """Whether a name is an identifier: hexadecimal, or one long word of capitals, small letters and digits in turn."""
    if _HEX.fullmatch(stem):
        return True
    if not _RANDOM.fullmatch(stem) or not any(map(str.isdigit, stem)) or stem.isupper() or stem.islower():
        return False
    changes = letters = 0
    for word in re.split("[_-]+", stem):
        kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" for c in word]
        letters += len(kinds)
        # A capital before small letters begins a word of a name written together.
        changes += sum(a != b and (a, b) != ("u", "l") for a, b in pairwise(kinds))
    return changes >= _CHANGES and letters < 4 * changes
