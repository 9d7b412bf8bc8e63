"""What requests and searches are counted as."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.search_metrics import search_metrics
from navaar_ytmusic_gateway.session import operation

BASE = "https://music.youtube.com"


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/youtubei/v1/search?alt=json&key=AIza", "search"),
        ("/youtubei/v1/browse?alt=json&continuation=abc", "playlist"),
        ("/youtubei/v1/browse/edit_playlist?alt=json", "edit"),
        ("/youtubei/v1/account/account_menu?alt=json", "other"),
        ("", "visitor"),
    ],
)
def test_requests_are_told_in_a_word_without_ids(path: str, expected: str) -> None:
    assert operation(BASE + path) == expected


def test_searches_are_counted_by_whether_something_was_found() -> None:
    metrics = search_metrics(Platform.YOUTUBE)
    for found, result in ((3, "found"), (0, "not_found")):
        before = REGISTRY.get_sample_value("navaar_yt_search_total", {"result": result}) or 0
        metrics.searched(found, 0.3)
        assert REGISTRY.get_sample_value("navaar_yt_search_total", {"result": result}) == before + 1
