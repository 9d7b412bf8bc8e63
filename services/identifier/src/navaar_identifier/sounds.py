"""Sounds: how a Latin and a native spelling of one name meet.

Arabic and Persian do not write short vowels, Korean has no f and closes syllables with a filler vowel, Japanese has
no l. So a transliteration table alone does not bring two spellings together. Each word is reduced to what both
spellings can know: a row of coarse consonant classes (the skeleton), and the same with its long vowels. Two names
sound alike when their skeletons nearly agree and the vowels do not speak against it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import pairwise

from anyascii import anyascii
from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from navaar_identifier.folding import LONGEST, fold, script

_ARABIC = {
    "ب": "b", "پ": "p", "ت": "t", "ط": "t", "ث": "s", "س": "s", "ص": "s", "ج": "j", "چ": "C", "ح": "h", "ه": "h",
    "خ": "X", "د": "d", "ذ": "z", "ز": "z", "ض": "z", "ظ": "z", "ر": "r", "ژ": "J", "ش": "S", "غ": "G", "ق": "G",
    "ف": "f", "ک": "k", "گ": "g", "ل": "l", "م": "m", "ن": "n", "و": "w", "ی": "y", "ا": "a", "ع": "a", "ڤ": "v",
}  # fmt: skip

_LETTER_NAMES = {
    "a": "ei", "b": "bi", "c": "si", "d": "di", "e": "i", "f": "epu", "g": "ji", "h": "eichi", "i": "ai", "j": "jei",
    "k": "kei", "l": "el", "m": "em", "n": "en", "o": "o", "p": "pi", "q": "kyu", "r": "al", "s": "esu", "t": "ti",
    "u": "yu", "v": "bui", "w": "dabulyu", "x": "eksu", "y": "wai", "z": "ji",
}  # fmt: skip

_DIGIT_NAMES = {
    "0": "jero", "1": "won", "2": "tu", "3": "suri", "4": "po", "5": "paibu", "6": "siksu", "7": "sebun", "8": "eit",
    "9": "nain",
}  # fmt: skip

# Order matters: longer spellings first. Classes are upper-case letters; vowels come last and are lower-case.
_LATIN = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        (r"school", "skul"), (r"ture\b|ture(?=s\b)", "CA"), (r"[ts]ion", "Sn"), (r"ght", "t"), (r"\bkn", "n"),
        (r"\bwr", "r"), (r"gn\b", "n"), (r"dge?(?=[eiy])", "J"), (r"tsch|tch|tsh", "C"), (r"sch|shch|sh", "S"), (r"ch", "C"), (r"zh", "J"), (r"kh", "X"), (r"gh", "G"),
        (r"ph", "F"), (r"th", "T"), (r"ck|qu?|kk|c(?=[aoukltr\W]|$)", "K"), (r"c", "S"), (r"x", "KS"), (r"ts|tz", "C"), (r"dj|dz|j", "J"),
    )
)  # fmt: skip


def _latin_classes(text: str) -> str:
    text = re.sub(r"([a-z])\1", r"\1", text) if text else text
    for pattern, sound in _LATIN:
        text = pattern.sub(sound, text)
    return text


_COARSE = str.maketrans(
    {
        "b": "P", "p": "P", "f": "P", "F": "P", "v": "P", "d": "T", "t": "T", "g": "K", "k": "K", "G": "K", "X": "K",
        "q": "K", "c": "K", "s": "S", "z": "S", "S": "S", "J": "C", "j": "C", "C": "C", "r": "L", "l": "L", "m": "M",
        "n": "N", "K": "K", "T": "T", "w": "W", "h": "H", "y": "I", "i": "I", "e": "e", "a": "A", "o": "o", "u": "U",
    }
)  # fmt: skip


def _spelled(text: str) -> str:
    """The classes of a folded text, vowels included, words apart."""
    kind = script(text)
    if kind == "arabic":
        latin = "".join(_ARABIC.get(c, c if c == " " or c.isdigit() else "") for c in text)
        # Waw and ye are consonants only beside another vowel; else they are the long o and i.
        latin = re.sub(r"(?<=[^aw ])w(?![aw])", "o", latin)
        return latin.translate(_COARSE)
    if kind not in ("latin", ""):
        text = _roman(text, kind)
    return _latin_classes(text).translate(_COARSE)


def _roman(text: str, kind: str) -> str:
    if kind == "hangul":
        return "".join(_hangul(c) for c in text)
    if kind == "cyrillic":
        text = text.translate(_CYRILLIC)
    return anyascii(text).lower().replace("'", "")


_CYRILLIC = str.maketrans({"х": "h", "ц": "ts", "щ": "sh", "ы": "i", "э": "e", "ю": "yu", "я": "ya", "ж": "zh", "ъ": "", "ь": ""})

_LEAD = ("g", "gg", "n", "d", "dd", "r", "m", "b", "bb", "s", "ss", "", "j", "jj", "ch", "k", "t", "p", "h")
_VOWEL = ("a", "e", "ya", "ye", "eo", "e", "yeo", "ye", "o", "wa", "we", "oe", "yo", "u", "wo", "we", "wi", "yu", "", "ui", "i")
_TAIL = (
    "", "k", "k", "ks", "n", "nj", "nh", "t", "l", "lg", "lm", "lb", "ls", "lt", "lp", "lh", "m", "p", "ps", "t", "t",
    "ng", "t", "t", "k", "t", "p", "t",
)  # fmt: skip


def _hangul(char: str) -> str:
    """One syllable as letters; the filler vowel that closes foreign consonants is silent."""
    code = ord(char) - 0xAC00
    if not 0 <= code < 11172:
        return anyascii(char).lower()
    lead, rest = divmod(code, 588)
    vowel, tail = divmod(rest, 28)
    return _LEAD[lead] + _VOWEL[vowel] + _TAIL[tail]


@lru_cache(maxsize=16384)
def sound(text: str) -> str:
    """The classes of a text with vowels, without spaces: what is compared when the skeletons leave a doubt."""
    joined = _spelled(fold(text[:LONGEST])).replace(" ", "")
    return re.sub(r"(.)\1+", r"\1", joined)


@lru_cache(maxsize=16384)
def skeleton(text: str) -> str:
    """The consonant classes and digits of a text, doubles taken once, words run together.

    Returns:
        Letters out of P T K S C L M N, and digits. 'Garsha Rezaei' and 'گرشا رضایی' both give KLSLS.
    """
    bare = re.sub(r"[^PTKSCLMN0-9]", "", sound(text))
    return re.sub(r"(.)\1+", r"\1", bare)


def _spelled_out(text: str) -> str:
    """An acronym as Koreans write it, letter by letter: 'f(x)' becomes 'epu eksu'."""
    return "".join(_LETTER_NAMES.get(c, _DIGIT_NAMES.get(c, c)) for c in fold(text).replace(" ", ""))


@lru_cache(maxsize=16384)
def alike(a: str, b: str) -> float:
    """How surely two spellings in different scripts are one name, 0..1. Symmetric."""
    return _trusted(max(_alike(a, b), _acronym(a, b), _acronym(b, a)))


# Raw likeness against how often it was one name: romanisation is loose, so 0.75 is already telling.
_TRUST = ((0.0, 0.0), (0.55, 0.45), (0.65, 0.72), (0.72, 0.87), (0.8, 0.93), (0.9, 0.97), (1.0, 1.0))


def _trusted(raw: float) -> float:
    for (low, below), (high, above) in pairwise(_TRUST):
        if raw <= high:
            return below + (above - below) * (raw - low) / (high - low)
    return 1.0


def _alike(a: str, b: str) -> float:
    if _HAN.search(a) or _HAN.search(b):
        return max(_sounded(a, b), _with_gaps(a, b), _with_gaps(b, a))
    return _sounded(a, b)


def _sounded(a: str, b: str) -> float:
    best = _compared(a, b, skeleton(a), skeleton(b), sound(a), sound(b))
    for native, latin in ((a, b), (b, a)):
        if best < 0.9 and "و" in native:
            # Waw may be a v: کویر is Kavir.
            hard = fold(native).replace("و", "ڤ")
            best = max(best, 0.98 * _compared(hard, latin, skeleton(hard), skeleton(latin), sound(hard), sound(latin)))
    for native, latin in ((a, b), (b, a)):
        if best < 0.9 and script(native) in ("hangul", "kana") and script(latin) == "latin":
            # English as Koreans and Japanese hear it: no r before a consonant or at the end; z and j are one.
            heard = _CODA_R.sub("", fold(latin)).replace("ds", "z")
            best = max(
                best,
                0.98 * _compared(native, latin, _merged(skeleton(native)), _merged(skeleton(heard)), sound(native), sound(heard)),
            )
    return best


_CODA_R = re.compile(r"(?<=[aeiou])r(?![aeiouyr])")


def _merged(bones: str) -> str:
    return re.sub(r"(.)\1+", r"\1", bones.replace("C", "S"))


def _compared(a: str, b: str, left: str, right: str, sound_a: str, sound_b: str) -> float:
    if not left or not right:
        return 0.9 if sound_a and sound_a == sound_b else 0.0
    if re.sub(r"\D", "", left) != re.sub(r"\D", "", right) and not _digits_may_be_spelled(a, b):
        return 0.0
    bones = Levenshtein.normalized_similarity(left, right)
    if "arabic" in (script(fold(a)), script(fold(b))):
        # Short vowels are not written: the written letters must all be heard, not the other way round.
        flesh = LCSseq.similarity(sound_a, sound_b) / max(1, min(len(sound_a), len(sound_b)))
    else:
        flesh = fuzz.ratio(sound_a, sound_b) / 100
    length = min(len(left), len(right))
    # A short skeleton is shared by many words, so its vowels must agree as well.
    weight = 0.75 if length >= 5 else 0.6 if length >= 3 else 0.45
    raw = weight * bones + (1 - weight) * flesh
    if length <= 3 and (sound_a[0] in _VOWELS) != (sound_b[0] in _VOWELS):
        raw *= 0.8
    return raw


_VOWELS = frozenset("aeiouAIUW")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_RUN = re.compile("([\u3400-\u4dbf\u4e00-\u9fff々]+)")


def _with_gaps(native: str, latin: str) -> float:
    """Japanese with kanji, whose readings cannot be known: the kana around them must be heard in order."""
    if script(latin) != "latin" or script(native) != "kana":
        return 0.0
    pattern, heard = "", 0
    for piece in _HAN_RUN.split(fold(native)):
        if not piece:
            continue
        if _HAN.match(piece):
            pattern += f"[PTKSCLMN]{{0,{min(9, 3 * len(piece))}}}"
        else:
            bones = skeleton(piece)
            pattern += bones
            heard += len(bones)
    if heard < 3 or not re.fullmatch(pattern, skeleton(latin)):
        return 0.0
    return 0.72 if heard == 3 else 0.78 if heard < 6 else 0.9


def unknowable(a: str, b: str) -> bool:
    """Whether one side is written in Chinese characters and the other is not: how it is said cannot be told."""
    return bool(_HAN.search(a)) != bool(_HAN.search(b))


def _digits_may_be_spelled(a: str, b: str) -> bool:
    return "hangul" in (script(a), script(b)) and not (re.search(r"\d", a) and re.search(r"\d", b))


def _acronym(short: str, other: str) -> float:
    """Latin letters said one by one against their Korean spelling."""
    if script(other) not in ("hangul", "kana") or script(short) not in ("latin", ""):
        return 0.0
    letters = fold(short).replace(" ", "")
    if not 1 <= len(letters) <= 6:
        return 0.0
    spelled = sound(_spelled_out(short))
    return fuzz.ratio(spelled, sound(other)) / 100 if spelled else 0.0
