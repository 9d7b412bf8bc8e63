"""The messages that follow from a track's state: commands it waits for, and facts about deliveries that came to rest.

They have deterministic ids, so that sending them again is harmless and a redelivered message heals a crash between
write and publish.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from navaar_contracts.commands import (
    CheckAudio,
    ChooseMatch,
    DiscardAudio,
    DownloadAudio,
    FetchAudio,
    FindCandidates,
    IdentifyTrack,
    JudgeIdentity,
    PlaceTrack,
    RemoveTrack,
)
from navaar_contracts.events import DeliveryStopped, DeliverySynced
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.message import Message, TrackCommand
from navaar_contracts.music import AudioReference
from navaar_contracts.records import TrackDiscovered
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track, TrackState, TrackStep

STOPPED = frozenset({DeliveryState.FAILED, DeliveryState.REVIEW, DeliveryState.RETRY_SCHEDULED})


def effects_of(track: Track) -> Iterator[tuple[Platform | None, Message]]:
    """Each message with the delivery's target it belongs to; None for the track as a whole."""
    command = track_command(track)
    if command is not None:
        yield None, command
    waits = track.state is TrackState.IDENTIFYING and track.step is TrackStep.WAIT
    if waits or isinstance(command, FetchAudio | IdentifyTrack):
        yield None, _discovered(track)
    if track.fetched is not None and (track.step is TrackStep.DONE or not track.is_alive):
        yield None, discard(track, track.fetched)
    if not track.is_alive:
        if track.state is TrackState.DELETED:
            yield from ((d.target, discard(track, d.audio)) for d in track.deliveries.values() if d.audio is not None)
        return
    for delivery in track.deliveries.values():
        command = delivery_command(track, delivery)
        if command is not None:
            yield delivery.target, command
        if delivery.state.is_done:
            if not delivery.quiet:
                yield delivery.target, _synced(track, delivery)
            if delivery.audio is not None:
                yield delivery.target, discard(track, delivery.audio)
        elif delivery.state in STOPPED and not delivery.quiet:
            yield delivery.target, _stopped(track, delivery)


def new_effects(before: Track | None, after: Track) -> tuple[Message, ...]:
    """What `after` implies and `before` did not."""
    known = set() if before is None else {message.message_id() for _, message in effects_of(before)}
    return tuple(message for _, message in effects_of(after) if message.message_id() not in known)


def track_command(track: Track) -> TrackCommand | None:
    """The command whose answer the track as a whole waits for."""
    if track.state is not TrackState.IDENTIFYING:
        return None
    name: dict[str, Any] = {
        "link": track.link,
        "track_id": track.id,
        "attempt": track.attempt,
        "identity": track.identity,
    }
    item = track.item
    if track.step is TrackStep.FETCH:
        return FetchAudio(
            **name,
            platform=track.origin,
            file_id=item.file_id or "",
            file_name=item.file_name,
            mime_type=item.mime_type,
            size_bytes=item.size_bytes,
        )
    if track.step is TrackStep.IDENTIFY:
        return IdentifyTrack(**name, platform=track.origin, item=item, audio=track.fetched)
    if track.step is TrackStep.JUDGE and track.recording is not None:
        return JudgeIdentity(**name, recording=track.recording, known=track.suspects)
    return None


def delivery_command(track: Track, delivery: Delivery) -> TrackCommand | None:
    """The command whose answer the delivery waits for; None while it rests or follows another."""
    recording = track.recording
    if recording is None or not delivery.state.is_moving or delivery.is_following:
        return None
    name: dict[str, Any] = {
        "link": track.link,
        "track_id": delivery.track_id,
        "attempt": delivery.attempt,
        "identity": delivery.identity,
    }
    named = recording.model_copy(update={"fingerprint": None})
    if delivery.state is DeliveryState.MATCHING and delivery.contested is not None:
        own = track.own_recording or recording
        return JudgeIdentity(**name, recording=own, known=delivery.suspects, target=delivery.target)
    if delivery.state in (DeliveryState.SEARCHING, DeliveryState.MATCHING):
        search = search_of(track, delivery)
        if search is None:
            return None
        target, query = search
        if delivery.state is DeliveryState.SEARCHING:
            return FindCandidates(**name, target=target, round=delivery.round, query=query)
        return ChooseMatch(**name, target=target, round=delivery.round, recording=named, candidates=delivery.candidates)
    if delivery.state is DeliveryState.DOWNLOADING and delivery.source is not None:
        source, who = delivery.source, asker(track, delivery)
        if delivery.suspects:
            return JudgeIdentity(**name, recording=recording, known=delivery.suspects, target=delivery.target)
        if delivery.downloaded is not None:
            audio = delivery.downloaded
            return CheckAudio(**name, target=who, recording=recording, audio=audio, kind=source.kind)
        cover = source.cover_url or recording.cover_url or track.item.cover_url
        return DownloadAudio(
            **name,
            target=who,
            video_id=source.id,
            recording=named,
            cover_url=cover,
            expected_duration_s=source.duration_s,
        )
    if delivery.removing is not None:
        return RemoveTrack(
            **name, target=delivery.target, external_id=delivery.removing, set_video_id=delivery.set_video_id
        )
    if delivery.state is DeliveryState.SYNCING:
        chosen = delivery.chosen.candidate.id if delivery.chosen is not None else ""
        return PlaceTrack(
            **name,
            target=delivery.target,
            external_id="" if delivery.needs_audio else chosen,
            recording=named,
            audio=delivery.audio,
            decided_at=delivery.known_at or delivery.changed_at,
            backfill=delivery.backfill,
        )
    return None


def search_of(track: Track, delivery: Delivery) -> tuple[Platform, str] | None:
    """Whose catalogue is asked in the delivery's round, and for what; None when there are no more queries.

    What needs audio has no catalogue: those of the platforms that give audio are asked, one after the other.
    """
    catalogues = track.audio_givers if delivery.needs_audio else (delivery.target,)
    searches = [(each, query) for each in catalogues for query in track.queries.get(each, ())]
    number = delivery.round % SOURCE_ROUNDS
    return searches[number] if number < len(searches) else None


def source_rounds(track: Track, delivery: Delivery) -> int:
    """Where the rounds of the delivery's own search for audio begin."""
    targets = [each.target for each in track.in_need_of_audio]
    return SOURCE_ROUNDS * (1 + targets.index(delivery.target))


def asker(track: Track, delivery: Delivery) -> Platform | None:
    """Who a message about audio says it is for; the only delivery of a track that needs audio need not be named."""
    return delivery.target if len(track.in_need_of_audio) > 1 else None


def discard(track: Track, audio: AudioReference) -> DiscardAudio:
    names = (audio.name, audio.cover_name) if audio.cover_name else (audio.name,)
    return DiscardAudio(link=track.link, track_id=track.id, identity=track.identity, names=names)


def _discovered(track: Track) -> TrackDiscovered:
    """Which number the item was given: nothing else in the history tells."""
    return TrackDiscovered(
        link=track.link,
        track_id=track.id,
        platform=track.origin,
        external_id=track.origin_external_id,
        identity=track.identity,
        discovered_at=track.created_at,
    )


def _synced(track: Track, delivery: Delivery) -> DeliverySynced:
    synced_at = delivery.synced_at or delivery.changed_at
    return DeliverySynced(
        link=track.link,
        track_id=track.id,
        attempt=delivery.attempt,
        identity=track.identity,
        direction=delivery.direction,
        state=delivery.state,
        display=track.display,
        external_id=delivery.external_id,
        seconds=max(0.0, (synced_at - track.created_at).total_seconds()),
    )


def _stopped(track: Track, delivery: Delivery) -> DeliveryStopped:
    return DeliveryStopped(
        link=track.link,
        track_id=track.id,
        attempt=delivery.attempt,
        identity=track.identity,
        direction=delivery.direction,
        state=delivery.state,
        display=track.display,
        reason=delivery.reason or "",
        cause=delivery.cause or "",
        due_at=delivery.due_at,
    )
