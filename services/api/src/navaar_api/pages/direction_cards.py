"""The directions as the dashboard shows them, each with a chart of its last day; pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from markupsafe import Markup

from navaar_api.health import problems
from navaar_api.live.throughput import Throughput
from navaar_client.counts import awaited, deliveries
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply, DirectionProblem
from navaar_text import labels

_BAR = 6
_GAP = 2
_HEIGHT = 32


@dataclass(frozen=True, slots=True)
class DirectionCard:
    direction: Direction
    name: str
    tone: str
    """good, bad, waiting."""
    health: str
    awaited: tuple[str, ...]
    """Which platform is away, why, and until when."""
    is_late: bool
    last_cycle: datetime | None
    done: int
    moving: int
    waiting: int
    failed: int
    review: int
    left_out: int
    """By a rule of the link's owner."""
    held: int
    """Waiting for the plan's approval, whatever their state."""
    paused: bool
    today: int
    busiest: int
    """Songs in the fullest of the last 24 hours."""
    chart: Markup


def direction_cards(counts: CountsReply, throughput: Throughput, now: datetime) -> tuple[DirectionCard, ...]:
    return tuple(_card(d, problem, counts, throughput.of(d, now)) for d, problem in problems(counts).items())


def _card(
    direction: Direction, problem: DirectionProblem | None, counts: CountsReply, hours: tuple[int, ...]
) -> DirectionCard:
    def of(*states: DeliveryState) -> int:
        return deliveries(counts, *states, directions=[direction])

    failed, today = of(DeliveryState.FAILED), sum(hours)
    paused = problem is DirectionProblem.PAUSED
    name = labels.direction(direction)
    songs = labels.count(today, "song", "songs")
    return DirectionCard(
        direction=direction,
        name=name,
        tone="good" if problem is None else "waiting" if paused else "bad",
        health=labels.HEALTH[problem],
        awaited=awaited(counts, direction),
        is_late=problem is DirectionProblem.LATE,
        last_cycle=counts.last_cycle.get(direction),
        done=of(DeliveryState.SYNCED, DeliveryState.DUPLICATE),
        moving=of(*(s for s in DeliveryState if s.is_moving)),
        waiting=of(DeliveryState.PENDING, DeliveryState.RETRY_SCHEDULED),
        failed=failed,
        review=of(DeliveryState.REVIEW),
        left_out=of(DeliveryState.LEFT_OUT),
        held=counts.held.get(direction, 0),
        paused=paused,
        today=today,
        busiest=max(hours, default=0),
        chart=bars(hours, f"{name}: {songs} in the last 24 hours"),
    )


def bars(values: Sequence[int], label: str) -> Markup:
    """One bar an hour, the running one last, the tallest as high as the chart; `label` is what a screen reader says."""
    width = len(values) * (_BAR + _GAP) - _GAP
    top = max([*values, 1])
    drawn = []
    for position, value in enumerate(values):
        # An empty hour is a thin line, so that the axis can be seen.
        height = max(1.5, round(value / top * (_HEIGHT - 2), 1)) if value else 1.5
        kind = "bar" if value else "bar empty"
        x, y = position * (_BAR + _GAP), round(_HEIGHT - height, 1)
        ago = len(values) - 1 - position
        when = "this hour" if ago == 0 else f"{ago} h ago"
        drawn.append(
            f'<rect class="{kind}" x="{x}" y="{y}" width="{_BAR}" height="{height}" rx="1.5">'
            f"<title>{value} {when}</title></rect>"
        )
    return Markup(  # noqa: S704 - numbers of our own and an escaped label
        f'<svg class="chart" viewBox="0 0 {width} {_HEIGHT}" preserveAspectRatio="none" role="img" '
        f'aria-label="{escape(label, quote=True)}">{"".join(drawn)}</svg>'
    )
