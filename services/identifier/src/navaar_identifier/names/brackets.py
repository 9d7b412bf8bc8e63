"""Brackets and quotation marks in names, of all the kinds that people use, in one linear scan."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

PAIRS = {
    "(": ")", "[": "]", "{": "}", "（": "）", "［": "］", "【": "】", "〔": "〕", "〖": "〗", "《": "》", "〈": "〉",
    "「": "」", "『": "』",
}  # fmt: skip
_CLOSERS = {closer: opener for opener, closer in PAIRS.items()}

_OPENERS = frozenset(PAIRS)
_ANY = re.compile(f"[{re.escape(''.join((*PAIRS, *_CLOSERS)))}]")
_WRONGLY_CLOSED = re.compile(r"\[([^()\[\]]{1,60})\)|\(([^()\[\]]{1,60})\]")
_NEVER_CLOSED = re.compile(
    r"\s*[(\[](?:official|oficial|feat|ft|lyrics?|audio|video|prod|clip|ncs|music video|original)\b[^()\[\]]{0,60}$",
    re.IGNORECASE,
)

TITLE_QUOTES = frozenset("「『《〈")
"""East Asian brackets that hold a title rather than a remark."""


@dataclass(frozen=True, slots=True)
class BracketGroup:
    """One outermost bracket: text[start:end] with its brackets, `inside` without."""

    start: int
    end: int
    opener: str
    inside: str


@lru_cache(maxsize=8192)
def groups(text: str) -> tuple[BracketGroup, ...]:
    """The outermost closed brackets, in order. A bracket that is never closed is ordinary text."""
    if _OPENERS.isdisjoint(text):
        return ()
    found: list[BracketGroup] = []
    stack: list[tuple[str, int]] = []
    for sign in _ANY.finditer(text):
        at, char = sign.start(), sign.group()
        if char in PAIRS:
            if len(stack) < 16:
                stack.append((char, at))
        elif stack:
            # A wrong closer inside a bracket is a smiley or a typing mistake: look for the opener it belongs to.
            opener = _CLOSERS[char]
            for depth in range(len(stack) - 1, -1, -1):
                if stack[depth][0] == opener:
                    start = stack[depth][1]
                    del stack[depth:]
                    if found and found[-1].start > start:
                        found = [g for g in found if g.start < start]
                    found.append(BracketGroup(start, at + 1, opener, text[start + 1 : at].strip()))
                    break
    outer: list[BracketGroup] = []
    for group in found:
        if outer and group.start < outer[-1].end:
            continue
        outer.append(group)
    return tuple(outer)


def without(text: str, removed: tuple[BracketGroup, ...]) -> str:
    """The text with these groups cut out and the gaps closed."""
    if not removed:
        return text
    parts: list[str] = []
    at = 0
    for group in removed:
        parts.append(text[at : group.start])
        at = group.end
    parts.append(text[at:])
    return " ".join(" ".join(parts).split())


def repair_brackets(text: str) -> str:
    """The text with '[Official Video)' closed as it was opened, and without a last remark whose end is cut off.

    Messengers and old file systems cut names short: 'Artist - Title (feat. Som'.
    """
    if "(" not in text and "[" not in text:
        return text
    text = _WRONGLY_CLOSED.sub(lambda m: f"[{m[1]}]" if m[1] is not None else f"({m[2]})", text)
    if text.count("(") + text.count("[") == text.count(")") + text.count("]"):
        return text
    rest = _NEVER_CLOSED.sub("", text)
    return rest if any(map(str.isalnum, rest)) else text


_QUOTES = {'"': '"', "“": "”", "”": "”", "„": "“", "«": "»", "‟": "”", "＂": "＂", "〝": "〟"}
_SINGLE = frozenset("'‘")
_MARKS = frozenset(_QUOTES) | _SINGLE | TITLE_QUOTES


def quoted(text: str) -> BracketGroup | None:
    """The first quoted piece, or None.

    Single quotation marks count only where no letter stands before the first or after the last, so that
    apostrophes are left alone.
    """
    if _MARKS.isdisjoint(text):
        return None
    for at, char in enumerate(text):
        if char not in _MARKS:
            continue
        if char in TITLE_QUOTES:
            end = text.find(PAIRS[char], at + 1)
        elif char in _QUOTES:
            end = _closing(text, at, char)
        elif at == 0 or not text[at - 1].isalnum():
            end = _closing_single(text, at)
        else:
            continue
        if end > at + 1 and text[at + 1 : end].strip():
            return BracketGroup(at, end + 1, char, text[at + 1 : end].strip())
    return None


def _closing(text: str, at: int, opener: str) -> int:
    for index in range(at + 1, len(text)):
        if text[index] in ('"', "”", "»", "＂", "〟") or text[index] == _QUOTES[opener]:
            return index
    return -1


def _closing_single(text: str, at: int) -> int:
    for index in range(at + 2, len(text)):
        if text[index] in "'’" and (index + 1 == len(text) or not text[index + 1].isalnum()):
            return index
    return -1
