"""How long planned additions take where a platform allows only so many a day. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction, Platform


def forecasts(planned: Mapping[Direction, int], health: Mapping[str, HealthReply]) -> tuple[str, ...]:
    """A line for each platform that counts additions and is to get some: how many a day, and in how many days.

    Args:
        planned: how many additions each direction would make.
        health: what each service says of itself, by its name.
    """
    wanted: Counter[Platform] = Counter()
    for direction, songs in planned.items():
        wanted[direction.target] += songs
    lines = []
    for platform, songs in wanted.items():
        reply = health.get(platform.value)
        if songs and reply is not None and reply.additions is not None:
            lines.append(f"{platform.label}: {reply.additions.describe(songs)}")
    return tuple(lines)
