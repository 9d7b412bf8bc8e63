"""Romanisation: any script as coarse sounds, so coarse that two spellings of one name come out alike.

Arabic and Persian do not write short vowels, Korean has no f and closes syllables with a filler vowel, Japanese has
no l. A text is reduced to what both spellings can know: `sound` is a row of consonant classes (P T K S C L M N, W H)
with vowels, `skeleton` keeps only the consonants and the digits.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from anyascii import anyascii

from navaar_identifier.text.scripts import script
from navaar_text.folding import LONGEST, fold

_ARABIC = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "C", "ح": "h", "ه": "h",
    "خ": "X", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "J", "ش": "S", "غ": "G", "ق": "G",
    "ف": "f", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "w", "ی": "y", "ا": "a", "ع": "a", "ڤ": "v",
}  # fmt: skip
_VOWEL_WAW = re.compile(r"(?<=[^aw ])w(?![aw])")

_CYRILLIC = str.maketrans(
    {"х": "h", "ц": "ts", "щ": "sh", "ы": "i", "э": "e", "ю": "yu", "я": "ya", "ж": "zh", "ъ": "", "ь": ""}
)

_HEBREW = str.maketrans({"א": "a", "ע": "a", "ה": "h", "כ": "k", "ך": "k", "צ": "ts", "ץ": "ts", "ח": "h", "ט": "t"})

_INDIC = str.maketrans({**dict.fromkeys("चছচછచಚചਚଚछ", "ch"), **dict.fromkeys("ँंঁংਁਂઁંఁంಁಂംଁଂ", "n"), "ழ": "zh", "ഴ": "zh"})
"""Where the usual Latin spelling is another than the scholars': 'Chandni', 'Mazhai'."""

_HANGUL_LEAD = ("g", "gg", "n", "d", "dd", "r", "m", "b", "bb", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_HANGUL_VOWEL = (
    "a", "e", "ya", "ye", "eo", "e", "yeo", "ye", "o", "wa", "we", "oe", "yo", "u", "wo", "we", "wi",
    "yu", "", "ui", "i",
)  # fmt: skip
_HANGUL_TAIL = (
    "", "k", "k", "ks", "n", "nj", "nh", "t", "l", "lg", "lm", "lb", "ls", "lt", "lp", "lh", "m", "p", "ps", "t", "t",
    "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip

# Latin spellings of one sound, longer ones first: English and the usual transliterations of other languages.
# Before each the letters that it needs: looking for them is cheaper than the pattern.
_SPELLINGS = tuple(
    (needs.split("|"), re.compile(pattern), letters)
    for needs, pattern, letters in (
        ("", r"([a-z])\1", r"\1"), ("school", r"school", "skul"), ("ture", r"ture(?=s?\b)", "CA"),
        ("ion", r"[ts]ion", "Sn"), ("ght", r"ght", "t"), ("kn", r"\bkn", "n"), ("wr", r"\bwr", "r"),
        ("gn", r"gn\b", "n"), ("dg", r"dge?(?=[eiy])", "J"), ("ts|tc", r"tsch|tch|tsh", "C"),
        ("sh|sc", r"sch|shch|sh", "S"), ("ch", r"ch", "C"), ("zh", r"zh", "J"), ("kh", r"kh", "X"),
        ("gh", r"gh", "G"), ("ph", r"ph", "F"), ("th", r"th", "T"),
        ("c|q|kk", r"ck|qu?|kk|c(?=[aoukltr\W]|$)", "K"), ("c", r"c", "S"), ("x", r"x", "KS"),
        ("ts|tz", r"ts|tz", "C"), ("j|dz", r"dj|dz|j", "J"),
    )
)  # fmt: skip

_CLASSES = str.maketrans(
    {
        "b": "P", "p": "P", "f": "P", "F": "P", "v": "P", "d": "T", "t": "T", "g": "K", "k": "K", "G": "K", "X": "K",
        "q": "K", "c": "K", "s": "S", "z": "S", "S": "S", "J": "C", "j": "C", "C": "C", "r": "L", "l": "L", "m": "M",
        "n": "N", "K": "K", "T": "T", "w": "W", "h": "H", "y": "I", "i": "I", "e": "e", "a": "A", "o": "o", "u": "U",
    }
)  # fmt: skip
_FINAL_HE = re.compile(r"ה\b")
_REPEATED = re.compile(r"(.)\1+")
_NOT_BONES = re.compile(r"[^PTKSCLMN0-9]")

_LETTER_NAMES = {
    "a": "ei", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "epu", "g": "ji", "h": "eichi", "i": "ai", "j": "jei",
    "k": "kei", "l": "el", "m": "em", "n": "en", "o": "o", "p": "pi", "q": "kyu", "r": "al", "s": "esu", "t": "ti",
    "u": "yu", "v": "bui", "w": "dabulyu", "x": "eksu", "y": "wai", "z": "ji", "0": "jero", "1": "won", "2": "tu",
    "3": "suri", "4": "po", "5": "paibu", "6": "siksu", "7": "sebun", "8": "eit", "9": "nain",
}  # fmt: skip


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """The classes of a text with its vowels, doubles taken once, words run together."""
    return _REPEATED.sub(r"\1", _classes(fold(text[:LONGEST])).replace(" ", ""))


@lru_cache(maxsize=16384)
def skeleton(text: str) -> str:
    """The consonant classes and digits of a text, doubles taken once, words run together.

    Returns:
        Letters out of P T K S C L M N, and digits: 'Khorshid' and 'خورشید' both give KLST.
    """
    return without_repeats(_NOT_BONES.sub("", sound(text)))


def without_repeats(text: str) -> str:
    """The text with every run of one character taken once."""
    return _REPEATED.sub(r"\1", text)


def said_letter_by_letter(text: str) -> str:
    """An acronym as Koreans and Japanese write it, by the names of its letters: 'TV' is 'tibui'."""
    return "".join(_LETTER_NAMES.get(c, c) for c in fold(text).replace(" ", ""))


def _classes(text: str) -> str:
    """The classes of a folded text, words apart."""
    kind = script(text)
    if kind == "arabic":
        latin = text.translate(_FROM_ARABIC)
        # Waw is a consonant only beside another vowel or in front; else it is the long o or u.
        return _VOWEL_WAW.sub("o", latin).translate(_CLASSES)
    if not text.isascii():
        # Two letters that say one sound; a vowel that Hebrew writes with a consonant.
        text = text.replace("дж", "j")
        if kind == "hebrew":
            text = _FINAL_HE.sub("א", text)
        text = text.translate(_FROM_HANGUL if kind == "hangul" else _FROM_ANY)
    for needs, pattern, letters in _SPELLINGS:
        for letter in needs:
            if letter in text:
                text = pattern.sub(letters, text)
                break
    return text.translate(_CLASSES)


def _arabic(char: str) -> str:
    """One letter of a text in the Arabic script; whatever is not of that script says nothing there."""
    return _ARABIC.get(char, char if char == " " or char.isdigit() else "")


def _any(char: str) -> str:
    """One letter of a text in any other script."""
    return anyascii(char.translate(_CYRILLIC).translate(_HEBREW).translate(_INDIC)).lower().replace("'", "")


def _hangul(char: str) -> str:
    """One syllable as letters; the filler vowel that closes foreign consonants is silent."""
    code = ord(char) - 0xAC00
    if not 0 <= code < 11172:
        return anyascii(char).lower()
    lead, rest = divmod(code, 588)
    vowel, tail = divmod(rest, 28)
    return _HANGUL_LEAD[lead] + _HANGUL_VOWEL[vowel] + _HANGUL_TAIL[tail]


class _Letters(dict[int, str]):
    """A str.translate table that asks how a character is written in Latin letters when it first meets it."""

    def __init__(self, written: Callable[[str], str]) -> None:
        super().__init__()
        self._written = written

    def __missing__(self, code: int) -> str:
        value = self[code] = self._written(chr(code))
        return value


_FROM_ARABIC = _Letters(_arabic)
_FROM_HANGUL = _Letters(_hangul)
_FROM_ANY = _Letters(_any)
