"""A day of the YouTube Data API's units: when it ends, what it allows, and that it is remembered."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from navaar_contracts.health import AdditionBudget
from navaar_contracts.identifiers import Platform
from navaar_runtime.failures import RateLimited
from navaar_ytmusic_gateway.data_api import quota
from navaar_ytmusic_gateway.data_api.poll_budget import PollBudget
from navaar_ytmusic_gateway.data_api.quota_ledger import QuotaLedger


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "day", "reset"),
    [
        # In winter midnight in California is 08:00 UTC, in summer 07:00.
        ("2026-11-29T07:59:59", date(2026, 11, 28), "2026-11-29T08:00:00"),
        ("2026-11-29T08:00:00", date(2026, 11, 29), "2026-11-30T08:00:00"),
        ("2026-07-01T06:59:59", date(2026, 6, 30), "2026-07-01T07:00:00"),
        ("2026-07-01T07:00:00", date(2026, 7, 1), "2026-07-02T07:00:00"),
        # Clocks go forward on 8 March 2026 (a day of 23 hours) and back on 1 November (25 hours).
        ("2026-03-08T08:00:00", date(2026, 3, 8), "2026-03-09T07:00:00"),
        ("2026-03-08T10:00:00", date(2026, 3, 8), "2026-03-09T07:00:00"),
        ("2026-11-01T07:00:00", date(2026, 11, 1), "2026-11-02T08:00:00"),
        ("2026-11-01T09:30:00", date(2026, 11, 1), "2026-11-02T08:00:00"),
        ("2026-12-31T23:00:00", date(2026, 12, 31), "2027-01-01T08:00:00"),
        ("2028-02-29T12:00:00", date(2028, 2, 29), "2028-03-01T08:00:00"),
    ],
)
def test_a_day_ends_at_midnight_in_california(now: str, day: date, reset: str) -> None:
    assert quota.day_of(utc(now)) == day
    assert quota.reset_after(utc(now)) == utc(reset)


def test_every_hour_of_a_year_ends_within_25_hours_and_is_the_next_day_then() -> None:
    moment = utc("2026-01-01T00:30:00")
    while moment.year == 2026:
        reset = quota.reset_after(moment)
        assert timedelta(0) < reset - moment <= timedelta(hours=25)
        assert quota.day_of(reset) == quota.day_of(moment) + timedelta(days=1)
        assert quota.day_of(reset - timedelta(seconds=1)) == quota.day_of(moment)
        moment += timedelta(hours=1)


class Clock:
    def __init__(self, now: str) -> None:
        self.now = utc(now)

    def __call__(self) -> datetime:
        return self.now


def ledger(clock: Clock, file: Path | None = None, units: int = 1000) -> QuotaLedger:
    return QuotaLedger(Platform.YOUTUBE, file, units, clock)


def test_units_are_counted_until_the_day_ends_and_then_again() -> None:
    clock = Clock("2026-11-29T20:00:00")
    day = ledger(clock, units=101)
    day.take(50)
    day.take(50)
    day.take(1)
    with pytest.raises(RateLimited, match="from 2026-11-30 08:00 UTC on") as refused:
        day.take(1)
    assert refused.value.retry_after_s == 12 * 3600
    # Whether there are more is looked at soon, and asks nobody.
    assert refused.value.wait_s < 60
    clock.now += timedelta(hours=12)
    day.take(50)
    assert day.spent == 50


def test_units_that_were_not_used_are_given_back() -> None:
    day = ledger(Clock("2026-11-29T20:00:00"))
    day.take(50)
    day.give_back(50)
    assert day.spent == 0
    day.give_back(1)
    assert day.spent == 0


def test_what_is_used_up_is_known_after_a_restart_and_to_other_processes(tmp_path: Path) -> None:
    clock, file = Clock("2026-11-29T20:00:00"), tmp_path / "oauth.json.quota"
    first, other = ledger(clock, file), ledger(clock, file)
    first.take(600)
    other.take(300)
    assert first.spent == 900
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(RateLimited):
        ledger(clock, file).take(101)
    clock.now += timedelta(days=1)
    assert ledger(clock, file).spent == 0


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "{}", '{"day": "yesterday", "spent": 3, "ended_at": null}'])
def test_a_file_that_cannot_be_read_is_done_without(tmp_path: Path, content: str) -> None:
    file = tmp_path / "oauth.json.quota"
    file.write_text(content)
    day = ledger(Clock("2026-11-29T20:00:00"), file)
    day.take(50)
    assert day.spent == 50


def test_google_says_that_the_day_is_over_and_is_believed_until_it_ends_or_there_is_more(tmp_path: Path) -> None:
    clock, file = Clock("2026-11-29T20:00:00"), tmp_path / "oauth.json.quota"
    day = ledger(clock, file)
    day.take(51)
    assert day.ended().retry_after_s == 12 * 3600
    with pytest.raises(RateLimited):
        ledger(clock, file).take(1)
    # Google gave the project more.
    ledger(clock, file, units=2000).take(1)
    clock.now += timedelta(hours=12)
    ledger(clock, file).take(1)


def test_polls_are_left_what_they_need_for_the_rest_of_the_day() -> None:
    clock = Clock("2026-11-29T20:00:00")
    day = ledger(clock, units=10_000)
    day.polled_s = {"PLone": 120}
    assert day.budget() == AdditionBudget(
        a_day=(10_000 - 720) // 52, left=(10_000 - 360) // 52, resets_at=utc("2026-11-30T08:00:00")
    )
    day.take(10_000 - 360 - 49, saving=True)
    with pytest.raises(RateLimited):
        day.take(50, saving=True)
    assert "used up" in (day.waiting() or "")
    with pytest.raises(RateLimited):
        day.admit()
    day.take(1)


def test_polls_never_take_more_than_a_tenth_of_a_day() -> None:
    assert quota.polls_a_day(10_000, [120]) == 720
    assert quota.polls_a_day(10_000, [2]) == 1000
    assert quota.polls_a_day(10_000, [2, 120]) == 1000
    assert quota.polls_a_day(10_000, []) == 0
    pause = quota.poll_pause_s(10_000, 1)
    budget, made, now = PollBudget(), 0, 0.0
    for _ in range(3 * 43_200):
        made += budget.take(now, pause)
        now += 2.0
    # Three days, and half a day's that may be saved up.
    assert 3000 <= made <= 3500
    polite = PollBudget()
    assert all(polite.take(120.0 * n, pause) for n in range(2000))


@pytest.mark.parametrize(
    ("a_day", "left", "songs", "days"),
    [
        (190, 190, 500, 3),
        (190, 190, 190, 1),
        (190, 190, 191, 2),
        (190, 0, 190, 2),
        (190, 10, 0, 0),
        (0, 5, 5, 1),
        (0, 0, 5, None),
    ],
)
def test_the_days_that_songs_take(a_day: int, left: int, songs: int, days: int | None) -> None:
    budget = AdditionBudget(a_day=a_day, left=left, resets_at=utc("2026-11-30T08:00:00"))
    assert budget.days(songs) == days
    assert budget.describe(songs).startswith(f"{a_day} additions a day, {left} left until 2026-11-30 08:00 UTC")
