"""What the real YouTube Music answered to others, as recorded by ytmusicapi, goes through the adapter as it should."""

from __future__ import annotations

import copy
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from navaar_playlist_gateway.snapshot import PlaylistEntry, Snapshot
from navaar_runtime.failures import AuthRejected, Failure
from navaar_runtime.settings import load
from navaar_sandbox import Sandbox
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic, YouTubePlaylist
from tests.support.recorded_answers import recorded

pytestmark = pytest.mark.asyncio(loop_scope="module")

PLAYLISTS = (
    "2024_03_get_playlist",
    "2024_03_get_playlist_public",
    "2025_01_get_playlist_chart",
    "2025_10_get_playlist_collaborative",
    "2025_12_get_playlist_audio",
)
"""Those of the locked version; the first two were asked for by somebody who was signed in."""
TO_A_STRANGER = PLAYLISTS[2:]


@dataclass
class Replaying:
    """The adapter, and a server that answers it with one recorded page."""

    sandbox: Sandbox
    youtube: YouTubeMusic

    def page(self, answer: Any, playlist_id: str = "PLwhatever") -> YouTubePlaylist:
        self.sandbox.gate.clear()
        self.sandbox.fault("youtube", "browse", effect="body", status=200, body=json.dumps(answer), count=None)
        # Only first pages were recorded.
        self.sandbox.fault("youtube", "browse.more", effect="body", status=200, body="{}", count=None)
        return self.youtube.playlist(playlist_id)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def replaying(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Replaying]:
    async with Sandbox(tracks=1) as sandbox:
        folder: Path = tmp_path_factory.mktemp("recorded")
        youtube = YouTubeMusic(load(YTMusicSettings, sandbox.environment(folder)))
        yield Replaying(sandbox, youtube)
        await youtube.close()


def as_signed_in(answer: Any) -> Any:
    """The same page as its owner would get it."""
    signed_in = copy.deepcopy(answer)
    for report in signed_in["responseContext"]["serviceTrackingParams"]:
        for param in report.get("params", ()):
            if param.get("key") == "logged_in":
                param["value"] = "1"
    return signed_in


def rows(answer: Any) -> list[Any]:
    """The rows of the page, found without knowing where they are."""
    if isinstance(answer, dict):
        shelf = answer.get("musicPlaylistShelfRenderer")
        return shelf["contents"] if shelf else [row for each in answer.values() for row in rows(each)]
    return [row for each in answer for row in rows(each)] if isinstance(answer, list) else []


async def test_every_recorded_playlist_is_replayed() -> None:
    assert set(recorded("get_playlist")) == set(PLAYLISTS)


@pytest.mark.parametrize("name", PLAYLISTS)
async def test_a_recorded_playlist_is_read_completely(name: str, replaying: Replaying) -> None:
    case = recorded("get_playlist")[name]
    playlist = replaying.page(as_signed_in(case["answer"]), case["expected"]["id"])
    reading: Snapshot = await playlist.read()
    listed = [row for row in rows(case["answer"]) if "musicResponsiveListItemRenderer" in row]
    assert len(reading.entries) == len(listed) > 0
    assert reading.count == case["expected"]["trackCount"]
    for entry in reading.entries:
        assert isinstance(entry, PlaylistEntry), entry
        assert entry.item.title
        assert entry.item.artists
        assert entry.item.duration_s
        assert entry.item.cover_url
    check = await playlist.check_for_change()
    assert check.mark == reading.mark
    assert check.count == reading.count


@pytest.mark.parametrize("name", TO_A_STRANGER)
async def test_a_page_that_was_recorded_by_a_stranger_is_a_matter_of_the_sign_in(
    name: str, replaying: Replaying
) -> None:
    playlist = replaying.page(recorded("get_playlist")[name]["answer"])
    for act in (playlist.read, playlist.check_for_change, playlist.probe):
        with pytest.raises(AuthRejected, match="sign in again"):
            await act()


@pytest.mark.parametrize("kind", ["get_album", "get_artist", "get_explore", "get_charts"])
async def test_a_page_of_another_kind_is_named_as_unknown_and_its_text_goes_nowhere(
    kind: str, replaying: Replaying
) -> None:
    for case in recorded(kind).values():
        answer = case["answer"]
        with pytest.raises(Failure, match=r"layout|session has ended") as refused:
            await replaying.page(answer).read()
        assert len(str(refused.value)) < 300
