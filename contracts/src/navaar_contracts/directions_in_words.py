"""Directions and platforms as people write them: 'spotify->telegram', 'sp_to_tg', '*->telegram'. Pure."""

from __future__ import annotations

import re

from navaar_contracts.identifiers import Direction, Platform

JOINERS = re.compile(r"\s*(?:_to_|->|=>|→|>|_|-|2)\s*|\s+to\s+|\s+")
PLATFORMS = {
    word: platform for platform in Platform for word in (platform.short, platform.value, *platform.spec.aliases)
}
"""Every word for a platform, in lower case."""
ANY = "*"


def direction_named(text: str) -> Direction | None:
    """The direction that a text names, in any of its forms; None when it names none."""
    found = directions_named(text)
    return found[0] if len(found) == 1 and ANY not in text else None


def directions_named(text: str) -> tuple[Direction, ...]:
    """Every direction that a text names: '*->telegram' is all that end there. Empty when it names none."""
    parts = [part for part in JOINERS.split(text.strip().lower()) if part]
    if len(parts) != 2 or any(part != ANY and part not in PLATFORMS for part in parts):
        return ()
    origin, target = (PLATFORMS.get(part) for part in parts)
    return tuple(each for each in Direction if origin in (None, each.origin) and target in (None, each.target))


def written(direction: Direction) -> str:
    """As it is written in a links file: 'spotify->telegram'."""
    return f"{direction.origin.value}->{direction.target.value}"
