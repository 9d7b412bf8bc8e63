"""Persian sentences about a song: 'the song X by Y', 'download the new song of Y by the name of X'."""

from __future__ import annotations

import re

from navaar_identifier.names.guess import Guess

_SENTENCE = re.compile(
    r"^(?:دانلود\s+)?"
    r"(?:(?:موزیک\s*ویدیو|موزیک\s*ویدئو|ویدیو|ویدئو|کلیپ|ریمیکس|اجرای زنده)\s+)?(?:ی\s+)?"
    r"(?:آهنگ|ترانه|اهنگ|موزیک|قطعه)\s+"
    r"(?:(?:جدید|زیبای|زیبا|بسیار|شاد|غمگین|عاشقانه|قدیمی|معروف|فوق العاده)\s+){0,3}"
    r"(?P<rest>.+)$"
)
_TAIL = re.compile(r"\s+(?:با کیفیت|کیفیت|همراه با متن|با لینک|با متن|\+ ?متن).*$")
_LINKS = (("به نام", True), ("بنام", True), ("از", False), ("با صدای", False))
"""The words between the names, and whether the artist stands in front of them."""


def is_sentence(text: str) -> bool:
    """Whether a piece of a name is such a sentence."""
    return bool(_SENTENCE.match(text))


def read_persian(text: str) -> Guess | None:
    """Reads a sentence about a song; None when it is none, or names only one of the two."""
    found = _SENTENCE.match(text)
    if not found:
        return None
    rest = _TAIL.sub("", found.group("rest"))
    for word, artist_first in _LINKS:
        left, link, right = (piece.strip() for piece in rest.partition(f" {word} "))
        if link and left and right:
            artist, title = (left, right) if artist_first else (right, left)
            return Guess(artist, title, "a Persian sentence about a song")
    return None
