"""Whether a playlist may be edited is told from its page, without a write."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_ytmusic_gateway.playlist_facts import facts_of

NAMED, UNNAMED = [{"videoId": "a", "setVideoId": "1"}], [{"videoId": "a"}]
SHARED = {"text": "by Ada and 1 other"}


@pytest.mark.parametrize(
    ("page", "account", "may_write", "why"),
    [
        ({"owned": True, "author": {"name": "Ada"}}, "Ada", True, "own"),
        ({"owned": True, "collaborators": SHARED}, "Ada", True, "own"),
        ({"owned": False, "author": {"name": "Ada"}, "tracks": UNNAMED}, "Bob", False, "belongs to Ada"),
        # Of a public playlist, too, the account may be shown what it never may edit.
        ({"owned": False, "author": {"name": "Ada"}, "tracks": NAMED}, "Bob", False, "belongs to Ada"),
        ({"owned": False, "collaborators": SHARED, "tracks": NAMED}, "Bob", True, "how to edit"),
        ({"owned": False, "collaborators": SHARED, "tracks": [*UNNAMED, *NAMED]}, "Bob", True, "how to edit"),
        ({"owned": False, "collaborators": SHARED, "tracks": UNNAMED}, "Bob", False, "not among its collaborators"),
        ({"owned": False, "collaborators": SHARED, "tracks": UNNAMED}, "Ada", False, "not among its collaborators"),
        ({"owned": False, "collaborators": SHARED, "tracks": []}, "Ada", True, "named among"),
        ({"owned": False, "collaborators": SHARED, "tracks": []}, "Bob", None, "still empty"),
        ({"owned": False, "collaborators": SHARED, "tracks": []}, "", None, "still empty"),
        ({"owned": False, "tracks": []}, "Bob", False, "somebody else"),
    ],
)
def test_who_may_edit_a_playlist(page: dict[str, Any], account: str, may_write: bool | None, why: str) -> None:
    facts = facts_of({"title": "Radio", "trackCount": 3, **page}, account)
    assert facts.may_write is may_write
    assert why in facts.why


def test_a_page_without_what_is_usual_is_still_described() -> None:
    facts = facts_of({"collaborators": {}, "author": None, "trackCount": None}, "Ada")
    assert (facts.name, facts.owner, facts.count, facts.most) == ("", "", None, 5000)
