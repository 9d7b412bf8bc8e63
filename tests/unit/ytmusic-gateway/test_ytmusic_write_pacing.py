"""How often a playlist is changed, and how long it is left alone after a refusal."""

from __future__ import annotations

import pytest

from navaar_runtime.failures import RateLimited
from navaar_ytmusic_gateway.write_pacing import WritePacing, refusal_pause_s


def test_a_few_writes_go_at_once_and_many_evenly() -> None:
    pacing = WritePacing(3, 3)
    now, made = 1000.0, []
    for _ in range(6):
        now += pacing.take(now)
        made.append(now - 1000)
    assert made == [0, 0, 0, 3, 6, 9]


def test_what_was_not_used_is_saved_up_only_to_the_burst() -> None:
    pacing = WritePacing(3, 2)
    for now in (0.0, 0.0, 1000.0, 1000.0):
        assert pacing.take(now) == 0
    assert pacing.take(1000.0) == 3


def test_a_turn_that_comes_too_late_goes_back_to_the_queue_and_is_not_taken() -> None:
    pacing = WritePacing(60, 1)
    pacing.take(0.0)
    for _ in range(3):
        with pytest.raises(RateLimited) as later:
            pacing.take(10.0)
        assert later.value.retry_after_s == 50
    assert pacing.take(60.0) == 0


def test_without_an_interval_nothing_waits() -> None:
    pacing = WritePacing(0, 1)
    assert [pacing.take(5.0) for _ in range(500)] == [0.0] * 500


def test_pauses_grow_and_are_long_from_the_third_refusal_on() -> None:
    assert [refusal_pause_s(n, first_s=60, long_s=7200) for n in range(1, 6)] == [60, 240, 7200, 7200, 7200]
    assert [refusal_pause_s(n, first_s=60, long_s=100) for n in (1, 2, 3)] == [60, 100, 100]
