"""One rule says whether a direction works: people's pauses, refused sign-ins, crashes, failures, late cycles."""

from __future__ import annotations

from datetime import timedelta

import pytest

from navaar_contracts.events import CredentialsRejected, PlatformAvailable
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.queries import DirectionProblem, GetCounts
from navaar_ledger import handlers
from navaar_ledger.application.queries import LedgerQueries
from navaar_ledger.store.port import PlatformPause, over
from navaar_ledger.telemetry.health import CRASHES, Health
from tests.support.ledger_world import LINK, START, World, run

WAY = Direction.TG_TO_SP


def told(world: World, health: Health, after: timedelta = timedelta(0)) -> dict[Direction, DirectionProblem | None]:
    questions = LedgerQueries(world.store, world.policy, START, health, lambda: START + after)
    return {each.direction: each.problem for each in run(questions.get_counts(GetCounts())).health}


def test_a_fresh_ledger_says_that_every_direction_of_its_links_works() -> None:
    assert told(World(), Health()) == dict.fromkeys(LINK.directions())


@pytest.mark.parametrize("seconds", [299, 301])
def test_a_direction_without_a_cycle_is_late_after_its_intervals(seconds: float) -> None:
    late = told(World(), Health(), timedelta(seconds=seconds))[WAY]
    assert late is (DirectionProblem.LATE if seconds > 5 * World().policy.interval(WAY) else None)


def test_a_cycle_ends_the_lateness() -> None:
    world, after = World(), timedelta(seconds=1000)
    run(world.store.record_cycle("main", WAY, 1, START + after))
    problems = told(world, Health(), after)
    assert problems[WAY] is None
    assert problems[Direction.TG_TO_YT] is DirectionProblem.LATE


def test_a_pause_is_told_before_anything_else_and_a_refused_sign_in_before_crashes() -> None:
    world, health = World(), Health()
    for _ in range(CRASHES):
        health.crashed(("main", WAY))
    assert told(world, health)[WAY] is DirectionProblem.CRASHING
    run(world.store.pause_platform(PlatformPause("main", Platform.SPOTIFY, START, None, "sign in", refused=True)))
    assert told(world, health)[WAY] is DirectionProblem.SIGN_IN_REFUSED
    run(world.store.pause("main", WAY, True, START))
    assert told(world, health)[WAY] is DirectionProblem.PAUSED
    assert told(world, health)[Direction.TG_TO_YT] is None


def late(last_s_ago: float | None, started_s_ago: float, *, paused: bool = False) -> bool:
    world, now = World(), START + timedelta(days=10)
    if last_s_ago is not None:
        run(world.store.record_cycle("main", WAY, 1, now - timedelta(seconds=last_s_ago)))
    if paused:
        run(world.store.pause("main", WAY, True, now))
    started_at = now - timedelta(seconds=started_s_ago)
    questions = LedgerQueries(world.store, world.policy, started_at, Health(), lambda: now)
    (health,) = [each for each in run(questions.get_counts(GetCounts())).health if each.direction is WAY]
    return bool(health.problem is DirectionProblem.LATE)


def test_a_direction_is_late_after_five_intervals_without_a_cycle() -> None:
    assert not late(299, 4000)
    assert late(301, 4000)


def test_a_direction_that_never_had_a_cycle_is_late_only_after_the_same_time() -> None:
    assert not late(None, 299)
    assert late(None, 301)


def test_after_a_long_stop_a_direction_has_time_to_run_again() -> None:
    assert not late(86_400, 10)


def test_a_paused_direction_is_not_late() -> None:
    assert not late(86_400, 4000, paused=True)


def test_a_platform_that_is_away_is_told_with_its_reason_until_it_answers() -> None:
    world, until = World(), START + timedelta(hours=20)
    run(world.store.pause_platform(PlatformPause("main", Platform.SPOTIFY, START, until, "Spotify asks for a pause")))
    questions = LedgerQueries(world.store, world.policy, START, Health(), lambda: START + timedelta(seconds=1))
    answer = {each.direction: each for each in run(questions.get_counts(GetCounts())).health}
    assert answer[WAY].problem is DirectionProblem.PLATFORM_PAUSED
    assert answer[WAY].details == f"Spotify asks for a pause (until {until:%Y-%m-%d %H:%M} UTC)"
    assert answer[Direction.TG_TO_YT].problem is None
    assert told(world, Health(), timedelta(hours=21))[WAY] is DirectionProblem.LATE


def test_a_refused_sign_in_is_known_after_a_restart_of_the_ledger() -> None:
    world = World()
    refused = PlatformPause("main", Platform.SPOTIFY, START, None, "sign in again", refused=True)
    run(world.store.pause_platform(refused))
    assert told(world, Health())[WAY] is DirectionProblem.SIGN_IN_REFUSED
    run(world.store.pause_platform(over("main", Platform.SPOTIFY, START + timedelta(seconds=1))))
    assert told(world, Health(), timedelta(seconds=2))[WAY] is None


def test_a_closed_collection_is_no_pause_of_the_platform_that_an_answer_would_end() -> None:
    world = World()
    closed = CredentialsRejected(
        link="main", platform=Platform.TELEGRAM, reason="no rights", collection_only=True, rejected_at=START
    )
    answers = PlatformAvailable(link="main", platform=Platform.TELEGRAM, available_at=START + timedelta(seconds=1))
    run(handlers.credentials_rejected(closed, world.ports))
    run(handlers.platform_available(answers, world.ports))
    health = world.ports.metrics.health
    assert told(world, health, timedelta(seconds=2))[WAY] is DirectionProblem.SIGN_IN_REFUSED
