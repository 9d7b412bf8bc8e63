"""Mending: text that was decoded with the wrong table, as old tags often are."""

from __future__ import annotations

import re

import ftfy

_UTF8_AS_LATIN = re.compile("[ÃÂâÐÑØÙÄÅ][\u0080-\u00bf\u2018-\u203a\u0152-\u0192€™œž]")
_HIGH = re.compile("[\u00a8\u00b8\u00c0-\u00ff]")
_CYRILLIC_WORD = re.compile("[\u00a8\u00c0-\u00df]?[\u00b8\u00e0-\u00ff]+|[\u00a8\u00c0-\u00df]+")


def repair_encoding(text: str) -> str:
    """The text as it was meant.

    Three accidents are undone: UTF-8 read as Latin-1 ('BeyoncÃ©'), Windows Cyrillic read as Latin-1 ('Ìàêñ Êîðæ') and
    Windows Arabic read as Latin-1. Text that is well is returned unchanged.
    """
    if text.isascii():
        return text
    if _UTF8_AS_LATIN.search(text):
        return ftfy.fix_text(text)
    high = len(_HIGH.findall(text))
    if high < 4 or high < 0.7 * sum(map(str.isalpha, text)):
        return text
    try:
        raw = text.encode("latin-1")
    except UnicodeEncodeError:
        return text
    words = re.findall(r"[^\W\d_]+", text)
    # Cyrillic words begin with at most one capital; Arabic bytes fall on both cases alike.
    table = "cp1251" if all(_CYRILLIC_WORD.fullmatch(w) for w in words) else "cp1256"
    return raw.decode(table, "replace")
