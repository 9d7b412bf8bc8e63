"""Which of the placements that wait are added now, and what becomes of the others."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.events import FailureKind
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Recording
from navaar_playlist_gateway.turn import FoundThere, Look, Turn, is_done, take_turn
from navaar_runtime.failures import Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import IdempotencyRecord
from navaar_runtime.news import News

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
MOST = 100


def command(track: int, item: str | None = None, **more: Any) -> PlaceTrack:
    return PlaceTrack(
        link="main",
        track_id=track,
        attempt=more.pop("attempt", 1),
        target=Platform("spotify"),
        external_id=item or f"s{track}",
        recording=Recording(title="A song"),
        decided_at=more.pop("decided_at", NOW),
        **more,
    )


def look(*ids: str, **more: Any) -> Look:
    return Look(**{"ids": frozenset(ids), "reported": 0, "news": News(), "at": NOW, **more})


def begun(each: PlaceTrack, ago_s: float, item: str | None = None) -> IdempotencyRecord:
    note = {"external_id": item or each.external_id}
    return IdempotencyRecord(each.delivery_key(), "begun", NOW - timedelta(seconds=ago_s), note)


def added(turn: Turn) -> list[int]:
    return [each.track_id for each in turn.add]


def settled(turn: Turn) -> dict[int, FoundThere | Failure]:
    return {each.track_id: verdict for each, verdict in turn.settled}


def fresh(*tracks: int) -> list[tuple[PlaceTrack, None]]:
    return [(command(track), None) for track in tracks]


def test_one_alone_is_added_at_once() -> None:
    assert added(take_turn(fresh(7), look(), MOST, 10)) == [7]


def test_several_are_added_in_the_order_of_their_origin_and_no_more_than_a_request_takes() -> None:
    assert added(take_turn(fresh(3, 1, 2), look(), MOST, 10)) == [1, 2, 3]
    turn = take_turn(fresh(3, 1, 2), look(), 2, 10)
    assert added(turn) == [1, 2]
    assert not turn.settled


def test_what_was_there_before_the_first_start_comes_last() -> None:
    old = (command(1, backfill=True), None)
    assert added(take_turn([old, *fresh(5)], look(), MOST, 10)) == [5, 1]


@pytest.mark.parametrize(("room", "expected"), [(None, [1, 2, 3]), (5, [1, 2, 3]), (2, [1, 2]), (0, [1])])
def test_only_what_fits_is_added_and_one_is_tried_to_hear_why_not(room: int | None, expected: list[int]) -> None:
    turn = take_turn(fresh(1, 2, 3), look(room=room), MOST, 10)
    assert added(turn) == expected
    assert not turn.settled


def test_what_is_there_is_not_added() -> None:
    turn = take_turn(fresh(1, 2), look("s1"), MOST, 10)
    assert settled(turn) == {1: FoundThere("s1", already_there=True)}
    assert added(turn) == [2]


def test_of_one_item_or_one_delivery_the_first_is_added_and_the_others_wait() -> None:
    twice = [(command(1, "x"), None), (command(2, "x"), None), (command(1, "y", attempt=2), None), *fresh(3)]
    turn = take_turn(twice, look(), MOST, 10)
    assert [each.external_id for each in turn.add] == ["x", "s3"]
    assert not turn.settled


def test_those_of_an_unknown_outcome_that_arrived_are_found_and_those_that_did_not_are_added_once_that_is_sure() -> (
    None
):
    waiting = [(each, begun(each, ago_s=11)) for each in map(command, (1, 2, 3))]
    turn = take_turn(waiting, look("s2"), MOST, 10)
    assert settled(turn) == {2: FoundThere("s2", already_there=False)}
    assert added(turn) == [1, 3]
    assert [each.track_id for each in turn.forgotten] == [1, 3]


def test_what_was_not_made_is_added_together_once_that_is_sure_of_the_last() -> None:
    waiting = [(each, begun(each, ago_s=ago)) for each, ago in zip(map(command, (1, 2)), (10.01, 9.99), strict=True)]
    turn = take_turn(waiting, look(), MOST, 10)
    assert not turn.add
    assert {round(getattr(each, "delay_s", 0), 2) for each in settled(turn).values()} == {0.11}


def test_while_it_is_not_sure_nothing_is_added_behind_them() -> None:
    waiting = [(each, begun(each, ago_s=4)) for each in map(command, (2, 3))]
    turn = take_turn([*waiting, *fresh(1, 4)], look("s2"), MOST, 10)
    assert added(turn) == [1]
    outcomes = settled(turn)
    assert outcomes[2] == FoundThere("s2", already_there=False)
    assert isinstance(outcomes[3], Transient)
    assert outcomes[3].delay_s == pytest.approx(6.1)
    assert isinstance(outcomes[4], RateLimited)


def test_nothing_is_added_behind_one_that_somebody_else_still_finds_out_about() -> None:
    turn = take_turn(fresh(1, 4), look(unknown=(False, 3, 1)), MOST, 10)
    assert added(turn) == [1]
    assert isinstance(settled(turn)[4], RateLimited)
    new = take_turn(fresh(4), look(unknown=(True, 3, 1)), MOST, 10)
    assert added(new) == [4]


def test_an_intent_of_another_choice_is_found_out_about_first() -> None:
    chosen = command(1, "better")
    turn = take_turn([(chosen, begun(chosen, ago_s=11, item="former"))], look("former"), MOST, 10)
    assert settled(turn) == {1: FoundThere("former", already_there=False)}


def test_what_was_decided_before_the_latest_report_is_decided_again() -> None:
    old = (command(1, decided_at=NOW - timedelta(seconds=5)), None)
    turn = take_turn([old, *fresh(2)], look(news=News(7, NOW - timedelta(seconds=1))), MOST, 10)
    assert added(turn) == [2]
    verdict = settled(turn)[1]
    assert isinstance(verdict, Permanent)
    assert verdict.kind is FailureKind.COLLECTION_CHANGED


def test_places_in_the_history_tell_what_was_known_whatever_the_clocks_say() -> None:
    for hours in (-6, 6):
        told = look(news=News(7, NOW + timedelta(hours=hours)))
        turn = take_turn([(command(1, known_to=7), None), (command(2, known_to=6), None)], told, MOST, 10)
        assert added(turn) == [1]
        assert isinstance(settled(turn)[2], Permanent)


def test_after_a_report_nothing_is_added() -> None:
    turn = take_turn(fresh(1, 2), look(reported=1), MOST, 10)
    assert not turn.add
    assert {getattr(each, "kind", None) for each in settled(turn).values()} == {FailureKind.COLLECTION_CHANGED}


def test_a_delivery_is_done_once_its_record_names_this_item() -> None:
    def record(**outcome: str) -> IdempotencyRecord:
        return IdempotencyRecord("main.1.spotify", "done", NOW, {}, outcome)

    assert is_done(command(1), record(external_id="s1"))
    assert not is_done(command(1), record(external_id="another"))
    assert not is_done(command(1), begun(command(1), ago_s=1))
    assert not is_done(command(1), None)
