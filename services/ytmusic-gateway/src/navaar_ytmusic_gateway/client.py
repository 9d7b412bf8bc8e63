"""ytmusicapi, with what it cannot parse taken out of the answers before it tries, and playlists read from a page on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, TypeVar

from ytmusicapi import YTMusic
from ytmusicapi.continuations import CONTINUATION_ITEMS, get_continuation_token
from ytmusicapi.navigation import nav
from ytmusicapi.parsers.playlists import parse_playlist_items

A = TypeVar("A")

_HEADER = ("tabs", 0, "tabRenderer", "content", "sectionListRenderer", "contents", 0)


@dataclass(frozen=True, slots=True)
class LaterPage:
    """A page of a playlist behind the first: what it is asked for with, and at which place its first entry stands."""

    token: str
    start: int


class PagesClient(YTMusic):
    """A client whose playlists may say in words how many songs they hold. For one thread."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self._pages: list[tuple[str, int]] = []
        """The token and the number of entries of each page that followed the latest first one."""
        super().__init__(*args, **kwargs)

    def pages(self, entries: int) -> tuple[LaterPage, ...]:
        """The pages behind the first of the playlist that was just read whole and has so many entries."""
        found: list[LaterPage] = []
        for token, size in reversed(self._pages):
            entries -= size
            found.append(LaterPage(token, entries))
        return tuple(reversed(found))

    def tracks_from(self, page: LaterPage) -> tuple[list[dict[str, Any]], tuple[LaterPage, ...]]:
        """The entries of a playlist from that page to the end, as `get_playlist` gives them, and the pages they are on.

        The library reads playlists from their beginning only.
        """
        tracks: list[dict[str, Any]] = []
        pages: list[LaterPage] = []
        token: str | None = page.token
        while token:
            answer = self._send_request("browse", {"continuation": token})
            rows = nav(answer, CONTINUATION_ITEMS, True)
            if not rows:
                break
            pages.append(LaterPage(token, page.start + len(tracks)))
            tracks += parse_playlist_items(rows)
            token = get_continuation_token(rows)
        return tracks, tuple(pages)

    def _send_request(self, endpoint: str, body: dict[str, Any], additionalParams: str = "") -> dict[str, Any]:
        token = body.get("continuation")
        answer: dict[str, Any] = super()._send_request(endpoint, body, additionalParams)
        if endpoint == "browse":
            rows = nav(answer, CONTINUATION_ITEMS, True) or ()
            self._pages = (
                [*self._pages, (token, sum("musicResponsiveListItemRenderer" in row for row in rows))] if token else []
            )
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
