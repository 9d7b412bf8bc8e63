"""A ledger made again from the history of a world is the world's ledger; and what differs is found."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from navaar_contracts import commands as c
from navaar_contracts import events as e
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Event, Message, TrackCommand
from navaar_contracts.records import REQUESTS, RequestTaken, TrackDiscovered
from navaar_ledger.application.requests import taken
from navaar_ledger.domain.track import Track, TrackState
from navaar_ledger.rebuild.comparison import Contents, compare, outline
from navaar_ledger.rebuild.evidence import expecting
from navaar_ledger.rebuild.names import RememberedNames
from navaar_ledger.rebuild.rebuild import in_file
from navaar_ledger.rebuild.replay import Replay
from navaar_ledger.store.sqlite.store import FILE, SqliteStore
from tests.support.ledger_world import START, Song, World

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


class RecordedWorld(World):
    """Keeps what its stream would hold: events as they are first taken, and requests once they are carried out."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[tuple[datetime, Event]] = []

    def hand(self, message: Message, *, crash_after: int | None = None, lose: bool = False) -> bool:
        if isinstance(message, Event):
            self.history.append((self.now, message))
        done = super().hand(message, crash_after=crash_after, lose=lose)
        if done and isinstance(message, REQUESTS):
            self.history.append((self.now, taken(message, self.now)))
        return done

    def contents(self) -> Contents:
        tracks = {number: outline(track) for number, track in self.store.documents.items()}
        return Contents(tracks, dict(self.store.claims))

    async def rebuilt(self, folder: Path) -> Contents:
        store, names = SqliteStore(folder, durable=False), RememberedNames()
        await store.open()
        for message in self.sent:
            if isinstance(message, TrackDiscovered):
                names.learn(message)
        through = Replay(store, self.policy, names)
        for at, event in self.history:
            await through.take(event, at)
        await through.finish(self.now)
        await store.close()
        return in_file(folder / FILE)


def a_life(seed: int) -> RecordedWorld:
    """Songs that are the same on several sides, failures of every kind, cycles, crashes, and a person who decides."""
    chance = random.Random(seed)
    world = RecordedWorld()
    world.open_collections()
    world.fail = lambda command: a_failure(command, chance) if chance.random() < 0.12 else None
    world.doubtful, world.unknown, world.mistaken = {3}, {4}, {5}
    for _ in range(12):
        song = Song(chance.randrange(8), chance.choice((0, 0, 1, 2)))
        world.add(chance.choice((TG, YT, SP)), song)
        for _ in range(chance.randrange(12)):
            if world.events:
                event = world.events.pop(world.next_event())
                if not world.hand(event, crash_after=chance.choice((None, None, None, 0, 1))) or chance.random() < 0.1:
                    world.hand(event)
            elif world.commands:
                command = world.commands.pop(chance.randrange(len(world.commands)))
                if chance.random() < 0.9:
                    world.carry_out(command)
                # Else it is lost, and asked for again when nothing was heard for long.
        if chance.random() < 0.4:
            world.tick(chance.choice((1, 70, 400)))
            world.run_clock()
            world.cycle()
    world.settle()
    decide(world, chance)
    world.fail = lambda command: None
    world.settle()
    return world


def a_failure(command: TrackCommand, chance: random.Random) -> e.FailureKind:
    kinds = [e.FailureKind.EXHAUSTED, e.FailureKind.PERMANENT]
    if isinstance(command, c.PlaceTrack) and command.target is TG:
        kinds += [e.FailureKind.AUDIO_MISSING]
    return chance.choice(kinds)


def decide(world: RecordedWorld, chance: random.Random) -> None:
    for number, target in world.wrong_ones():
        world.ask(c.ReportWrongMatch, track_id=number, target=target)
    world.settle()
    joined = [number for number, track in world.store.documents.items() if track.state is TrackState.MERGED]
    if joined:
        world.ask(c.PartTrack, track_id=joined[-1])
        world.settle()
    for track in list(world.store.documents.values()):
        for target, delivery in track.deliveries.items():
            if track.is_alive and delivery.state is DeliveryState.REVIEW:
                answer = chance.choice((c.ReviewAnswer.NONE, c.ReviewAnswer.NEVER, c.ReviewAnswer.SEARCH_AGAIN))
                world.ask(c.AnswerReview, track_id=track.id, target=target, answer=answer)
    world.ask(c.DeleteTrack, track_id=1)
    if chance.random() < 0.5:
        world.retry_all()


@pytest.mark.parametrize("seed", range(10))
async def test_history_of_any_life_gives_the_same_ledger(seed: int, tmp_path: Path) -> None:
    world = a_life(seed)
    found = compare(world.contents(), await world.rebuilt(tmp_path), None)
    assert found.tracks > 3
    assert found.differences == ()


@pytest.mark.parametrize("seed", range(4))
async def test_what_was_taken_out_and_added_again_is_in_the_history_too(seed: int, tmp_path: Path) -> None:
    chance, world = random.Random(seed), a_life(seed)
    for song in (2, 6, 7):
        world.add(TG, Song(song))
        world.settle()
        out = chance.sample([TG, YT, SP], chance.randrange(1, 4))
        for platform in out:
            world.take_out(platform, song)
            world.report(platform)
        world.add(out[0], Song(song))
        while world.events or (world.commands and chance.random() < 0.7):
            world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
        # What waits now is lost, and asked for again when nothing was heard for long.
        world.commands.clear()
        world.tick(400)
        world.settle()
    assert compare(world.contents(), await world.rebuilt(tmp_path), None).differences == ()


async def test_history_sent_again_gives_the_same_ledger(tmp_path: Path) -> None:
    world = a_life(3)
    # A retry that is taken once more sets in motion once more what has failed.
    again = [each for _, each in world.history if not (isinstance(each, RequestTaken) and each.retry)]
    world.history += [(world.now, event) for event in again]
    assert compare(world.contents(), await world.rebuilt(tmp_path), None).differences == ()


async def test_numbers_go_on_after_the_highest(tmp_path: Path) -> None:
    world = a_life(1)
    rebuilt = await world.rebuilt(tmp_path)
    store = SqliteStore(tmp_path)
    await store.open()
    try:
        assert await store.next_track_id() == max(rebuilt.tracks) + 1
    finally:
        await store.close()


def one_song() -> RecordedWorld:
    world = RecordedWorld()
    world.open_collections()
    world.add(SP, Song(1))
    world.settle()
    return world


def changed(contents: Contents, track: Track) -> Contents:
    return Contents({**contents.tracks, track.id: outline(track)}, dict(contents.claims))


def test_missing_delivery_item_claim_and_track_are_differences() -> None:
    world = one_song()
    whole = world.contents()
    (track,) = world.store.documents.values()
    left = {target: d for target, d in track.deliveries.items() if target is not YT}
    found = compare(changed(whole, track.changed(deliveries=left)), whole, None).differences
    assert [(d.what, d.ledger, d.rebuilt) for d in found] == [("delivery to youtube", "none", "synced as yt-1")]
    (found_items,) = compare(changed(whole, track.changed(items={SP: "sp-1"})), whole, None).differences
    assert found_items.what == "items"
    (claim,) = compare(Contents(whole.tracks, {}), Contents(whole.tracks, {"main|spotify|sp-1": 1}), None).differences
    assert (claim.what, claim.ledger, claim.rebuilt) == ("claim main|spotify|sp-1", "none", "#1")
    assert [d.what for d in compare(Contents(), whole, None).differences if not d.what.startswith("claim")] == ["track"]


def test_step_under_way_is_no_difference() -> None:
    world = one_song()
    (track,) = world.store.documents.values()
    delivery = track.deliveries[YT]
    states = (DeliveryState.SEARCHING, DeliveryState.RETRY_SCHEDULED)
    one, other = (track.with_delivery(delivery.noted(state=state)) for state in states)
    whole = world.contents()
    assert compare(changed(whole, one), changed(whole, other), None).differences == ()


def test_tracks_older_than_the_history_are_counted_and_not_compared() -> None:
    whole = one_song().contents()
    found = compare(whole, Contents(), START + timedelta(days=1))
    assert (found.differences, found.too_old, found.tracks) == ((), 1, 0)


def test_fact_of_an_earlier_try_proves_nothing_and_one_of_a_later_try_that_it_was_begun() -> None:
    world = one_song()
    (track,) = world.store.documents.values()
    delivery = track.deliveries[YT].noted(state=DeliveryState.RETRY_SCHEDULED, attempt=2)
    waiting = track.with_delivery(delivery)
    late = e.CandidatesFound(link="main", track_id=track.id, attempt=1, target=YT, query="q", candidates=())
    assert expecting(waiting, late, START) is waiting
    proven = expecting(waiting, late.model_copy(update={"attempt": 3, "round": 1}), START).deliveries[YT]
    assert (proven.state, proven.attempt, proven.round) == (DeliveryState.SEARCHING, 3, 1)
    assert expecting(track, late.model_copy(update={"attempt": 9}), START) is track
