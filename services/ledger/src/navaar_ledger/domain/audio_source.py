"""Where the audio comes from that is posted: whatever is chosen on a platform that gives audio, else another upload."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.events import AudioReady
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Kind
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts, combined
from navaar_ledger.domain.effects import STOPPED, discard, search_of, source_rounds
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.domain.transitions import downloading, failed, in_review, with_ids

FOLLOWED = frozenset({Cause.NO_SOURCE_MATCH, Cause.SOURCE_REVIEW, Cause.SOURCE_FAILED})
"""Causes that a delivery which needs audio takes over from the one whose choice it follows."""

_HOPE = (DeliveryState.RETRY_SCHEDULED, DeliveryState.REVIEW)
"""States in which a delivery may still give its audio, though it does not move; the more hopeful one first."""


def source_of(track: Track, delivery: Delivery) -> Candidate | None:
    """The video whose audio the delivery may use: its own choice, another delivery's, or the item itself."""
    known = [delivery.source]
    for platform in track.audio_givers:
        giver = track.deliveries.get(platform)
        known.append(None if giver is None or giver.chosen is None else giver.chosen.candidate)
        known.append(_item_on(track, platform))
    return next((each for each in known if each is not None and each.id not in delivery.ruled_out), None)


def _item_on(track: Track, platform: Platform) -> Candidate | None:
    item = track.items.get(platform)
    if item is None:
        return None
    original = track.origin == platform and item == track.origin_external_id
    return Candidate(
        id=item,
        title=track.item.title if original else track.display,
        artists=track.item.artists if original else (),
        duration_s=track.item.duration_s if original else None,
        kind=Kind.VIDEO,
        cover_url=track.item.cover_url if original else None,
    )


def follow(track: Track, at: datetime) -> Change:
    """Bring deliveries that need audio in line with those that choose it. Applied after every change of a track."""
    changes = [Change(track)]
    for each in track.in_need_of_audio:
        so_far = changes[-1].track
        source = source_of(so_far, each)
        if source is not None:
            changes.append(Change(_with_source(so_far, each, source, at)))
        elif each.is_following:
            changes.append(_without_source(so_far, each, at))
    return combined(changes)


def _with_source(track: Track, delivery: Delivery, source: Candidate, at: datetime) -> Track:
    if delivery.is_following:
        return track.with_delivery(downloading(delivery, source, at))
    if delivery.state in STOPPED and delivery.cause in FOLLOWED:
        woken = delivery.moved(
            at, state=DeliveryState.PENDING, attempt=delivery.attempt + 1, due_at=None, cause=None, reason=None
        )
        return track.with_delivery(woken)
    return track


def _without_source(track: Track, delivery: Delivery, at: datetime) -> Change:
    direction = delivery.direction
    givers = [track.deliveries[each] for each in track.audio_givers if each in track.deliveries]
    if any(not each.state.is_done and each.state not in STOPPED for each in givers):
        return Change(track)
    hopeful = [each for state in _HOPE for each in givers if each.state is state]
    failed_ones = [each for each in givers if each.state is DeliveryState.FAILED and each.cause != Cause.NEVER]
    if not hopeful and len(failed_ones) < max(1, len(givers)):
        started = delivery.moved(at, round=source_rounds(track, delivery), looked_at=0, nearest=None)
        if search_of(track, started) is not None:
            return Change(track.with_delivery(started))
        reason = "There is no video to take the audio from, and nothing to search for."
        stopped = failed(delivery, Cause.NOTHING_TO_SEARCH, reason, at)
        return Change(track.with_delivery(stopped), (_no_source(stopped, track, reason),))
    giver = (*hopeful, *failed_ones)[0]
    why, name = (giver.reason or "").rstrip("."), giver.target.audio_label
    if giver.state is DeliveryState.REVIEW:
        reason = f"Waits for the choice of a video on {name}, whose audio it needs. {why}."
        stopped = in_review(delivery, Cause.SOURCE_REVIEW, reason, at)
        return Change(track.with_delivery(stopped), (AuditEntry("review", reason, direction),))
    if giver.state is DeliveryState.FAILED:
        reason = f"No video on {name} to take the audio from. {why}."
        nothing = giver.cause in (Cause.NO_MATCH, Cause.NOTHING_TO_SEARCH)
        cause = Cause.NO_SOURCE_MATCH if nothing else Cause.SOURCE_FAILED
        stopped = failed(delivery, cause, reason, at)
        return Change(track.with_delivery(stopped), (_no_source(stopped, track, reason),))
    reason = f"Waits for the search on {name}, whose audio it needs. {why}."
    waiting = delivery.moved(
        at, state=DeliveryState.RETRY_SCHEDULED, due_at=giver.due_at, cause=Cause.SOURCE_FAILED, reason=reason
    )
    return Change(track.with_delivery(waiting), (AuditEntry("retry_scheduled", reason, direction),))


def _no_source(delivery: Delivery, track: Track, reason: str) -> AuditEntry:
    return AuditEntry(no_source_event(track), reason, delivery.direction)


def no_source_event(track: Track) -> str:
    """The audit log's word for a search that found no audio, e.g. no_yt_match_for_download."""
    short = track.audio_givers[0].short if track.audio_givers else "audio"
    return f"no_{short}_match_for_download"


def audio_ready(track: Track, delivery: Delivery, event: AudioReady, facts: Facts) -> Change:
    """The audio is listened to before it may be placed; audio nobody waits for any more is discarded."""
    wanted = delivery.source is not None and delivery.source.id == event.video_id and delivery.downloaded is None
    if not wanted:
        return stray_download(track, event, facts)
    size = event.audio.size_bytes / 1024**2
    there = delivery.moved(facts.at, audio=event.audio, audio_of=event.video_id, heard=False, suspects=())
    entry = AuditEntry("audio_ready", f"Downloaded {event.video_id}, {size:.1f} MB.", delivery.direction)
    return Change(track.with_delivery(there), (entry,))


def stray_download(track: Track, event: AudioReady, facts: Facts) -> Change:
    """Audio that nobody waits for is thrown away, unless it is what a delivery of this attempt has already."""
    held = (d.audio for d in track.in_need_of_audio if track.is_alive and _is_of(d, event))
    known = any(audio is not None and audio.name == event.audio.name for audio in held)
    return Change(track, messages=() if known else (discard(track, event.audio),))


def _is_of(delivery: Delivery, event: AudioReady) -> bool:
    return delivery.track_id == event.track_id and delivery.attempt == event.attempt


def source_refused(track: Track, delivery: Delivery, reason: str, facts: Facts) -> Change:
    """This video's audio cannot be used: look for another upload of the recording, as a source of audio only."""
    bad = delivery.source.id if delivery.source is not None else ""
    excluded = with_ids(delivery.excluded, bad) if bad else delivery.excluded
    entry = AuditEntry("download_failed", f"{bad}: {reason}", delivery.direction)
    other = delivery.moved(
        facts.at,
        state=DeliveryState.SEARCHING,
        round=source_rounds(track, delivery),
        source=None,
        excluded=excluded,
        candidates=(),
        looked_at=0,
        nearest=None,
        attempt=delivery.attempt + 1,
        reason=reason,
    )
    if len(excluded) < facts.policy.sources_limit and search_of(track, other) is not None:
        return Change(track.with_delivery(other), (entry,))
    stopped = failed(other.noted(attempt=delivery.attempt), Cause.DOWNLOAD_FAILED, reason, facts.at)
    return Change(track.with_delivery(stopped), (entry,))
