"""Items that come together are identified a few at a time, in order, and none of them is forgotten."""

from __future__ import annotations

from navaar_contracts.commands import FetchAudio, IdentifyTrack
from navaar_contracts.events import FailureKind
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Message
from navaar_contracts.records import TrackDiscovered
from navaar_ledger.domain.admission import AdmissionQueue, admissible, has_room
from navaar_ledger.domain.queue import QueueEntry
from navaar_ledger.domain.track import TrackStep
from tests.support.ledger_world import Song, World, run

POSTS = AdmissionQueue("main", Platform.TELEGRAM, False)


def entry(order: int, *, in_hand: bool = False) -> QueueEntry:
    return QueueEntry(
        queue=POSTS.key,
        track_id=order,
        target=Platform.TELEGRAM,
        order=order,
        state=DeliveryState.IDENTIFYING,
        released=in_hand,
    )


def next_ones(*entries: QueueEntry) -> list[int]:
    return [each.order for each in admissible(entries, 2)]


def crowded_world(songs: int, **rules: int) -> World:
    """Songs of even numbers, which share no key, posted at once: all of them sighted, nothing is fetched yet."""
    world = World(listening=2, identifying=3, **rules)
    world.open_collections()
    for number in range(songs):
        world.add(Platform.TELEGRAM, Song(2 * number))
    world.catch_up()
    return world


def asked(world: World) -> list[int]:
    """Whose file or name was asked for, in that order."""
    kinds = (FetchAudio, IdentifyTrack)
    return list(dict.fromkeys(message.track_id for message in world.sent if isinstance(message, kinds)))


def identify_one(world: World) -> None:
    """The first command that a name waits for, with all that follows for that track until it has one."""
    first = next(each for each in world.commands if isinstance(each, FetchAudio | IdentifyTrack))
    while world.store.documents[first.track_id].recording is None:
        command = next(each for each in world.commands if each.track_id == first.track_id)
        world.commands.remove(command)
        world.carry_out(command)
        world.hand(world.events.pop(0))


def test_whoever_is_next_goes_by_order_and_to_no_more_than_may_be_in_hand() -> None:
    assert next_ones(entry(1), entry(2), entry(3)) == [1, 2]
    assert next_ones(entry(1, in_hand=True), entry(2), entry(3)) == [2]
    assert next_ones(entry(1, in_hand=True), entry(2, in_hand=True), entry(3)) == []
    # Tried again by a person: more are in hand than may be, and nothing breaks.
    assert next_ones(*(entry(number, in_hand=True) for number in (1, 2, 3)), entry(4)) == []


def test_whoever_comes_while_others_wait_waits_behind_them() -> None:
    assert has_room([], 2)
    assert has_room([entry(1, in_hand=True)], 2)
    assert not has_room([entry(1, in_hand=True), entry(2)], 2)


def test_of_a_crowd_only_the_first_are_asked_for_and_the_next_follows_whoever_has_a_name() -> None:
    world = crowded_world(4)
    assert asked(world) == [1, 2]
    identify_one(world)
    assert asked(world) == [1, 2, 3]
    identify_one(world)
    assert asked(world) == [1, 2, 3, 4]


def test_one_item_alone_waits_for_nothing() -> None:
    world = crowded_world(1)
    assert world.store.documents[1].step is not TrackStep.WAIT
    assert world.store.documents[1].version == 1


def test_the_history_tells_the_number_of_what_waits_once() -> None:
    world = crowded_world(3)

    def told() -> list[int]:
        return [message.track_id for message in world.sent if isinstance(message, TrackDiscovered)]

    assert told() == [1, 2, 3]
    identify_one(world)
    assert told() == [1, 2, 3]


def test_an_item_that_nobody_can_identify_makes_room_too() -> None:
    world = crowded_world(3)
    world.fail = lambda command: FailureKind.PERMANENT if command.track_id == 1 else None
    while 3 not in asked(world):
        command = world.commands.pop(0)
        world.carry_out(command)
        world.hand(world.events.pop(0))
    assert world.store.documents[1].recording is None


def test_another_collection_and_a_first_sync_have_queues_of_their_own() -> None:
    world = crowded_world(3)
    world.add(Platform.YOUTUBE, Song(9))
    world.catch_up()
    assert asked(world) == [1, 2, 4]


def test_an_admission_that_a_crash_lost_is_made_up_for_by_the_clock() -> None:
    world = crowded_world(3)
    first = world.store.documents[1]
    run(world.store.save(first.changed(step=TrackStep.DONE, state="identified", version=2), 1))
    sent: list[Message] = list(world.sent)
    world.run_clock()
    assert [m.track_id for m in world.sent[len(sent) :] if isinstance(m, FetchAudio | IdentifyTrack)] == [3]


def test_what_waits_for_its_turn_is_not_taken_for_lost() -> None:
    world = crowded_world(3)
    world.commands.clear()
    world.tick(1000)
    world.cycle()
    assert [command.track_id for command in world.commands] == [1, 2]


def test_a_crowd_ends_where_single_songs_end() -> None:
    world = crowded_world(5, working=2)
    world.settle()
    for number in (0, 2, 4, 6, 8):
        assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1]
    for platform in (Platform.YOUTUBE, Platform.SPOTIFY):
        assert [number for _, number in world.shelves[platform].items] == [0, 2, 4, 6, 8]
