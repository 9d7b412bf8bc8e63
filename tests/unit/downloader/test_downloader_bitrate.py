"""The bitrate ladder."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_downloader.bitrate import LADDER_KBPS, CannotFit, Encode, Fits, encoding_for, fit, limit_bytes
from navaar_downloader.unusable import length_problem

FIFTY_MB = limit_bytes(50)


def test_a_small_file_fits_as_it_is() -> None:
    assert fit(4_000_000, 240, FIFTY_MB) == Fits()


def test_an_hour_and_a_half_is_encoded_at_the_highest_rung_that_fits() -> None:
    assert fit(90_000_000, 5400, FIFTY_MB, source_kbps=133) == Encode(64)


def test_encoding_never_goes_above_the_source() -> None:
    assert fit(60_000_000, 1500, FIFTY_MB, source_kbps=130) == Encode(128)


def test_ten_hours_cannot_fit_and_the_reason_says_what_helps() -> None:
    plan = fit(600_000_000, 36_000, FIFTY_MB)
    assert isinstance(plan, CannotFit)
    assert "600 minutes" in plan.reason
    assert "local Bot API server" in plan.reason


def test_a_rung_that_was_too_large_is_followed_by_the_next() -> None:
    assert fit(FIFTY_MB + 1, 60, FIFTY_MB, below_kbps=128) == Encode(112)


def test_the_lowest_rung_failing_ends_the_ladder() -> None:
    assert isinstance(fit(FIFTY_MB + 1, 60, FIFTY_MB, below_kbps=LADDER_KBPS[-1]), CannotFit)


def test_what_must_be_converted_gets_a_good_bitrate_or_one_that_fits() -> None:
    assert encoding_for(240, FIFTY_MB) == Encode(192)
    assert encoding_for(7000, FIFTY_MB) == Encode(48)
    assert isinstance(encoding_for(9000, FIFTY_MB), CannotFit)


@given(
    size=st.integers(1, 10**9),
    duration=st.floats(1, 40_000),
    limit=st.integers(10**6, 2 * 10**9),
    reserved=st.integers(0, 500_000),
    source=st.none() | st.floats(8, 1500),
)
def test_whatever_is_planned_stays_within_the_limit(
    size: int, duration: float, limit: int, reserved: int, source: float | None
) -> None:
    plan = fit(size, duration, limit, reserved_bytes=reserved, source_kbps=source)
    if isinstance(plan, Fits):
        assert size + reserved <= limit
    elif isinstance(plan, Encode):
        assert plan.kbps * 125 * duration + reserved <= limit


@pytest.mark.parametrize(
    ("actual", "expected", "fine"),
    [
        (240, 240, True),
        (232, 240, True),
        (225.7, 240, True),
        (225, 240, False),
        (95, 240, False),
        (30, 22, True),
        (240, None, True),
    ],
)
def test_length_may_differ_by_eight_seconds_or_six_percent(actual: float, expected: float | None, fine: bool) -> None:
    assert (length_problem(actual, expected) is None) is fine


def test_a_wrong_length_is_told_in_seconds() -> None:
    assert length_problem(95, 240) == "the download is 95 s, the recording 240 s: not what was asked for"
