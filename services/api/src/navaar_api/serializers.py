"""The ledger's views as the API's documents; pure."""

from __future__ import annotations

from typing import Any

from navaar_api.reference_compat import Track, track_fields
from navaar_api.schemas import Log, Review, TrackDetail
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import DeliveryView, LogEntry, ReviewView, TrackView


def shown_delivery(
    track: TrackView, direction: Direction | None = None, state: DeliveryState | None = None
) -> DeliveryView | None:
    """The delivery that a filter is about; without a filter the first."""
    for delivery in track.deliveries:
        if direction in (None, delivery.direction) and state in (None, delivery.state):
            return delivery
    return track.deliveries[0] if track.deliveries else None


def track(view: TrackView, direction: Direction | None = None, state: DeliveryState | None = None) -> Track:
    return Track(**_fields(view, shown_delivery(view, direction, state)))


def track_detail(view: TrackView, entries: tuple[LogEntry, ...]) -> TrackDetail:
    """`entries` newest first."""
    logs = tuple(log(entry) for entry in entries)
    fields = _fields(view, shown_delivery(view))
    return TrackDetail(**fields, joined=view.joined, logs=logs, journey=tuple(reversed(logs)))


def log(entry: LogEntry) -> Log:
    return Log.model_validate(entry.model_dump())


def review(view: ReviewView) -> Review:
    return Review(
        track=track(view.track, view.direction),
        direction=view.direction,
        target=view.target,
        reason=view.reason,
        proposals=view.proposals,
    )


def cover_of(view: TrackView) -> str | None:
    """Cover art where a platform gave it: the recording's, the item's, else a match's."""
    if view.recording is not None and view.recording.cover_url:
        return view.recording.cover_url
    if view.item.cover_url:
        return view.item.cover_url
    return next(
        (d.chosen.candidate.cover_url for d in view.deliveries if d.chosen and d.chosen.candidate.cover_url), None
    )


def _fields(view: TrackView, delivery: DeliveryView | None) -> dict[str, Any]:
    recording = view.recording
    return {
        "id": view.id,
        "link": view.link,
        "direction": delivery.direction if delivery else None,
        "status": delivery.state.value if delivery else view.state,
        "artist": view.artist,
        "title": view.title,
        "display": view.display,
        "identification_method": view.identification_method,
        **track_fields(view),
        "duration_seconds": recording.duration_s if recording and recording.duration_s else view.item.duration_s,
        "failure_reason": delivery.reason if delivery else None,
        "retry_count": delivery.retries if delivery else 0,
        "max_retries": delivery.max_retries if delivery else None,
        "created_at": view.created_at,
        "updated_at": view.updated_at,
        "synced_at": delivery.synced_at if delivery else None,
        "state": view.state,
        "merged_into": view.merged_into,
        "joined_at": view.joined_at,
        "joined_why": view.joined_why,
        "posts": view.posts,
        "parted": view.parted,
        "origin": view.origin,
        "origin_external_id": view.origin_external_id,
        "url": view.item.url,
        "cover_url": cover_of(view),
        "trace_id": view.trace_id,
        "backfill": view.backfill,
        "items": view.items,
        "item": view.item,
        "recording": view.recording,
        "deliveries": view.deliveries,
    }
