"""The stories of `tests.chaos`."""

from __future__ import annotations

from collections import Counter

from navaar_contracts.commands import SetPause
from navaar_contracts.events import PlatformPaused
from navaar_contracts.records import RequestTaken
from tests.chaos.garbage import KINDS, NOWHERE, flood
from tests.chaos.story import FLOOD, SIDES, Rare, story

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


def test_nats_is_away_once_in_a_long_story_whose_server_nobody_starts_again() -> None:
    def away(kills: int, processes: tuple[str, ...]) -> list[float]:
        steps = story(5, songs=3, kills=kills, processes=processes)
        return [step.lasting_s for step in steps if step.what == "away"]

    assert away(51, PROCESSES) == [60.0]
    assert away(51, ("ledger", "nats-0", "leader")) == [60.0]
    assert away(51, ("group", "alone")) == []
    assert away(50, PROCESSES) == []


def test_what_is_rare_happens_as_often_as_is_said_and_each_backup_is_put_back_later() -> None:
    rare = Rare(everywhere=5, jumps=4, full=2, restores=3)
    for seed in range(20):
        steps = list(story(seed, songs=12, kills=15, processes=PROCESSES, rare=rare))
        happened = Counter(step.what for step in steps)
        assert (happened["everywhere"], happened["add"]) == (5, 7)
        assert (happened["jump"], happened["full"]) == (4, 2)
        kept = [(step.what, step.details["number"]) for step in steps if step.what in ("backup", "restore")]
        assert kept == [(what, number) for number in range(3) for what in ("backup", "restore")]
        assert all(abs(step.details["off_s"]) >= 30 for step in steps if step.what == "jump")
    assert not {"jump", "full", "backup"} & {step.what for step in story(1, songs=12, kills=15, processes=PROCESSES)}


def test_a_flood_is_of_all_sorts_and_kinds_and_about_no_song_of_the_story() -> None:
    sent = list(flood(7, FLOOD))
    assert sent == list(flood(7, FLOOD))
    sorts = Counter(each.what for each in sent)
    assert sorts.total() == FLOOD
    assert set(sorts) == {"noise", "shape", "fits"}
    kinds = {cls.__name__: cls for cls in KINDS}
    fits = [kinds[each.headers["Navaar-Type"]].model_validate_json(each.body) for each in sent if each.what == "fits"]
    assert {type(message) for message in fits} == set(KINDS)
    for message in fits:
        assert getattr(message, "track_id", 10**9) >= 10**9
        assert message.link == NOWHERE or not isinstance(message, (SetPause, RequestTaken, PlatformPaused))
