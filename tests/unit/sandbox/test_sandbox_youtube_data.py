"""The pretend YouTube Data API answers, counts and refuses as Google's does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest_asyncio

from navaar_sandbox import Sandbox


class Api:
    """Requests as the account that is signed in."""

    def __init__(self, sandbox: Sandbox, session: aiohttp.ClientSession) -> None:
        self.sandbox = sandbox
        self._http = session
        self.token = sandbox.world.google.issue()

    async def ask(self, method: str, resource: str, body: Any = None, **params: str) -> tuple[int, Any]:
        url = f"{self.sandbox.url}/google-apis/youtube/v3/{resource}"
        headers = {"Authorization": f"Bearer {self.token}"}
        async with self._http.request(method, url, params=params, json=body, headers=headers) as answer:
            return answer.status, await answer.json() if answer.status != 204 else None

    async def items(self, **params: str) -> tuple[int, Any]:
        known = {"part": "snippet,contentDetails,status", "playlistId": self.sandbox.world.youtube_playlist.id}
        return await self.ask("GET", "playlistItems", **known | params)

    async def insert(self, video: str) -> tuple[int, Any]:
        resource = {"kind": "youtube#video", "videoId": video}
        snippet = {"playlistId": self.sandbox.world.youtube_playlist.id, "resourceId": resource}
        return await self.ask("POST", "playlistItems", {"snippet": snippet}, part="snippet")


@pytest_asyncio.fixture
async def api() -> AsyncIterator[Api]:
    async with Sandbox(tracks=60) as sandbox, aiohttp.ClientSession() as session:
        yield Api(sandbox, session)


def song(api: Api, number: int) -> str:
    return api.sandbox.catalogue.original("youtube", number).id


def reason(answer: Any) -> str:
    return str(answer["error"]["errors"][0]["reason"])


async def test_pages_of_fifty_lead_from_one_to_the_next(api: Api) -> None:
    wanted = [song(api, number) for number in range(55)]
    api.sandbox.world.youtube_playlist.add(wanted, by="a person")
    _, first = await api.items(maxResults="50")
    _, second = await api.items(maxResults="50", pageToken=first["nextPageToken"])
    assert [row["contentDetails"]["videoId"] for row in first["items"] + second["items"]] == wanted
    assert first["pageInfo"]["totalResults"] == 55
    assert "nextPageToken" not in second
    status, refused = await api.items(pageToken="nonsense")
    assert (status, reason(refused)) == (400, "invalidPageToken")


async def test_the_same_video_may_be_inserted_twice_and_each_entry_has_a_name(api: Api) -> None:
    (_, one), (_, two) = await api.insert(song(api, 0)), await api.insert(song(api, 0))
    assert one["id"] != two["id"]
    _, found = await api.items(videoId=song(api, 0))
    assert [row["id"] for row in found["items"]] == [one["id"], two["id"]]
    assert (await api.ask("DELETE", "playlistItems", id=one["id"]))[0] == 204
    status, refused = await api.ask("DELETE", "playlistItems", id=one["id"])
    assert (status, reason(refused)) == (404, "playlistItemNotFound")


async def test_units_go_by_the_price_list_and_end(api: Api) -> None:
    await api.insert(song(api, 0))
    await api.items()
    await api.ask("GET", "playlists", part="snippet", mine="true")
    await api.ask("GET", "videos", part="contentDetails", id=song(api, 0))
    data = api.sandbox.world.youtube_data
    assert data.spent == {"items.insert": 50, "items.list": 1, "playlists.list": 1, "videos.list": 1}
    assert data.units_spent == 53
    api.sandbox.settings(youtube_units=102)
    status, refused = await api.insert(song(api, 1))
    assert (status, reason(refused), refused["error"]["errors"][0]["domain"]) == (403, "quotaExceeded", "youtube.quota")
    assert data.units_spent == 53
    assert (await api.items())[0] == 200


async def test_refusals_are_named_as_google_names_them(api: Api) -> None:
    status, refused = await api.insert("AAAAAAAAAAA")
    assert (status, reason(refused)) == (404, "videoNotFound")
    status, refused = await api.items(playlistId="PLnobodyhasthis")
    assert (status, reason(refused)) == (404, "playlistNotFound")
    api.sandbox.settings(youtube_most=0)
    status, refused = await api.insert(song(api, 0))
    assert (status, reason(refused)) == (403, "playlistContainsMaximumNumberOfVideos")
    api.sandbox.settings(youtube_api_enabled=False)
    assert reason((await api.items())[1]) == "accessNotConfigured"
    api.token = "ya29.nobody"
    status, refused = await api.items()
    assert (status, reason(refused)) == (401, "authError")


async def test_what_is_gone_stands_there_without_an_owner(api: Api) -> None:
    await api.insert(song(api, 0))
    await api.sandbox.person.take_down(song(api, 0), "private")
    _, found = await api.items()
    (row,) = found["items"]
    assert row["snippet"]["title"] == "Private video"
    assert "videoOwnerChannelTitle" not in row["snippet"]
