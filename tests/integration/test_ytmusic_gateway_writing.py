"""How the YouTube Music gateway changes playlists, with the real ytmusicapi against the sandbox."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from navaar_contracts.causes import Cause
from navaar_contracts.commands import RemoveTrack
from navaar_contracts.events import FailureKind, StepFailed, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_runtime.failures import Permanent, RateLimited, Transient
from navaar_runtime.settings import load
from navaar_sandbox import Fault, Sandbox
from navaar_ytmusic_gateway.__main__ import create
from navaar_ytmusic_gateway.settings import YTMusicSettings
from navaar_ytmusic_gateway.ytmusic import YouTubeMusic, YouTubePlaylist
from tests.support.gateways import DEADLINE_S, running, stage


@pytest_asyncio.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(tracks=8) as running_sandbox:
        yield running_sandbox


Open = Callable[..., YouTubePlaylist]


@pytest_asyncio.fixture
async def opened(sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[Open]:
    """Makes the gateway's playlist; arguments are settings, without their prefix."""
    made: list[YouTubeMusic] = []

    def make(**settings: Any) -> YouTubePlaylist:
        more = {f"NAVAAR_YTMUSIC_{name.upper()}": str(value) for name, value in settings.items()}
        made.append(YouTubeMusic(load(YTMusicSettings, sandbox.environment(tmp_path) | more)))
        return YouTubePlaylist(made[-1], sandbox.world.youtube_playlist.id)

    yield make
    for youtube in made:
        await youtube.close()


def song(sandbox: Sandbox, number: int) -> str:
    return sandbox.catalogue.original("youtube", number).id


def held(sandbox: Sandbox) -> list[str]:
    return [entry.item for entry in sandbox.world.youtube_playlist.entries]


async def test_a_refusal_for_now_is_a_rate_limit_that_grows_whatever_reads_answer(
    sandbox: Sandbox, opened: Open
) -> None:
    sandbox.settings(youtube_writes_left=0)
    playlist = opened(refused_pause_s=0.05, long_pause_s=600)
    pauses = []
    for _ in range(3):
        with pytest.raises(RateLimited) as refused:
            await playlist.add(song(sandbox, 0))
        pauses.append(refused.value.retry_after_s)
        await playlist.check_for_change()
        await asyncio.sleep(0.25)
    assert pauses == pytest.approx([0.05, 0.2, 600])
    for _ in range(3):
        with pytest.raises(RateLimited):
            await playlist.rename("Another name")
    assert sandbox.gate.counts()["youtube/edit_playlist.add"] == 3
    assert "youtube/edit_playlist" not in sandbox.gate.counts()


@pytest.mark.parametrize(
    "body",
    [
        {"status": "STATUS_FAILED", "actions": [{"addToToastAction": {"item": {"notificationTextRenderer": {
            "successResponseText": {"runs": [{"text": "Something went wrong. Please try again later."}]}}}}}]},
    ],
)  # fmt: skip
async def test_a_refusal_for_now_may_come_as_a_success(body: object, sandbox: Sandbox, opened: Open) -> None:
    sandbox.gate.add(Fault("youtube", "edit_playlist.add", effect="body", status=200, body=json.dumps(body)))
    with pytest.raises(RateLimited):
        await opened().add(song(sandbox, 0))


async def test_an_accepted_write_ends_the_growth(sandbox: Sandbox, opened: Open) -> None:
    playlist = opened(refused_pause_s=0.05, long_pause_s=600)
    for number in range(3):
        sandbox.settings(youtube_writes_left=0)
        with pytest.raises(RateLimited) as refused:
            await playlist.add(song(sandbox, number))
        assert refused.value.retry_after_s == pytest.approx(0.05)
        await asyncio.sleep(0.1)
        sandbox.settings(youtube_writes_left=None)
        await playlist.add(song(sandbox, number))


async def test_writes_are_paced_after_a_small_burst(sandbox: Sandbox, opened: Open) -> None:
    playlist = opened(write_interval_s=0.4, write_burst=2)
    begun = time.monotonic()
    for number in range(4):
        await playlist.add(song(sandbox, number))
    assert time.monotonic() - begun >= 0.8
    assert len(held(sandbox)) == 4


async def test_what_is_refused_for_now_is_placed_by_itself_after_the_long_pause(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    quick = {"NAVAAR_YTMUSIC_REFUSED_PAUSE_S": "0.1", "NAVAAR_YTMUSIC_LONG_PAUSE_S": "2"}
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path, **quick) as at:
        at.sandbox.settings(youtube_writes_left=1)
        service = create(at.environment)
        async with running(service):
            for number in (0, 1):
                await at.ledger.wait(TrackPlaced, number)
                await at.place(at.song(number), track=number + 1)
            async with asyncio.timeout(DEADLINE_S):
                while not (note := (await service.health()).notes["changes"]):
                    await asyncio.sleep(0.02)
            assert "refuses changes" in note
            at.sandbox.settings(youtube_writes_left=None)
            await at.ledger.wait(TrackPlaced, 2)
            assert (await service.health()).notes["changes"] is None
        assert not at.ledger.of(StepFailed)
        assert at.calls("add") == 5
        refused = [call.at for call in at.pretend.gate.calls if call.operation == "edit_playlist.add"][1:]
        assert refused[3] - refused[2] >= 1.9


async def test_a_full_playlist_is_a_cause_of_its_own_and_is_not_asked_until_it_lists_fewer(
    sandbox: Sandbox, opened: Open
) -> None:
    sandbox.settings(youtube_most=2)
    playlist = opened()
    for number in range(2):
        await playlist.add(song(sandbox, number))
    for _ in range(3):
        await playlist.check_for_change()
        with pytest.raises(Permanent, match="5,000") as refused:
            await playlist.add(song(sandbox, 2))
        assert (refused.value.cause, refused.value.kind) == (Cause.PLAYLIST_FULL, FailureKind.EXHAUSTED)
    assert sandbox.gate.counts()["youtube/edit_playlist.add"] == 3
    sandbox.world.youtube_playlist.remove(frozenset([sandbox.world.youtube_playlist.entries[0].slot]))
    await playlist.check_for_change()
    assert playlist.full is None
    await playlist.add(song(sandbox, 2))
    assert len(held(sandbox)) == 2


async def test_a_full_playlist_is_told_once_naming_the_limit_and_the_song_comes_when_there_is_room(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at:
        (first,) = at.add(5)
        at.ledger.claimed.add(first)
        at.sandbox.settings(youtube_most=1)
        service = create(at.environment)
        async with running(service):
            await at.place(at.song(0))
            (failed,) = await at.ledger.wait(StepFailed)
            assert (failed.cause, failed.kind) == (Cause.PLAYLIST_FULL, FailureKind.EXHAUSTED)
            note = (await service.health()).notes["room"]
            assert note is not None
            assert "5,000" in note
            assert at.environment["NAVAAR_YTMUSIC_PLAYLIST_ID"] in note
            at.playlist.remove(frozenset([at.playlist.entries[0].slot]))
            await at.place(at.song(0), attempt=2)
            await at.ledger.wait(TrackPlaced)
            assert (await service.health()).notes["room"] is None


async def test_what_is_added_while_a_playlist_is_read_counts_as_read(sandbox: Sandbox, opened: Open) -> None:
    playlist = opened()
    sandbox.world.youtube_playlist.add([song(sandbox, 0)] * 120, by="a person")
    # The first page, which says how many there are, was asked for before the last one was added.
    sandbox.gate.add(Fault("youtube", "browse", effect="shrunken", share=119.5 / 120, count=2))
    reading = await playlist.read()
    assert (len(reading.entries), reading.count) == (120, 120)
    tail = await playlist.read_tail(110)
    assert (tail.start, len(tail.entries), tail.count) == (100, 20, 120)


@pytest.mark.parametrize("entry_known", [True, False])
async def test_a_removal_is_read_before_it_is_believed(entry_known: bool, sandbox: Sandbox, opened: Open) -> None:
    playlist = opened()
    added = await playlist.add(song(sandbox, 0))
    success = json.dumps({"status": "STATUS_SUCCEEDED"})
    sandbox.gate.add(Fault("youtube", "edit_playlist.remove", effect="body", status=200, body=success))
    entry = added.set_video_id if entry_known else None
    with pytest.raises(Transient):
        await playlist.remove(song(sandbox, 0), entry)
    await playlist.remove(song(sandbox, 0), entry)
    assert held(sandbox) == []
    await playlist.remove(song(sandbox, 0), entry)
    assert sandbox.gate.counts()["youtube/edit_playlist.remove"] == 2


async def test_a_removal_may_show_a_little_later(sandbox: Sandbox, opened: Open) -> None:
    playlist = opened()
    added = await playlist.add(song(sandbox, 0))
    sandbox.settings(lag=0.5)
    await asyncio.sleep(0.6)
    await playlist.remove(song(sandbox, 0), added.set_video_id)
    assert held(sandbox) == []


async def test_a_song_listed_under_another_id_is_taken_out_by_its_entry_alone(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.YOUTUBE, nats_environment, tmp_path) as at:
        (other,) = at.add(3)
        at.ledger.claimed |= {other, at.song(4)}
        at.sandbox.settings(youtube_shown_as={at.song(1): at.song(4)})
        async with running(create(at.environment)):
            await at.place(at.song(1))
            (placed,) = await at.ledger.wait(TrackPlaced)
            await at.ledger.service.publisher.publish(
                RemoveTrack(
                    link="main",
                    track_id=1,
                    attempt=2,
                    target=Platform.YOUTUBE,
                    external_id=placed.external_id,
                    set_video_id=placed.set_video_id,
                )
            )
            await at.ledger.wait(TrackRemoved)
        assert at.ids == [other]
        assert at.calls("remove") == 1
