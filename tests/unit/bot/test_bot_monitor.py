"""What counts as a trouble: services, parts, cycles, and what needs a person soon."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_bot.alerts.alerts import Alerts, DueAlerts
from navaar_bot.alerts.monitor import AlertThresholds, Monitor
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.events import CycleCompleted, PlatformPaused
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.links import Link

NOW = datetime(2026, 11, 22, tzinfo=UTC)
NOBODY: Any = None
MAIN = Link(name="main", telegram_channel_id="@radio", ytmusic_playlist_id="PL1")


def watching(consecutive: int = 2, links: Sequence[Link] = ()) -> tuple[Monitor, Alerts]:
    alerts = Alerts(1800)
    thresholds = AlertThresholds(consecutive, {Direction.YT_TO_SP: 120})
    ledger = LedgerClient(NOBODY, NOBODY, now=lambda: NOW)
    return Monitor(ledger, {link.name: link for link in links}, NOBODY, NOBODY, NOBODY, (), thresholds, alerts), alerts


def tell(alerts: Alerts, now: float) -> DueAlerts:
    """What is due, told at once."""
    told = alerts.due(now)
    alerts.said(told, now)
    return told


def ill(problem: str) -> dict[str, HealthReply]:
    return {"youtube": HealthReply(service="youtube", problem=problem)}


WELL = {"youtube": HealthReply(service="youtube", parts={"nats": None})}


def completed(direction: Direction, at: datetime) -> CycleCompleted:
    return CycleCompleted(
        link="main",
        direction=direction,
        number=1,
        seconds=1,
        released=0,
        retried=0,
        asked_again=0,
        completed_at=at,
    )


def test_a_service_is_down_after_several_silences_in_a_row() -> None:
    watch, alerts = watching()
    watch.examined(ill("does not answer"), NOW)
    watch.examined(WELL, NOW)
    watch.examined(ill("does not answer"), NOW)
    assert not tell(alerts, 0)
    watch.examined(ill("is not running"), NOW)
    assert tell(alerts, 1).new == (("YouTube Music gateway is down", "is not running"),)
    watch.examined(ill("at 0x7f02d2c43510"), NOW)
    assert not tell(alerts, 2)
    watch.examined(WELL, NOW)
    assert tell(alerts, 3).over == ("YouTube Music gateway is down",)


def test_a_refused_sign_in_is_told_by_its_event_alone() -> None:
    watch, alerts = watching(1)
    watch.examined({"spotify": HealthReply(service="spotify", parts={"sign-in": "refused", "poll": "late"})}, NOW)
    assert tell(alerts, 0).new == (("Spotify gateway: poll is not well", "late"),)


def test_a_pause_is_told_by_its_event_alone() -> None:
    watch, alerts = watching()
    watch.paused(
        PlatformPaused(
            link="main",
            platform=Platform.SPOTIFY,
            reason="Spotify asks for a pause",
            paused_at=NOW,
            until=NOW + timedelta(days=1),
        )
    )
    noted = {"pause": "Spotify asks for a pause until tomorrow"}
    watch.examined({"spotify": HealthReply(service="spotify", notes=noted)}, NOW)
    assert [headline for headline, _ in tell(alerts, NOW.timestamp()).new] == ["Spotify asks for a pause"]


def test_a_sign_in_that_ends_before_long_is_told_although_all_is_well() -> None:
    watch, alerts = watching()
    aged = HealthReply(service="spotify", notes={"sign-in": "the Spotify sign-in ends on 22 December 2026"})
    assert aged.is_ready
    watch.examined({"spotify": aged}, NOW)
    [(headline, details)] = tell(alerts, 0).new
    assert headline == "Spotify gateway: something needs you soon"
    assert "22 December" in details
    watch.examined({"spotify": HealthReply(service="spotify", notes={"sign-in": None})}, NOW)
    assert tell(alerts, 1).over == (headline,)


def test_a_direction_whose_cycles_do_not_end_is_late() -> None:
    watch, alerts = watching()
    cycle = completed(Direction.YT_TO_SP, NOW)
    watch.cycled(cycle)
    watch.examined(WELL, NOW + timedelta(seconds=599))
    assert not tell(alerts, 0)
    watch.examined(WELL, NOW + timedelta(seconds=700))
    assert tell(alerts, 1).new == (("No cycle ends YouTube Music → Spotify", "The last one ended 11 min ago."),)
    watch.cycled(cycle.model_copy(update={"completed_at": NOW + timedelta(seconds=720)}))
    assert tell(alerts, 2).over


def test_time_in_which_nobody_watched_is_no_lateness() -> None:
    watch, alerts = watching()
    yesterday = NOW - timedelta(days=1)
    watch.cycled(completed(Direction.YT_TO_SP, yesterday))
    watch.examined(WELL, NOW + timedelta(seconds=60))
    assert not tell(alerts, 0)


def test_a_direction_that_never_ends_a_cycle_is_late_too() -> None:
    watch, alerts = watching(links=[MAIN])
    watch.examined(WELL, NOW + timedelta(seconds=601))
    assert [headline for headline, _ in tell(alerts, 0).new] == [
        "No cycle ends Telegram → YouTube Music",
        "No cycle ends YouTube Music → Telegram",
    ]


def test_a_part_that_a_service_no_longer_names_is_over() -> None:
    watch, alerts = watching(1)
    watch.examined({"spotify": HealthReply(service="spotify", parts={"poll": "late"}, notes={"age": "old"})}, NOW)
    assert len(tell(alerts, 0).new) == 2
    watch.examined({"spotify": HealthReply(service="spotify", problem="does not answer")}, NOW)
    assert not tell(alerts, 1).over
    watch.examined({"spotify": HealthReply(service="spotify")}, NOW)
    assert len(tell(alerts, 2).over) == 3


def test_a_closed_direction_is_never_late_and_a_link_may_have_its_own_pace() -> None:
    ids = {"telegram_channel_id": "@radio", "ytmusic_playlist_id": "PL1"}
    closed = Link.model_validate({"name": "main", **ids, "policy": {"directions": ["tg_to_yt"]}})
    slow = Link.model_validate({"name": "main", **ids, "policy": {"intervals": {"yt_to_tg": 86_000}}})
    for link, late in ((MAIN, 1), (closed, 0), (slow, 0)):
        watch, alerts = watching(links=[link])
        watch.cycled(completed(Direction.YT_TO_TG, NOW))
        watch.examined(WELL, NOW + timedelta(hours=2))
        told = tell(alerts, 7200).new
        assert len([one for one in told if "YouTube Music → Telegram" in one[0]]) == late
