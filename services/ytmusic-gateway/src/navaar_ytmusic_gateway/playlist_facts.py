"""What a playlist's first page says about the playlist itself. Pure."""

from __future__ import annotations

from typing import Any

from navaar_playlist_gateway.facts import PlaylistFacts
from navaar_ytmusic_gateway.error_mapping import MOST


def facts_of(page: dict[str, Any], account: str) -> PlaylistFacts:
    """The facts in a page that ytmusicapi parsed; `account` is the name of who is signed in, empty if not known.

    A collaborative playlist reads the same for everybody, so what it shows of its entries decides: only to those who
    may edit them YouTube Music names them (`setVideoId`), as it does for nobody who is signed out.
    """
    collaborators = page.get("collaborators")
    owner = str((page.get("author") or {}).get("name") or "")
    if isinstance(collaborators, dict):
        owner = str(collaborators.get("text") or "").removeprefix("by ")
    may_write, why = _rights(page, owner, account, shared=collaborators is not None)
    return PlaylistFacts(str(page.get("title") or ""), owner, page.get("trackCount"), MOST, may_write, why)


def _rights(page: dict[str, Any], owner: str, account: str, *, shared: bool) -> tuple[bool | None, str]:
    if page.get("owned"):
        return True, "it is this account's own"
    if not shared:
        return False, f"it belongs to {owner or 'somebody else'}, not to the account that is signed in"
    entries = page.get("tracks") or []
    if any(entry.get("setVideoId") for entry in entries):
        return True, "it is collaborative, and YouTube Music shows this account how to edit its entries"
    if entries:
        return False, "it is collaborative, but this account is not among its collaborators"
    if account and account in owner:
        return True, "it is collaborative, and this account is named among its collaborators"
    return None, "it is collaborative and still empty; the first addition will show it"
