"""Alerts: each trouble told once, its end once, and never a storm."""

from __future__ import annotations

import itertools
import json

from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_bot.alerts.alerts import Alerts, DueAlerts
from navaar_bot.alerts.failure_streaks import SUSPICIOUS, FailureStreaks, causes_of
from navaar_bot.questions import QuestionLimit
from navaar_contracts.identifiers import Direction

COOLDOWN = 1800.0
CAUSES = ("a", "b", "c")
EVENTS = st.lists(
    st.tuples(st.sampled_from(CAUSES), st.booleans(), st.text(max_size=5), st.floats(0, 400, allow_nan=False)),
    max_size=120,
)


def tell(alerts: Alerts, now: float) -> DueAlerts:
    """What is due, told at once."""
    told = alerts.due(now)
    alerts.said(told, now)
    return told


@settings(max_examples=200)
@given(EVENTS)
def test_no_storm_whatever_happens(events: list[tuple[str, bool, str, float]]) -> None:
    alerts, now = Alerts(COOLDOWN), 0.0
    told: dict[str, list[float]] = {cause: [] for cause in CAUSES}
    over: dict[str, int] = dict.fromkeys(CAUSES, 0)
    for cause, bad, details, passing in events:
        now += passing
        if bad:
            alerts.trouble(cause, cause, details)
        else:
            alerts.fine(cause)
        said = tell(alerts, now)
        for headline, _ in (*said.new, *said.lasting):
            told[headline].append(now)
        for headline in said.over:
            over[headline] += 1
    for cause, moments in told.items():
        gaps = [later - earlier for earlier, later in itertools.pairwise(moments)]
        assert all(gap >= COOLDOWN for gap in gaps)
        assert over[cause] <= len(moments)


@given(EVENTS)
def test_what_lasts_is_known_at_the_end_and_what_ended_is_told_so(
    events: list[tuple[str, bool, str, float]],
) -> None:
    alerts, now = Alerts(COOLDOWN), 0.0
    shown: dict[str, bool] = dict.fromkeys(CAUSES, False)
    state: dict[str, bool] = dict.fromkeys(CAUSES, False)
    for cause, bad, details, passing in events:
        now += passing
        state[cause] = bad
        if bad:
            alerts.trouble(cause, cause, details)
        else:
            alerts.fine(cause)
        said = tell(alerts, now)
        shown |= {headline: True for headline, _ in (*said.new, *said.lasting)} | dict.fromkeys(said.over, False)
    said = tell(alerts, now + COOLDOWN)
    shown |= {headline: True for headline, _ in (*said.new, *said.lasting)} | dict.fromkeys(said.over, False)
    assert shown == state


def test_texts_that_change_are_the_same_trouble() -> None:
    alerts = Alerts(COOLDOWN)
    messages = 0
    for cycle in range(10):
        alerts.trouble("direction:tg_to_yt", "Nothing gets through", f"<object at 0x{cycle:x}>")
        messages += bool(tell(alerts, cycle * 60.0))
    assert messages == 1


def test_several_at_once_are_one_message() -> None:
    alerts = Alerts(COOLDOWN)
    for cause in CAUSES:
        alerts.trouble(cause, cause)
    assert len(tell(alerts, 0).new) == 3
    assert not tell(alerts, 1)


def test_what_lasts_is_told_again_after_the_cooldown() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("a", "A")
    assert tell(alerts, 0).new
    assert not tell(alerts, COOLDOWN - 1)
    assert tell(alerts, COOLDOWN).lasting == (("A", ""),)
    alerts.fine("a")
    assert tell(alerts, COOLDOWN + 1).over == ("A",)
    assert not tell(alerts, COOLDOWN + 2)


def test_what_was_over_before_it_was_told_is_not_told() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("a", "A")
    alerts.fine("a")
    assert not tell(alerts, 0)


def test_what_could_not_be_said_stays_due() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("a", "A")
    assert alerts.due(0).new == alerts.due(60).new == (("A", ""),)
    told = alerts.due(61)
    alerts.fine("a")  # while it is being said
    alerts.said(told, 62)
    assert tell(alerts, 63).over == ("A",)


@given(EVENTS, st.integers(0, 119))
def test_a_restart_at_any_moment_changes_nothing_of_what_is_told(
    events: list[tuple[str, bool, str, float]], restart_at: int
) -> None:
    steady, restarted, now = Alerts(COOLDOWN), Alerts(COOLDOWN), 0.0
    for number, (cause, bad, details, passing) in enumerate(events):
        now += passing
        if number == restart_at:
            written = json.loads(json.dumps(restarted.written()))
            restarted = Alerts(COOLDOWN)
            restarted.recall(written)
        for alerts in (steady, restarted):
            if bad:
                alerts.trouble(cause, cause, details)
            else:
                alerts.fine(cause)
        assert tell(steady, now) == tell(restarted, now)


def test_what_is_no_cause_any_more_is_not_recalled() -> None:
    before, after = Alerts(COOLDOWN), Alerts(COOLDOWN)
    for cause in CAUSES:
        before.trouble(cause, cause)
    tell(before, 0)
    after.recall(before.written(), but=("a",))
    assert after.causes() == ("b", "c")


def test_a_direction_in_which_everything_stops_is_a_trouble() -> None:
    streaks = FailureStreaks(2)
    assert streaks.stopped("main", Direction.SP_TO_TG, 1, "download_failed", "no") is None
    assert streaks.stopped("main", Direction.SP_TO_TG, 1, "download_failed", "no") is None  # the same track again
    bad = streaks.stopped("main", Direction.SP_TO_TG, 2, "place_failed", "403")
    assert bad is not None
    assert causes_of(bad) == [("download_failed", 1), ("place_failed", 1)]


def test_songs_that_wait_for_room_in_a_full_playlist_are_no_streak() -> None:
    streaks = FailureStreaks(2)
    assert all(streaks.stopped("main", Direction.SP_TO_YT, n, "playlist_full", "") is None for n in range(50))


def test_one_success_ends_the_streak_of_its_direction_only() -> None:
    streaks = FailureStreaks(2)
    for track_id in (1, 2):
        streaks.stopped("main", Direction.TG_TO_YT, track_id, "place_failed", "")
    streaks.synced("main", Direction.TG_TO_SP)
    assert streaks.stopped("main", Direction.TG_TO_YT, 3, "place_failed", "") is not None
    streaks.synced("main", Direction.TG_TO_YT)
    assert streaks.stopped("main", Direction.TG_TO_YT, 4, "place_failed", "") is None


def test_songs_that_do_not_exist_there_are_no_trouble_until_there_are_many() -> None:
    streaks = FailureStreaks(2)
    found = [streaks.stopped("main", Direction.TG_TO_YT, n, "no_match", "") for n in range(SUSPICIOUS + 2)]
    assert found[:-1] == [None] * (SUSPICIOUS + 1)
    assert found[-1] is not None


@given(st.lists(st.floats(0, 100, allow_nan=False), max_size=80))
def test_questions_are_bounded_and_the_rest_is_mentioned_once_in_a_while(pauses: list[float]) -> None:
    limit, now = QuestionLimit(5, 600), 0.0
    sent: list[float] = []
    mentioned: list[float] = []
    for pause in pauses:
        now += pause
        if limit.take(now):
            sent.append(now)
        elif limit.tell_more(now):
            mentioned.append(now)
    for moment in sent:
        assert sum(moment - 600 < other <= moment for other in sent) <= 5
    assert len(mentioned) <= len(sent)


def test_what_is_over_soon_is_not_told() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("away", "away", quiet_until=600.0)
    assert not tell(alerts, 599)
    alerts.fine("away")
    assert not tell(alerts, 601)


def test_what_lasts_longer_is_told_once_and_its_end_too() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("away", "away", quiet_until=600.0)
    assert tell(alerts, 600).new == (("away", ""),)
    alerts.trouble("away", "away", quiet_until=700.0)
    assert not tell(alerts, 650)
    alerts.fine("away")
    assert tell(alerts, 660).over == ("away",)


def test_a_trouble_with_an_end_of_its_own_is_over_then_even_after_a_restart() -> None:
    alerts = Alerts(COOLDOWN)
    alerts.trouble("pause", "pause", "until ten", until=1000.0)
    assert tell(alerts, 10).new == (("pause", "until ten"),)
    again = Alerts(COOLDOWN)
    again.recall(json.loads(json.dumps(alerts.written())))
    assert not tell(again, 999)
    assert tell(again, 1000).over == ("pause",)
