"""Counts what the ledger decides. Each change of a delivery's state is counted once, when it has been written."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_ledger.domain.track import Track
from navaar_ledger.telemetry.health import Health
from navaar_ledger.telemetry.transitions import COUNTED_ERRORS, SETTLED, Transition, error_type, methods, transitions
from navaar_runtime import metrics

METHODS = ("id3", "filename", *(f"{platform.short}_metadata" for platform in Platform))
MOST_UNDER_WAY = 10_000
CYCLES = metrics.counter("navaar_sync_cycles_total", "Cycles of the direction that were completed", "direction")
CRASHES = metrics.counter(
    "navaar_sync_cycle_crashes_total",
    "Cycles of the direction that failed; the next one comes all the same",
    "direction",
)
CYCLE_SECONDS = metrics.histogram(
    "navaar_sync_cycle_duration_seconds",
    "How long a cycle of the direction took",
    "direction",
    buckets=(0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300),
)
CYCLE_DURATION = metrics.gauge(
    "navaar_last_sync_duration_seconds", "How long the direction's last cycle in this process took", "direction"
)
PROCESSED = metrics.gauge(
    "navaar_last_sync_processed_tracks",
    "Deliveries of the direction that came to rest, well or not, between its last two cycles in this process",
    "direction",
)
DISCOVERED = metrics.counter(
    "navaar_tracks_discovered_total", "Deliveries of the direction that came into being", "direction"
)
SYNCED = metrics.counter("navaar_tracks_synced_total", "Deliveries of the direction that were placed", "direction")
DUPLICATES = metrics.counter(
    "navaar_duplicates_skipped_total",
    "Deliveries of the direction that needed no placing, because the target has the recording",
    "direction",
)
RETRIES = metrics.counter(
    "navaar_retries_total",
    "Stopped deliveries of the direction that were tried again, when due or on request",
    "direction",
)
ERRORS = metrics.counter(
    "navaar_sync_errors_total",
    "What went wrong in the direction: stops of deliveries, crashed cycles and refused sign-ins, by type",
    "direction",
    "error_type",
)
IDENTIFIED = metrics.counter(
    "navaar_identification_total",
    "Items that were identified, by where the name came from; nothing where they have none",
    "method",
)
WORKED_SECONDS = metrics.histogram(
    "navaar_track_sync_duration_seconds",
    "From the first step of a delivery to its placement",
    "direction",
    buckets=(0.5, 1, 2, 5, 10, 20, 30, 60, 120),
)
SIGHT_SECONDS = metrics.histogram(
    "navaar_sight_to_delivery_seconds",
    "From the first sight of a recording to its placement; first_sync is yes for what was there before the first start",
    "direction",
    "first_sync",
    buckets=(1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 21_600, 86_400),
)


def begin_at_zero(links: Mapping[str, Link]) -> None:
    """Show what has not happened yet, so that the first time is seen as a change."""
    for method in METHODS:
        IDENTIFIED.add(0, method=method)
    for direction in sorted({d for link in links.values() for d in link.directions()}):
        for each in (CYCLES, CRASHES, DISCOVERED, SYNCED, DUPLICATES, RETRIES):
            each.add(0, direction=direction)
        for name in COUNTED_ERRORS:
            ERRORS.add(0, direction=direction, error_type=name)


class DecisionMetrics:
    """What is heard while the service runs."""

    def __init__(self) -> None:
        self.health = Health()
        self._begun: OrderedDict[tuple[int, Platform], datetime] = OrderedDict()
        self._rested: Counter[Direction] = Counter()

    def written(self, before: Iterable[Track], after: Iterable[Track], at: datetime) -> None:
        """These documents took the place of those."""
        were, are = tuple(before), tuple(after)
        for method in methods(were, are):
            IDENTIFIED.add(method=method)
        for move in transitions(were, are):
            self._count(move, at)

    def cycled(self, link: str, direction: Direction, seconds: float) -> None:
        self.health.cycled((link, direction))
        CYCLES.add(direction=direction)
        CYCLE_SECONDS.observe(seconds, direction=direction)
        CYCLE_DURATION.set(seconds, direction=direction)
        PROCESSED.set(self._rested.pop(direction, 0), direction=direction)

    def crashed(self, link: str, direction: Direction) -> None:
        self.health.crashed((link, direction))
        CRASHES.add(direction=direction)
        ERRORS.add(direction=direction, error_type="cycle_crash")

    def refused(self, link: Link, platform: Platform) -> None:
        """The platform refuses the sign-in, or closes the link's collection."""
        for direction in link.directions():
            if platform in (direction.origin, direction.target):
                ERRORS.add(direction=direction, error_type="auth_error")

    def _count(self, move: Transition, at: datetime) -> None:
        direction = move.delivery.direction
        self.health.moved(move)
        if move.before is None:
            DISCOVERED.add(direction=direction)
            return
        if move.resumes:
            RETRIES.add(direction=direction)
        if move.after.is_moving and move.after is not DeliveryState.IDENTIFYING:
            self._begins(move, at)
        if move.after not in SETTLED:
            return
        self._rested[direction] += 1
        begun = self._begun.pop(move.key, None)
        if move.after is DeliveryState.SYNCED:
            SYNCED.add(direction=direction)
            seconds = max(0.0, (at - move.track.created_at).total_seconds())
            # What is placed again was seen long ago, and says nothing about how long a song takes.
            if not move.delivery.renewal:
                SIGHT_SECONDS.observe(
                    seconds, direction=direction, first_sync="yes" if move.delivery.backfill else "no"
                )
            if begun is not None:
                WORKED_SECONDS.observe(max(0.0, (at - begun).total_seconds()), direction=direction)
        elif move.after is DeliveryState.DUPLICATE:
            DUPLICATES.add(direction=direction)
        elif move.stopped:
            ERRORS.add(direction=direction, error_type=error_type(move.delivery))

    def _begins(self, move: Transition, at: datetime) -> None:
        self._begun.setdefault(move.key, at)
        while len(self._begun) > MOST_UNDER_WAY:
            self._begun.popitem(last=False)
