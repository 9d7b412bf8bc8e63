"""What a gateway has told, against what was known to whoever decided."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from navaar_runtime.news import News

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
AN_HOUR = timedelta(hours=1)


@pytest.mark.parametrize("clock", [-AN_HOUR, timedelta(0), AN_HOUR])
def test_who_knew_the_history_up_to_there_overlooks_nothing_whatever_the_clocks_say(clock: timedelta) -> None:
    told = News(8, NOW + clock)
    assert not told.is_overlooked(8, NOW)
    assert not told.is_overlooked(9, NOW)
    assert told.is_overlooked(7, NOW)
    assert told.is_overlooked(0, NOW)


def test_what_is_being_told_is_known_to_nobody_yet() -> None:
    assert News(None, NOW).is_overlooked(10**9, NOW)


def test_where_nothing_was_ever_told_nothing_is_overlooked() -> None:
    assert not News().is_overlooked(0, NOW)
    assert not News().is_overlooked(None, NOW)
    assert not News().is_overlooked(None, None)


def test_a_version_that_counts_no_places_is_asked_for_times() -> None:
    assert News(8, NOW).is_overlooked(None, NOW)
    assert News(8, NOW).is_overlooked(None, NOW - AN_HOUR)
    assert not News(8, NOW).is_overlooked(None, NOW + AN_HOUR)


def test_what_was_being_told_as_a_process_ended_may_be_the_last_of_the_history() -> None:
    assert News(None, NOW).recalled(30, NOW) == News(30, NOW)


def test_a_history_made_anew_and_a_clock_set_back_leave_no_news_ahead() -> None:
    assert News(5000, NOW + AN_HOUR).recalled(3, NOW) == News(3, NOW)
