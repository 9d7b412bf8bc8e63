"""The messages that follow from a track's state: commands it waits for, and facts about deliveries that came to rest.

They have deterministic ids, so that sending them again is harmless and a redelivered message heals a crash between
write and publish.

Every order that leads to a change in people's collections is issued here and nowhere else, behind one gate. While a
plan stands every living track is held, whatever it was before and whatever brings it up, and of a held track nothing is
placed, taken out or downloaded to be posted. What would have been ordered follows from the state that is kept; so it is
ordered as soon as the track is let go.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from navaar_contracts.commands import (
    CheckAudio,
    CheckPresence,
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
from navaar_contracts.music import AudioReference, Kind
from navaar_contracts.records import TrackDiscovered
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track, TrackState, TrackStep

STOPPED = frozenset({DeliveryState.FAILED, DeliveryState.REVIEW, DeliveryState.RETRY_SCHEDULED, DeliveryState.LEFT_OUT})
Order = PlaceTrack | RemoveTrack | DownloadAudio
"""What changes a collection, or is needed for nothing else."""


PLAN_WAITS = "Waits for the plan's approval: nothing is written until then."


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
    yield from ((check.target, check) for check in presence_checks(track))
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
    name, item = _of_track(track), track.item
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


def _of_track(track: Track) -> dict[str, Any]:
    """What every command about the track as a whole says of it."""
    return {"link": track.link, "track_id": track.id, "attempt": track.attempt, "identity": track.identity}


def delivery_command(track: Track, delivery: Delivery) -> TrackCommand | None:
    """The command whose answer the delivery waits for; None while it rests or follows another."""
    recording = track.recording
    if recording is None or not delivery.state.is_moving or delivery.is_following:
        return None
    name = _name(track, delivery)
    named = recording.model_copy(update={"fingerprint": None})
    if delivery.state is DeliveryState.MATCHING and delivery.contested is not None:
        own = track.own_recording or recording
        return JudgeIdentity(**name, recording=own, known=delivery.suspects, target=delivery.target)
    if delivery.state in (DeliveryState.SEARCHING, DeliveryState.MATCHING):
        search = search_of(track, delivery)
        if search is None:
            return None
        if delivery.state is DeliveryState.SEARCHING:
            return _find(track, delivery, search)
        return ChooseMatch(
            **name,
            target=search.platform,
            round=delivery.round,
            recording=named,
            candidates=delivery.candidates,
        )
    if delivery.state is DeliveryState.DOWNLOADING and delivery.source is not None:
        source = delivery.source
        if delivery.suspects:
            return JudgeIdentity(**name, recording=recording, known=delivery.suspects, target=delivery.target)
        if delivery.downloaded is not None:
            audio = delivery.downloaded
            who = asker(track, delivery)
            return CheckAudio(**name, target=who, recording=recording, audio=audio, kind=source.kind)
    return order(track, delivery)


def held_back(track: Track, policy: Policy) -> Track:
    """The track as it is to be decided about and written: held while a plan stands."""
    if not policy.plans(track.link) or track.held or not track.is_alive:
        return track
    return track.changed(held=True)


def order(track: Track, delivery: Delivery) -> Order | None:
    """What the delivery's state asks for; None while the track is held, or where the state asks for nothing of this."""
    return None if track.held else _wanted(track, delivery)


def presence_checks(track: Track) -> Iterator[CheckPresence]:
    """The questions whose answers the track waits for. A channel is looked at through copies, so they wait as well."""
    if track.held or not track.is_alive or track.seeking is None:
        return
    for target, ids in track.seeking.places.items():
        yield CheckPresence(
            link=track.link,
            track_id=track.id,
            attempt=track.seeking.number,
            identity=track.identity,
            target=target,
            external_ids=ids,
        )


def waits_for_approval(track: Track, delivery: Delivery) -> bool:
    """Whether it is only the plan that keeps the delivery from going on."""
    if not track.held or not track.is_alive:
        return False
    if delivery.state is DeliveryState.PENDING:
        return delivery.ready or delivery.needs_audio
    return delivery.is_following or _wanted(track, delivery) is not None


def asker(track: Track, delivery: Delivery) -> Platform | None:
    """Who a message about audio says it is for; the only delivery of a track that needs audio need not be named."""
    return delivery.target if len(track.in_need_of_audio) > 1 else None


def _name(track: Track, delivery: Delivery) -> dict[str, Any]:
    """What every command of the delivery says of whom it is about."""
    return {
        "link": track.link,
        "track_id": delivery.track_id,
        "attempt": delivery.attempt,
        "identity": delivery.identity,
    }


def _wanted(track: Track, delivery: Delivery) -> Order | None:
    recording = track.recording
    if recording is None:
        return None
    name = _name(track, delivery)
    named = recording.model_copy(update={"fingerprint": None})
    if delivery.state is DeliveryState.DOWNLOADING:
        source = delivery.source
        if source is None or delivery.suspects or delivery.downloaded is not None:
            return None
        return DownloadAudio(
            **name,
            target=asker(track, delivery),
            video_id=source.id,
            recording=named,
            cover_url=source.cover_url or recording.cover_url or track.item.cover_url,
            expected_duration_s=source.duration_s,
        )
    if delivery.state is not DeliveryState.SYNCING:
        return None
    if delivery.removing is not None:
        return RemoveTrack(
            **name, target=delivery.target, external_id=delivery.removing, set_video_id=delivery.set_video_id
        )
    chosen = delivery.chosen.candidate.id if delivery.chosen is not None else ""
    return PlaceTrack(
        **name,
        target=delivery.target,
        external_id="" if delivery.needs_audio else chosen,
        recording=named,
        audio=delivery.audio,
        decided_at=delivery.known_at or delivery.changed_at,
        known_to=delivery.known_to,
        backfill=delivery.backfill,
        renewal=delivery.renewal,
        released=_released(track),
        addresses=_addresses(track, delivery.target),
    )


def _released(track: Track) -> str | None:
    """When the recording came out, as the choices of its deliveries tell it."""
    chosen = (each.chosen.candidate for each in track.deliveries.values() if each.chosen is not None)
    return min((each.released for each in chosen if each.released), default=None)


def _addresses(track: Track, target: Platform) -> dict[Platform, str]:
    """Where else it is, in the order of platforms."""
    there = ((each, track.items[each]) for each in Platform if each in track.items and each is not target)
    return {each: url for each, item in there if (url := each.spec.item_url(item, None))}


class Search(NamedTuple):
    """One question to a catalogue."""

    platform: Platform
    query: str
    among: Kind | None
    """Which sort of entries; None: any."""


def sorts(platform: Platform) -> tuple[Kind | None, ...]:
    """The sorts of entries that are asked for one after the other: where a song is surely it, no video is looked at."""
    return (Kind.SONG, Kind.VIDEO) if platform.spec.lists_songs_apart else (None,)


def _find(track: Track, delivery: Delivery, search: Search) -> FindCandidates:
    name = _name(track, delivery)
    return FindCandidates(**name, target=search.platform, round=delivery.round, query=search.query, among=search.among)


def search_of(track: Track, delivery: Delivery) -> Search | None:
    """Whose catalogue is asked in the delivery's round, and for what; None when there are no more queries.

    What needs audio has no catalogue: those of the platforms that give audio are asked, one after the other.
    """
    catalogues = track.audio_givers if delivery.needs_audio else (delivery.target,)
    searches = [
        Search(each, query, among)
        for each in catalogues
        for query in track.queries.get(each, ())
        for among in sorts(each)
    ]
    number = delivery.round % SOURCE_ROUNDS
    return searches[number] if number < len(searches) else None


def source_rounds(track: Track, delivery: Delivery) -> int:
    """Where the rounds of the delivery's own search for audio begin."""
    targets = [each.target for each in track.in_need_of_audio]
    return SOURCE_ROUNDS * (1 + targets.index(delivery.target))


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
