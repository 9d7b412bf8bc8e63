"""Where a post can be opened in a browser. Pure."""

from __future__ import annotations


def post_url(chat_id: str, username: str | None, message_id: int) -> str | None:
    """Where a post can be opened; None when the channel's id has no public form."""
    if username is None and chat_id.startswith("@"):
        username = chat_id[1:]
    if username is not None:
        return f"https://t.me/{username}/{message_id}"
    return f"https://t.me/c/{chat_id[4:]}/{message_id}" if chat_id.startswith("-100") else None
