"""YouTube Music's answers to edits of a playlist. Pure."""

from collections.abc import Sequence
from typing import Any

Json = dict[str, Any]


def added(pairs: Sequence[tuple[str, str]]) -> Json:
    """An edit that succeeded; `pairs` are (videoId, setVideoId) of what it added."""
    results = [{"playlistEditVideoAddedResultData": {"videoId": video, "setVideoId": slot}} for video, slot in pairs]
    answer: Json = {"responseContext": {}, "status": "STATUS_SUCCEEDED", "actions": [_toast("Saved to playlist")]}
    return answer | ({"playlistEditResults": results} if results else {})


def refused(reason: str) -> Json:
    """An edit that failed, HTTP 200 all the same."""
    return {"responseContext": {}, "status": "STATUS_FAILED", "actions": [_toast(reason)]}


def _toast(text: str) -> Json:
    return {
        "addToToastAction": {"item": {"notificationTextRenderer": {"successResponseText": {"runs": [{"text": text}]}}}}
    }
