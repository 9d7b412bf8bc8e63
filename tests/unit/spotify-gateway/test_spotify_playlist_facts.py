"""Whether a playlist may be added to, and the app's mode, are told from what a look brings anyway."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_spotify_gateway.playlist_facts import app_mode, facts_of

OWNER = {"owner": {"id": "ada", "display_name": "Ada L."}}


@pytest.mark.parametrize(
    ("head", "account", "added", "may_write", "why"),
    [
        ({}, "ada", False, True, "belongs to this account"),
        ({"collaborative": True}, "ada", False, True, "belongs to this account"),
        ({}, "bob", False, False, "belongs to Ada L."),
        ({}, "bob", True, False, "belongs to Ada L."),
        ({"collaborative": True}, "bob", False, None, "does not say"),
        ({"collaborative": True}, "bob", True, True, "added to it before"),
        ({}, None, False, None, "not known"),
    ],
)
def test_who_may_add(head: dict[str, Any], account: str | None, added: bool, may_write: bool | None, why: str) -> None:
    facts = facts_of({"name": "Radio", "items": {"total": 7}, **OWNER, **head}, account, added=added)
    assert facts.may_write is may_write
    assert why in facts.why
    assert facts.told() == "'Radio' of Ada L. holds 7 of 10,000 entries"


@pytest.mark.parametrize(
    ("head", "mode"),
    [({"items": {"total": 1}}, "development"), ({"tracks": {"total": 1}}, "extended"), ({}, "development")],
)
def test_the_apps_mode_shows_in_the_shape_of_its_answers(head: dict[str, Any], mode: str) -> None:
    assert mode in app_mode(head)
