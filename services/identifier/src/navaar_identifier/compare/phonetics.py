"""Phonetics: how surely a Latin and a native spelling are one name.

Two names sound alike when their skeletons (see `romanisation`) nearly agree and the vowels do not speak against it.
Vowels count the more the shorter the skeleton is, for many words share a short one.
"""

from __future__ import annotations

import re
from functools import lru_cache

from rapidfuzz import fuzz
from rapidfuzz.distance import LCSseq, Levenshtein

from navaar_identifier.compare.weights import at
from navaar_identifier.text import pronunciations
from navaar_identifier.text.romanisation import said_letter_by_letter, skeleton, sound, without_repeats
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_TRUST = ((0.0, 0.0), (0.55, 0.45), (0.65, 0.72), (0.72, 0.87), (0.8, 0.93), (0.9, 0.97), (1.0, 1.0))
"""Raw likeness against how often it was one name: romanisation is loose, so 0.75 is already telling."""
_ENOUGH = 0.9
"""A likeness from which no other pronunciation is tried."""
_OTHER_WAY = 0.98
"""What a likeness is worth that needed another pronunciation."""
_VOWELS = frozenset("aeiouAIUW")
_VOWELLED = frozenset(("cyrillic", "greek"))
UNVOWELLED = frozenset(("arabic", "hebrew"))
_SYLLABIC = ("hangul", "kana")
_HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")
_HAN_RUN = re.compile("([\u3400-\u4dbf\u4e00-\u9fff々]+)")
_KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa]")
_SURELY_JAPANESE = 2
"""Kana in a name from which it is taken for Japanese."""
_NOTHING_LIKE = 0.4
_FEW_BONES = 2
_BONES_OF_A_WORD = {"cyrillic": 0.7, "greek": 0.6, "arabic": 0.5, "hebrew": 0.5}
"""Likeness of consonants below which two words are two, where a script has nearly one Latin spelling."""
_WITH_ANOTHER_WORD = 0.68
_VOWELS_AGREE = 0.8
_OTHER_VOWELS = 0.85
LONGEST_ACRONYM = 6


@lru_cache(maxsize=16384)
def alike(a: str, b: str) -> float:
    """How surely two spellings in different scripts are one name, 0..1. Symmetric."""
    raw = max(_pronounced(a, b), _acronym(a, b), _acronym(b, a))
    if _HAN.search(a) or _HAN.search(b):
        raw = max(raw, _with_gaps(a, b), _with_gaps(b, a))
    return at(_TRUST, raw)


def unknowable(a: str, b: str) -> bool:
    """Whether one side is written in Chinese characters and the other is not: how it is said cannot be told.

    Kana among them show that it is Japanese; then a reading that is nothing like the other side tells enough.
    """
    if bool(_HAN.search(a)) == bool(_HAN.search(b)):
        return False
    return len(_KANA.findall(a + b)) < _SURELY_JAPANESE or alike(a, b) >= _NOTHING_LIKE


def _pronounced(a: str, b: str) -> float:
    best = _compared(a, b, skeleton(a), skeleton(b))
    for native, latin in ((a, b), (b, a)):
        if best >= _ENOUGH:
            return best
        if script(latin) != "latin":
            continue
        for said in pronunciations.of_kanji(native):
            best = max(best, _OTHER_WAY * _pronounced(said, latin))
        for said in pronunciations.of_native(native, latin):
            best = max(best, _OTHER_WAY * _compared(said, latin, skeleton(said), skeleton(latin)))
        if script(native) in _SYLLABIC:
            # To Koreans and Japanese z, s and j are nearly one.
            bones = _merged(skeleton(native))
            for said in (*pronunciations.of_latin(latin), latin):
                if best >= _ENOUGH:
                    break
                best = max(best, _OTHER_WAY * _compared(native, said, bones, _merged(skeleton(said))))
    return best


def _merged(bones: str) -> str:
    return without_repeats(bones.replace("C", "S"))


def _compared(a: str, b: str, bones_a: str, bones_b: str) -> float:
    sound_a, sound_b = sound(a), sound(b)
    if not bones_a or not bones_b:
        return _ENOUGH if sound_a and sound_a == sound_b else 0.0
    if _digits(bones_a) != _digits(bones_b) and not _digits_may_be_spelled(a, b):
        return 0.0
    bones = Levenshtein.normalized_similarity(bones_a, bones_b)
    if UNVOWELLED & {script(fold(a)), script(fold(b))}:
        # Short vowels are not written: the written letters must all sound, not the other way round.
        # A longer word holds the letters of a short one by chance.
        flesh = LCSseq.similarity(sound_a, sound_b) / min(len(sound_a), len(sound_b))
        flesh *= min(1.0, (min(len(bones_a), len(bones_b)) + 1) / max(len(bones_a), len(bones_b)))
    else:
        flesh = fuzz.ratio(sound_a, sound_b) / 100
    length = min(len(bones_a), len(bones_b))
    weight = 0.75 if length >= 5 else 0.6 if length >= 3 else 0.45
    raw = weight * bones + (1 - weight) * flesh
    if _has_another_word(a, b):
        raw = min(raw, _WITH_ANOTHER_WORD)
    if length <= _FEW_BONES and flesh < _VOWELS_AGREE and _VOWELLED & {script(fold(a)), script(fold(b))}:
        # 'Дом' and 'Dym': where both write their vowels, these tell two short words apart.
        raw *= _OTHER_VOWELS
    if length <= 3 and (sound_a[0] in _VOWELS) != (sound_b[0] in _VOWELS):
        raw *= 0.8
    return raw


def _has_another_word(a: str, b: str) -> bool:
    """Whether of two names of as many words two in one place are written with other consonants."""
    mine, theirs = a.split(), b.split()
    if len(mine) != len(theirs) or len(mine) < 2:
        return False
    for native, other in zip(mine, theirs, strict=True):
        letters = script(native) if script(native) != "latin" else script(other)
        enough = _BONES_OF_A_WORD.get(letters)
        if enough is None:
            return False
        bones, others = skeleton(native), skeleton(other)
        if min(len(bones), len(others)) >= _FEW_BONES and Levenshtein.normalized_similarity(bones, others) < enough:
            return True
    return False


def _digits(bones: str) -> str:
    return "".join(filter(str.isdigit, bones))


def _digits_may_be_spelled(a: str, b: str) -> bool:
    return "hangul" in (script(a), script(b)) and not (any(map(str.isdigit, a)) and any(map(str.isdigit, b)))


def _acronym(short: str, other: str) -> float:
    """Latin letters said one by one against their Korean or Japanese spelling."""
    if script(other) not in _SYLLABIC or script(short) not in ("latin", ""):
        return 0.0
    if not 1 <= len(fold(short).replace(" ", "")) <= LONGEST_ACRONYM:
        return 0.0
    spelled = sound(said_letter_by_letter(short))
    return fuzz.ratio(spelled, sound(other)) / 100 if spelled else 0.0


def _with_gaps(native: str, latin: str) -> float:
    """Japanese with kanji, whose readings are not known: the kana around them must sound in order."""
    if script(latin) != "latin" or script(native) != "kana":
        return 0.0
    pattern, known = "", 0
    for piece in _HAN_RUN.split(fold(native)):
        if _HAN.match(piece):
            pattern += f"[PTKSCLMN]{{0,{min(9, 3 * len(piece))}}}"
        else:
            pattern += skeleton(piece)
            known += len(skeleton(piece))
    if known < 3 or not re.fullmatch(pattern, skeleton(latin)):
        return 0.0
    return 0.72 if known == 3 else 0.78 if known < 6 else 0.9
