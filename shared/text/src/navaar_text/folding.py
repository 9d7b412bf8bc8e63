"""Folding: one spelling for comparison, whatever way a name was written.

What is folded away: case, width (NFKC), accents and vowel points, the Arabic and Persian letter variants that
keyboards mix up, apostrophes, and every other mark between words. What is kept: letters, digits, their order, and
the kana voicing marks, which tell different words apart. A folded text is for comparing, never for showing.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

LONGEST = 400
"""Characters looked at. No song name is longer; hostile input often is."""

_DROPPED_MARKS = (
    (0x0300, 0x036F),  # Latin, Greek, Cyrillic accents
    (0x0591, 0x05C7),  # Hebrew points
    (0x0610, 0x061A),
    (0x064B, 0x065F),  # Arabic vowel points
    (0x0670, 0x0670),
    (0x06D6, 0x06ED),
    (0x08D3, 0x08FF),
    (0x1AB0, 0x1AFF),
    (0x1DC0, 0x1DFF),
    (0x20D0, 0x20FF),
    (0xFE00, 0xFE0F),  # variation selectors
)

_LETTERS = {
    # Arabic keyboards and Persian ones write the same word with different code points.
    "ي": "ی", "ى": "ی", "ئ": "ی", "ے": "ی", "ې": "ی", "ك": "ک", "ڪ": "ک", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه",
    "ھ": "ه", "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ء": "", "ـ": "", "\u200c": "", "\u200d": "",
    # Latin letters that have no decomposition.
    "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ħ": "h", "ə": "e", "ŋ": "n",
    # Signs that names use for letters or words.
    "&": " and ", "＆": " and ", "+": " and ", "$": "s", "€": "e", "'": "", "’": "", "‘": "", "ʼ": "", "`": "", "´": "",
    "′": "", "״": "", "׳": "", "!": "", "¡": "", "×": " x ", "ς": "σ",
}  # fmt: skip


class _Table(dict[int, str]):
    """A str.translate table that works out what each character becomes when it first meets it."""

    def __missing__(self, code: int) -> str:
        char = chr(code)
        if char in _LETTERS:
            value = _LETTERS[char]
        elif any(low <= code <= high for low, high in _DROPPED_MARKS) or unicodedata.category(char) == "Cf":
            value = ""
        elif char.isdecimal():
            value = str(unicodedata.decimal(char))
        elif char.isalnum() or unicodedata.category(char)[0] == "M" or char in "ー":
            value = char
        else:
            value = " "
        self[code] = value
        return value


_TABLE = _Table()


def _once(text: str) -> str:
    text = unicodedata.normalize("NFKC", text).casefold()
    # й and ё lose their marks here like any accented letter; Hangul comes together again below.
    text = unicodedata.normalize("NFD", text).translate(_TABLE)
    return " ".join(unicodedata.normalize("NFC", text).translate(_TABLE).split())


_SETTLED: set[str] = {" "}
"""Characters met so far that stay as they are whatever stands beside them."""
_JAMO = ((0x1100, 0x11FF), (0xA960, 0xA97F), (0xD7B0, 0xD7FF))


def _settled(char: str) -> bool:
    """Whether folding leaves a character alone in every text; marks and parts of Hangul syllables may join others."""
    return char.isalnum() and not any(low <= ord(char) <= high for low, high in _JAMO) and _once(char) == char


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """The text as lower-case words between single spaces.

    Args:
        text: anything; only its first `LONGEST` characters are looked at.

    Returns:
        The folded text; folding it again changes nothing.
    """
    text = text[:LONGEST]
    if text.isascii():
        return " ".join(text.lower().translate(_TABLE).split())
    folded = _once(text)
    if _SETTLED.issuperset(folded):
        return folded
    # A few characters fold to characters that fold further (compatibility forms of marks).
    for _ in range(3):
        again = _once(folded)
        if again == folded:
            break
        folded = again
    _SETTLED.update(filter(_settled, folded))
    return folded
