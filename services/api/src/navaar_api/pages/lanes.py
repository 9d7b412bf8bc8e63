"""The six directions as the dashboard shows them; pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from navaar_api.figures import amount
from navaar_api.live.throughput import Throughput
from navaar_api.pages import charts, wording
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply


@dataclass(frozen=True, slots=True)
class LaneView:
    direction: Direction
    name: str
    tone: str
    """good, bad, waiting."""
    health: str
    last_cycle: datetime | None
    done: int
    moving: int
    waiting: int
    failed: int
    review: int
    paused: bool
    today: int
    busiest: int
    """Songs in the fullest of the last 24 hours."""
    chart: Markup


def lanes(
    counts: CountsReply,
    expected: Collection[Direction],
    late: Collection[Direction],
    throughput: Throughput,
    now: datetime,
) -> tuple[LaneView, ...]:
    return tuple(_lane(d, counts, d in late, throughput.of(d, now)) for d in Direction if d in expected)


def _lane(direction: Direction, counts: CountsReply, late: bool, hours: tuple[int, ...]) -> LaneView:
    def of(*states: DeliveryState) -> int:
        return amount(counts, [direction], states)

    paused = direction in counts.paused
    failed, today = of(DeliveryState.FAILED), sum(hours)
    tone, health = "good", "Running"
    if paused:
        tone, health = "waiting", "Paused"
    elif late:
        tone, health = "bad", "Stands still"
    name = wording.direction(direction)
    songs = wording.count(today, "song", "songs")
    return LaneView(
        direction=direction,
        name=name,
        tone=tone,
        health=health,
        last_cycle=counts.last_cycle.get(direction),
        done=of(DeliveryState.SYNCED, DeliveryState.DUPLICATE),
        moving=of(*(s for s in DeliveryState if s.is_moving)),
        waiting=of(DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED),
        failed=failed,
        review=of(DeliveryState.REVIEW),
        paused=paused,
        today=today,
        busiest=max(hours, default=0),
        chart=charts.bars(hours, f"{name}: {songs} in the last 24 hours"),
    )
