"""The pretend YouTube Music, met with the real ytmusicapi."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ytmusicapi import YTMusic
from ytmusicapi.auth.oauth import OAuthCredentials
from ytmusicapi.auth.oauth.exceptions import BadOAuthClient
from ytmusicapi.exceptions import YTMusicServerError

from navaar_sandbox import Sandbox
from tests.unit.sandbox.conftest import rewriting_session

Make = Callable[[dict[str, str]], YTMusic]


@pytest.fixture
async def youtube(variables: dict[str, str], make_youtube: Make) -> YTMusic:
    return await asyncio.to_thread(make_youtube, variables)


@pytest.fixture
def playlist_id(variables: dict[str, str]) -> str:
    return variables["NAVAAR_YTMUSIC_PLAYLIST_ID"]


async def add(youtube: YTMusic, playlist_id: str, *video_ids: str, duplicates: bool = False) -> dict[str, Any]:
    answer = await asyncio.to_thread(youtube.add_playlist_items, playlist_id, list(video_ids), duplicates=duplicates)
    assert isinstance(answer, dict)
    return answer


async def test_an_empty_playlist_can_be_read(youtube: YTMusic, playlist_id: str) -> None:
    playlist = await asyncio.to_thread(youtube.get_playlist, playlist_id)

    assert playlist["id"] == playlist_id
    assert playlist["owned"] is True
    assert playlist["privacy"] == "PRIVATE"
    assert playlist["trackCount"] == 0
    assert playlist["tracks"] == []


async def test_a_playlist_shows_each_track_as_the_real_one_does(
    sandbox: Sandbox, youtube: YTMusic, playlist_id: str
) -> None:
    added = await sandbox.person.add(1, "youtube")
    playlist = await asyncio.to_thread(youtube.get_playlist, playlist_id)

    recording = sandbox.catalogue.recordings[1]
    [track] = playlist["tracks"]
    assert playlist["trackCount"] == 1
    assert track["videoId"] == added["id"]
    assert track["setVideoId"] == added["slot"]
    assert track["title"] == recording.title
    assert [artist["name"] for artist in track["artists"]] == list(recording.artists)
    assert track["artists"][0]["id"].startswith("UC")
    assert track["album"]["name"] == recording.album
    assert track["duration_seconds"] == recording.duration
    assert track["videoType"] == "MUSIC_VIDEO_TYPE_ATV"
    assert track["isAvailable"] is True
    assert track["inLibrary"] is False


async def test_a_long_playlist_comes_in_pages_of_a_hundred(make_youtube: Make, tmp_path: Path) -> None:
    async with Sandbox(tracks=230) as large:
        for number in range(230):
            await large.person.add(number, "youtube")
        client = await asyncio.to_thread(make_youtube, large.environment(tmp_path))

        whole = await asyncio.to_thread(client.get_playlist, large.world.youtube_playlist.id, limit=None)
        placed = [place.item for place in large.world.youtube_playlist.entries]
        assert [track["videoId"] for track in whole["tracks"]] == placed
        assert whole["trackCount"] == 230
        assert large.gate.counts()["youtube/browse.more"] == 2


async def test_a_song_search_finds_it_with_artists_album_and_duration(sandbox: Sandbox, youtube: YTMusic) -> None:
    for recording in sandbox.catalogue.recordings:
        hits = await asyncio.to_thread(youtube.search, f"{recording.artists[0]} {recording.title}", filter="songs")

        right = [hit for hit in hits if hit["videoId"] == sandbox.catalogue.original("youtube", recording.number).id]
        assert len(right) == 1
        assert right[0]["resultType"] == "song"
        assert right[0]["videoType"] == "MUSIC_VIDEO_TYPE_ATV"
        assert [artist["name"] for artist in right[0]["artists"]] == list(recording.artists)
        assert right[0]["album"]["name"] == recording.album
        assert right[0]["duration_seconds"] == recording.duration


async def test_a_video_search_finds_videos_and_uploads_with_views(sandbox: Sandbox, youtube: YTMusic) -> None:
    recording = sandbox.catalogue.recordings[0]
    hits = await asyncio.to_thread(youtube.search, f"{recording.artists[0]} {recording.title}", filter="videos")

    assert {"MUSIC_VIDEO_TYPE_OMV", "MUSIC_VIDEO_TYPE_UGC"} <= {hit["videoType"] for hit in hits}
    assert all(hit["resultType"] == "video" and hit["views"] and hit["duration_seconds"] for hit in hits)


async def test_an_unfiltered_search_has_a_top_result_and_both_kinds(sandbox: Sandbox, youtube: YTMusic) -> None:
    recording = sandbox.catalogue.recordings[0]
    hits = await asyncio.to_thread(youtube.search, f"{recording.artists[0]} {recording.title}")

    assert hits[0]["category"] == "Top result"
    assert hits[0]["videoId"] in sandbox.catalogue.entries
    assert {"song", "video"} <= {hit["resultType"] for hit in hits}
    assert all(hit["artists"] for hit in hits)


async def test_a_search_without_hits_is_empty(youtube: YTMusic) -> None:
    for what in ("songs", "videos", None, "albums"):
        assert await asyncio.to_thread(youtube.search, "qqqqqq zzzzzz", filter=what) == []


async def test_a_search_pages_on(make_youtube: Make, tmp_path: Path) -> None:
    async with Sandbox(tracks=200) as large:
        client = await asyncio.to_thread(make_youtube, large.environment(tmp_path))
        query = f"{large.catalogue.recordings[0].artists[0]} {large.catalogue.recordings[4].artists[0]}"
        expected = [entry.id for entry in large.world.youtube.find(query, "songs")]
        hits = await asyncio.to_thread(client.search, query, filter="songs", limit=45)
        assert len(expected) > 60
        assert [hit["videoId"] for hit in hits] == expected[:60]


async def test_adding_returns_the_slot_and_a_duplicate_is_refused_without_an_error(
    sandbox: Sandbox, youtube: YTMusic, playlist_id: str
) -> None:
    first, second = (sandbox.catalogue.original("youtube", number).id for number in (0, 1))
    added = await add(youtube, playlist_id, first)
    assert added["status"] == "STATUS_SUCCEEDED"
    assert added["playlistEditResults"][0]["videoId"] == first
    assert added["playlistEditResults"][0]["setVideoId"] == sandbox.world.youtube_playlist.entries[0].slot

    refused = await add(youtube, playlist_id, second, first)
    assert refused["status"] == "STATUS_FAILED"
    assert [place.item for place in sandbox.world.youtube_playlist.entries] == [first]

    again = await add(youtube, playlist_id, first, duplicates=True)
    assert again["status"] == "STATUS_SUCCEEDED"
    assert [place.item for place in sandbox.world.youtube_playlist.entries] == [first, first]


async def test_an_entry_is_removed_and_moved_by_its_slot(sandbox: Sandbox, youtube: YTMusic, playlist_id: str) -> None:
    for number in (0, 1, 2):
        await sandbox.person.add(number, "youtube")
    one, two, three = sandbox.world.youtube_playlist.entries

    await asyncio.to_thread(youtube.edit_playlist, playlist_id, moveItem=(three.slot, one.slot))
    assert [place.slot for place in sandbox.world.youtube_playlist.entries] == [three.slot, one.slot, two.slot]

    gone = [{"videoId": one.item, "setVideoId": one.slot}]
    assert await asyncio.to_thread(youtube.remove_playlist_items, playlist_id, gone) == "STATUS_SUCCEEDED"
    assert [place.slot for place in sandbox.world.youtube_playlist.entries] == [three.slot, two.slot]


async def test_unavailable_videos_are_greyed_out_and_deleted_ones_vanish(
    sandbox: Sandbox, youtube: YTMusic, playlist_id: str
) -> None:
    private, deleted, fine = [(await sandbox.person.add(number, "youtube"))["id"] for number in (0, 1, 2)]
    await sandbox.person.take_down(private, "private")
    await sandbox.person.take_down(deleted, "deleted")

    playlist = await asyncio.to_thread(youtube.get_playlist, playlist_id)
    assert playlist["trackCount"] == 3
    assert [(track["videoId"], track["isAvailable"]) for track in playlist["tracks"]] == [
        (private, False),
        (fine, True),
    ]
    assert playlist["tracks"][0]["title"] == sandbox.catalogue.recordings[0].title

    assert (await asyncio.to_thread(youtube.get_song, private))["playabilityStatus"]["status"] == "LOGIN_REQUIRED"
    assert (await asyncio.to_thread(youtube.get_song, deleted))["playabilityStatus"]["status"] == "ERROR"
    song = await asyncio.to_thread(youtube.get_song, fine)
    assert song["videoDetails"]["lengthSeconds"] == str(sandbox.catalogue.recordings[2].duration)


async def test_the_account_and_its_playlists(youtube: YTMusic, playlist_id: str) -> None:
    assert (await asyncio.to_thread(youtube.get_account_info))["accountName"] == "Sandbox Listener"
    created = await asyncio.to_thread(youtube.create_playlist, "Second", "of two", "PRIVATE")
    assert isinstance(created, str)
    listed = await asyncio.to_thread(youtube.get_library_playlists)
    assert [one["playlistId"] for one in listed] == [playlist_id, created]
    assert all(one["owned"] for one in listed)
    await asyncio.to_thread(youtube.delete_playlist, created)
    assert len(await asyncio.to_thread(youtube.get_library_playlists)) == 1


async def test_a_playlist_that_does_not_exist_is_404(youtube: YTMusic) -> None:
    with pytest.raises(YTMusicServerError, match=r"404.*\n.*not found"):
        await asyncio.to_thread(youtube.get_playlist, "PLnothere0000000000000000000000000")


async def test_a_signed_out_session_is_401(sandbox: Sandbox, youtube: YTMusic, playlist_id: str) -> None:
    sandbox.settings(youtube_session_revoked=True)
    with pytest.raises(YTMusicServerError, match="401"):
        await asyncio.to_thread(youtube.get_playlist, playlist_id)
    sandbox.settings(youtube_session_revoked=False)
    await asyncio.to_thread(youtube.get_playlist, playlist_id)


async def test_a_read_only_session_reads_but_cannot_write(sandbox: Sandbox, youtube: YTMusic, playlist_id: str) -> None:
    sandbox.settings(youtube_read_only=True)
    await asyncio.to_thread(youtube.get_playlist, playlist_id)
    with pytest.raises(YTMusicServerError, match="401"):
        await asyncio.to_thread(youtube.add_playlist_items, playlist_id, [sandbox.catalogue.original("youtube", 0).id])


async def test_oauth_works_refreshes_and_can_be_refused_or_revoked(
    sandbox: Sandbox, make_youtube: Make, tmp_path: Path, playlist_id: str
) -> None:
    variables = sandbox.environment(tmp_path / "oauth", youtube_auth="oauth")
    client = await asyncio.to_thread(make_youtube, variables)
    assert (await asyncio.to_thread(client.get_playlist, playlist_id))["owned"] is True

    client._token.expires_at = 0
    await asyncio.to_thread(client.get_playlist, playlist_id)
    assert sandbox.gate.counts()["google/token.refresh"] == 1

    sandbox.settings(youtube_refuses_oauth=True)
    with pytest.raises(YTMusicServerError, match=r"400.*\n.*invalid argument"):
        await asyncio.to_thread(client.get_playlist, playlist_id)

    sandbox.settings(youtube_refuses_oauth=False, youtube_grant_revoked=True)
    with pytest.raises(YTMusicServerError, match="401"):
        await asyncio.to_thread(client.get_playlist, playlist_id)


async def test_reads_lag_behind_writes(sandbox: Sandbox, youtube: YTMusic, playlist_id: str) -> None:
    sandbox.settings(lag=0.3)
    await asyncio.to_thread(youtube.add_playlist_items, playlist_id, [sandbox.catalogue.original("youtube", 0).id])
    assert (await asyncio.to_thread(youtube.get_playlist, playlist_id))["tracks"] == []
    await asyncio.sleep(0.35)
    assert len((await asyncio.to_thread(youtube.get_playlist, playlist_id))["tracks"]) == 1


async def test_the_device_flow_waits_for_consent(sandbox: Sandbox, variables: dict[str, str]) -> None:
    session = rewriting_session(variables)
    account = sandbox.world.google
    credentials = OAuthCredentials(account.client_id, account.client_secret, session=session)
    code = await asyncio.to_thread(credentials.get_code)
    assert code["verification_url"].startswith("https://")

    sandbox.settings(youtube_device_approved=False)
    waiting: Any = await asyncio.to_thread(credentials.token_from_code, code["device_code"])
    assert waiting["error"] == "authorization_pending"
    sandbox.settings(youtube_device_approved=True)
    token = await asyncio.to_thread(credentials.token_from_code, code["device_code"])
    assert token["refresh_token"] == account.refresh_token

    with pytest.raises(BadOAuthClient):
        await asyncio.to_thread(OAuthCredentials("someone", "else", session=session).get_code)
