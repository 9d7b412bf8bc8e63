"""Which status card is written when."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from navaar_bot.cards.schedule import EDIT_EVERY_S, MOST_TRIES, CardSchedule


def test_many_changes_are_one_look() -> None:
    schedule = CardSchedule()
    for _ in range(50):
        schedule.touch(1, 0.0)
    assert schedule.next(0.0) == 1
    schedule.take(1, 0.0)
    assert schedule.next(1000.0) is None


@given(st.lists(st.tuples(st.integers(1, 3), st.floats(0, 3, allow_nan=False)), max_size=100))
def test_a_card_is_written_at_most_once_in_a_while_and_never_forgotten(touches: list[tuple[int, float]]) -> None:
    schedule, now = CardSchedule(), 0.0
    written: dict[int, list[float]] = {}
    changed: dict[int, float] = {}
    for track_id, pause in touches:
        now += pause
        schedule.touch(track_id, now)
        changed[track_id] = now
        while (due := schedule.next(now)) is not None:
            schedule.take(due, now)
            written.setdefault(due, []).append(now)
    while (wait := schedule.wait(now)) is not None:
        now += wait + 1e-6
        due = schedule.next(now)
        assert due is not None
        schedule.take(due, now)
        written.setdefault(due, []).append(now)
    for moments in written.values():
        assert all(b - a >= EDIT_EVERY_S - 1e-6 for a, b in itertools.pairwise(moments))
    assert all(written[track_id][-1] >= at for track_id, at in changed.items())


def test_who_waits_longest_is_first() -> None:
    schedule = CardSchedule()
    schedule.touch(2, 0.0)
    schedule.touch(1, 1.0)
    assert schedule.next(5.0) == 2


def test_a_change_while_a_card_is_written_leads_to_another_look() -> None:
    schedule = CardSchedule()
    schedule.touch(1, 0.0)
    schedule.take(1, 0.0)
    schedule.touch(1, 0.1)
    assert schedule.next(0.2) is None
    assert schedule.next(EDIT_EVERY_S) == 1


def test_a_card_that_cannot_be_written_is_given_up() -> None:
    schedule, now = CardSchedule(), 0.0
    tries = 0
    schedule.touch(1, now)
    while True:
        wait = schedule.wait(now)
        assert wait is not None
        now += wait
        schedule.take(1, now)
        tries += 1
        if not schedule.failed(1, now):
            break
    assert tries == MOST_TRIES
    assert schedule.wait(now) is None
