"""What people ask of the ledger, each as a short story in the pure world."""

from __future__ import annotations

from typing import Any

import pytest

from navaar_contracts import commands as c
from navaar_contracts.events import DeliveryStopped, FailureKind, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import GetCounts, ListReviews, ListTracks, UnknownItems
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.domain.track import Delivery, Track, TrackState
from tests.support.ledger_world import START, Song, World, run

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM


def track(world: World, track_id: int = 1) -> Track:
    return world.store.documents[track_id]


def delivery(world: World, target: Platform, track_id: int = 1) -> Delivery:
    return track(world, track_id).deliveries[target]


def asked(world: World) -> LedgerQueries:
    return LedgerQueries(world.store, world.policy, START)


def told(world: World) -> str:
    return "\n".join(entry.details for entry in world.store.entries.values())


def step(world: World) -> bool:
    """One message further."""
    if world.events:
        world.hand(world.events.pop(world.next_event()))
    elif world.commands:
        world.carry_out(world.commands.pop(0))
    else:
        return False
    return True


def doubtful(world: World, origin: Platform = SP) -> None:
    """A song added there, about which YouTube's answer is in doubt."""
    world.doubtful.add(1)
    world.add(origin, Song(1))
    world.settle()
    world.doubtful.clear()


# Deleting


def test_a_deleted_track_leaves_lists_and_figures_and_its_items_stay_known(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    world.ask(c.DeleteTrack, track_id=1)
    assert track(world).state is TrackState.DELETED
    assert run(asked(world).list_tracks(ListTracks())).tracks == ()
    assert run(asked(world).list_tracks(ListTracks(text="song"))).tracks == ()
    assert run(asked(world).get_counts(GetCounts())).tracks == 0
    known = run(asked(world).unknown_items(UnknownItems(link="main", platform=YT, external_ids=("yt-1",))))
    assert known.unknown == ()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]
    assert "Deleted by admin 7" in told(world)


@pytest.mark.parametrize("steps", range(0, 26, 2))
def test_whenever_it_is_deleted_nothing_moves_any_more_and_nothing_is_taken_for_new(world: World, steps: int) -> None:
    world.add(YT, Song(1))
    world.hand(world.events.pop())
    for _ in range(steps):
        step(world)
    world.ask(c.DeleteTrack, track_id=1)
    on_the_way = {command.target for command in world.commands if isinstance(command, c.PlaceTrack)}
    placed = len(world.placings)
    world.settle()
    world.tick(10_000)
    world.cycle()
    world.settle()
    assert len(world.placings) <= placed + len(on_the_way)
    assert not world.commands
    assert [t.state for t in world.store.documents.values()] == [TrackState.DELETED]


def test_audio_of_a_deleted_track_is_thrown_away(world: World) -> None:
    world.add(YT, Song(1))
    while not delivery_ready(world):
        assert step(world)
    world.ask(c.DeleteTrack, track_id=1)
    names = [m.names for m in world.sent if isinstance(m, c.DiscardAudio)]
    assert names == [("audio-1-1",)]


def delivery_ready(world: World) -> bool:
    known = world.store.documents.get(1)
    return known is not None and TG in known.deliveries and known.deliveries[TG].audio is not None


def test_a_song_posted_again_after_deletion_is_found_where_it_is_and_not_doubled(world: World) -> None:
    world.add(TG, Song(1))
    world.settle()
    world.ask(c.DeleteTrack, track_id=1)
    again = ItemMetadata(title="song 1", artists=("Somebody",))
    world.events.append(ItemSighted(link="main", platform=TG, external_id="999", item=again, sighted_at=world.now))
    world.settle()
    assert {d.state for d in track(world, 2).deliveries.values()} == {DeliveryState.DUPLICATE}
    assert [world.copies(platform, 1) for platform in (YT, SP)] == [1, 1]


def test_a_song_deleted_before_it_was_placed_may_start_over(world: World) -> None:
    world.add(TG, Song(1))
    world.fail = lambda command: FailureKind.PERMANENT if isinstance(command, c.PlaceTrack) else None
    world.settle()
    world.fail = lambda command: None
    world.ask(c.DeleteTrack, track_id=1)
    again = ItemMetadata(title="song 1", artists=("Somebody",))
    world.events.append(ItemSighted(link="main", platform=TG, external_id="999", item=again, sighted_at=world.now))
    world.settle()
    assert {d.state for d in track(world, 2).deliveries.values()} == {DeliveryState.SYNCED}
    assert [world.copies(platform, 1) for platform in (YT, SP)] == [1, 1]


# Answering


def test_open_questions_are_listed_once_oldest_first(world: World) -> None:
    for number in (1, 2, 3):
        world.doubtful.add(number)
        world.add(SP, Song(number))
    world.settle()
    first = run(asked(world).list_reviews(ListReviews(limit=2)))
    assert [(r.track.id, r.target, bool(r.proposals)) for r in first.reviews] == [(1, YT, True), (2, YT, True)]
    rest = run(asked(world).list_reviews(ListReviews(limit=2, cursor=first.next_cursor)))
    assert [r.track.id for r in rest.reviews] == [3]
    assert rest.next_cursor is None
    assert run(asked(world).list_reviews(ListReviews(cursor="nonsense"))).problem


def test_both_questions_about_a_track_are_listed_over_two_pages(world: World) -> None:
    world.doubtful.add(1)
    world.add(TG, Song(1))
    world.settle()
    first = run(asked(world).list_reviews(ListReviews(limit=1)))
    rest = run(asked(world).list_reviews(ListReviews(limit=1, cursor=first.next_cursor)))
    assert [r.target for r in (*first.reviews, *rest.reviews)] == [SP, YT]
    assert rest.next_cursor is None


@pytest.mark.parametrize("asked_about", [YT, TG])
def test_a_pick_is_placed_and_telegram_follows_it(world: World, asked_about: Platform) -> None:
    doubtful(world)
    world.ask(c.AnswerReview, track_id=1, target=asked_about, answer="pick", external_id="yt-1")
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]
    assert track(world).items[YT] == "yt-1"
    assert "was picked by admin 7" in told(world)


def test_any_id_may_be_picked(world: World) -> None:
    doubtful(world)
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="remix-by-hand")
    world.settle()
    assert track(world).items[YT] == "remix-by-hand"


def test_a_pick_that_another_track_has_joins_the_two(world: World) -> None:
    doubtful(world, TG)
    world.add(YT, Song(1, 2))
    world.settle()
    assert track(world, 2).is_alive
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.settle()
    assert track(world, 2).merged_into == 1
    assert delivery(world, YT).state is DeliveryState.DUPLICATE
    assert world.copies(YT, 1) == 1


def test_none_of_these_stops_and_is_not_proposed_again(world: World) -> None:
    doubtful(world)
    proposed = {each.candidate.id for each in delivery(world, YT).alternatives}
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="none")
    stopped, telegram = delivery(world, YT), delivery(world, TG)
    assert (stopped.state, stopped.cause) == (DeliveryState.FAILED, "rejected")
    assert (telegram.state, telegram.cause) == (DeliveryState.FAILED, "youtube_failed")
    assert set(stopped.rejected) == proposed
    world.retry_all()
    world.settle()
    again = delivery(world, YT)
    assert again.state is DeliveryState.FAILED
    assert not proposed & {each.candidate.id for each in again.alternatives}
    assert not world.placings


def test_after_none_of_these_an_id_may_still_be_named(world: World) -> None:
    doubtful(world)
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="none")
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_search_again_leaves_the_proposals_out(world: World) -> None:
    world.doubtful.add(1)
    world.add(TG, Song(1))
    world.settle()
    proposed = {each.candidate.id for each in delivery(world, SP).alternatives}
    assert "sp-1" in proposed
    world.ask(c.AnswerReview, track_id=1, target=SP, answer="search_again")
    world.settle()
    again = delivery(world, SP)
    assert again.state is DeliveryState.FAILED
    assert set(again.rejected) == proposed


def test_never_is_kept_and_only_a_retry_of_this_very_delivery_lifts_it(world: World) -> None:
    world.doubtful.add(1)
    world.add(TG, Song(1))
    world.settle()
    world.doubtful.clear()
    world.ask(c.AnswerReview, track_id=1, target=SP, answer="never")
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.retry_all()
    world.settle()
    stopped = delivery(world, SP)
    assert (stopped.state, stopped.cause) == (DeliveryState.FAILED, "never")
    world.ask(c.DeleteTrack, track_id=1)
    again = ItemMetadata(title="song 1", artists=("Somebody",))
    world.events.append(ItemSighted(link="main", platform=TG, external_id="999", item=again, sighted_at=world.now))
    world.settle()
    assert delivery(world, SP, 2).cause == "never"
    assert not world.copies(SP, 1)
    world.hand(c.RetryDeliveries(link="main", track_id=2, asked_at=world.now))
    world.settle()
    assert world.copies(SP, 1) == 1
    assert not any(ruling.chosen is None for ruling in world.store.kept_overrides.values())


def test_never_on_youtube_lets_telegram_look_for_audio_itself(world: World) -> None:
    doubtful(world)
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="never")
    world.settle()
    assert world.copies(TG, 1) == 1
    assert world.copies(YT, 1) == 0


def test_never_on_telegram_leaves_the_question_about_youtube_open(world: World) -> None:
    doubtful(world)
    world.ask(c.AnswerReview, track_id=1, target=TG, answer="never")
    world.settle()
    assert delivery(world, TG).cause == "never"
    assert delivery(world, YT).state is DeliveryState.REVIEW
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.settle()
    assert world.copies(YT, 1) == 1
    assert world.copies(TG, 1) == 0


def test_a_pick_holds_for_the_same_recording_elsewhere(world: World) -> None:
    doubtful(world, TG)
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1-other")
    world.ask(c.AnswerReview, track_id=1, target=SP, answer="none")
    world.settle()
    world.ask(c.DeleteTrack, track_id=1)
    world.shelves[YT].items.clear()
    world.store.documents[1] = track(world).changed(items={})
    again = ItemMetadata(title="song 1", artists=("Somebody",))
    world.events.append(ItemSighted(link="main", platform=TG, external_id="999", item=again, sighted_at=world.now))
    world.settle()
    assert track(world, 2).items[YT] == "yt-1-other"
    assert "picked before by admin 7" in told(world)


def test_a_second_answer_and_a_redelivered_one_change_nothing(world: World) -> None:
    doubtful(world, TG)
    answer = world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="none")
    world.settle()
    before = dict(world.store.documents)
    world.hand(answer)
    assert world.store.documents == before
    assert delivery(world, YT).state is DeliveryState.SYNCED


def test_an_answer_that_died_before_its_rule_was_kept_keeps_it_when_it_comes_again(world: World) -> None:
    doubtful(world, TG)
    keep, kept = world.store.keep_overrides, []

    async def die(rulings: Any) -> None:
        kept.append(rulings)
        if len(kept) == 1:
            raise ConnectionAbortedError
        await keep(rulings)

    world.store.keep_overrides = die  # type: ignore[method-assign]
    answer = c.AnswerReview(
        link="main", track_id=1, target=YT, answer="pick", external_id="yt-1", asked_at=world.now, by="api"
    )
    with pytest.raises(ConnectionAbortedError):
        world.hand(answer)
    world.ports = type(world.ports)(world.store, world, world.policy, lambda: world.now)
    world.hand(answer)
    assert {ruling.chosen.id for ruling in world.store.kept_overrides.values() if ruling.chosen} == {"yt-1"}
    world.settle()
    assert world.copies(YT, 1) == 1


# Wrong matches


def mistaken(world: World, origin: Platform) -> None:
    world.mistaken.add(1)
    world.add(origin, Song(1))
    world.settle()
    world.mistaken.clear()


@pytest.mark.parametrize("origin", list(Platform))
def test_a_wrong_match_is_taken_out_and_asked_about(world: World, origin: Platform) -> None:
    mistaken(world, origin)
    assert world.wrong_ones()
    for track_id, target in world.wrong_ones():
        if target is not TG:
            world.ask(c.ReportWrongMatch, track_id=track_id, target=target)
    world.settle()
    assert not world.wrong_ones()
    for target in (YT, SP):
        if target is not origin:
            assert (delivery(world, target).state, delivery(world, target).cause) == (
                DeliveryState.REVIEW,
                "wrong_match",
            )
            world.ask(c.AnswerReview, track_id=1, target=target, answer="pick", external_id=f"{target.short}-1")
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_a_wrong_video_takes_its_audio_out_of_the_channel_too(world: World) -> None:
    mistaken(world, SP)
    assert [n for _, n in world.shelves[TG].items] == [101]
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    assert world.shelves[TG].items == [] == world.shelves[YT].items
    assert (delivery(world, TG).state, delivery(world, TG).cause) == (DeliveryState.REVIEW, "youtube_review")
    removed = [(m.target, m.external_id) for m in world.sent if isinstance(m, c.RemoveTrack)]
    assert removed == [(YT, "remix-yt-1"), (TG, "101")] or removed == [(TG, "101"), (YT, "remix-yt-1")]
    known = run(asked(world).unknown_items(UnknownItems(link="main", platform=YT, external_ids=("remix-yt-1",))))
    assert known.unknown == ("remix-yt-1",)


@pytest.mark.parametrize("steps", range(12))
def test_whenever_the_video_is_found_wrong_no_wrong_audio_stays(world: World, steps: int) -> None:
    world.mistaken.add(1)
    world.add(SP, Song(1))
    while delivery_state(world, YT) is not DeliveryState.SYNCED:
        assert step(world)
    world.mistaken.clear()
    for _ in range(steps):
        step(world)
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    assert world.shelves[TG].items == [] == world.shelves[YT].items
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def delivery_state(world: World, target: Platform) -> DeliveryState | None:
    known = world.store.documents.get(1)
    return known.deliveries[target].state if known is not None and target in known.deliveries else None


def test_a_video_that_was_right_after_all_may_be_picked_again(world: World) -> None:
    world.add(SP, Song(1))
    world.settle()
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [0, 0, 1]
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="yt-1")
    world.settle()
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_wrong_audio_alone_is_replaced_by_another_upload(world: World) -> None:
    world.add(YT, Song(1))
    world.settle()
    world.ask(c.ReportWrongMatch, track_id=1, target=TG)
    world.settle()
    assert world.copies(TG, 1) == 1
    assert [m.video_id for m in world.sent if isinstance(m, c.DownloadAudio)] == ["yt-1", "yt-1-other"]
    assert world.copies(YT, 1) == 1


def test_a_persons_own_item_is_never_taken_out_and_goes_its_own_way(world: World) -> None:
    world.add(YT, Song(1))
    world.settle()
    world.hand(world.events.pop()) if world.events else None
    # The same names, so the ledger joins them; a person knows better.
    other = ItemMetadata(title="song 1", artists=("Somebody",))
    world.shelves[SP].items = []
    world.ask(c.DeleteTrack, track_id=1)
    world.events.append(ItemSighted(link="main", platform=TG, external_id="500", item=other, sighted_at=world.now))
    world.shelves[TG].items = [("500", 1)]
    world.events.append(ItemSighted(link="main", platform=SP, external_id="sp-9", item=other, sighted_at=world.now))
    world.shelves[SP].items = [("sp-9", 9)]
    world.shelves[SP].reported.add("sp-9")
    world.settle()
    assert track(world, 3).merged_into == 2
    assert delivery(world, SP, 2).state is DeliveryState.DUPLICATE
    world.ask(c.ReportWrongMatch, track_id=2, target=SP)
    world.settle()
    assert not [m for m in world.sent if isinstance(m, c.RemoveTrack)]
    assert ("sp-9", 9) in world.shelves[SP].items
    assert track(world, 2).items[SP] != "sp-9"
    own = track(world, 4)
    assert (own.origin, own.origin_external_id, own.is_alive) == (SP, "sp-9", True)


def test_a_removal_that_fails_is_retried_then_left_to_a_person(world: World) -> None:
    mistaken(world, TG)
    world.fail = lambda command: FailureKind.EXHAUSTED if isinstance(command, c.RemoveTrack) else None
    world.ask(c.ReportWrongMatch, track_id=1, target=SP)
    world.settle()
    stopped = delivery(world, SP)
    assert (stopped.state, stopped.cause, stopped.retries) == (DeliveryState.FAILED, "remove_failed", 3)
    assert "could not be taken out" in (stopped.reason or "")
    world.fail = lambda command: None
    world.retry_all()
    world.settle()
    assert delivery(world, SP).state is DeliveryState.REVIEW
    assert world.shelves[SP].items == []


def test_who_asks_again_for_what_needs_audio_has_the_wrong_video_taken_out_first(world: World) -> None:
    mistaken(world, SP)
    world.fail = lambda command: (
        FailureKind.PERMANENT if isinstance(command, c.RemoveTrack) and command.target is YT else None
    )
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    assert delivery(world, YT).cause == "remove_failed"
    assert delivery(world, TG).state is DeliveryState.FAILED
    world.fail = lambda command: None
    world.ask(c.RetryDeliveries, track_id=1, target=TG)
    world.settle()
    assert delivery(world, YT).removing is None
    assert all(number == 1 for _, number in world.shelves[YT].items)


def test_a_lost_removal_is_asked_for_again(world: World) -> None:
    mistaken(world, TG)
    world.ask(c.ReportWrongMatch, track_id=1, target=SP)
    world.commands.clear()
    world.settle()
    assert world.shelves[SP].items == []
    assert delivery(world, SP).state is DeliveryState.REVIEW


def test_a_late_answer_to_the_placement_does_not_bring_the_wrong_one_back(world: World) -> None:
    mistaken(world, TG)
    placed = next(m for m in world.handled if isinstance(m, TrackPlaced) and m.target is SP)
    report = world.ask(c.ReportWrongMatch, track_id=1, target=SP)
    world.hand(placed)
    assert delivery(world, SP).removing == "remix-sp-1"
    world.settle()
    world.ask(c.AnswerReview, track_id=1, target=SP, answer="pick", external_id="sp-1")
    world.settle()
    world.hand(placed)
    world.hand(report)
    world.settle()
    assert track(world).items[SP] == "sp-1"
    assert not world.wrong_ones() or world.wrong_ones() == [(1, YT)]


def test_a_picked_rule_that_was_wrong_is_withdrawn(world: World) -> None:
    doubtful(world, TG)
    world.ask(c.AnswerReview, track_id=1, target=YT, answer="pick", external_id="remix-yt-1")
    world.settle()
    assert world.store.kept_overrides
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    assert not world.store.kept_overrides


def test_the_wrong_song_may_be_somebody_elses_right_one(world: World) -> None:
    mistaken(world, TG)
    world.ask(c.ReportWrongMatch, track_id=1, target=YT)
    world.settle()
    remix = ItemMetadata(title="song 7", artists=("Somebody",))
    world.shelves[YT].items.append(("remix-yt-1", 7))
    world.shelves[YT].reported.add("remix-yt-1")
    sighted = ItemSighted(link="main", platform=YT, external_id="remix-yt-1", item=remix, sighted_at=world.now)
    world.events.append(sighted)
    world.settle()
    assert track(world, 2).is_alive
    assert track(world, 1).is_alive
    assert YT not in track(world, 1).items


# Pausing


@pytest.mark.parametrize("direction", [Direction.TG_TO_SP, None])
def test_a_paused_direction_waits_and_goes_on_in_order(direction: Direction | None) -> None:
    world = World(working=2)
    world.open_collections()
    world.ask(c.SetPause, direction=direction, paused=True)
    for number in (3, 1, 2):
        world.add(TG, Song(number))
    while step(world):
        pass
    world.tick(10_000)
    world.cycle()
    while step(world):
        pass
    assert [d.state for d in (delivery(world, SP, n) for n in (1, 2, 3))] == [DeliveryState.PENDING] * 3
    assert not [m for m in world.sent if isinstance(m, c.FindCandidates) and m.target is SP]
    assert bool(world.shelves[YT].items) is (direction is not None)
    shown = run(asked(world).get_counts(GetCounts())).paused
    assert shown == ((direction,) if direction is not None else tuple(Direction))
    world.ask(c.SetPause, direction=direction, paused=False)
    world.settle()
    assert [n for _, n in world.shelves[SP].items] == [3, 1, 2]
    assert run(asked(world).get_counts(GetCounts())).paused == ()


def test_a_paused_direction_keeps_no_other_waiting() -> None:
    world = World(head_of_line_timeout_s=60)
    world.open_collections()
    world.ask(c.SetPause, direction=Direction.TG_TO_SP, paused=True)
    for number in (1, 2, 3):
        world.add(TG, Song(number))
    begun = world.now
    while step(world):
        pass
    assert [n for _, n in world.shelves[YT].items] == [1, 2, 3]
    assert (world.now - begun).total_seconds() < 1


def test_an_older_wish_does_not_undo_a_newer_one(world: World) -> None:
    older = c.SetPause(link="main", direction=Direction.TG_TO_SP, paused=True, asked_at=world.now)
    world.tick(1)
    world.hand(c.SetPause(link="main", direction=Direction.TG_TO_SP, paused=False, asked_at=world.now))
    world.hand(older)
    assert run(asked(world).get_counts(GetCounts())).paused == ()


# Reasons


def test_what_was_not_found_tells_how_much_was_looked_at_and_what_came_closest(world: World) -> None:
    world.add(TG, Song(1))
    world.fail = lambda command: None
    search = world._search
    world._search = lambda command: search(command)[:1]  # type: ignore[method-assign]
    world.settle()
    reason = delivery(world, SP).reason or ""
    assert reason == (
        "Not found on spotify: none of 2 candidates is it (2 searches). Closest: karaoke 1 (karaoke-sp-1), 30%."
    )
    stopped = [m.reason for m in world.sent if isinstance(m, DeliveryStopped) and m.direction is Direction.TG_TO_SP]
    assert stopped == [reason]


def test_an_empty_catalogue_says_so(world: World) -> None:
    world.unknown.add(1)
    world.add(TG, Song(1))
    world.settle()
    assert delivery(world, SP).reason == "Not found on spotify: 2 searches found nothing."


# Words


def test_tracks_are_found_by_the_beginnings_of_their_words(world: World) -> None:
    for number in (1, 2, 12):
        world.add(TG, Song(number))
    world.settle()

    def found(text: str, **more: Any) -> list[int]:
        return [t.id for t in run(asked(world).list_tracks(ListTracks(text=text, **more))).tracks]

    assert found("some SO") == [3, 2, 1]
    assert found("song 1") == [3, 1]
    assert found("Sômebody 12") == [3]
    assert found("some", limit=2) == [3, 2]
    assert found("some", limit=2, cursor="2") == [1]
    assert found("body") == []
    assert found("  !! ") == []
