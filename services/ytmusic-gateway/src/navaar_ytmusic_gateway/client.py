"""ytmusicapi, with what it cannot parse taken out of the answers before it tries."""

from __future__ import annotations

import re
from typing import Any, TypeVar

from ytmusicapi import YTMusic

A = TypeVar("A")

_HEADER = ("tabs", 0, "tabRenderer", "content", "sectionListRenderer", "contents", 0)


class Client(YTMusic):
    """A client whose playlists may say in words how many songs they hold."""

    def _send_request(self, endpoint: str, body: dict[str, Any], additionalParams: str = "") -> dict[str, Any]:
        answer: dict[str, Any] = super()._send_request(endpoint, body, additionalParams)
        return without_wordy_counts(answer)


def without_wordy_counts(answer: A) -> A:
    """The answer of a playlist's page, without the header's line of counts where one of them holds no digit.

    "No tracks" instead of "0 tracks" makes ytmusicapi raise ValueError. Every other answer comes back as it is.
    """
    top = _inside(answer, "contents", "twoColumnBrowseResultsRenderer", *_HEADER)
    top = _inside(top, "musicEditablePlaylistDetailHeaderRenderer", "header") or top
    header = _inside(top, "musicResponsiveHeaderRenderer")
    runs = _inside(header, "secondSubtitle", "runs")
    if not isinstance(runs, list) or not runs:
        return answer
    # With views there are five runs: views, songs and duration with dots between them.
    counts = (runs[0], runs[2]) if len(runs) > 3 else (runs[0],)
    if any(re.search(r"\d", str(_inside(run, "text"))) is None for run in counts):
        del header["secondSubtitle"]
    return answer


def _inside(document: Any, *path: str | int) -> Any:
    for step in path:
        try:
            document = document[step]
        except (KeyError, IndexError, TypeError):
            return None
    return document
