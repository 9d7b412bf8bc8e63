"""What counts as a trouble: services, parts, cycles, and what needs a person soon."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_contracts.events import CycleCompleted
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction
from navaar_telegram_gateway.bot.alarms import Alarms
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.watch import Patience, Watch

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOBODY: Any = None


def watching(consecutive: int = 2) -> tuple[Watch, Alarms]:
    alarms = Alarms(1800)
    patience = Patience(consecutive, {Direction.YT_TO_SP: 120})
    return Watch(Desk(NOBODY, NOBODY, [], lambda: NOW), NOBODY, NOBODY, (), patience, alarms), alarms


def ill(problem: str) -> dict[str, HealthReply]:
    return {"youtube": HealthReply(service="youtube", problem=problem)}


WELL = {"youtube": HealthReply(service="youtube", parts={"nats": None})}


def test_a_service_is_down_after_several_silences_in_a_row() -> None:
    watch, alarms = watching()
    watch.examined(ill("does not answer"), NOW)
    watch.examined(WELL, NOW)
    watch.examined(ill("does not answer"), NOW)
    assert not alarms.due(0)
    watch.examined(ill("is not running"), NOW)
    assert alarms.due(1).new == (("YouTube Music gateway is down", "is not running"),)
    watch.examined(ill("at 0x7f02d2c43510"), NOW)
    assert not alarms.due(2)
    watch.examined(WELL, NOW)
    assert alarms.due(3).over == ("YouTube Music gateway is down",)


def test_a_refused_sign_in_is_told_by_its_event_alone() -> None:
    watch, alarms = watching(1)
    watch.examined({"spotify": HealthReply(service="spotify", parts={"sign-in": "refused", "poll": "late"})}, NOW)
    assert alarms.due(0).new == (("Spotify gateway: poll is not well", "late"),)


def test_a_sign_in_that_ends_before_long_is_told_although_all_is_well() -> None:
    watch, alarms = watching()
    aged = HealthReply(service="spotify", notes={"sign-in": "the Spotify sign-in ends on 22 December 2026"})
    assert aged.is_ready
    watch.examined({"spotify": aged}, NOW)
    [(headline, details)] = alarms.due(0).new
    assert headline == "Spotify gateway: something needs you soon"
    assert "22 December" in details
    watch.examined({"spotify": HealthReply(service="spotify", notes={"sign-in": None})}, NOW)
    assert alarms.due(1).over == (headline,)


def test_a_direction_whose_cycles_do_not_end_is_late() -> None:
    watch, alarms = watching()
    cycle = CycleCompleted(
        link="main",
        direction=Direction.YT_TO_SP,
        number=1,
        seconds=1,
        released=0,
        retried=0,
        asked_again=0,
        completed_at=NOW,
    )
    watch.cycled(cycle)
    watch.examined(WELL, NOW + timedelta(seconds=599))
    assert not alarms.due(0)
    watch.examined(WELL, NOW + timedelta(seconds=700))
    assert alarms.due(1).new == (("No cycle ends YouTube Music → Spotify", "The last one ended 11 min ago."),)
    watch.cycled(cycle.model_copy(update={"completed_at": NOW + timedelta(seconds=720)}))
    assert alarms.due(2).over


def test_time_in_which_nobody_watched_is_no_lateness() -> None:
    watch, alarms = watching()
    yesterday = NOW - timedelta(days=1)
    watch.cycled(
        CycleCompleted(
            link="main",
            direction=Direction.YT_TO_SP,
            number=1,
            seconds=1,
            released=0,
            retried=0,
            asked_again=0,
            completed_at=yesterday,
        )
    )
    watch.examined(WELL, NOW + timedelta(seconds=60))
    assert not alarms.due(0)
