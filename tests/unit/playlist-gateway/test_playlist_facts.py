"""What is told of a playlist, and how a right to write that is not known is told."""

from __future__ import annotations

import pytest

from navaar_playlist_gateway.facts import PlaylistFacts, diagnosed
from navaar_runtime.diagnostics import Level


@pytest.mark.parametrize(
    ("may_write", "level", "words"),
    [
        (True, Level.OK, "this account may edit it: because"),
        (None, Level.WARNING, "is not known: because"),
        (False, Level.PROBLEM, "nothing can be added to it: because"),
    ],
)
def test_a_right_that_is_not_known_is_neither_granted_nor_denied(
    may_write: bool | None, level: Level, words: str
) -> None:
    found = diagnosed("Playlist", PlaylistFacts("Radio", "Ada", 1200, 5000, may_write, "because"), "do this")
    assert found.level is level
    assert found.message.startswith("'Radio' of Ada holds 1,200 of 5,000 entries")
    assert words in found.message
    assert found.advice == ("do this" if may_write is False else "")


def test_a_count_and_an_owner_that_are_not_known_are_not_made_up() -> None:
    assert PlaylistFacts("Radio", "", None, 5000, None, "").told() == "'Radio' holds ? of 5,000 entries"
