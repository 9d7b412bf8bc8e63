"""What one decision changed for deliveries: each delivery's state before and after. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.track import Delivery, Track, TrackStep
from navaar_runtime.failures import OUR_ERROR

BEGINNING = frozenset({DeliveryState.IDENTIFYING, DeliveryState.PENDING})
STOPPED = frozenset({DeliveryState.FAILED, DeliveryState.RETRY_SCHEDULED})
RESTING = frozenset({*STOPPED, DeliveryState.REVIEW, DeliveryState.SYNCED, DeliveryState.DUPLICATE})
DECIDED_BY_A_PERSON = frozenset({"never", "rejected", "wrong_match"})
"""Causes of a stop that are no errors."""
OF_THE_SONG = frozenset({"no_match", "no_youtube_match", "nothing_to_search", "review", "youtube_review"})
"""Causes that lie in one song and say nothing about its direction."""
_RETRIED = frozenset({"search_failed", "download_failed", "place_failed", "identify_failed", "remove_failed"})
REFERENCE_ERRORS = (
    "no_yt_match",
    "no_sp_match",
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
class Move:
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
        return self.after in STOPPED and self.delivery.cause not in DECIDED_BY_A_PERSON

    @property
    def goes_on(self) -> bool:
        """It had stopped, and is tried again."""
        return self.before in STOPPED and self.after not in RESTING


def moves(before: Iterable[Track], after: Iterable[Track]) -> Iterator[Move]:
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
                yield Move(track, delivery, state)


def methods(before: Iterable[Track], after: Iterable[Track]) -> Iterator[str]:
    """How items were identified just now."""
    asked = {track.id for track in before if track.step is TrackStep.IDENTIFY}
    for track in after:
        if track.id in asked and track.step is TrackStep.COMPARE and track.recording is not None:
            yield (track.method or "unknown") if track.recording.title.strip() else "nothing"


def error_type(delivery: Delivery) -> str:
    """Which type of error stopped the delivery."""
    cause = delivery.cause or "sync_failed"
    if (delivery.reason or "").removeprefix("Could not be identified: ").startswith(OUR_ERROR):
        return "unexpected"
    if cause in _RETRIED and delivery.state is DeliveryState.FAILED and delivery.retries:
        return "retry_failed"
    if cause == "no_match":
        return "no_sp_match" if delivery.target is Platform.SPOTIFY else "no_yt_match"
    if cause == "no_youtube_match":
        return "no_yt_match"
    if cause == "place_failed":
        return "upload_failed" if delivery.target is Platform.TELEGRAM else "sync_failed"
    return cause
