"""Failures grouped by what caused them; pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import DeliveryView, TrackView


@dataclass(frozen=True, slots=True)
class FailedDelivery:
    track: TrackView
    delivery: DeliveryView


@dataclass(frozen=True, slots=True)
class FailureGroup:
    cause: str
    target: Platform
    failures: tuple[FailedDelivery, ...]

    @property
    def key(self) -> str:
        return f"{self.target.value}.{self.cause}"


def by_cause(tracks: Iterable[TrackView]) -> tuple[FailureGroup, ...]:
    """Failed deliveries by cause and target, the largest group first."""
    found: dict[tuple[Platform, str], list[FailedDelivery]] = {}
    for track in tracks:
        for delivery in track.deliveries:
            if delivery.state is DeliveryState.FAILED:
                found.setdefault((delivery.target, delivery.cause or ""), []).append(FailedDelivery(track, delivery))
    groups = [FailureGroup(cause, target, tuple(failures)) for (target, cause), failures in found.items()]
    return tuple(sorted(groups, key=lambda group: (-len(group.failures), group.target.value, group.cause)))
