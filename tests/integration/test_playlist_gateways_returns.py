"""Both playlist gateways tell what a person has put back, and whether something is still there."""

from __future__ import annotations

from pathlib import Path

import pytest

from navaar_contracts.commands import CheckPresence, PlaceTrack
from navaar_contracts.events import CollectionOpened, ItemSighted, PresenceKnown, TrackPlaced
from navaar_contracts.identifiers import FirstSync, Platform
from navaar_contracts.music import Recording
from tests.support.gateways import PLAYLIST_WAYS, Stage, reached, running, stage, until


@pytest.fixture(params=PLAYLIST_WAYS)
def platform(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Platform:
    return reached(request.param, monkeypatch)


def take_out(at: Stage, external_id: str) -> None:
    at.playlist.remove(frozenset({entry.slot for entry in at.playlist.entries if entry.item == external_id}))


async def looked(at: Stage) -> None:
    """The gateway has looked once more."""
    await at.poll()
    before = len(at.ledger.of(PresenceKnown))
    await ask(at, at.song(9), attempt=100 + before)
    await at.ledger.wait(PresenceKnown, before + 1)


async def ask(at: Stage, *ids: str, attempt: int = 1) -> None:
    await at.ledger.service.publisher.publish(
        CheckPresence(link="main", track_id=1, attempt=attempt, target=at.platform, external_ids=ids)
    )


async def test_what_a_person_takes_out_and_puts_back_is_reported_as_returned_and_nothing_else_is(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    """Neither what the ledger has placed, nor what it places again, is anybody's return; a start hides none."""
    async with stage(platform, nats_environment, tmp_path) as at:
        kept, out = at.add(0, 1)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4))
            await at.ledger.wait(TrackPlaced)
        take_out(at, out)
        async with running(at.gateway()):
            await looked(at)
            at.add(1)
            await at.poll()
            await until(lambda: len(at.ledger.of(ItemSighted)) == 3)
            first, second, back = at.ledger.of(ItemSighted)
            assert {first.external_id, second.external_id} == {kept, out}
            assert (back.external_id, back.returned, back.first_read) == (out, True, False)
            take_out(at, at.song(4))
            await looked(at)
            again = PlaceTrack(
                link="main",
                track_id=1,
                attempt=2,
                target=at.platform,
                external_id=at.song(4),
                recording=Recording(title="A song"),
                renewal=1,
            )
            await at.ledger.service.publisher.publish(again)
            _, placed = await at.ledger.wait(TrackPlaced, 2)
            assert (placed.external_id, placed.already_there) == (at.song(4), False)
            await looked(at)
        assert sorted(at.ids) == sorted([kept, out, at.song(4)])
        assert len(at.ledger.of(ItemSighted)) == 3


async def test_whether_it_is_there_is_answered(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(platform, nats_environment, tmp_path) as at:
        kept, out = at.add(0, 1)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            take_out(at, out)
            await ask(at, kept, out, at.song(5))
            await ask(at, out, attempt=2)
            known = sorted(await at.ledger.wait(PresenceKnown, 2), key=lambda each: each.attempt)
            assert [(each.present, each.certain) for each in known] == [((kept,), True), ((), True)]


async def test_what_was_ordered_before_a_plan_waits_at_the_gate_until_it_is_approved(
    nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with stage(Platform.SPOTIFY, nats_environment, tmp_path, NAVAAR_FIRST_SYNC=FirstSync.PLAN.value) as at:
        kept = at.add(0)
        async with running(at.gateway()):
            await at.ledger.wait(CollectionOpened)
            await at.place(at.song(4))
            await looked(at)
            assert at.ids == kept
            assert not at.ledger.of(TrackPlaced)
        at.environment["NAVAAR_FIRST_SYNC"] = FirstSync.SYNC.value
        async with running(at.gateway()):
            await at.ledger.wait(TrackPlaced)
        assert at.ids == [*kept, at.song(4)]
