"""Both playlist gateways take out, add and search at a person's wish."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from navaar_contracts.commands import AddItem, RemoveTrack
from navaar_contracts.events import CollectionOpened, ItemSighted, TrackPlaced, TrackRemoved
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import SearchCatalogue
from tests.support.gateways import PLAYLIST_WAYS, Stage, reached, running, stage, until


@pytest.fixture(params=PLAYLIST_WAYS)
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Platform:
    return reached(request.param, monkeypatch)


async def remove(
    at: Stage, external_id: str, set_video_id: str | None = None, *, attempt: int = 1, identity: str = ""
) -> None:
    await at.ledger.service.publisher.publish(
        RemoveTrack(
            link="main",
            track_id=1,
            attempt=attempt,
            identity=identity,
            target=at.platform,
            external_id=external_id,
            set_video_id=set_video_id,
        )
    )


async def ask_to_add(at: Stage, external_id: str) -> None:
    await at.ledger.service.publisher.publish(
        AddItem(link="main", platform=at.platform, external_id=external_id, asked_at=datetime.now(UTC))
    )


@pytest.mark.parametrize(("entry_known", "identity"), [(True, "9f86d081884c7d65"), (False, "")])
async def test_what_was_placed_by_mistake_is_taken_out_and_can_be_placed_again(
    platform: Platform, entry_known: bool, identity: str, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        kept = at.add(0)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4), identity=identity)
            (placed,) = await at.ledger.wait(TrackPlaced)
            await remove(at, at.song(4), placed.set_video_id if entry_known else None, identity=identity)
            (removed,) = await at.ledger.wait(TrackRemoved)
            assert (removed.external_id, removed.track_id) == (at.song(4), 1)
            assert at.ids == kept
            await at.place(at.song(4), attempt=2, identity=identity)
            await at.ledger.wait(TrackPlaced, 2)
        assert at.ids == [*kept, at.song(4)]


async def test_what_no_list_shows_yet_is_taken_out_all_the_same(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        kept = at.add(0)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            at.playlist.lag = 1
            await at.place(at.song(4))
            (placed,) = await at.ledger.wait(TrackPlaced)
            await remove(at, at.song(4), placed.set_video_id)
            await at.ledger.wait(TrackRemoved)
        assert at.ids == kept


async def test_what_is_gone_already_counts_as_removed(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        kept = at.add(0)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await remove(at, at.song(4), "0000000000000099")
            await at.ledger.wait(TrackRemoved)
        assert at.ids == kept
        assert at.calls("remove") == 0


async def test_a_removal_whose_answer_is_lost_is_looked_at_before_it_is_repeated(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        gone, kept = at.add(0, 1)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            at.fault("remove", effect="status_after", status=503)
            await remove(at, gone)
            await at.ledger.wait(TrackRemoved)
        assert at.ids == [kept]
        assert at.calls("remove") == 1


async def test_an_item_added_at_a_persons_wish_is_reported_like_any_other(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        await ask_to_add(at, at.song(4))
        (seen,) = await at.ledger.wait(ItemSighted)
        assert (seen.external_id, seen.first_read) == (at.song(4), False)
        assert at.ids == [at.song(4)]


@pytest.mark.parametrize("lag", [0, 1])
async def test_a_wish_whose_answer_is_lost_is_granted_once(
    platform: Platform, lag: float, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        at.playlist.lag = lag
        at.fault("add", effect="status_after", status=503)
        await ask_to_add(at, at.song(4))
        (seen,) = await at.ledger.wait(ItemSighted)
        assert seen.external_id == at.song(4)
        assert at.ids == [at.song(4)]


async def test_an_item_that_is_there_is_not_added_at_a_wish(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        at.add(4)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await ask_to_add(at, at.song(4))
            await ask_to_add(at, at.song(5))
            await until(lambda: at.song(5) in at.ids)
        assert at.ids == [at.song(4), at.song(5)]


async def test_a_person_may_search(platform: Platform, nats_environment: dict[str, str], tmp_path: Path) -> None:
    async with stage(platform, nats_environment, tmp_path) as at, running(at.gateway()):
        await at.ledger.wait(CollectionOpened)
        song = at.sandbox.catalogue.recordings[3]
        reply = await at.ledger.service.queries.ask(
            SearchCatalogue(platform=platform, text=f"{song.artists[0]} {song.title}", limit=3), timeout_s=10
        )
        assert 0 < len(reply.candidates) <= 3
        assert at.song(3) in {candidate.id for candidate in reply.candidates}
