"""The stories of `tests.chaos`."""

from __future__ import annotations

from collections import Counter

from tests.chaos.story import SIDES, story

PROCESSES = ("ledger", "nats", "api")


def test_one_seed_tells_one_story() -> None:
    first, again, other = (list(story(seed, songs=20, kills=30, processes=PROCESSES)) for seed in (3, 3, 4))
    assert first == again
    assert first != other


def test_every_song_is_added_once_and_every_process_is_hit() -> None:
    for seed in range(20):
        steps = list(story(seed, songs=12, kills=15, processes=PROCESSES))
        added = [step.details["number"] for step in steps if step.what in ("add", "everywhere")]
        assert added == list(range(12))
        hit = Counter(step.about for step in steps if step.what == "kill")
        assert set(hit) == set(PROCESSES)
        assert hit.total() == 15
        assert all(step.about in (*SIDES, "media") for step in steps if step.what in ("fault", "storm"))
