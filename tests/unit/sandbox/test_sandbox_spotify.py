"""The pretend Spotify, met with the real spotipy."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import spotipy
from spotipy.exceptions import SpotifyException
from spotipy.oauth2 import SpotifyOauthError

from navaar_sandbox import Sandbox

Make = Callable[[dict[str, str]], spotipy.Spotify]


@pytest.fixture
def spotify(variables: dict[str, str], make_spotify: Make) -> spotipy.Spotify:
    return make_spotify(variables)


@pytest.fixture
def playlist_id(variables: dict[str, str]) -> str:
    return variables["NAVAAR_SPOTIFY_PLAYLIST_ID"]


def track_uri(sandbox: Sandbox, number: int) -> str:
    return f"spotify:track:{sandbox.catalogue.original('spotify', number).id}"


async def test_the_user_is_known(spotify: spotipy.Spotify) -> None:
    assert (await asyncio.to_thread(spotify.me))["id"] == "sandboxlistener"


async def test_the_snapshot_alone_tells_whether_anything_changed(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    def snapshot() -> dict[str, str]:
        answer: dict[str, str] = spotify.playlist(playlist_id, fields="snapshot_id")
        return answer

    before = await asyncio.to_thread(snapshot)
    assert set(before) == {"snapshot_id"}
    assert await asyncio.to_thread(snapshot) == before
    added = await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)])
    assert added == await asyncio.to_thread(snapshot) != before


async def test_a_new_snapshot_may_show_late_while_the_entries_show_at_once(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    def head() -> tuple[str, int]:
        answer = spotify.playlist(playlist_id, fields="snapshot_id,items.total")
        return answer["snapshot_id"], answer["items"]["total"]

    old, _ = await asyncio.to_thread(head)
    sandbox.settings(spotify_snapshot_lag=30)
    added = await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)])
    seen = [await asyncio.to_thread(head) for _ in range(4)]
    assert {total for _, total in seen} == {1}
    assert {snapshot for snapshot, _ in seen} > {old}
    assert added["snapshot_id"] not in {snapshot for snapshot, _ in seen}
    with pytest.raises(SpotifyException, match="Invalid snapshot id"):
        await asyncio.to_thread(
            spotify.playlist_remove_all_occurrences_of_items, playlist_id, [track_uri(sandbox, 0)], snapshot_id=old
        )
    sandbox.settings(spotify_snapshot_lag=0)
    assert (await asyncio.to_thread(head))[0] == added["snapshot_id"]


async def test_items_come_fifty_at_a_time_in_the_new_shape(make_spotify: Make, tmp_path: Path) -> None:
    async with Sandbox(tracks=120) as large:
        for number in range(120):
            await large.person.add(number, "spotify")
        client = make_spotify(large.environment(tmp_path))
        playlist_id = large.world.spotify_playlist.id

        page = await asyncio.to_thread(client.playlist_items, playlist_id, limit=50)
        found = []
        while page is not None:
            found += [row["item"] for row in page["items"]]
            page = await asyncio.to_thread(client.next, page)
        assert [track["id"] for track in found] == [place.item for place in large.world.spotify_playlist.entries]

        with pytest.raises(SpotifyException, match="Invalid limit"):
            await asyncio.to_thread(client.playlist_items, playlist_id, limit=51)


async def test_an_item_shows_what_the_api_kept_and_not_what_it_dropped(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    await sandbox.person.add(2, "spotify")
    recording = sandbox.catalogue.recordings[2]
    [row] = (await asyncio.to_thread(spotify.playlist_items, playlist_id))["items"]

    assert row["is_local"] is False
    assert row["added_at"].endswith("Z")
    assert row["item"]["name"] == recording.title
    assert row["item"]["external_ids"] == {"isrc": recording.isrc}
    assert round(row["item"]["duration_ms"] / 1000) == recording.duration
    assert row["item"]["album"]["images"][0]["url"].startswith(sandbox.url)
    assert not {"popularity", "available_markets"} & set(row["item"])


async def test_local_files_episodes_and_lost_tracks_stand_among_the_items(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    await sandbox.person.add_odd("spotify", "local", "Someone - Home Recording")
    await sandbox.person.add_odd("spotify", "episode", "Episode 12")
    await sandbox.person.add_odd("spotify", "null", "gone")

    rows = (await asyncio.to_thread(spotify.playlist_items, playlist_id))["items"]
    assert rows[0]["is_local"] is True
    assert rows[0]["item"]["id"] is None
    assert rows[0]["item"]["uri"].startswith("spotify:local:")
    assert rows[1]["item"]["type"] == "episode"
    assert rows[2]["item"] is None
    tracks_only = (await asyncio.to_thread(spotify.playlist_items, playlist_id, additional_types=("track",)))["items"]
    assert tracks_only[1]["item"] is None


async def test_fields_narrow_the_answer(sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str) -> None:
    await sandbox.person.add(0, "spotify")
    narrow = await asyncio.to_thread(
        spotify.playlist_items, playlist_id, fields="items(added_at,item(id,artists.name)),next,total"
    )
    assert set(narrow) == {"items", "next", "total"}
    assert set(narrow["items"][0]) == {"added_at", "item"}
    assert narrow["items"][0]["item"] == {
        "id": sandbox.catalogue.original("spotify", 0).id,
        "artists": [{"name": name} for name in sandbox.catalogue.original("spotify", 0).artists],
    }


async def test_adding_twice_makes_two_entries(sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str) -> None:
    for _ in range(2):
        await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)])
    assert len(sandbox.world.spotify_playlist.entries) == 2


async def test_what_is_added_must_exist(spotify: spotipy.Spotify, playlist_id: str) -> None:
    for uri in ("spotify:track:" + "0" * 22, "spotify:track:short", "spotify:local:a:b:c:1"):
        with pytest.raises(SpotifyException) as refusal:
            await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [uri])
        assert refusal.value.http_status == 400


async def test_a_removal_with_an_old_snapshot_spares_newer_entries(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    old = (await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)]))["snapshot_id"]
    await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)])

    await asyncio.to_thread(
        spotify.playlist_remove_all_occurrences_of_items, playlist_id, [track_uri(sandbox, 0)], snapshot_id=old
    )
    assert len(sandbox.world.spotify_playlist.entries) == 1
    with pytest.raises(SpotifyException, match="Invalid snapshot id"):
        await asyncio.to_thread(
            spotify.playlist_remove_all_occurrences_of_items, playlist_id, [track_uri(sandbox, 0)], snapshot_id="bm8="
        )


async def test_entries_can_be_reordered_and_replaced(
    sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str
) -> None:
    ids = [sandbox.catalogue.original("spotify", number).id for number in range(3)]
    await asyncio.to_thread(spotify.playlist_add_items, playlist_id, ids)
    await asyncio.to_thread(spotify.playlist_reorder_items, playlist_id, 2, 0)
    assert [place.item for place in sandbox.world.spotify_playlist.entries] == [ids[2], ids[0], ids[1]]
    await asyncio.to_thread(spotify.playlist_reorder_items, playlist_id, 0, 3)
    assert [place.item for place in sandbox.world.spotify_playlist.entries] == ids
    await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [ids[2]], position=1)
    assert [place.item for place in sandbox.world.spotify_playlist.entries] == [ids[0], ids[2], ids[1], ids[2]]
    await asyncio.to_thread(spotify.playlist_replace_items, playlist_id, ids[:1])
    assert [place.item for place in sandbox.world.spotify_playlist.entries] == ids[:1]


async def test_the_old_tracks_path_is_forbidden(sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str) -> None:
    for path in (f"playlists/{playlist_id}/tracks", "tracks/?ids=" + sandbox.catalogue.original("spotify", 0).id):
        with pytest.raises(SpotifyException) as refusal:
            await asyncio.to_thread(spotify._get, path)
        assert refusal.value.http_status == 403


async def test_search_gives_at_most_ten(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    query = sandbox.catalogue.recordings[0].artists[0]
    assert len((await asyncio.to_thread(spotify.search, query, limit=10))["tracks"]["items"]) <= 10
    with pytest.raises(SpotifyException, match="Invalid limit") as refusal:
        await asyncio.to_thread(spotify.search, query, limit=11)
    assert refusal.value.http_status == 400


async def test_search_understands_field_filters(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    recording, entry = sandbox.catalogue.recordings[5], sandbox.catalogue.original("spotify", 5)

    def ids(query: str) -> list[str]:
        return [track["id"] for track in spotify.search(query, limit=10)["tracks"]["items"]]

    assert await asyncio.to_thread(ids, f"isrc:{recording.isrc}") == [entry.id]
    assert await asyncio.to_thread(ids, "isrc:XXXX00000000") == []
    narrow = f'track:"{recording.title}" artist:"{recording.artists[0]}"'
    found = await asyncio.to_thread(ids, narrow)
    assert entry.id in found
    assert all(recording.artists[0] in sandbox.catalogue.entries[one].artists for one in found)


async def test_a_single_track_is_still_there(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    entry = sandbox.catalogue.original("spotify", 1)
    assert (await asyncio.to_thread(spotify.track, entry.id))["name"] == entry.title
    with pytest.raises(SpotifyException) as refusal:
        await asyncio.to_thread(spotify.track, "0" * 22)
    assert refusal.value.http_status == 404


async def test_an_unknown_playlist_is_404_and_a_foreign_one_403(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    with pytest.raises(SpotifyException) as refusal:
        await asyncio.to_thread(spotify.playlist, "0" * 22)
    assert refusal.value.http_status == 404
    foreign = sandbox.world.spotify.create("Theirs", owner="somebody", public=True)
    with pytest.raises(SpotifyException) as refusal:
        await asyncio.to_thread(spotify.playlist_add_items, foreign.id, [track_uri(sandbox, 0)])
    assert refusal.value.http_status == 403
    assert "items" not in await asyncio.to_thread(spotify.playlist, foreign.id)


async def test_a_missing_scope_is_403(sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str) -> None:
    for token in sandbox.world.accounts.access.values():
        token.scope = "playlist-read-private"
    with pytest.raises(SpotifyException, match="Insufficient client scope") as refusal:
        await asyncio.to_thread(spotify.playlist_add_items, playlist_id, [track_uri(sandbox, 0)])
    assert refusal.value.http_status == 403


async def test_playlists_are_made_and_listed_under_me(spotify: spotipy.Spotify, playlist_id: str) -> None:
    made = await asyncio.to_thread(spotify.current_user_playlist_create, "Second", public=False)
    listed = await asyncio.to_thread(spotify.current_user_playlists)
    assert [one["id"] for one in listed["items"]] == [playlist_id, made["id"]]


async def test_too_many_calls_are_429_with_the_seconds_to_wait(make_spotify: Make, tmp_path: Path) -> None:
    async with Sandbox(tracks=1, spotify_calls_per_30_seconds=3) as strict:
        client = make_spotify(strict.environment(tmp_path))
        for _ in range(3):
            await asyncio.to_thread(client.me)
        with pytest.raises(SpotifyException) as refusal:
            await asyncio.to_thread(client.me)
        assert refusal.value.http_status == 429
        assert 1 <= int(refusal.value.headers["Retry-After"]) <= 30


async def test_an_expired_token_is_401_though_the_client_trusts_its_clock(
    sandbox: Sandbox, spotify: spotipy.Spotify
) -> None:
    await asyncio.to_thread(spotify.me)
    sandbox.settings(spotify_access_expired=True)
    with pytest.raises(SpotifyException, match="expired") as refusal:
        await asyncio.to_thread(spotify.me)
    assert refusal.value.http_status == 401


async def test_a_refresh_keeps_the_refresh_token_of_an_app_with_a_secret(
    sandbox: Sandbox, spotify: spotipy.Spotify
) -> None:
    auth = spotify.auth_manager
    cached = auth.cache_handler.get_cached_token()
    fresh = await asyncio.to_thread(auth.refresh_access_token, cached["refresh_token"])
    assert fresh["refresh_token"] == cached["refresh_token"]
    assert fresh["access_token"] != cached["access_token"]


async def test_a_pkce_refresh_brings_a_new_refresh_token_and_ends_the_old(
    sandbox: Sandbox, make_spotify: Make, tmp_path: Path
) -> None:
    auth = make_spotify(sandbox.environment(tmp_path / "pkce", spotify_auth="pkce")).auth_manager
    old = auth.cache_handler.get_cached_token()["refresh_token"]
    fresh = await asyncio.to_thread(auth.refresh_access_token, old)
    assert fresh["refresh_token"] != old
    with pytest.raises(SpotifyOauthError, match="invalid_grant"):
        await asyncio.to_thread(auth.refresh_access_token, old)


@pytest.mark.parametrize("switch", [{"spotify_revoked": True}, {"spotify_grown_old": 183 * 86_400}])
async def test_revoked_and_six_months_old_grants_are_invalid(
    sandbox: Sandbox, spotify: spotipy.Spotify, switch: dict[str, object]
) -> None:
    sandbox.settings(**switch)
    auth = spotify.auth_manager
    with pytest.raises(SpotifyOauthError, match="invalid_grant"):
        await asyncio.to_thread(auth.refresh_access_token, auth.cache_handler.get_cached_token()["refresh_token"])


@pytest.mark.filterwarnings("ignore:You're using 'as_dict")
@pytest.mark.parametrize("kind", ["secret", "pkce"])
async def test_a_whole_sign_in(sandbox: Sandbox, make_spotify: Make, tmp_path: Path, kind: str) -> None:
    variables = sandbox.environment(tmp_path / kind, spotify_auth=kind)  # type: ignore[arg-type]
    client = make_spotify(variables)
    auth = client.auth_manager
    auth.cache_handler.save_token_to_cache(None)
    auth.scope = "playlist-modify-private playlist-read-private"

    def consent() -> str:
        answer = requests.get(auth.get_authorize_url(state="abc"), allow_redirects=False, timeout=5)
        location = answer.headers["Location"]
        assert parse_qs(urlsplit(location).query)["state"] == ["abc"]
        return str(auth.parse_response_code(location))

    code = await asyncio.to_thread(consent)
    assert await asyncio.to_thread(lambda: auth.get_access_token(code, check_cache=False))
    assert (await asyncio.to_thread(client.me))["id"] == "sandboxlistener"
    with pytest.raises(SpotifyOauthError, match="Invalid authorization code"):
        await asyncio.to_thread(lambda: auth.get_access_token(code, check_cache=False))


async def test_an_app_whose_owner_lost_premium_is_refused(sandbox: Sandbox, spotify: spotipy.Spotify) -> None:
    sandbox.settings(spotify_premium=False)
    with pytest.raises(SpotifyException, match="premium") as refusal:
        await asyncio.to_thread(spotify.me)
    assert refusal.value.http_status == 403


async def test_the_shape_before_february_2026(sandbox: Sandbox, spotify: spotipy.Spotify, playlist_id: str) -> None:
    sandbox.settings(spotify_old_shape=True)
    await sandbox.person.add(0, "spotify")
    [row] = (await asyncio.to_thread(spotify.playlist_items, playlist_id))["items"]
    assert row["track"]["id"] == sandbox.catalogue.original("spotify", 0).id
