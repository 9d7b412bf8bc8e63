"""Queues: how many at once, in which order, and that one bad song never blocks a list."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry, dispatch

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
RULES = Policy(links={}, working=2, head_of_line_timeout_s=60)
LANE = DeliveryQueue("main", Direction.TG_TO_YT, False).key


def entry(order: int, state: DeliveryState = DeliveryState.PENDING, **changes: Any) -> QueueEntry:
    known: dict[str, Any] = {"lane": LANE, "track_id": order, "target": Platform.YOUTUBE, "order": order}
    return QueueEntry(**{**known, "state": state, **changes})


def ready(order: int, waited_s: float = 1, **changes: Any) -> QueueEntry:
    return entry(order, ready=True, ready_at=NOW - timedelta(seconds=waited_s), **changes)


def starts(*entries: QueueEntry) -> list[int]:
    return [each.order for each in dispatch(entries, NOW, RULES).start]


def places(*entries: QueueEntry, placing_allowed: bool = True) -> int | None:
    chosen = dispatch(entries, NOW, RULES, placing_allowed=placing_allowed).place
    return None if chosen is None else chosen.order


def test_only_so_many_are_worked_on_at_once() -> None:
    assert starts(entry(1), entry(2), entry(3)) == [1, 2]
    assert starts(entry(1, DeliveryState.SEARCHING), entry(2), entry(3)) == [2]
    assert starts(entry(1, DeliveryState.SEARCHING), entry(2, DeliveryState.MATCHING), entry(3)) == []


def test_a_match_that_waits_takes_no_place_but_downloaded_audio_does() -> None:
    assert starts(ready(1), ready(2), entry(3), entry(4)) == [3, 4]
    audio = {"target": Platform.TELEGRAM}
    assert starts(ready(1, **audio), ready(2, **audio), entry(3, **audio)) == []


def test_unreleased_and_early_deliveries_do_not_start() -> None:
    assert starts(entry(1, released=False), entry(2, due_at=NOW + timedelta(seconds=1)), entry(3)) == [3]


def test_a_planned_track_is_searched_but_neither_downloaded_nor_placed() -> None:
    assert starts(entry(1, held=True, released=False)) == [1]
    assert starts(entry(1, held=True, target=Platform.TELEGRAM)) == []
    assert places(ready(1, held=True)) is None


def test_one_placement_at_a_time_in_the_order_of_origin() -> None:
    assert places(ready(1), ready(2)) == 1
    assert places(entry(1, DeliveryState.SYNCING, ready=True), ready(2)) is None


def test_a_ready_one_waits_for_an_earlier_one_under_way() -> None:
    assert places(entry(1, DeliveryState.SEARCHING), ready(2)) is None
    assert places(entry(1, DeliveryState.IDENTIFYING), ready(2)) is None


def test_patience_ends() -> None:
    assert places(entry(1, DeliveryState.SEARCHING), ready(2, waited_s=61)) == 2
    assert places(entry(1, DeliveryState.SEARCHING), ready(2), ready(3, waited_s=61)) == 3


def test_what_is_not_under_way_keeps_nobody_waiting() -> None:
    assert places(entry(1, released=False), ready(2)) == 2
    assert places(ready(1, held=True), ready(2)) == 2


def test_nothing_is_placed_while_a_sibling_still_looks_for_its_match() -> None:
    assert places(ready(1, settled=False)) is None
    assert places(ready(1, settled=False, waited_s=61)) == 1


def test_nothing_is_placed_into_a_collection_that_is_not_known_yet() -> None:
    assert places(ready(1), placing_allowed=False) is None


def test_a_changed_collection_is_given_its_moment() -> None:
    assert places(ready(1, due_at=NOW + timedelta(seconds=2))) is None
    assert places(ready(1, due_at=NOW)) == 1


def test_what_a_search_on_a_platform_that_is_away_would_show_is_not_waited_for() -> None:
    waiting = ready(1, settled=False, seeking=frozenset({Platform.SPOTIFY}))
    away = frozenset({Platform.SPOTIFY})
    assert dispatch([waiting], NOW, RULES).place is None
    assert dispatch([waiting], NOW, RULES, paused=frozenset({Platform.TELEGRAM})).place is None
    assert dispatch([waiting], NOW, RULES, paused=away).place == waiting
    both = ready(1, settled=False, seeking=frozenset({Platform.SPOTIFY, Platform.TELEGRAM}))
    assert dispatch([both], NOW, RULES, paused=away).place is None


def test_an_entry_that_an_earlier_version_kept_is_read_and_waits() -> None:
    kept = ready(1, settled=False)
    assert dispatch([kept], NOW, RULES, paused=frozenset(Platform)).place is None


def together(*entries: QueueEntry) -> list[int]:
    return [each.order for each in dispatch(entries, NOW, RULES).together]


def test_those_that_are_next_and_ready_go_out_together_where_the_target_takes_several() -> None:
    assert Platform.YOUTUBE.spec.takes_at_once > 1
    assert together(ready(1), ready(2), ready(3)) == [1, 2, 3]
    assert together(ready(1), entry(2, DeliveryState.SEARCHING), ready(3)) == [1]
    assert together(ready(1), entry(2, DeliveryState.SEARCHING), ready(3, waited_s=61)) == [1, 3]
    assert together(entry(1, DeliveryState.SYNCING, ready=True), ready(2), ready(3)) == []


def test_no_more_go_out_together_than_the_target_takes() -> None:
    most = Platform.YOUTUBE.spec.takes_at_once
    assert together(*(ready(order) for order in range(1, most + 3))) == list(range(1, most + 1))
    audio = {"target": Platform.TELEGRAM}
    assert together(ready(1, **audio), ready(2, **audio)) == [1]


def test_what_is_on_its_way_together_is_worked_on_as_one() -> None:
    on_their_way = [entry(order, DeliveryState.SYNCING) for order in range(1, 6)]
    assert starts(*on_their_way, entry(6), entry(7)) == [6]
