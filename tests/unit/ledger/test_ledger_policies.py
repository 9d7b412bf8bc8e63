"""First sync, release, retries, joins and reasons, each as a short story in the pure world."""

from __future__ import annotations

from datetime import timedelta

import pytest

from navaar_contracts.causes import Cause
from navaar_contracts.commands import (
    DiscardAudio,
    DownloadAudio,
    FetchAudio,
    FindCandidates,
    IdentifyTrack,
    PlaceTrack,
    TrackCommand,
)
from navaar_contracts.events import (
    DeliveryStopped,
    DeliverySynced,
    FailureKind,
    ItemSighted,
    TrackIdentified,
)
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import ItemMetadata, Recording
from navaar_contracts.queries import GetPlan, ListTracks, UnknownItems
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.application.scheduler import cycles_due
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery, TrackState
from tests.support.ledger_world import LINK, START, Song, World, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


def opened_world(**rules: object) -> World:
    world = World(**rules)
    world.open_collections()
    return world


def delivery(world: World, target: Platform, track: int = 1) -> Delivery:
    return world.store.documents[track].deliveries[target]


def failing(kind: FailureKind, *types: type[TrackCommand], target: Platform | None = None):  # type: ignore[no-untyped-def]
    def fail(command: TrackCommand) -> FailureKind | None:
        fits = isinstance(command, types) and target in (None, getattr(command, "target", None))
        return kind if fits else None

    return fail


def first_reading(world: World, platform: Platform, *songs: int) -> None:
    for song in songs:
        world.add(platform, Song(song), report=platform is TG)
    world.report(platform, first_read=True)


# First sync


def test_sync_takes_everything_in_a_playlist_as_new() -> None:
    world = opened_world()
    first_reading(world, YT, 1, 2)
    world.settle()
    assert [world.copies(platform, n) for platform in (TG, SP) for n in (1, 2)] == [1, 1, 1, 1]
    assert world.store.documents[1].backfill


def test_baseline_records_and_writes_nothing() -> None:
    world = opened_world(first_sync=FirstSync.BASELINE)
    first_reading(world, YT, 1, 2)
    first_reading(world, SP, 2)
    world.settle()
    assert not world.placings
    assert {t.state for t in world.store.documents.values()} == {TrackState.BASELINE, TrackState.MERGED}
    world.add(YT, Song(3))
    world.settle()
    assert [world.copies(platform, 3) for platform in Platform] == [1, 1, 1]


def test_a_baseline_song_added_elsewhere_wakes_up() -> None:
    world = opened_world(first_sync=FirstSync.BASELINE)
    first_reading(world, YT, 1)
    world.settle()
    world.add(SP, Song(1))
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]
    assert [p.target for p in world.placings] == [TG]


def test_plan_searches_and_tells_but_writes_nothing_until_sync() -> None:
    world = opened_world(first_sync=FirstSync.PLAN)
    first_reading(world, YT, 1)
    while world.events or world.commands:
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    world.tick(600)
    world.cycle()
    assert not world.commands
    assert not world.placings
    plan = run(LedgerQueries(world.store, world.policy, START).get_plan(GetPlan()))
    proposals = {action.direction: action.proposal for action in plan.actions}
    assert proposals[Direction.YT_TO_SP].startswith("add song 1 (sp-1)")
    assert proposals[Direction.YT_TO_TG] == "post the audio of video yt-1"
    assert plan.counts == {Direction.YT_TO_SP: 1, Direction.YT_TO_TG: 1}

    applied = World()
    applied.store, applied.shelves, applied._named = world.store, world.shelves, world._named
    applied.now = world.now
    applied.ports = type(world.ports)(applied.store, applied, applied.policy, lambda: applied.now)
    applied.cycle()
    applied.settle()
    assert [applied.copies(platform, 1) for platform in Platform] == [1, 1, 1]


# Release


@pytest.mark.parametrize(
    ("direction", "intervals", "at_once"),
    [
        (Direction.TG_TO_YT, {Direction.TG_TO_YT: 3600}, True),
        (Direction.YT_TO_TG, {}, True),
        (Direction.YT_TO_TG, {Direction.YT_TO_TG: 300}, False),
        (Direction.YT_TO_SP, {Direction.YT_TO_TG: 300}, True),
        (Direction.SP_TO_YT, {Direction.SP_TO_YT: 100}, True),
        (Direction.SP_TO_TG, {Direction.SP_TO_YT: 100}, False),
    ],
)
def test_the_longer_of_two_intervals_waits_for_its_own_cycle(
    direction: Direction, intervals: dict[Direction, float], at_once: bool
) -> None:
    rules = Policy(links={"main": LINK}, intervals=intervals)
    assert rules.releases_at_once(LINK, direction) is at_once


def test_without_spotify_a_playlist_has_one_direction_only() -> None:
    link = Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y")
    rules = Policy(links={"main": link}, intervals={Direction.YT_TO_TG: 900})
    assert rules.releases_at_once(link, Direction.YT_TO_TG)


def test_a_held_back_delivery_is_released_by_its_own_cycle_only() -> None:
    world = opened_world(intervals={Direction.YT_TO_SP: 600})
    world.add(YT, Song(1))
    for _ in range(40):
        if world.events:
            world.hand(world.events.pop(0))
        elif world.commands:
            world.carry_out(world.commands.pop(0))
    assert delivery(world, TG).state is DeliveryState.SYNCED
    assert delivery(world, SP).state is DeliveryState.PENDING
    world.cycle()
    world.settle()
    assert delivery(world, SP).state is DeliveryState.SYNCED


def test_replicas_name_the_same_cycles() -> None:
    rules = Policy(links={"main": LINK})
    minute = START.replace(second=0)
    due = cycles_due(rules, minute - timedelta(seconds=1), minute)
    assert {command.direction for command in due} == set(Direction)
    assert cycles_due(rules, minute, minute + timedelta(seconds=59)) == []
    half = cycles_due(rules, minute, minute + timedelta(seconds=61))
    assert {command.direction.origin for command in half} == {TG}


# Retries and reasons


def test_an_exhausted_step_is_retried_within_the_budget_then_fails() -> None:
    world = opened_world(max_retries=2)
    world.fail = failing(FailureKind.EXHAUSTED, PlaceTrack, target=YT)
    world.add(TG, Song(1))
    world.settle()
    stopped = delivery(world, YT)
    assert (stopped.state, stopped.retries, stopped.attempt) == (DeliveryState.FAILED, 2, 3)
    assert stopped.cause == "place_failed"
    told = [m for m in world.sent if isinstance(m, DeliveryStopped) and m.direction is Direction.TG_TO_YT]
    assert [m.state.value for m in told] == ["retry_scheduled", "retry_scheduled", "failed"]
    assert told[0].due_at is not None
    world.fail = lambda _: None
    world.retry_all()
    world.settle()
    assert world.copies(YT, 1) == 1
    assert delivery(world, YT).state is DeliveryState.SYNCED


def test_what_a_full_playlist_refuses_waits_without_a_budget_and_comes_when_there_is_room() -> None:
    world = opened_world(max_retries=1)
    refusals = iter([FailureKind.EXHAUSTED] * 3)
    world.fail = lambda c: next(refusals, None) if isinstance(c, PlaceTrack) and c.target is YT else None
    world.cause = Cause.PLAYLIST_FULL
    world.add(TG, Song(1))
    world.settle()
    placed = delivery(world, YT)
    assert (placed.state, placed.retries, placed.attempt) == (DeliveryState.SYNCED, 0, 4)
    assert world.copies(YT, 1) == 1
    told = [m for m in world.sent if isinstance(m, DeliveryStopped) and m.direction is Direction.TG_TO_YT]
    assert [(m.state, m.cause) for m in told] == [(DeliveryState.RETRY_SCHEDULED, "playlist_full")] * 3


def test_a_cause_that_this_ledger_does_not_know_is_treated_as_the_kind_says() -> None:
    world = opened_world(max_retries=1)
    world.fail = failing(FailureKind.EXHAUSTED, PlaceTrack, target=YT)
    world.cause = "something_newer"
    world.add(TG, Song(1))
    world.settle()
    stopped = delivery(world, YT)
    assert (stopped.state, stopped.cause, stopped.retries) == (DeliveryState.FAILED, Cause.PLACE_FAILED, 1)


def test_an_unknown_outcome_is_never_retried_by_itself() -> None:
    world = opened_world()
    world.fail = failing(FailureKind.UNKNOWN_OUTCOME, PlaceTrack, target=TG)
    world.add(YT, Song(1))
    world.settle()
    world.tick(100_000)
    world.cycle()
    world.settle()
    stopped = delivery(world, TG)
    assert (stopped.state, stopped.cause, stopped.attempt) == (DeliveryState.FAILED, "unknown_outcome", 1)


def test_missing_audio_is_downloaded_again() -> None:
    world = opened_world()
    world.add(YT, Song(1))
    tries: list[TrackCommand] = []

    def once(command: TrackCommand) -> FailureKind | None:
        if isinstance(command, PlaceTrack) and command.target is TG and not tries:
            tries.append(command)
            return FailureKind.AUDIO_MISSING
        return None

    world.fail = once
    world.settle()
    assert world.copies(TG, 1) == 1
    assert len([m for m in world.sent if isinstance(m, DownloadAudio)]) == 2


def test_a_video_that_cannot_be_downloaded_is_replaced_by_another_upload() -> None:
    world = opened_world()
    world.add(YT, Song(1))
    world.fail = lambda c: FailureKind.PERMANENT if isinstance(c, DownloadAudio) and c.video_id == "yt-1" else None
    world.settle()
    assert world.copies(TG, 1) == 1
    assert [m.video_id for m in world.sent if isinstance(m, DownloadAudio)] == ["yt-1", "yt-1-other"]
    assert world.store.documents[1].items[YT] == "yt-1"


def test_without_any_video_a_person_reads_why() -> None:
    world = opened_world()
    world.fail = failing(FailureKind.PERMANENT, DownloadAudio)
    world.add(YT, Song(1))
    world.settle()
    stopped = delivery(world, TG)
    assert (stopped.state, stopped.cause) == (DeliveryState.FAILED, "download_failed")
    assert stopped.reason


def test_a_song_youtube_does_not_have_stops_telegram_with_the_reason() -> None:
    world = opened_world()
    world.unknown.add(1)
    world.add(SP, Song(1))
    world.settle()
    assert (delivery(world, YT).state, delivery(world, YT).cause) == (DeliveryState.FAILED, "no_match")
    assert (delivery(world, TG).state, delivery(world, TG).cause) == (DeliveryState.FAILED, "no_youtube_match")
    events = {entry.event for entry in world.store.entries.values()}
    assert {"no_yt_match", "no_yt_match_for_download"} <= events
    world.unknown.clear()
    world.retry_all()
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_doubt_becomes_a_question_with_three_proposals() -> None:
    world = opened_world()
    world.doubtful.add(1)
    world.add(SP, Song(1))
    world.settle()
    asked = delivery(world, YT)
    assert asked.state is DeliveryState.REVIEW
    assert 1 <= len(asked.alternatives) <= 3
    assert delivery(world, TG).state is DeliveryState.REVIEW
    assert not world.placings


def test_a_track_without_any_name_says_so() -> None:
    world = opened_world()
    item = ItemMetadata(title="Untitled", artists=("?",))
    world.hand(
        ItemSighted(link="main", platform=TG, external_id="1", item=item, sighted_at=START),
    )
    world.commands.clear()
    world.hand(TrackIdentified(link="main", track_id=1, recording=Recording(), method="filename"))
    assert {d.cause for d in world.store.documents[1].deliveries.values()} == {"nothing_to_search"}
    assert "nothing to search for" in (delivery(world, YT).reason or "")


# Telegram's files


def post(external_id: str = "1", **item: object) -> ItemSighted:
    metadata = ItemMetadata.model_validate({"file_id": "f", "size_bytes": 1000, **item})
    return ItemSighted(link="main", platform=TG, external_id=external_id, item=metadata, sighted_at=START)


def test_a_post_that_names_itself_is_fetched_to_be_heard() -> None:
    world = opened_world()
    world.hand(post(title="Pol", artists=("Googoosh",)))
    assert [type(c) for c in world.commands] == [FetchAudio]


def test_a_post_that_names_itself_is_not_fetched_where_posts_are_not_listened_to() -> None:
    world = opened_world(listens=False)
    world.hand(post(title="Pol", artists=("Googoosh",)))
    assert [type(c) for c in world.commands] == [IdentifyTrack]


def test_a_post_too_big_to_be_heard_is_taken_at_its_word_without_a_remark() -> None:
    world = opened_world()
    world.hand(post(title="Pol", artists=("Googoosh",), size_bytes=25 * 1024**2))
    assert [type(c) for c in world.commands] == [IdentifyTrack]
    assert "fetch_skipped" not in {entry.event for entry in world.store.entries.values()}


def test_hours_of_music_that_name_themselves_are_not_fetched_even_where_a_bot_may() -> None:
    world = opened_world(fetch_limit=2000 * 1024**2)
    world.hand(post(title="Pol", artists=("Googoosh",), size_bytes=60 * 1024**2))
    world.hand(post(title="Pol, all night", artists=("Googoosh",), size_bytes=70 * 1024**2, external_id="2"))
    world.hand(post(title="All night", size_bytes=70 * 1024**2, external_id="3"))
    assert [type(c) for c in world.commands] == [FetchAudio, IdentifyTrack, FetchAudio]


def test_a_post_without_performer_is_fetched_and_what_was_fetched_is_discarded() -> None:
    world = opened_world()
    world.hand(post(title="song 1"))
    assert [type(c) for c in world.commands] == [FetchAudio]
    world.settle()
    assert any(isinstance(m, DiscardAudio) and m.names == ("post-1-1",) for m in world.sent)


def test_a_file_too_big_to_fetch_is_identified_from_its_name() -> None:
    world = opened_world()
    world.hand(post(title="song 1", size_bytes=25 * 1024**2))
    assert [type(c) for c in world.commands] == [IdentifyTrack]
    assert any("25 MB" in entry.details for entry in world.store.entries.values())


def test_a_file_that_cannot_be_fetched_is_identified_from_its_name() -> None:
    world = opened_world()
    world.fail = failing(FailureKind.PERMANENT, FetchAudio)
    world.hand(post(title="song 1"))
    world.settle()
    assert delivery(world, YT).state is DeliveryState.SYNCED


# Joins, order, questions


def test_the_same_file_posted_twice_is_synced_once() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    world.settle()
    again = ItemMetadata(title="song 1", artists=("Somebody",))
    world.events.append(ItemSighted(link="main", platform=TG, external_id="999", item=again, sighted_at=world.now))
    world.settle()
    assert [world.copies(platform, 1) for platform in (YT, SP)] == [1, 1]
    assert world.store.documents[2].merged_into == 1
    assert "duplicate_skipped" in {entry.event for entry in world.store.entries.values()}


def test_a_repeated_sighting_changes_nothing() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    event = world.events[0]
    world.settle()
    before = dict(world.store.documents)
    world.hand(event)
    assert world.store.documents == before


def test_songs_that_arrive_together_are_placed_in_their_order() -> None:
    world = opened_world(working=3)
    for number in (5, 3, 4, 1, 2):
        world.add(TG, Song(number))
    world.settle()
    placed = [int(p.external_id.split("-")[1]) for p in world.placings if p.target is SP]
    assert placed == [5, 3, 4, 1, 2]


def test_nothing_is_placed_before_the_collection_was_read() -> None:
    world = World()
    world.add(TG, Song(1))
    for _ in range(40):
        if world.events:
            world.hand(world.events.pop(0))
        elif world.commands:
            world.carry_out(world.commands.pop(0))
    assert not world.placings
    assert delivery(world, YT).ready
    world.open_collections()
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_each_delivery_is_announced_once_with_its_time() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    world.settle()
    announced = [m for m in world.sent if isinstance(m, DeliverySynced)]
    assert sorted(m.direction for m in announced) == [Direction.TG_TO_SP, Direction.TG_TO_YT]
    assert all(m.seconds > 0 and m.display == "Somebody - song 1" for m in announced)


def test_our_own_placements_are_known_before_the_watcher_sees_them() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    while not any(isinstance(m, PlaceTrack) for m in world.sent):
        world.hand(world.events.pop(0)) if world.events else world.carry_out(world.commands.pop(0))
    questions = LedgerQueries(world.store, world.policy, START)
    reply = run(questions.unknown_items(UnknownItems(link="main", platform=YT, external_ids=("yt-1", "new"))))
    assert reply.unknown == ("new",)


def test_a_lost_command_is_asked_for_again_once_nobody_has_it_in_hand() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    world.hand(world.events.pop())
    lost = world.commands.pop()
    world.tick(170)
    world.cycle()
    assert not world.commands
    world.tick(20)
    world.cycle()
    assert [(type(c), c.attempt) for c in world.commands] == [(type(lost), 2)]
    listed = run(LedgerQueries(world.store, world.policy, START).list_tracks(ListTracks()))
    assert [track.id for track in listed.tracks] == [1]


def test_a_command_somebody_still_has_is_not_repeated() -> None:
    world = opened_world()
    world.add(TG, Song(1))
    world.hand(world.events.pop())
    world.tick(10_000)
    world.cycle()
    assert [c.attempt for c in world.commands] == [1]


def test_searches_go_from_precise_to_loose() -> None:
    world = opened_world()
    world.add(YT, Song(1))
    world.settle()
    asked = [m.query for m in world.sent if isinstance(m, FindCandidates)]
    assert asked == ["precise 1", "loose 1"]
