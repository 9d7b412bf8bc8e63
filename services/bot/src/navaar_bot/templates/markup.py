"""Text as Telegram's HTML: escaped, bounded, and measured as Telegram measures. Pure."""

from __future__ import annotations

import re
import unicodedata
from html import escape, unescape

from aiogram import html

_TAG = re.compile(r"<[^>]*>")
_FIRST_STRONG_ISOLATE, _POP_ISOLATE = "\u2068", "\u2069"
_DIRECTION_MARKS = re.compile(r"[\u202a-\u202e\u2066-\u2069]")
_RIGHT_TO_LEFT = frozenset({"R", "AL"})

LONGEST_NAME = 120
"""Characters of a title or name; a title may have thousands."""
LONGEST_REASON = 300


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts."""
    return len(text) + sum(character > "\uffff" for character in text)


def visible(line: str) -> str:
    """What is left of a line of HTML when Telegram has read it."""
    return unescape(_TAG.sub("", line))


def plain(text: str, most: int = LONGEST_NAME) -> str:
    """Somebody's text on one line, escaped, at most `most` characters; what is written from right to left is set apart.

    Marks that switch the direction of writing are left out: an unclosed one would turn the rest of the message round.
    """
    text = _DIRECTION_MARKS.sub("", text)
    text = "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
    text = clipped(" ".join(text.split()), most)
    escaped = html.quote(text)
    if any(unicodedata.bidirectional(c) in _RIGHT_TO_LEFT for c in text):
        return f"{_FIRST_STRONG_ISOLATE}{escaped}{_POP_ISOLATE}"
    return escaped


def clipped(text: str, most: int) -> str:
    """At most `most` characters, never ending in half of a combined one."""
    if len(text) <= most:
        return text
    end = most - 1
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def bold(text: str) -> str:
    return html.bold(plain(text))


def code(text: str, most: int = LONGEST_NAME) -> str:
    return html.code(plain(text, most))


def linked(text: str, url: str | None) -> str:
    """`text` as a link, or as it is when there is no address that may be opened."""
    if url is None or not url.startswith(("https://", "http://")):
        return plain(text)
    return html.link(plain(text), escape(url))
