"""What follows a command, understood or answered with a suggestion. Pure."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from navaar_contracts.directions_in_words import PLATFORMS, direction_named
from navaar_contracts.identifiers import Direction, Platform

ALL = "all"


class Misunderstood(Exception):
    """The argument makes no sense; `problem` says why and `instead` is what may have been meant."""

    def __init__(self, problem: str, instead: str | None = None) -> None:
        super().__init__(problem)
        self.problem = problem
        self.instead = instead


@dataclass(frozen=True, slots=True)
class Scope:
    """Some of the directions. `word` is how a person names them."""

    word: str
    directions: tuple[Direction, ...]
    origin: Platform | None = None
    target: Platform | None = None


def scope(text: str, active: Sequence[Direction]) -> Scope:
    """The directions that 'all', 'tg', 'yt', 'sp' (from there) or 'tg_to_yt' names; '' is all.

    Raises:
        Misunderstood: it names none, or none that is kept in step.
    """
    word = " ".join(text.lower().split())
    if word in ("", ALL):
        return Scope(ALL, tuple(active))
    if word in PLATFORMS:
        platform = PLATFORMS[word]
        found = tuple(d for d in active if d.origin is platform)
        if not found:
            raise Misunderstood(f"{platform.value.capitalize()} is not connected.")
        return Scope(platform.short, found, origin=platform)
    direction = direction_named(word)
    if direction is None:
        raise Misunderstood(f"I do not know “{text[:40]}”.", nearest(word, _words(active)))
    if direction not in active:
        raise Misunderstood(f"{direction.value} is not connected.")
    return Scope(direction.value, (direction,), origin=direction.origin, target=direction.target)


def link_in(text: str, links: Iterable[str]) -> tuple[str | None, str]:
    """The link that an argument begins or ends with, and the rest: 'jazz sp_to_tg', 'sp jazz'.

    A word for a platform, or for all, is no link's name here.
    """
    words = text.split()
    known = {name for name in links if name not in PLATFORMS and name != ALL}
    for place in (0, -1):
        if words and words[place].lower() in known:
            link = words.pop(place).lower()
            return link, " ".join(words)
    return None, text


def track_id(text: str) -> int:
    """'12' or '#12'. Raises Misunderstood."""
    found = re.fullmatch(r"#?\s*([1-9][0-9]{0,17})", text.strip(), re.ASCII)
    if found is None:
        raise Misunderstood(
            "A track's number is missing." if not text.strip() else f"“{text[:40]}” is no track number."
        )
    return int(found.group(1))


def number(text: str, *, default: int, most: int) -> int:
    """How many to show, from 1 to `most`; larger numbers mean `most`. Raises Misunderstood."""
    if not text.strip():
        return default
    if re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) is None or int(text) < 1:
        raise Misunderstood(f"“{text[:40]}” is no number from 1 to {most}.")
    return min(int(text), most)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """What was probably meant; the short form where a long one is near."""
    found = difflib.get_close_matches(word.lower(), list(known), n=1, cutoff=0.55)
    if not found:
        return None
    platform = PLATFORMS.get(found[0])
    return platform.short if platform is not None else found[0]


def _words(active: Sequence[Direction]) -> list[str]:
    origins = {d.origin for d in active}
    return [ALL, *(d.value for d in active), *(name for name, platform in PLATFORMS.items() if platform in origins)]
