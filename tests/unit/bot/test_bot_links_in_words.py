"""A command may name a link."""

from __future__ import annotations

import pytest

from navaar_bot.arguments import link_in

LINKS = ("jazz", "persian-pop", "sp")


@pytest.mark.parametrize(
    ("text", "link", "rest"),
    [
        ("", None, ""),
        ("jazz", "jazz", ""),
        ("jazz sp_to_tg", "jazz", "sp_to_tg"),
        ("sp -> tg Persian-Pop", "persian-pop", "sp -> tg"),
        ("sp", None, "sp"),
        ("all", None, "all"),
        ("rock sp", None, "rock sp"),
    ],
)
def test_a_link_is_named_before_or_behind_the_directions(text: str, link: str | None, rest: str) -> None:
    assert link_in(text, LINKS) == (link, rest)
