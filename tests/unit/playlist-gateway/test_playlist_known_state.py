"""When a look at a playlist is believed, and when it must be confirmed."""

from __future__ import annotations

import pytest

from navaar_contracts.music import ItemMetadata
from navaar_playlist_gateway.known_state import KnownState
from navaar_playlist_gateway.snapshot import ChangeCheck, PlaylistEntry, Snapshot, Tail, UnusableEntry


def reading(*ids: str, mark: str = "m1", count: int | None = None) -> Snapshot:
    entries = tuple(PlaylistEntry(i, ItemMetadata(title=i)) for i in ids)
    return Snapshot(entries, mark, len(ids) if count is None else count)


def knowing(*ids: str, settle_s: float = 10, mark_lag_s: float = 0) -> KnownState:
    knowledge = KnownState(settle_s, mark_lag_s=mark_lag_s)
    knowledge.take(reading(*ids), now=0)
    return knowledge


def test_before_the_first_reading_no_glance_is_enough() -> None:
    assert not KnownState(10).agrees(ChangeCheck("m1", 0))


@pytest.mark.parametrize(
    ("check", "agrees"),
    [
        (ChangeCheck("m1", 2), True),
        (ChangeCheck("m1", None), True),
        (ChangeCheck("m1", 3), False),
        (ChangeCheck("m2", 2), False),
    ],
)
def test_a_glance_agrees_by_mark_and_count(check: ChangeCheck, agrees: bool) -> None:
    assert knowing("a", "b").agrees(check) is agrees


def test_after_an_addition_of_ours_the_count_must_fit_as_well() -> None:
    knowledge = knowing("a")
    knowledge.added("b", "m2", now=0)
    assert knowledge.agrees(ChangeCheck("m2", 2))
    assert not knowledge.agrees(ChangeCheck("m2", None))
    # Somebody else added at the same moment: the mark is the one we were told, the count is not.
    assert not knowledge.agrees(ChangeCheck("m2", 3))


@pytest.mark.parametrize(
    ("seen", "doubtful"),
    [
        (reading("a", "b", "c"), False),
        (reading("a", "b", "c", "d"), False),
        (reading("c", "b", "a"), False),
        (reading("a", "x", "y"), False),
        (reading("a", "b"), True),
        (reading(), True),
        (reading("a", "b", "c", count=5), True),
    ],
)
def test_less_than_was_known_is_doubted(seen: Snapshot, doubtful: bool) -> None:
    assert knowing("a", "b", "c").doubts(seen, now=0) is doubtful


def test_a_first_reading_is_doubted_when_it_is_empty_or_incomplete() -> None:
    assert KnownState(10).doubts(reading(), now=0)
    assert KnownState(10).doubts(reading("a", count=2), now=0)
    assert not KnownState(10).doubts(reading("a"), now=0)


def test_an_emptiness_that_was_confirmed_is_not_doubted_again() -> None:
    assert not knowing().doubts(reading(), now=0)


def test_entries_that_a_platform_never_lists_are_doubted_only_once() -> None:
    knowledge = KnownState(10)
    knowledge.take(reading("a", count=2), now=0)
    assert not knowledge.doubts(reading("a", count=2), now=0)


def test_our_own_addition_may_be_missing_while_it_settles() -> None:
    knowledge = knowing("a", settle_s=10)
    knowledge.added("b", None, now=100)
    assert not knowledge.doubts(reading("a"), now=105)
    assert knowledge.settling(105) == {"b"}
    assert knowledge.settling(111) == frozenset()
    assert knowledge.doubts(reading("a"), now=111)


def test_items_are_usable_entries_in_order_each_once() -> None:
    first, second = PlaylistEntry("a", ItemMetadata(title="1")), PlaylistEntry("b", ItemMetadata())
    seen = Snapshot((first, UnusableEntry("x", "n", "r"), second, PlaylistEntry("a", ItemMetadata(title="2"))), "m", 4)
    assert seen.items == (first, second)
    assert seen.ids == {"a", "b", "x"}


def tail(*ids: str, start: int, count: int | None = None) -> Tail:
    entries = tuple(PlaylistEntry(i, ItemMetadata(title=i)) for i in ids)
    return Tail(entries, start, start + len(ids) if count is None else count)


@pytest.mark.parametrize(
    ("seen", "explained"),
    [
        (tail("b", "c", start=1), True),
        (tail("b", "c", "d", start=1), True),
        (tail("a", "b", "c", "a", start=0), True),
        (tail("c", "d", start=1), False),
        (tail("b", "x", start=1), False),
        (tail("b", start=1), False),
        (tail(start=1), False),
        (tail("b", "c", start=1, count=4), False),
    ],
)
def test_a_tail_explains_appending_and_nothing_else(seen: Tail, explained: bool) -> None:
    assert knowing("a", "b", "c", mark_lag_s=60).explained_by(seen) is explained


def test_a_mark_is_not_looked_at_for_a_while_after_a_change_and_then_taken_once() -> None:
    knowledge = knowing("a", mark_lag_s=60)
    knowledge.added("b", None, now=100)
    assert knowledge.trusts_the_tail_only(159)
    # Even later, an addition that nobody has seen is looked for.
    assert knowledge.trusts_the_tail_only(161)
    knowledge.extend(tail("a", "b", start=0), now=101)
    assert knowledge.trusts_the_tail_only(160)
    assert not knowledge.trusts_the_tail_only(162)
    assert not knowledge.agrees(ChangeCheck("m2", 3))
    assert knowledge.agrees(ChangeCheck("m2", 2))
    assert not knowledge.agrees(ChangeCheck("m3", 2))


def test_where_marks_never_lag_they_are_always_looked_at() -> None:
    knowledge = knowing("a")
    knowledge.added("b", "m2", now=100)
    assert not knowledge.trusts_the_tail_only(100)


def test_where_not_every_entry_is_listed_a_tail_proves_nothing() -> None:
    knowledge = KnownState(10, mark_lag_s=60)
    knowledge.take(reading("a", count=2), now=0)
    assert not knowledge.explained_by(tail("a", "b", start=0))
