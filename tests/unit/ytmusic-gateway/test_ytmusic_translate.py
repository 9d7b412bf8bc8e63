"""YouTube Music's JSON as ytmusicapi parses it, to messages."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_contracts.music import Kind
from navaar_playlist_gateway.snapshot import Addition, AlreadyThere, PlaylistEntry, UnusableEntry
from navaar_runtime.failures import AuthRejected, Permanent, Transient
from navaar_ytmusic_gateway.addition_answers import judge_addition, judge_additions
from navaar_ytmusic_gateway.translate import candidates, entries, entry, mark, parse_clock, playlist_id, refusal


def track(**fields: Any) -> dict[str, Any]:
    return {
        "videoId": "aaaaaaaaaaa",
        "title": "A Title",
        "artists": [{"name": "One", "id": "UC1"}, {"name": "Two", "id": None}],
        "album": {"name": "An Album", "id": "MPRE"},
        "isAvailable": True,
        "isExplicit": True,
        "videoType": "MUSIC_VIDEO_TYPE_ATV",
        "duration": "3:07",
        "duration_seconds": 187,
        "setVideoId": "S1",
        "thumbnails": [{"url": "small", "width": 60}, {"url": "large", "width": 544}],
    } | fields


def test_a_song_keeps_everything_the_platform_said() -> None:
    found = entry(track())
    assert isinstance(found, PlaylistEntry)
    assert found.external_id == "aaaaaaaaaaa"
    item = found.item
    assert (item.title, item.artists, item.album) == ("A Title", ("One", "Two"), "An Album")
    assert (item.duration_s, item.explicit, item.kind) == (187, True, Kind.SONG)
    assert (item.cover_url, item.set_video_id) == ("large", "S1")
    assert item.url == "https://music.youtube.com/watch?v=aaaaaaaaaaa"


@pytest.mark.parametrize(
    ("fields", "kind"),
    [
        ({"videoType": "MUSIC_VIDEO_TYPE_OMV"}, Kind.VIDEO),
        ({"videoType": "MUSIC_VIDEO_TYPE_UGC"}, Kind.UPLOAD),
        ({"videoType": "MUSIC_VIDEO_TYPE_OFFICIAL_SOURCE_MUSIC"}, Kind.VIDEO),
        ({"videoType": "MUSIC_VIDEO_TYPE_PRIVATELY_OWNED_TRACK"}, Kind.SONG),
        ({"videoType": None}, Kind.SONG),
        ({"videoType": None, "album": None}, Kind.VIDEO),
        ({"videoType": "SOMETHING_NEW", "album": None}, Kind.VIDEO),
    ],
)
def test_kinds_follow_the_video_type(fields: dict[str, Any], kind: Kind) -> None:
    found = entry(track(**fields))
    assert isinstance(found, PlaylistEntry)
    assert found.item.kind is kind


@pytest.mark.parametrize(
    ("fields", "word"),
    [
        ({"isAvailable": False}, "greyed out"),
        ({"title": "[Private video]"}, "private"),
        ({"title": "Deleted video"}, "deleted"),
        ({"videoType": "MUSIC_VIDEO_TYPE_PODCAST_EPISODE"}, "podcast"),
        ({"videoId": None}, "no video"),
    ],
)
def test_what_cannot_be_synced_says_why(fields: dict[str, Any], word: str) -> None:
    found = entry(track(**fields))
    assert isinstance(found, UnusableEntry)
    assert word in found.reason
    assert found.external_id and found.name


def test_an_entry_without_any_id_is_named_the_same_every_time() -> None:
    bare = {"videoId": None, "setVideoId": None, "title": "Gone", "artists": None}
    first, second = entry(bare), entry(dict(bare))
    assert first.external_id == second.external_id


def test_one_entry_that_makes_no_sense_stops_no_other() -> None:
    found = entries([track(), track(artists=5), track(explicit="?", duration_seconds=-3)])
    assert [type(one) for one in found] == [PlaylistEntry, UnusableEntry, PlaylistEntry]
    # A length that no song has says nothing about it.
    assert isinstance(found[2], PlaylistEntry) and found[2].item.duration_s is None
    assert candidates([track(resultType="song", artists=5)]) == ()


@pytest.mark.parametrize(
    ("shown", "released"),
    [
        ({"year": "1975"}, "1975"),
        ({"album": {"name": "An Album", "id": "MPRE", "year": 1975}}, "1975"),
        ({"year": None, "album": None}, None),
        ({"year": "31 Oct"}, None),
    ],
)
def test_a_candidate_tells_the_year_that_its_row_shows(shown: dict[str, Any], released: str | None) -> None:
    assert [c.released for c in candidates([track(resultType="song", **shown)])] == [released]


@pytest.mark.parametrize(
    "text",
    [
        "PLabc",
        "VLPLabc",
        "https://music.youtube.com/playlist?list=PLabc&si=x",
        " https://youtube.com/playlist?list=PLabc",
    ],
)
def test_a_playlist_may_be_given_by_its_address(text: str) -> None:
    assert playlist_id(text) == "PLabc"


def test_missing_fields_are_no_error() -> None:
    found = entry({"videoId": "aaaaaaaaaaa", "title": None, "artists": [{"name": None}], "thumbnails": None})
    assert isinstance(found, PlaylistEntry)
    assert (found.item.title, found.item.artists, found.item.duration_s, found.item.cover_url) == ("", (), None, None)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("3:07", 187),
        ("1:02:03", 3723),
        ("0:00", 0),
        (" ", None),
        ("2,343", None),
        ("", None),
        (None, None),
        ("5", None),
    ],
)
def test_durations_are_seconds(text: str | None, seconds: float | None) -> None:
    assert parse_clock(text) == seconds


def test_candidates_are_playable_songs_and_videos_once_each() -> None:
    hits = [
        track(resultType="song"),
        track(resultType="song"),
        track(resultType="video", videoId="bbbbbbbbbbb", videoType="MUSIC_VIDEO_TYPE_UGC", album=None),
        track(resultType="song", videoId="ccccccccccc", isAvailable=False),
        track(resultType="song", videoId=None),
        track(resultType="episode", videoId="ddddddddddd"),
    ]
    found = candidates(hits)
    assert [(c.id, c.kind) for c in found] == [("aaaaaaaaaaa", Kind.SONG), ("bbbbbbbbbbb", Kind.UPLOAD)]


def test_the_mark_changes_with_order_and_availability() -> None:
    one, two = track(), track(videoId="bbbbbbbbbbb", setVideoId="S2")
    assert mark([one, two]) == mark([dict(one), dict(two)])
    assert mark([one, two]) != mark([two, one])
    assert mark([one]) != mark([track(isAvailable=False)])


def toast(text: str) -> dict[str, Any]:
    runs = {"successResponseText": {"runs": [{"text": text}]}}
    return {"addToToastAction": {"item": {"notificationTextRenderer": runs}}}


def test_an_addition_counts_only_with_its_entry_id() -> None:
    done = {"status": "STATUS_SUCCEEDED", "playlistEditResults": [{"videoId": "a", "setVideoId": "S9"}]}
    assert judge_addition(done) == Addition(set_video_id="S9")


def result(video: str, slot: str | None) -> dict[str, Any]:
    return {"videoId": video, "setVideoId": slot} if slot else {"videoId": video}


@pytest.mark.parametrize(
    ("results", "entries"),
    [
        ([result("a", "S1"), result("b", "S2"), result("c", "S3")], ["S1", "S2", "S3"]),
        # Another video than the one that was asked for: the place tells whose entry it is.
        ([result("a", "S1"), result("x", "S2"), result("c", "S3")], ["S1", "S2", "S3"]),
        ([result("a", "S1"), result("c", "S3")], ["S1", None, "S3"]),
        ([result("a", "S1"), result("x", "S3")], ["S1", None, None]),
        ([result("a", "S1"), None, result("c", "S3")], ["S1", None, "S3"]),
        ([result("a", "S1"), result("b", None), result("c", "S3")], ["S1", None, "S3"]),
    ],
)
def test_an_answer_to_several_additions_tells_of_each_or_leaves_it_open(
    results: list[Any], entries: list[str | None]
) -> None:
    made = judge_additions({"status": "STATUS_SUCCEEDED", "playlistEditResults": results}, ["a", "b", "c"])
    assert [each and each.set_video_id for each in made] == entries


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        ({"status": "STATUS_SUCCEEDED", "playlistEditResults": []}, Transient),
        ({"status": "STATUS_SUCCEEDED", "playlistEditResults": [None]}, Transient),
        ({"responseContext": {}}, Transient),
        ("STATUS_SUCCEEDED", Transient),
        ({"status": "STATUS_FAILED", "actions": [toast("This track is already in the playlist")]}, AlreadyThere),
        ({"status": "STATUS_FAILED"}, AlreadyThere),
        ({"status": "STATUS_FAILED", "actions": [toast("Playlist is full")]}, Permanent),
        ({"actions": [{"showEngagementPanelEndpoint": {"identifier": {"tag": "x"}}}]}, AuthRejected),
    ],
)
def test_any_other_answer_to_an_addition_is_no_success(answer: object, failure: type[Exception]) -> None:
    with pytest.raises(failure):
        judge_addition(answer)
    with pytest.raises(failure):
        judge_additions(answer, ["a", "b"])


def test_the_refusal_is_the_platforms_sentence() -> None:
    assert refusal({"actions": [toast("Playlist is full")]}) == "Playlist is full"
    assert refusal({}) == ""
