"""From a video id to the one address it may be fetched from. Addresses are built here, never taken from a message."""

from __future__ import annotations

import re

_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class NoVideoId(ValueError):
    """The text is no video id. Its message is for a person."""


def url_of(video_id: str, template: str | None = None) -> str:
    """Where the video's audio is: at YouTube, or at `template` with {video_id} filled in.

    Raises:
        NoVideoId: anything but 11 (with a template: 1 to 64) letters, digits, '-' and '_'.
    """
    pattern = _YOUTUBE_ID if template is None else _TEMPLATE_ID
    if not pattern.fullmatch(video_id):
        raise NoVideoId(f"{video_id[:80]!r} is no video id, so nothing was fetched")
    if template is None:
        return f"https://www.youtube.com/watch?v={video_id}"
    return template.replace("{video_id}", video_id)
