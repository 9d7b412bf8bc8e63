"""What an earlier program knew is taken over: nothing it did is done again, what was open continues, nobody is told."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from navaar_contracts.commands import FetchAudio, IdentifyTrack
from navaar_contracts.events import (
    DeliveryStopped,
    DeliverySynced,
    ImportedDelivery,
    ImportedLine,
    ItemSighted,
    NoticeGiven,
    TrackImported,
)
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import UnknownItems
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.domain.track import Delivery, Track, TrackState
from tests.support.ledger_world import START, Song, World, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
SYNCED, DUPLICATE, FAILED, PENDING = (
    DeliveryState.SYNCED,
    DeliveryState.DUPLICATE,
    DeliveryState.FAILED,
    DeliveryState.PENDING,
)
LONG_AGO = START - timedelta(days=200)


def told(origin: Platform, target: Platform, state: DeliveryState, external_id: str | None = None, **more: Any) -> Any:
    done_at = LONG_AGO if state.is_done else None
    return ImportedDelivery(
        target=target, origin=origin, state=state, external_id=external_id, synced_at=done_at, **more
    )


def imported(platform: Platform, external_id: str, number: int | None, *deliveries: Any, **more: Any) -> TrackImported:
    item = ItemMetadata() if number is None else ItemMetadata(title=f"song {number}", artists=("Somebody",))
    return TrackImported(
        **{
            "link": "main",
            "platform": platform,
            "external_id": external_id,
            "item": item,
            "deliveries": deliveries,
            "source": "row #1 of navaar.db",
            "first_seen_at": LONG_AGO,
            **more,
        }
    )


def opened_world(**rules: Any) -> World:
    world = World(**rules)
    world.open_collections()
    return world


def track(world: World, number: int = 1) -> Track:
    return world.store.documents[number]


def delivery(world: World, target: Platform, number: int = 1) -> Delivery:
    return track(world, number).deliveries[target]


def unknown(world: World, platform: Platform, *ids: str) -> tuple[str, ...]:
    questions = LedgerQueries(world.store, world.policy, START)
    found = run(questions.unknown_items(UnknownItems(link="main", platform=platform, external_ids=ids)))
    return tuple(found.unknown)


def log_of(world: World, number: int = 1) -> list[Any]:
    return list(reversed(run(world.store.log(None, number, 100))))


def finished(number: int = 1) -> TrackImported:
    return imported(
        YT,
        f"yt-{number}",
        number,
        told(YT, TG, SYNCED, f"{900 + number}"),
        told(YT, SP, DUPLICATE, f"sp-{number}"),
        history=(ImportedLine(at=LONG_AGO, event="track_synced", details="message 901"),),
    )


def test_what_was_done_is_known_on_all_sides_and_nothing_is_placed() -> None:
    world = opened_world()
    world.hand(finished())
    world.settle()
    assert track(world).items == {YT: "yt-1", TG: "901", SP: "sp-1"}
    assert (delivery(world, TG).state, delivery(world, SP).state) == (SYNCED, DUPLICATE)
    assert unknown(world, YT, "yt-1") == unknown(world, SP, "sp-1") == unknown(world, TG, "901") == ()
    assert world.placings == []
    assert track(world).created_at == LONG_AGO
    assert delivery(world, TG).synced_at == LONG_AGO


def test_the_log_says_imported_and_keeps_the_old_lines_with_their_dates() -> None:
    world = opened_world()
    world.hand(finished())
    lines = log_of(world)
    old, first = lines[0], lines[1]
    assert (old.event, old.details, old.created_at) == ("track_synced", "message 901", LONG_AGO)
    assert first.event == "imported"
    assert "row #1 of navaar.db" in first.details


def test_nobody_is_told_about_what_came_to_rest_long_ago() -> None:
    world = opened_world()
    world.hand(finished(1))
    world.hand(imported(TG, "17", 2, told(TG, YT, FAILED, reason="no_yt_match"), told(TG, SP, SYNCED, "sp-2")))
    world.settle()
    assert not [m for m in world.sent if isinstance(m, DeliverySynced | DeliveryStopped)]


def test_importing_again_changes_nothing() -> None:
    world = opened_world()
    events = [
        finished(1),
        imported(TG, "17", 2, told(TG, YT, FAILED, reason="no_yt_match"), told(TG, SP, PENDING)),
        imported(SP, "sp-3", None),
    ]
    for event in events:
        world.hand(event)
    world.settle()
    before, placed, lines = dict(world.store.documents), list(world.placings), [log_of(world, n) for n in (1, 2, 3)]
    for event in events:
        world.hand(event)
    world.settle()
    assert world.store.documents == before
    assert world.placings == placed
    assert [log_of(world, n) for n in (1, 2, 3)] == lines


def test_what_was_open_goes_on_and_is_placed_once() -> None:
    world = opened_world()
    world.hand(imported(TG, "17", 2, told(TG, YT, PENDING), told(TG, SP, SYNCED, "sp-2")))
    world.settle()
    assert [(p.target, p.external_id) for p in world.placings] == [(YT, "yt-2")]
    assert [m.direction.value for m in world.sent if isinstance(m, DeliverySynced)] == ["tg_to_yt"]


def test_what_had_failed_rests_until_a_person_asks_for_it() -> None:
    world = opened_world()
    world.hand(imported(SP, "sp-4", 4, told(SP, YT, FAILED, reason="no_yt_match"), told(SP, TG, FAILED, reason="x")))
    world.settle()
    assert world.placings == []
    assert delivery(world, YT).reason == "no_yt_match"
    world.retry_all()
    world.settle()
    assert sorted(p.target for p in world.placings) == [TG, YT]


def test_a_retry_before_the_track_has_a_name_waits_for_it() -> None:
    world = opened_world()
    world.hand(imported(SP, "sp-4", 4, told(SP, YT, FAILED, reason="no_yt_match"), told(SP, TG, SYNCED, "9")))
    world.retry_all()
    world.settle()
    assert [p.target for p in world.placings] == [YT]


def test_an_echo_joins_the_song_that_was_placed_whichever_comes_first() -> None:
    song = imported(SP, "sp-5", 5, told(SP, YT, SYNCED, "yt-5"), told(SP, TG, SYNCED, "905"))
    echo = imported(YT, "yt-5", 5, told(YT, TG, PENDING), told(YT, SP, FAILED, reason="no_sp_match"))
    for order in ((song, echo), (echo, song)):
        world = opened_world()
        for event in order:
            world.hand(event)
        world.settle()
        assert world.placings == []
        alive = [t for t in world.store.documents.values() if t.is_alive]
        assert [set(t.items) for t in alive] == [{SP, YT, TG}]


def test_two_songs_matched_to_one_video_stay_two_songs() -> None:
    world = opened_world()
    world.hand(imported(TG, "1", 6, told(TG, YT, SYNCED, "yt-9"), told(TG, SP, SYNCED, "sp-6")))
    world.hand(imported(TG, "2", 8, told(TG, YT, DUPLICATE, "yt-9"), told(TG, SP, PENDING)))
    world.settle()
    assert YT not in track(world, 2).items
    assert [(p.target, p.external_id) for p in world.placings] == [(SP, "sp-8")]


def test_copies_of_one_song_are_all_known() -> None:
    world = opened_world()
    world.hand(imported(YT, "yt-1", 1, told(YT, TG, SYNCED, "11"), copies={TG: ("12", "13")}))
    assert unknown(world, TG, "11", "12", "13", "14") == ("14",)


def test_something_merely_seen_is_recorded_without_asking_anybody() -> None:
    world = opened_world()
    world.hand(imported(YT, "yt-1", None))
    assert track(world).state is TrackState.BASELINE
    assert world.commands == []
    assert unknown(world, YT, "yt-1") == ()
    world.add(TG, Song(1))
    world.settle()
    assert world.copies(TG, 1) == 1
    assert [p.target for p in world.placings] == [SP]


def test_what_the_gateways_have_reported_already_learns_what_was_done() -> None:
    world = opened_world()
    world.add(YT, Song(1))
    world.catch_up()
    world.hand(finished(1))
    world.settle()
    assert world.placings == []
    assert track(world).items == {YT: "yt-1", TG: "901", SP: "sp-1"}


def test_a_post_is_fetched_for_its_tags_only_where_something_is_left_to_do() -> None:
    unnamed = {"item": ItemMetadata(title="song 7", file_id="f7")}
    done = imported(TG, "7", 7, told(TG, YT, SYNCED, "yt-7"), **unnamed)
    left = imported(TG, "7", 7, told(TG, YT, FAILED, reason="no_yt_match"), **unnamed)
    for event, expected in ((done, IdentifyTrack), (left, FetchAudio)):
        world = opened_world()
        world.hand(event)
        assert [type(command) for command in world.commands] == [expected]


@pytest.mark.parametrize("platform", [YT, SP])
def test_a_platform_that_gives_no_files_is_asked_for_none_whatever_is_imported(platform: Platform) -> None:
    world = opened_world()
    target = SP if platform is YT else YT
    item = ItemMetadata(title="song 7", file_id="f7")
    world.hand(imported(platform, "7", 7, told(platform, target, PENDING), item=item))
    assert [type(command) for command in world.commands] == [IdentifyTrack]


def test_a_post_whose_message_is_not_known_is_in_no_collection() -> None:
    world = opened_world()
    world.hand(imported(TG, "file:abc", 7, told(TG, YT, SYNCED, "yt-7"), told(TG, SP, PENDING)))
    world.settle()
    assert track(world).items == {YT: "yt-7", SP: "sp-7"}


@pytest.mark.parametrize("seed", range(30))
def test_crashes_and_repetitions_while_importing_change_nothing(seed: int) -> None:
    chance = random.Random(seed)
    events = [
        imported(SP, "sp-5", 5, told(SP, YT, SYNCED, "yt-5"), told(SP, TG, SYNCED, "905")),
        imported(YT, "yt-5", 5, told(YT, TG, PENDING), told(YT, SP, FAILED, reason="no_sp_match")),
        finished(1),
        imported(TG, "17", 2, told(TG, YT, PENDING), told(TG, SP, SYNCED, "sp-2")),
    ]
    chance.shuffle(events)
    world = opened_world()
    for event in events:
        for _ in range(chance.randint(0, 2)):
            world.hand(event, crash_after=chance.choice([1, 2, 3]))
        world.hand(event)
        if chance.random() < 0.5:
            world.catch_up()
    world.settle()
    assert [(p.target, p.external_id) for p in world.placings] == [(YT, "yt-2")]
    assert all(t.items.keys() == set(Platform) for t in world.store.documents.values() if t.is_alive)


def exported(number: int, message: str, **item: Any) -> TrackImported:
    """As a channel's export tells of a post: no file id, everything open."""
    known = {"title": f"song {number}", "artists": ("Somebody",), **item}
    event = imported(TG, message, number, told(TG, YT, PENDING), told(TG, SP, PENDING), source="export result.json")
    return event.model_copy(update={"item": ItemMetadata(**known)})


def seen_post(message: str, number: int, **more: Any) -> ItemSighted:
    item = ItemMetadata(title=f"song {number}", artists=("Somebody",), file_id="F", file_unique_id="U")
    return ItemSighted(
        **{"link": "main", "platform": TG, "external_id": message, "item": item, "sighted_at": START, **more}
    )


def test_an_exports_posts_are_named_a_few_at_a_time_and_all_are_placed_once() -> None:
    world = opened_world()
    asked = []
    for number in range(1, 31):
        world.hand(exported(number, str(100 + number)))
        asked.append(len([one for one in world.sent if isinstance(one, IdentifyTrack)]))
    assert max(asked) <= world.policy.identifying
    world.settle()
    assert sorted((p.target, p.external_id) for p in world.placings) == sorted(
        (target, f"{short}-{n}") for n in range(1, 31) for target, short in ((YT, "yt"), (SP, "sp"))
    )


def test_nothing_is_posted_while_imported_posts_have_no_name_yet_however_long_that_takes() -> None:
    world = opened_world(head_of_line_timeout_s=60)
    for number in range(1, 31):
        world.hand(exported(number, str(100 + number)))
    world.add(YT, Song(30))
    for _ in range(40):
        # Its own song goes ahead of all that were imported.
        for command in [each for each in world.commands if each.track_id == 31]:
            world.commands.remove(command)
            world.carry_out(command)
        for event in list(world.events):
            world.events.remove(event)
            world.hand(event)
        world.tick(30)
        world.cycle()
    assert 31 in world.store.documents
    assert not [p for p in world.placings if p.target == TG]
    world.settle()
    assert not [p for p in world.placings if p.target == TG]


def test_an_exported_post_is_never_posted_again() -> None:
    world = opened_world()
    world.hand(exported(1, "101"))
    world.add(YT, Song(1))
    world.settle()
    assert {p.target for p in world.placings} == {SP}
    assert not [p for p in world.placings if p.target == TG]


def test_a_post_with_nothing_but_a_file_name_is_named_by_it() -> None:
    world = opened_world()
    world.hand(exported(1, "101", title="", artists=(), file_name="Somebody - song 1.mp3"))
    assert track(world).state is TrackState.IDENTIFYING


def test_a_forwarded_post_completes_what_its_export_told() -> None:
    world = opened_world()
    world.hand(exported(1, "101", album="An album"))
    world.settle()
    before = list(world.placings)
    world.hand(seen_post("101", 1))
    world.settle()
    assert (track(world).item.file_id, track(world).item.album) == ("F", "An album")
    assert world.placings == before


def test_an_edit_that_changes_no_word_of_an_exported_post_is_told_nobody() -> None:
    world = opened_world()
    world.hand(exported(1, "101"))
    world.settle()
    world.hand(seen_post("101", 1, edited_at=START))
    assert not [one for one in world.sent if isinstance(one, NoticeGiven)]
