"""The ledger's time goes on, whatever happens to the machine's clock."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from navaar_ledger.application.onward import Onward

NOON = datetime(2026, 11, 29, 12, tzinfo=UTC)
HOURS = timedelta(hours=6)


class Clocks:
    def __init__(self) -> None:
        self.gone_s = 0.0
        self.set_by = timedelta(0)
        self.time = Onward(self.wall, lambda: self.gone_s)

    def wall(self) -> datetime:
        return NOON + timedelta(seconds=self.gone_s) + self.set_by


def test_it_is_the_machine_s_time_while_nobody_sets_that() -> None:
    clocks = Clocks()
    for _ in range(5):
        clocks.gone_s += 7
        assert clocks.time() == clocks.wall()


def test_a_clock_set_ahead_is_followed() -> None:
    clocks = Clocks()
    clocks.set_by = HOURS
    assert clocks.time() == NOON + HOURS


def test_a_clock_set_back_is_waited_for_and_a_minute_stays_about_one() -> None:
    clocks = Clocks()
    clocks.set_by = HOURS
    ahead = clocks.time()
    clocks.set_by = timedelta(0)
    seen = [ahead]
    for _ in range(10):
        clocks.gone_s += 60
        seen.append(clocks.time())
    steps = [(later - earlier).total_seconds() for earlier, later in pairwise(seen)]
    assert steps == pytest.approx([54] * 10)
    clocks.gone_s += 10 * HOURS.total_seconds()
    assert clocks.time() == clocks.wall()


def test_after_a_start_it_goes_on_from_what_is_written_down() -> None:
    clocks = Clocks()
    clocks.time.not_before(NOON + HOURS)
    assert clocks.time() == NOON + HOURS
    clocks.time.not_before(NOON)
    clocks.time.not_before(None)
    assert clocks.time() == NOON + HOURS
