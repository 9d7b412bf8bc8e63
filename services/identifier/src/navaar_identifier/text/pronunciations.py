"""Pronunciations: other ways to say a name than its usual one, for comparing a native with a Latin spelling."""

from __future__ import annotations

import re
from functools import lru_cache

from navaar_identifier.text.japanese import has_kanji, readings
from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_SILENT_R = re.compile(r"(?<=[aeiou])r(?![aeiouyr])")
_ARTICLE = re.compile(r"\bال(?=\w\w)")
_LABIAL_N = re.compile("[んン](?=[ば-ぽま-もバ-ポマ-モ])")
_NUMBER = re.compile(r"\d+")
_NUMBERS = {
    "1": "one", "2": "two", "3": "three", "4": "four", "5": "five", "6": "six", "7": "seven", "8": "eight",
    "9": "nine", "10": "ten", "100": "hundred",
}  # fmt: skip
_FAMILIES = (
    ("이", "리", ("lee", "rhee")), ("임", "림", ("lim", "rim")), ("유", "류", ("ryu", "ryoo")),
    ("노", "로", ("roh", "ro")), ("여", "려", ("ryeo",)), ("양", "량", ("ryang",)),
)  # fmt: skip
"""Korean family names that lost their first sound in Seoul and kept it in Latin letters."""


@lru_cache(maxsize=8192)
def of_native(native: str, latin: str) -> tuple[str, ...]:
    """Other ways to say a native spelling that the Latin one may have meant.

    A waw as v (ویران, Viran), a name without its article (الشاب خالد, Cheb Khaled), a Russian х as kh and a Ukrainian
    г as h, a Japanese n before lips as m, a Korean family name as it is written abroad (이문세, Lee Moon-sae).
    """
    folded = fold(native)
    kind = script(native)
    said: list[str] = []
    if kind == "arabic":
        if "و" in folded:
            said.append(folded.replace("و", "ڤ"))
        if "ال" in folded:
            said.append(_ARTICLE.sub("", folded))
    elif kind == "cyrillic":
        spelled = fold(latin)
        if "х" in folded and ("kh" in spelled or "ch" in spelled):
            said.append(folded.replace("х", "к"))
        if "г" in folded and "h" in spelled:
            said.append(folded.replace("г", "х"))
    elif kind == "kana":
        said.append(_LABIAL_N.sub("ム", folded))
    elif kind == "hangul":
        words = fold(latin).split() or [""]
        said.extend(
            full + folded[1:]
            for short, full, spellings in _FAMILIES
            if folded.startswith(short)
            and len(folded) > 1
            and (words[0].startswith(spellings) or words[-1] in spellings)
        )
    return tuple(h for h in dict.fromkeys(said) if h != folded)


@lru_cache(maxsize=8192)
def of_latin(latin: str) -> tuple[str, ...]:
    """Other ways to say a Latin spelling as Koreans and Japanese do: no silent r, th as s, numbers in English."""
    folded = fold(latin)
    if not folded.isascii():
        return ()
    said = _without_r(folded)
    counted = _NUMBER.sub(lambda number: _NUMBERS.get(number[0], number[0]), folded)
    return tuple(h for h in dict.fromkeys((said, said.replace("th", "s"), counted)) if h != folded)


@lru_cache(maxsize=8192)
def of_any(text: str) -> tuple[str, ...]:
    """Other ways to say a spelling, whatever the other side may be: for keys by which names are looked up."""
    folded = fold(text)
    if "و" in folded:
        return (folded.replace("و", "ڤ"),)
    if has_kanji(folded):
        return readings(folded)
    said = _without_r(folded) if folded.isascii() else folded
    return (said,) if said != folded else ()


def _without_r(folded: str) -> str:
    return _SILENT_R.sub("", folded).replace("ds", "z")


def of_kanji(native: str) -> tuple[str, ...]:
    """The Japanese readings of a spelling with kanji."""
    return readings(native) if has_kanji(fold(native)) else ()
