"""Code pages: which table a text was written with that was read as Latin-1.

A statistical detector (chardet, trained on the pairs of letters of 48 languages) ranks the tables. Names are short, so
what it proposes must also make words: letters of one writing system within each, signs that a name may hold, capitals
where words have them. A text that is well in Latin letters is left alone unless a table is clearly likelier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from navaar_identifier.text.scripts import script
from navaar_text.folding import fold

_LATIN = "cp1252"


@dataclass(frozen=True, slots=True)
class _Page:
    codec: str
    scripts: frozenset[str]
    wide: bool = False
    """Whether a letter takes two bytes."""
    strict: str = ""
    """The smaller table that must hold every letter: the detector's own knows many that nobody writes."""


def _page(codec: str, *scripts: str, wide: bool = False, strict: str = "") -> _Page:
    return _Page(codec, frozenset(scripts), wide, strict)


# By the detector's names, folded.
_PAGES = {
    "gb18030": _page("gbk", "han", wide=True),
    "big5hkscs": _page("big5hkscs", "han", wide=True),
    "cp932": _page("cp932", "han", "kana", wide=True),
    "euc-jp": _page("euc_jp", "han", "kana", wide=True),
    "cp949": _page("cp949", "hangul", wide=True, strict="euc_kr"),
    "windows-1250": _page("cp1250", "latin"),
    "windows-1251": _page("cp1251", "cyrillic"),
    "windows-1252": _page(_LATIN, "latin"),
    "windows-1253": _page("cp1253", "greek"),
    "windows-1254": _page("cp1254", "latin"),
    "windows-1255": _page("cp1255", "hebrew"),
    "windows-1256": _page("cp1256", "arabic"),
    "cp874": _page("cp874", "other"),
    "koi8-r": _page("koi8_r", "cyrillic"),
    "koi8-u": _page("koi8_u", "cyrillic"),
    "cp866": _page("cp866", "cyrillic"),
}
FOREIGN_PAGES = tuple(dict.fromkeys(page.codec for page in _PAGES.values() if "latin" not in page.scripts))
"""Python's names of the tables whose letters are not Latin."""
_NAMES = {"big5": "big5hkscs", "ibm866": "cp866", "euc-kr": "cp949", "gb2312": "gb18030", "shift_jis": "cp932"}
_CASED = frozenset(("cyrillic", "greek"))
_ARABIC_INSIDE = re.compile(r"ـ|[ةى]\w|[\u064b-\u0652]{2}|(?<!\w)[ئؤء]")
"""What no Arabic or Persian word holds there: the wrong table gives it at once."""
_WIDE_LETTER = re.compile("[\x81-\xfe][\x40-\x7e\x80-\xfe]")
_MOSTLY = 0.7
_HALF_KANA = re.compile("[\uff61-\uff9f]")
_SIGNS = frozenset(
    "'’‘`´\"“”«»„‚‹›–—-…·•№&,.;:!?()[]/+*~・ー々、。「」『』【】《》〈〉（）！？：；，～／＆　ฯๆ\u200c\u200d"
)
_NATIVE = re.compile("[^\x00-\x7f]+")
_SYMBOL_IN_WORD = re.compile("[\x80-\x9f]|(?<=\\w)[¡¢£¤¥¦§©¬®¯±²³¶¸¹¿]|[£¤¥¯³¹¼¾](?=[^\\W\\d])|[ÐÞ](?![\\w.'])")
_TURKISH_ONLY = frozenset("ÐÝÞðýþ")
_TURKISH_TOO = frozenset("ÇÖÜçöüÂÎÛâîû")
_FEWEST_HIGH = 4
"""Bytes beyond ASCII in words of nothing else, from which a text is surely no Latin one."""
_CLEARLY = 1.6
"""How much likelier than Latin-1 another table with Latin letters must be, where the Latin-1 reading is possible."""
_ICELANDIC = 2.2
"""How much likelier than Turkish the Latin-1 reading of such letters must be: Turkish tags are the commoner."""
_WRITTEN_AMISS = 0.4
"""What is left of a table's likelihood if its words hold capitals where none belong."""
_LONGEST = 160
"""Bytes that are looked at: names are shorter."""
_REQUIRED = 0.004
"""Likelihood that a table with Latin letters needs at least."""
_DOUBTFUL = 0.4
"""Share of the best table's likelihood with which the next makes a text of four bytes undecidable."""
_RARE = 0.3
"""What is left of the likelihood of Chinese that is made of rare characters."""
_COMMON_ENDS = 0xD8
"""First byte of the rarer characters of GB 2312."""


def page_of(texts: Sequence[str], known: str = "") -> str | None:
    """The table that texts read as Latin-1 were written with.

    Args:
        texts: fields of one writer, read as Latin-1 or Windows-1252.
        known: folded text of other sources, which may hold the same words: what they say settles it.

    Returns:
        Python's name of the table, or None where the texts are well or no table makes words of them.
    """
    raws = [raw for raw in map(bytes_of, texts) if raw is not None and not raw.isascii()]
    if not raws:
        return None
    joined = b" ".join(raws)[:_LONGEST]
    ranked = _ranked(joined)
    for codec, _, _ in ranked if known else ():
        said = [fold(decoded(raw, codec) or "") for raw in raws]
        if codec != _LATIN and any(len(s) > 1 and s in known for s in said):
            return codec
    if known and any(len(s) > 1 and s in known for s in map(fold, texts)):
        return None
    native = [r for r in ranked if not r[2]]
    if native and _is_foreign(joined):
        few = sum(b > 0x7F for b in joined) <= _FEWEST_HIGH
        return None if few and len(native) > 1 and native[1][1] > native[0][1] * _DOUBTFUL else native[0][0]
    return _latin_page(joined, {codec: likely for codec, likely, latin in ranked if latin})


def bytes_of(text: str) -> bytes | None:
    """The bytes that were read as Latin-1 or Windows-1252; None if the text holds anything else."""
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        pass
    found = bytearray()
    for char in text:
        if ord(char) < 0x100:
            found.append(ord(char))
        else:
            try:
                found += char.encode(_LATIN)
            except UnicodeEncodeError:
                return None
    return bytes(found)


def decoded(raw: bytes, codec: str) -> str | None:
    """The bytes as a table reads them; half a letter at the end, where a field was cut, is left out."""
    for piece in (raw, raw[:-1]):
        try:
            return piece.decode(codec)
        except UnicodeDecodeError:
            continue
    return None


def looks_misread(text: str) -> bool:
    """Whether a text is what a wrong table makes: letters with accents in a row, signs within words, lost letters."""
    if text.isascii():
        return False
    if "\ufffd" in text or _SYMBOL_IN_WORD.search(text):
        return True
    return bytes_of(text) is not None and _is_foreign(bytes_of(text) or b"")


def _is_foreign(raw: bytes) -> bool:
    """Whether there are words of letters beyond ASCII alone: no language in Latin letters has them."""
    text = raw.decode("latin-1")
    whole = [w for w in re.split(r"[\x00-\x40\x5b-\x60\x7b-\x7f]+", text) if w and not any(map(str.isascii, w))]
    if sum(map(len, whole)) >= _FEWEST_HIGH and any(len(w) >= 3 for w in whole):
        return True
    # Two letters of two bytes each beside Latin ones, and letters whose second byte is ASCII.
    pairs = len(_WIDE_LETTER.findall(text))
    return bool(re.search("[\x80-\xff]{4,}", text)) or (
        pairs >= 3 and 2 * pairs >= _MOSTLY * len("".join(text.split()))
    )


def _detected(raw: bytes) -> list[tuple[str, float]]:
    """(the detector's name of a table, folded; likelihood) of the tables that fit at all."""
    # The detector takes a tenth of a second to load, and most posts never need it.
    import chardet

    rows = chardet.detect_all(raw, include_encodings=tuple(_PAGES), ignore_threshold=True)
    return [(str(row["encoding"]).lower(), float(row["confidence"] or 0)) for row in rows]


@lru_cache(maxsize=256)
def _ranked(raw: bytes) -> tuple[tuple[str, float, bool], ...]:
    """(table, likelihood, whether its letters are Latin) of all tables that make words of the bytes."""
    found: list[tuple[str, float, bool]] = []
    for name, confidence in _detected(raw):
        likely = confidence
        page = _PAGES.get(_NAMES.get(name, name))
        if page is None:
            continue
        text = decoded(raw, page.codec)
        if text is None or not _makes_words(text, raw, page):
            continue
        if not page.scripts.isdisjoint(_CASED):
            likely = _with_capitals(text, likely, name, page)
        elif page.codec == "gbk" and _is_rare(text):
            likely *= _RARE
        found.append((page.codec, likely, "latin" in page.scripts))
    return tuple(sorted(found, key=lambda r: -r[1]))


def _is_rare(chinese: str) -> bool:
    """Whether more than a quarter of the characters are not among the 3,755 common ones."""
    firsts = [c.encode("gbk")[0] for c in chinese if not c.isascii() and c.isalpha()]
    return sum(not 0xB0 <= b < _COMMON_ENDS for b in firsts) * 4 > len(firsts)


def _with_capitals(text: str, likely: float, name: str, page: _Page) -> float:
    """The likelihood of a text in letters that have capitals: words have them in front or throughout."""
    words = [w for w in re.findall(r"[^\W\d_]+", text) if not w.isascii()]
    if not all(w.islower() or w.isupper() or (w[0].isupper() and w[1:].islower()) for w in words):
        return likely * _WRITTEN_AMISS
    if any(w.isupper() and len(w) > 1 for w in words):
        # The detector has seen few texts in capitals.
        small = text.lower().encode(page.codec, "ignore")
        likely = max(likely, *(0.9 * confidence for other, confidence in _detected(small) if other == name), 0.0)
    return likely


def _makes_words(text: str, raw: bytes, page: _Page) -> bool:
    """Whether a reading holds words of the table's writing systems, and only signs that names have."""
    if "latin" in page.scripts:
        return all(c.isascii() or c.isalpha() or c in _SIGNS or c in "°²³" for c in text)
    if page.strict and bytes_in(text, page.strict) is None:
        return False
    if page.codec == "cp1256" and _ARABIC_INSIDE.search(text):
        return False
    if _HALF_KANA.search(text):
        return False
    run: list[str] = []
    for char in f"{text} ":
        if char.isascii() and not char.isalpha():
            if not _is_word(run, page):
                return False
            run = []
        elif char.isascii() or char.isalpha() or unicodedata.category(char)[0] == "M":
            run.append(char)
        elif char not in _SIGNS and unicodedata.category(char)[0] not in "PN":
            return False
        else:
            if not _is_word(run, page):
                return False
            run = []
    return True


def _is_word(run: list[str], page: _Page) -> bool:
    """Whether letters without a gap are of one writing system; wide letters may stand beside Latin ones."""
    native = [c for c in run if not c.isascii()]
    if not native:
        return True
    if len(native) < len(run) and not (page.wide and min(map(len, _NATIVE.findall("".join(run)))) > 1):
        return False
    return all(script(c) in page.scripts for c in native if unicodedata.category(c)[0] == "L" and c != "ー")


def bytes_in(text: str, codec: str) -> bytes | None:
    """The text in a table, or None if that lacks a letter."""
    try:
        return text.encode(codec)
    except UnicodeEncodeError:
        return None


def _latin_page(raw: bytes, likely: dict[str, float]) -> str | None:
    """The table of a text in Latin letters; None for Latin-1 itself."""
    text = raw.decode("latin-1")
    high = {c for c in text if c >= "\x80"}
    western = likely.get(_LATIN, 0.0)
    turkish = likely.get("cp1254", 0.0)
    if high & _TURKISH_ONLY and high <= _TURKISH_ONLY | _TURKISH_TOO and turkish * _ICELANDIC >= western:
        if turkish >= likely.get("cp1250", 0.0) or high & frozenset("ðþÐÞ"):
            return "cp1254"
        return None
    central = likely.get("cp1250", 0.0)
    if _SYMBOL_IN_WORD.search(text):
        # Windows' own letters stand in both tables.
        shared = {c for c in high if bytes_of(c) and c.encode("latin-1").decode("cp1250", "replace")
                  != c.encode("latin-1").decode(_LATIN, "replace")}  # fmt: skip
        return "cp1250" if shared and central >= _REQUIRED and central >= western else None
    return "cp1250" if central >= _CLEARLY * western and central >= _REQUIRED * 10 else None
