"""When a ledger was set back, and what it then has to read; and that no message of a former life is taken for ours."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import TrackCommand
from navaar_contracts.records import TrackDiscovered
from navaar_ledger.domain.track import Track
from navaar_ledger.rebuild.history import Extent, number_in
from navaar_ledger.rebuild.reconcile import reading
from navaar_ledger.store.life import Life, Mark, Reconciled, Restored, new_epoch, reconciled, restored
from navaar_runtime.acknowledgement import answering
from tests.support.ledger_world import Song, World

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
STREAM = "2026-11-01T00:00:00+00:00"
BACKUP = Restored("2026-11-22T03:17:00+00:00", "2026-11-22T12:00:00+00:00")


def life(sequence: int | None, restored_from: Restored | None = None, stream: str = STREAM) -> Life:
    return Life("e", Mark(stream, sequence) if sequence is not None else None, restored_from, None)


def extent(last: int, first: int = 1, acknowledged: int = 0) -> Extent:
    return Extent(STREAM, first, last, acknowledged)


def test_a_ledger_that_knows_all_reads_nothing() -> None:
    plan = reading(life(90), extent(100), AT, missed=False)
    assert (plan.first, plan.gap, plan.records_lost) == (None, "", False)


def test_a_ledger_that_was_set_back_reads_from_its_mark_on() -> None:
    plan = reading(life(40), extent(100), AT, missed=True)
    assert (plan.first, plan.gap, plan.records_lost) == (41, "", False)
    assert "older" in plan.why
    plan = reading(life(40, BACKUP), extent(100), AT, missed=True)
    assert BACKUP.taken_at in plan.why


def test_what_the_history_no_longer_has_is_a_gap() -> None:
    plan = reading(life(40), extent(100, first=60), AT, missed=True)
    assert plan.first == 60
    assert "41" in plan.gap
    assert "60" in plan.gap
    # An old beginning is no gap for who is up to date.
    assert reading(life(99), extent(100, first=60), AT, missed=False).gap == ""


def test_new_streams_tell_nothing_of_what_was_restored() -> None:
    other = life(40, BACKUP, "2026-10-01T00:00:00+00:00")
    plan = reading(other, extent(0), AT, missed=False)
    assert (plan.first, plan.records_lost) == (None, True)
    assert plan.gap
    # A folder of streams that was removed: the ledger knows all, but outcomes of what was under way are lost.
    plan = reading(life(40, None, "2026-10-01T00:00:00+00:00"), extent(0), AT, missed=False)
    assert (plan.first, plan.gap, plan.records_lost) == (None, "", True)


def test_streams_that_were_set_back_themselves() -> None:
    plan = reading(life(140), extent(100), AT, missed=False)
    assert (plan.first, plan.records_lost) == (None, True)


def test_a_ledger_without_a_mark_is_of_an_earlier_version_or_lost() -> None:
    assert reading(life(None), extent(100), AT, missed=False).first is None
    plan = reading(life(None), extent(100), AT, missed=True)
    assert plan.since == AT
    plan = reading(life(None), extent(100), None, missed=True)
    assert (plan.first, plan.since, plan.gap) == (1, None, "")
    assert reading(life(None), extent(100, first=7), None, missed=True).gap


def test_what_is_kept_about_a_life_comes_back() -> None:
    assert Life.of({}) == Life(None, None, None, None)
    about = {**new_epoch(), **Mark(STREAM, 17).about(), **restored(BACKUP)}
    known = Life.of(about)
    assert (known.mark, known.restored, known.reconciled) == (Mark(STREAM, 17), BACKUP, None)
    done = Reconciled("now", "why", 3, 0, 1, 18, 30, held_back=("yt_to_tg",), in_doubt=2)
    known = Life.of({**about, **reconciled(done)})
    assert (known.restored, known.reconciled) == (None, done)
    assert "yt_to_tg" in done.told()
    assert new_epoch() != new_epoch()


@pytest.mark.parametrize(
    ("subject", "number"),
    [
        ("$KV.navaar-intents.main.17-9f86d081884c7d65.telegram", 17),
        ("$KV.navaar-intents.main.17.spotify", 17),
        ("$KV.navaar-intents.card.main.17", 0),
        ("$KV.navaar-intents.main.x-1.spotify", 0),
        # A number that no ledger has given would leave none for the next song.
        (f"$KV.navaar-intents.main.{2**53 - 1}-9f86d081884c7d65.spotify", 0),
    ],
)
def test_numbers_in_records(subject: str, number: int) -> None:
    assert number_in(subject) == number


def commands_of(world: World) -> list[TrackCommand]:
    return [each for each in world.sent if isinstance(each, TrackCommand)]


def test_each_track_has_an_identity_in_all_its_commands_and_no_two_the_same() -> None:
    lives = []
    for _ in range(2):
        world = World()
        world.open_collections()
        world.add(SP, Song(1))
        world.add(YT, Song(2))
        world.settle()
        names = {(each.track_id, each.identity) for each in commands_of(world)}
        assert {number for number, _ in names} == {1, 2}
        assert len(names) == 2
        assert all(len(identity) == 16 for _, identity in names)
        placed = {each.delivery_key() for each in commands_of(world) if isinstance(each, c.PlaceTrack)}
        assert len(placed) == 4
        lives.append({each.message_id() for each in commands_of(world)} | placed)
    assert not lives[0] & lives[1]


def test_ids_and_keys_without_an_identity_are_those_of_before() -> None:
    name: dict[str, Any] = {"link": "main", "track_id": 5, "target": SP, "external_id": "x"}
    placed = e.TrackPlaced(**name)
    assert placed.message_id() == "placed:main:5:spotify:1"
    assert c.RemoveTrack(**name).delivery_key() == "main.5.spotify"
    assert e.TrackPlaced(**name, identity="ab").message_id() == "placed:main:5-ab:spotify:1"


def test_an_answer_bears_the_identity_of_its_command_whoever_made_it() -> None:
    command = c.RemoveTrack(link="main", track_id=5, target=SP, external_id="x", identity="ab")
    answer = e.TrackRemoved(link="main", track_id=5, target=SP, external_id="x")
    assert answering(command, answer).identity == "ab"  # type: ignore[attr-defined]
    cycle = c.RunCycle(link="main", direction="sp_to_yt", number=1)
    assert answering(cycle, answer) is answer


def test_an_answer_of_a_former_life_changes_nothing() -> None:
    world = World()
    world.open_collections()
    world.add(SP, Song(1))
    while not any(isinstance(each, c.PlaceTrack) for each in world.commands):
        if world.events:
            world.hand(world.events.pop(0))
        elif world.commands:
            world.carry_out(world.commands.pop(0))
    (place,) = [each for each in world.commands if isinstance(each, c.PlaceTrack)][:1]
    stranger = e.TrackPlaced(
        link="main",
        track_id=place.track_id,
        attempt=place.attempt,
        identity="0" * 16,
        target=place.target,
        external_id="another song's",
    )
    before, claims = world.store.documents[place.track_id], dict(world.store.claims)
    world.hand(stranger)
    assert world.store.documents[place.track_id] == before
    assert world.store.claims == claims
    # One of a service that knows of no identities yet still counts.
    world.hand(stranger.model_copy(update={"identity": ""}))
    assert world.store.documents[place.track_id] != before


def test_the_record_of_a_number_names_the_identity_too() -> None:
    told = TrackDiscovered(link="main", track_id=4, platform=SP, external_id="s", identity="ab", discovered_at=AT)
    assert told.message_id() == "discovered:main:4-ab"


def test_a_track_of_an_earlier_version_keeps_its_names_to_the_end() -> None:
    world = World()
    world.open_collections()
    world.add(SP, Song(1))
    world.hand(world.events.pop(0))
    (track,) = world.store.documents.values()
    body = track.model_dump(mode="json")
    del body["identity"]
    for delivery in body["deliveries"].values():
        del delivery["identity"]
    world.store.documents[track.id] = Track.model_validate(body)
    world.commands.clear()
    sent = len(world.sent)
    world.tick(400)
    world.settle()
    later = [each for each in world.sent[sent:] if isinstance(each, TrackCommand)]
    assert {each.identity for each in later} == {""}
    keys = {each.delivery_key() for each in later if isinstance(each, c.PlaceTrack)}
    assert keys == {"main.1.youtube", "main.1.telegram"}
    assert all(world.copies(platform, 1) == 1 for platform in Platform)
