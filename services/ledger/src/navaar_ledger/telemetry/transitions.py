"""What one decision changed for deliveries: each delivery's state before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from navaar_contracts.causes import Cause, CauseCategory
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.track import Delivery, Track, TrackStep

BEGINNING = frozenset({DeliveryState.IDENTIFYING, DeliveryState.PENDING})
STOPPED = frozenset({DeliveryState.FAILED, DeliveryState.RETRY_SCHEDULED})
SETTLED = frozenset(
    {*STOPPED, DeliveryState.REVIEW, DeliveryState.LEFT_OUT, DeliveryState.SYNCED, DeliveryState.DUPLICATE}
)
_RETRIED = frozenset(
    {
        Cause.SEARCH_FAILED,
        Cause.DOWNLOAD_FAILED,
        Cause.PLACE_FAILED,
        Cause.IDENTIFY_FAILED,
        Cause.REMOVE_FAILED,
    }
)


def not_found_error(platform: Platform) -> str:
    """What a search there that finds nothing is counted as: no_sp_match."""
    return f"no_{platform.short}_match"


COUNTED_ERRORS = (
    *(not_found_error(platform) for platform in Platform if platform.spec.has_catalogue),
    "unexpected",
    "cycle_crash",
    "auth_error",
    "sync_failed",
    "retry_failed",
    "download_failed",
    "upload_failed",
)
"""The types of error that have always been counted; others are named like the cause of the stop."""


@dataclass(frozen=True, slots=True)
class Transition:
    """`before` is None for a delivery that came into being."""

    track: Track
    delivery: Delivery
    before: DeliveryState | None

    @property
    def after(self) -> DeliveryState:
        return self.delivery.state

    @property
    def key(self) -> tuple[int, Platform]:
        """Names the delivery, also after a join."""
        return self.delivery.track_id, self.delivery.target

    @property
    def stopped(self) -> bool:
        """It came to a stop that nobody wanted."""
        return self.after in STOPPED and category_of(self.delivery) is not CauseCategory.PERSON

    @property
    def resumes(self) -> bool:
        """It had stopped, and is tried again."""
        return self.before in STOPPED and self.after not in SETTLED


def transitions(before: Iterable[Track], after: Iterable[Track]) -> Iterator[Transition]:
    """Every delivery whose state is another than before.

    A delivery that a join took over is the same one. One that is at rest from its beginning was never under way.
    """
    known = {(d.track_id, d.target): d.state for track in before for d in track.deliveries.values()}
    for track in after:
        if not track.is_alive:
            continue
        for delivery in track.deliveries.values():
            state = known.get((delivery.track_id, delivery.target))
            fresh = state is None and delivery.track_id == track.id and delivery.state in BEGINNING
            if fresh or (state is not None and state is not delivery.state):
                yield Transition(track, delivery, state)


def methods(before: Iterable[Track], after: Iterable[Track]) -> Iterator[str]:
    """How items were identified just now."""
    asked = {track.id for track in before if track.step is TrackStep.IDENTIFY}
    for track in after:
        if track.id in asked and track.step is TrackStep.COMPARE and track.recording is not None:
            yield (track.method or "unknown") if track.recording.title.strip() else "nothing"


def category_of(delivery: Delivery) -> CauseCategory | None:
    return delivery.cause.category if delivery.cause is not None else None


def error_type(delivery: Delivery) -> str:
    """Which type of error stopped the delivery."""
    cause = delivery.cause
    if delivery.internal:
        return "unexpected"
    if cause in _RETRIED and delivery.state is DeliveryState.FAILED and delivery.retries:
        return "retry_failed"
    if cause in (Cause.NO_MATCH, Cause.NO_SOURCE_MATCH):
        givers = (each for each in Platform if each.spec.gives_audio)
        return not_found_error(next(givers, delivery.target) if delivery.needs_audio else delivery.target)
    if cause is Cause.PLACE_FAILED:
        return "upload_failed" if delivery.needs_audio else "sync_failed"
    return cause.value if cause is not None else "sync_failed"
