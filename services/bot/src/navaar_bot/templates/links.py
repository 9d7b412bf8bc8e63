"""What the owners of links decided."""

from __future__ import annotations

from collections.abc import Sequence

from navaar_bot.templates.markup import bold, plain
from navaar_contracts.links import Link
from navaar_contracts.policies import written_out
from navaar_text import labels

LONGEST_VALUE = 300


def policies(links: Sequence[Link]) -> str:
    """Each link with its open directions and whatever differs from a link of which nothing was decided."""
    return "\n\n".join("\n".join(_policy(link)) for link in links)


def _policy(link: Link) -> list[str]:
    ways = ", ".join(labels.direction_in_short(each) for each in link.directions())
    decided = [
        f"{key}: {plain(value, LONGEST_VALUE)}"
        for key, value in written_out(link.policy).items()
        if key != "directions"
    ]
    return [bold(link.name), f"Open: {ways}", *(decided or ["Everything goes through, at any time."])]
