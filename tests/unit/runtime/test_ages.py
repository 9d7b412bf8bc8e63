"""How old things are, whatever happens to the wall clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from navaar_runtime.ages import KEPT, Ages

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)


class Clocks:
    """One that goes on, and one that may be set."""

    def __init__(self) -> None:
        self.gone_s = 0.0
        self.set_by = timedelta(0)
        self.ages = Ages(self.now, lambda: self.gone_s)

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.gone_s) + self.set_by

    def age_s(self, key: str, revision: int, noted: datetime) -> float:
        return (self.now() - self.ages.begun_at(key, revision, noted)).total_seconds()


def test_nobody_touches_the_clock_and_what_is_noted_stays_as_it_is() -> None:
    clocks = Clocks()
    noted = NOON - timedelta(seconds=3)
    for _ in range(3):
        assert clocks.ages.begun_at("a", 1, noted) == noted
        clocks.gone_s += 10


@pytest.mark.parametrize("hours", [-6, 6])
def test_what_was_met_grows_older_evenly_though_the_clock_is_set(hours: int) -> None:
    clocks = Clocks()
    noted = clocks.now()
    assert clocks.age_s("a", 1, noted) == 0
    clocks.gone_s, clocks.set_by = 4.0, timedelta(hours=hours)
    assert clocks.age_s("a", 1, noted) == pytest.approx(4)


def test_what_a_clock_that_was_ahead_has_noted_is_as_old_as_it_is_known() -> None:
    clocks = Clocks()
    noted = NOON + timedelta(hours=6)
    assert clocks.age_s("a", 1, noted) == 0
    clocks.gone_s = 30.0
    assert clocks.age_s("a", 1, noted) == pytest.approx(30)


def test_what_was_begun_anew_is_young_again() -> None:
    clocks = Clocks()
    clocks.ages.begun_at("a", 1, NOON)
    clocks.gone_s = 50.0
    assert clocks.age_s("a", 2, clocks.now()) == 0
    clocks.ages.forget("a")
    clocks.gone_s = 60.0
    assert clocks.age_s("a", 2, NOON + timedelta(seconds=50)) == pytest.approx(10)


def test_it_remembers_a_bounded_number() -> None:
    clocks = Clocks()
    clocks.ages.begun_at("first", 1, NOON)
    clocks.gone_s, clocks.set_by = 5.0, timedelta(hours=-6)
    for number in range(KEPT):
        clocks.ages.begun_at(f"{number}", 1, clocks.now())
    # Of it nothing is known any more but what the clock says now.
    assert clocks.age_s("first", 1, NOON) == 0
