"""What an account is asked goes through one paced queue, and waiting in it is no pause of the platform."""

from __future__ import annotations

import itertools

import pytest

from navaar_playlist_gateway.pacing import Pacing
from navaar_runtime.failures import RateLimited


def pacing(interval_s: float, burst: int) -> Pacing:
    return Pacing(interval_s, burst, "the next request")


def test_a_few_go_at_once_and_many_evenly() -> None:
    queue = pacing(3, 3)
    now, made = 1000.0, []
    for _ in range(6):
        now += queue.take(now)
        made.append(now - 1000)
    assert made == [0, 0, 0, 3, 6, 9]


def test_what_was_not_used_is_saved_up_only_to_the_burst() -> None:
    queue = pacing(3, 2)
    for now in (0.0, 0.0, 1000.0, 1000.0):
        assert queue.take(now) == 0
    assert queue.take(1000.0) == 3


def test_a_turn_that_comes_too_late_goes_back_to_the_queue_is_not_taken_and_is_our_own_doing() -> None:
    queue = pacing(60, 1)
    queue.take(0.0)
    for _ in range(3):
        with pytest.raises(RateLimited) as later:
            queue.take(10.0)
        assert later.value.retry_after_s == 50
        assert later.value.by_us
    assert queue.take(60.0) == 0


def test_without_an_interval_nothing_waits() -> None:
    queue = pacing(0, 1)
    assert [queue.take(5.0) for _ in range(500)] == [0.0] * 500
    assert queue.left(5.0) == 1


@pytest.mark.parametrize("asking_every_s", [0.0, 0.1, 0.7, 2.0])
def test_no_thirty_seconds_see_more_than_the_burst_and_what_flows_back(asking_every_s: float) -> None:
    queue, now = pacing(60 / 90, 60), 500.0
    made: list[float] = []
    while len(made) < 400:
        now += asking_every_s
        now += queue.take(now)
        made.append(now)
    most = max(sum(begin <= one < begin + 30 for one in made) for begin in made)
    assert most <= 60 + 45 + 1
    assert all(later >= earlier for earlier, later in itertools.pairwise(made))


def test_what_is_left_is_told() -> None:
    queue = pacing(2, 3)
    told = []
    for _ in range(4):
        told.append(queue.left(10.0))
        queue.take(10.0)
    assert told == [3, 2, 1, 0]
    assert (queue.left(13.9), queue.left(14.0), queue.left(1000.0)) == (0, 1, 3)
