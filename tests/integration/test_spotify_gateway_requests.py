"""How many requests the Spotify gateway makes where a new snapshot_id shows only half a minute after a write."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.commands import RemoveTrack
from navaar_contracts.events import CandidatesFound, CollectionOpened, ItemSighted, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_spotify_gateway.__main__ import create
from tests.support.gateways import Stage, running, stage, until

PLACED = 20


async def requests_for_placing(
    environment: dict[str, str], folder: Path, size: int, snapshot_lag: float
) -> tuple[int, int]:
    """All requests and those for pages, after the first reading: search and place, and a poll now and then."""
    async with stage(Platform.SPOTIFY, environment, folder, tracks=size + PLACED) as at:
        at.sandbox.settings(spotify_snapshot_lag=snapshot_lag)
        before = at.add(*range(size))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            begun, pages = len(at.sandbox.gate.calls), at.calls("items")
            for placed in range(1, PLACED + 1):
                # Tracks of their own for each size: both stories are told on one server.
                await at.find(f"song {placed}", track=1000 * size + placed)
                await at.ledger.wait(CandidatesFound, placed)
                await at.place(at.song(size + placed - 1), track=1000 * size + placed)
                await at.ledger.wait(TrackPlaced, placed)
                if placed % 4 == 0:
                    looks = looked(at)
                    await at.poll()
                    await until(lambda looks=looks: looked(at) > looks)  # type: ignore[misc]
            made = len(at.sandbox.gate.calls) - begun, at.calls("items") - pages
        assert at.ids == [*before, *(at.song(size + number) for number in range(PLACED))]
        assert not [event for event in at.ledger.of(ItemSighted) if not event.first_read]
    return made


def looked(at: Stage) -> int:
    return at.calls("playlist") + at.calls("items")


@pytest.mark.parametrize("lag", [0.0, 0.3, 30.0])
async def test_placing_into_a_long_playlist_takes_at_most_four_and_a_half_requests_a_song(
    nats_environment: dict[str, str], tmp_path: Path, lag: float
) -> None:
    made, pages = await requests_for_placing(nats_environment, tmp_path, 500, lag)
    assert made <= 4.5 * PLACED
    assert pages <= 1.5 * PLACED


async def test_placing_costs_the_same_whatever_the_playlist_holds(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    short, _ = await requests_for_placing(nats_environment, tmp_path / "short", 50, 30)
    long, _ = await requests_for_placing(nats_environment, tmp_path / "long", 1000, 30)
    assert abs(long - short) <= 2


async def test_additions_of_a_person_are_seen_at_once_with_the_last_page_only(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path, tracks=320) as at:
        at.sandbox.settings(spotify_snapshot_lag=30)
        at.add(*range(300))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            pages, known = at.calls("items"), len(at.ledger.of(ItemSighted))
            for number in range(300, 310):
                (song,) = at.add(number)
                await at.poll()
                await at.ledger.wait(ItemSighted, known + number - 299)
                assert at.ledger.of(ItemSighted)[-1].external_id == song
        assert at.calls("items") - pages <= 12


async def test_what_the_tail_does_not_explain_is_read_completely(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path, tracks=130) as at:
        at.sandbox.settings(spotify_snapshot_lag=30)
        at.add(*range(120))
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(125))
            await at.ledger.wait(TrackPlaced)
            # A person takes one out in the middle and adds another: the count stays, the tail moves.
            at.playlist.remove(frozenset({at.playlist.entries[60].slot}))
            at.playlist.add([at.song(127)], by="a person")
            await at.poll()
            await at.ledger.wait(ItemSighted, 121)
            looks = looked(at)
            await at.poll()
            await until(lambda: looked(at) > looks)
            # What was taken out is placed again, not taken to be there.
            await at.place(at.song(60), track=2)
            placed = await at.ledger.wait(TrackPlaced, 2)
        assert not placed[1].already_there
        assert at.ids.count(at.song(60)) == 1
        assert {event.external_id for event in at.ledger.of(ItemSighted)[120:]} == {at.song(127)}


async def test_what_was_just_placed_can_be_taken_out_while_the_snapshot_lags(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path) as at:
        at.sandbox.settings(spotify_snapshot_lag=30)
        kept = at.add(0, 1)
        async with running(create(at.environment)):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4))
            await at.ledger.wait(TrackPlaced)
            await at.ledger.service.publisher.publish(
                RemoveTrack(link="main", track_id=1, target=at.platform, external_id=at.song(4))
            )
            await at.ledger.wait(TrackRemoved)
        assert at.ids == kept
