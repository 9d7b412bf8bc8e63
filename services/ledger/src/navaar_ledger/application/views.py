"""Documents as people and programs see them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import DeliveryView, JoinedTrack, LogEntry, PlannedAction, ReviewView, TrackView
from navaar_ledger.domain.audio_source import FOLLOWED, source_of
from navaar_ledger.domain.audit import named, trace_id
from navaar_ledger.domain.effects import PLAN_WAITS, waits_for_approval
from navaar_ledger.domain.owners_policy import Wait
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.domain.transitions import AT_REST

Waits = Mapping[tuple[str, Platform], Wait]
"""By link and target: why nothing is placed there now, by what the link's owner wants."""


def track_view(
    track: Track,
    max_retries: int,
    *,
    sound: bool = False,
    joined: Iterable[JoinedTrack] = (),
    waits: Waits = MappingProxyType({}),
) -> TrackView:
    """A track as people see it.

    Args:
        sound: whether the fingerprint is shown: it has thousands of characters, too many for a list.
        joined: what is known of the tracks that were joined to it.
    """
    recording = track.recording
    if recording is not None and not sound:
        recording = recording.model_copy(update={"fingerprint": None})
    artist = recording.artist if recording is not None else None
    return TrackView(
        id=track.id,
        link=track.link,
        origin=track.origin,
        origin_external_id=track.origin_external_id,
        state=track.state.value,
        merged_into=track.merged_into,
        joined_at=track.joined_at,
        joined_why=track.joined_why,
        posts=1 + len(track.absorbed),
        joined=tuple(joined),
        parted=tuple(dict.fromkeys(other for mine, other in track.parted if mine == track.id)),
        artist=artist or ", ".join(track.item.artists) or None,
        title=recording.title if recording is not None and recording.title else track.item.title,
        display=track.display,
        identification_method=track.method,
        recording=recording,
        item=track.item,
        edited=track.edited,
        items=track.items,
        deliveries=tuple(delivery_view(track, d, max_retries, waits) for d in track.deliveries.values())
        if track.is_alive
        else (),
        backfill=track.backfill,
        imported=bool(track.imported),
        trace_id=trace_id(track.trace),
        created_at=track.created_at,
        updated_at=track.updated_at,
    )


def joined_view(closed: Track, log: Sequence[LogEntry] = ()) -> JoinedTrack:
    """A track that was joined to another. `log`, newest first, tells why where the track itself does not."""
    told = next((entry for entry in log if entry.event == "joined"), None)
    return JoinedTrack(
        track_id=closed.id,
        origin=closed.origin,
        origin_external_id=closed.origin_external_id,
        said=said(closed.item),
        url=closed.item.url,
        joined_at=closed.joined_at or (told.created_at if told is not None else closed.updated_at),
        why=closed.joined_why or (told.details if told is not None else ""),
    )


def said(item: ItemMetadata) -> str:
    """What a post or item says of itself."""
    title = item.title or item.caption or item.file_name or "a file without a name"
    return f"{', '.join(item.artists)} - {title}" if item.artists and item.title else title


def delivery_view(track: Track, delivery: Delivery, max_retries: int, waits: Waits) -> DeliveryView:
    planned = waits_for_approval(track, delivery)
    is_ready = delivery.state is DeliveryState.PENDING and delivery.ready
    wait = waits.get((track.link, delivery.target)) if is_ready and not planned else None
    return DeliveryView(
        direction=delivery.direction,
        target=delivery.target,
        state=delivery.state,
        ready=delivery.ready and delivery.state is DeliveryState.PENDING,
        attempt=delivery.attempt,
        retries=delivery.retries,
        max_retries=max_retries,
        reason=PLAN_WAITS if planned else wait.why if wait is not None else delivery.reason,
        cause=Cause.PLAN if planned else wait.cause if wait is not None else delivery.cause,
        due_at=wait.until if wait is not None else delivery.due_at,
        external_id=delivery.external_id,
        url=delivery.url,
        chosen=delivery.chosen,
        alternatives=delivery.alternatives,
        updated_at=delivery.changed_at,
        synced_at=delivery.synced_at,
    )


def open_questions(track: Track, max_retries: int) -> tuple[ReviewView, ...]:
    """What a person may answer about the track, ordered by target."""
    return tuple(
        ReviewView(
            track=track_view(track, max_retries),
            direction=delivery.direction,
            target=delivery.target,
            proposals=delivery.alternatives,
            reason=delivery.reason or "",
        )
        for delivery in sorted(track.deliveries.values(), key=lambda each: each.target.value)
        if delivery.state is DeliveryState.REVIEW and delivery.cause not in FOLLOWED
    )


def planned_actions(track: Track) -> tuple[PlannedAction, ...]:
    """What would be done for a planned track, or why nothing would."""
    return tuple(
        PlannedAction(
            track_id=track.id, direction=delivery.direction, display=track.display, proposal=_proposal(track, delivery)
        )
        for delivery in track.deliveries.values()
    )


def _proposal(track: Track, delivery: Delivery) -> str:
    if delivery.removing is not None:
        return f"take out {delivery.removing}"
    if delivery.state.is_done:
        return f"nothing: it is on {delivery.target} already"
    if delivery.state in AT_REST:
        return f"nothing: {delivery.reason}"
    if delivery.needs_audio:
        return _proposed_audio(track, delivery)
    if delivery.chosen is not None:
        return f"add {named(delivery.chosen.candidate)}, {delivery.chosen.score:.0%} sure"
    return "still looking for it"


def _proposed_audio(track: Track, delivery: Delivery) -> str:
    source = source_of(track, delivery)
    if source is not None:
        return f"post the audio of video {source.id}"
    givers = [track.deliveries[each] for each in track.audio_givers if each in track.deliveries]
    stopped = [each for each in givers if each.state in AT_REST]
    if givers and len(stopped) == len(givers):
        return f"nothing: there is no video to take the audio from. {stopped[0].reason or ''}".strip()
    return "post its audio, once a video is found"
