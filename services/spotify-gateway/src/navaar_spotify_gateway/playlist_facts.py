"""What a playlist object says about the playlist itself, and of the app that asked. Pure."""

from __future__ import annotations

from typing import Any

from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_spotify_gateway import translate as to
from navaar_spotify_gateway.settings import PLATFORM

MOST_ENTRIES = PLATFORM.spec.holds_at_most or 0
"""What a playlist holds. An addition beyond it is answered with 403, and in life also with 500."""


def facts_of(head: dict[str, Any], account: str | None, *, added: bool = False) -> PlaylistFacts:
    """The facts in a playlist object.

    Args:
        head: with name, collaborative, owner and the number of entries.
        account: the id of who is signed in; None if it is not known.
        added: whether that account has added to the playlist before.
    """
    owner = head.get("owner") or {}
    owner_id, shown = str(owner.get("id") or ""), str(owner.get("display_name") or owner.get("id") or "")
    may_write, why = _rights(owner_id, shown, account, shared=bool(head.get("collaborative")), added=added)
    return PlaylistFacts(str(head.get("name") or ""), shown, to.total(head), MOST_ENTRIES, may_write, why)


def _rights(owner: str, shown: str, account: str | None, *, shared: bool, added: bool) -> tuple[bool | None, str]:
    if account is None:
        return None, "who is signed in is not known"
    if owner == account:
        return True, "it belongs to this account"
    if shared and added:
        return True, "it is collaborative, and this account has added to it before"
    if shared:
        return None, f"it is collaborative, and Spotify does not say whether {shown} has invited this account"
    return False, f"it belongs to {shown}, not to this account"


def app_mode(head: dict[str, Any]) -> str:
    """The app's mode, told from the shape of the answer: since March 2026 apps in development mode get `items`."""
    if isinstance(head.get("tracks"), dict) and not isinstance(head.get("items"), dict):
        return "the app has extended quota"
    return "the app is in development mode: five users at most, and its owner needs Premium"
