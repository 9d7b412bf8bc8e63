"""Percent signs: names as addresses write them, 'Opal%20Tarn'."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
_HIGH = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])")
_TIMES = 2
"""How often a name may be written so one upon the other: '%2520'."""


def unquoted(text: str) -> str:
    """The text with '%20' and its like read; a text that uses the sign itself ('100% Pure') is returned unchanged."""
    for _ in range(_TIMES):
        if not _is_encoded(text):
            return text
        raw = unquote_to_bytes(text.replace("+", " ") if " " not in text and "%20" not in text else text)
        try:
            text = raw.decode("utf-8")
        except UnicodeDecodeError:
            # Another table, which `encoding_repair` finds.
            text = raw.decode("latin-1")
    return text


def _is_encoded(text: str) -> bool:
    """Whether percent signs stand for something: blanks are written so too, and a name has few of its own."""
    if "%" not in text or not _ENCODED.search(text):
        return False
    return " " not in text or len(_HIGH.findall(text)) > 1 or "%20" in text
