"""What counts as a trouble: services, parts, cycles, and what needs a person soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_contracts.events import CycleCompleted
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction
from navaar_contracts.links import Link
from navaar_telegram_gateway.bot.alarms import Alarms, Told
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.watch import Patience, Watch

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOBODY: Any = None
MAIN = Link(name="main", telegram_channel_id="@radio", ytmusic_playlist_id="PL1")


def watching(consecutive: int = 2, links: Sequence[Link] = ()) -> tuple[Watch, Alarms]:
    alarms = Alarms(1800)
    patience = Patience(consecutive, {Direction.YT_TO_SP: 120})
    return Watch(Desk(NOBODY, NOBODY, links, lambda: NOW), NOBODY, NOBODY, NOBODY, (), patience, alarms), alarms


def tell(alarms: Alarms, now: float) -> Told:
    """What is due, told at once."""
    told = alarms.due(now)
    alarms.said(told, now)
    return told


def ill(problem: str) -> dict[str, HealthReply]:
    return {"youtube": HealthReply(service="youtube", problem=problem)}


WELL = {"youtube": HealthReply(service="youtube", parts={"nats": None})}


def test_a_service_is_down_after_several_silences_in_a_row() -> None:
    watch, alarms = watching()
    watch.examined(ill("does not answer"), NOW)
    watch.examined(WELL, NOW)
    watch.examined(ill("does not answer"), NOW)
    assert not tell(alarms, 0)
    watch.examined(ill("is not running"), NOW)
    assert tell(alarms, 1).new == (("YouTube Music gateway is down", "is not running"),)
    watch.examined(ill("at 0x7f02d2c43510"), NOW)
    assert not tell(alarms, 2)
    watch.examined(WELL, NOW)
    assert tell(alarms, 3).over == ("YouTube Music gateway is down",)


def test_a_refused_sign_in_is_told_by_its_event_alone() -> None:
    watch, alarms = watching(1)
    watch.examined({"spotify": HealthReply(service="spotify", parts={"sign-in": "refused", "poll": "late"})}, NOW)
    assert tell(alarms, 0).new == (("Spotify gateway: poll is not well", "late"),)


def test_a_sign_in_that_ends_before_long_is_told_although_all_is_well() -> None:
    watch, alarms = watching()
    aged = HealthReply(service="spotify", notes={"sign-in": "the Spotify sign-in ends on 22 December 2026"})
    assert aged.is_ready
    watch.examined({"spotify": aged}, NOW)
    [(headline, details)] = tell(alarms, 0).new
    assert headline == "Spotify gateway: something needs you soon"
    assert "22 December" in details
    watch.examined({"spotify": HealthReply(service="spotify", notes={"sign-in": None})}, NOW)
    assert tell(alarms, 1).over == (headline,)


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
    assert not tell(alarms, 0)
    watch.examined(WELL, NOW + timedelta(seconds=700))
    assert tell(alarms, 1).new == (("No cycle ends YouTube Music → Spotify", "The last one ended 11 min ago."),)
    watch.cycled(cycle.model_copy(update={"completed_at": NOW + timedelta(seconds=720)}))
    assert tell(alarms, 2).over


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
    assert not tell(alarms, 0)


def test_a_direction_that_never_ends_a_cycle_is_late_too() -> None:
    watch, alarms = watching(links=[MAIN])
    watch.examined(WELL, NOW + timedelta(seconds=601))
    assert [headline for headline, _ in tell(alarms, 0).new] == [
        "No cycle ends Telegram → YouTube Music",
        "No cycle ends YouTube Music → Telegram",
    ]


def test_a_part_that_a_service_no_longer_names_is_over() -> None:
    watch, alarms = watching(1)
    watch.examined({"spotify": HealthReply(service="spotify", parts={"poll": "late"}, notes={"age": "old"})}, NOW)
    assert len(tell(alarms, 0).new) == 2
    watch.examined({"spotify": HealthReply(service="spotify", problem="does not answer")}, NOW)
    assert not tell(alarms, 1).over
    watch.examined({"spotify": HealthReply(service="spotify")}, NOW)
    assert len(tell(alarms, 2).over) == 3
