"""Spotify's JSON to messages, in both shapes."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_contracts.music import Kind
from navaar_playlist_gateway.snapshot import PlaylistEntry, UnusableEntry
from navaar_spotify_gateway.spotify import shortened
from navaar_spotify_gateway.translate import candidates, entries, entry, total


def track(**fields: Any) -> dict[str, Any]:
    return {
        "id": "1" * 22,
        "type": "track",
        "name": "A Title",
        "artists": [{"name": "One"}, {"name": "Two"}],
        "album": {"name": "An Album", "images": [{"url": "small", "width": 64}, {"url": "large", "width": 640}]},
        "duration_ms": 187_400,
        "explicit": True,
        "external_ids": {"isrc": "us-rc1-76-07839"},
        "is_local": False,
        "is_playable": True,
    } | fields


@pytest.mark.parametrize("key", ["item", "track"])
def test_both_shapes_keep_everything(key: str) -> None:
    found = entry({"added_at": "2026-01-01T00:00:00Z", "is_local": False, key: track()})
    assert isinstance(found, PlaylistEntry)
    item = found.item
    assert found.external_id == "1" * 22
    assert (item.title, item.artists, item.album, item.isrc) == ("A Title", ("One", "Two"), "An Album", "USRC17607839")
    assert (item.duration_s, item.explicit, item.kind) == (187.4, True, Kind.SONG)
    assert (item.cover_url, item.url) == ("large", f"https://open.spotify.com/track/{'1' * 22}")


def test_a_relinked_track_is_known_by_the_id_that_is_in_the_playlist() -> None:
    found = entry({"item": track(linked_from={"id": "2" * 22})})
    assert found.external_id == "2" * 22


@pytest.mark.parametrize(
    ("row", "word"),
    [
        ({"item": track(is_local=True, id=None), "is_local": True}, "local file"),
        ({"item": track(type="episode")}, "podcast"),
        ({"item": None, "added_at": "2026-01-01T00:00:00Z"}, "no longer"),
        ({"track": None}, "no longer"),
        ({"item": track(is_playable=False)}, "greyed out"),
        ({"item": track(id=None)}, "no id"),
    ],
)
def test_what_cannot_be_synced_says_why(row: dict[str, Any], word: str) -> None:
    found = entry(row)
    assert isinstance(found, UnusableEntry)
    assert word in found.reason
    assert found.external_id and found.name


def test_one_row_that_makes_no_sense_stops_no_other() -> None:
    found = entries([{"item": track()}, 7, {"item": track(explicit="perhaps")}])
    assert [type(one) for one in found] == [PlaylistEntry, UnusableEntry, UnusableEntry]
    assert candidates([track(album={"name": 5})]) == ()


def test_missing_fields_are_no_error() -> None:
    bare = {"id": "1" * 22, "type": "track", "artists": None, "album": None, "external_ids": None, "name": None}
    found = entry({"item": bare})
    assert isinstance(found, PlaylistEntry)
    assert (found.item.title, found.item.artists, found.item.isrc, found.item.duration_s) == ("", (), None, None)


def test_candidates_leave_out_what_cannot_be_placed() -> None:
    hits = [track(), track(), None, track(id=None), track(id="3" * 22, is_playable=False), track(id="4" * 22)]
    assert [candidate.id for candidate in candidates(hits)] == ["1" * 22, "4" * 22]


@pytest.mark.parametrize(
    ("date", "released"),
    [
        ("1975", "1975"),
        ("1975-10", "1975-10"),
        ("1975-10-31", "1975-10-31"),
        ("0000", None),
        (None, None),
        ("soon", None),
    ],
)
def test_a_candidate_tells_when_it_came_out(date: str | None, released: str | None) -> None:
    album = {"name": "An Album", "images": [], "release_date": date}
    assert [c.released for c in candidates([track(album=album), track(id="2" * 22, album=None)])] == [released, None]


def test_the_number_of_entries_is_found_in_both_shapes() -> None:
    assert total({"items": {"total": 7}}) == 7
    assert total({"tracks": {"total": 8}}) == 8
    assert total({"snapshot_id": "x"}) is None


def test_long_queries_are_cut_between_words() -> None:
    text = shortened("word " * 100)
    assert len(text) <= 250
    assert text.endswith("word")
    assert shortened("x" * 3000) == "x" * 250
    assert shortened("  a   b ") == "a b"
