"""What requests and searches are counted as, and when the sign-in ends."""

from __future__ import annotations

import pytest
from prometheus_client import REGISTRY

from navaar_contracts.identifiers import Platform
from navaar_playlist_gateway.search_metrics import search_metrics
from navaar_spotify_gateway import expiry
from navaar_spotify_gateway.expiry import LIFE
from navaar_spotify_gateway.session import operation

BASE = "https://api.spotify.com/v1/"


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "search?q=some%20song&type=track", "search"),
        ("GET", "playlists/37i9dQZF1DXcBWIGoYBM5M?fields=snapshot_id", "playlist"),
        ("GET", "playlists/37i9dQZF1DXcBWIGoYBM5M/items?offset=50", "playlist_items"),
        ("POST", "playlists/37i9dQZF1DXcBWIGoYBM5M/items", "add"),
        ("DELETE", "playlists/37i9dQZF1DXcBWIGoYBM5M/items", "remove"),
        ("PUT", "playlists/37i9dQZF1DXcBWIGoYBM5M/items", "other"),
        ("GET", "me", "other"),
    ],
)
def test_requests_are_told_in_a_word_without_ids(method: str, path: str, expected: str) -> None:
    assert operation(method, BASE + path) == expected


def test_searches_are_counted_by_whether_something_was_found() -> None:
    metrics = search_metrics(Platform.SPOTIFY)
    for found, result in ((3, "found"), (0, "not_found")):
        before = REGISTRY.get_sample_value("navaar_sp_search_total", {"result": result}) or 0
        metrics.searched(found, 0.3)
        assert REGISTRY.get_sample_value("navaar_sp_search_total", {"result": result}) == before + 1


def test_the_end_of_the_sign_in_is_shown_while_its_beginning_is_known() -> None:
    labels = {"platform": "spotify"}
    expiry.show(1_000_000.0)
    assert (
        REGISTRY.get_sample_value("navaar_sign_in_expiry_timestamp_seconds", labels) == 1_000_000 + LIFE.total_seconds()
    )
    expiry.show(None)
    assert REGISTRY.get_sample_value("navaar_sign_in_expiry_timestamp_seconds", labels) is None
