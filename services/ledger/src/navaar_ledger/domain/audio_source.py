"""Audio for Telegram: which video it comes from, the download, and what to do when that fails.

A delivery towards Telegram uses the recording's video: the item on YouTube, or the YouTube delivery's match, which it
follows while that is being sought.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import AudioReady
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Kind
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change
from navaar_ledger.domain.effects import discard, query_of
from navaar_ledger.domain.policy import Rules
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track
from navaar_ledger.domain.transitions import downloading, failed, in_review

FOLLOWED = frozenset({"no_youtube_match", "youtube_review", "youtube_failed"})
"""Causes that a Telegram delivery takes over from the YouTube delivery it follows."""


def source_of(track: Track, delivery: Delivery) -> Candidate | None:
    """The video whose audio the delivery may use."""
    if delivery.source is not None and delivery.source.id not in delivery.ruled_out:
        return delivery.source
    youtube = track.deliveries.get(Platform.YOUTUBE)
    video = None if youtube is None or youtube.chosen is None else youtube.chosen.candidate
    if video is not None and video.id not in delivery.ruled_out:
        return video
    item = track.items.get(Platform.YOUTUBE)
    if item is None or item in delivery.ruled_out:
        return None
    original = track.origin is Platform.YOUTUBE and item == track.origin_external_id
    return Candidate(
        id=item,
        title=track.item.title if original else track.display,
        artists=track.item.artists if original else (),
        duration_s=track.item.duration_s if original else None,
        kind=Kind.VIDEO,
        cover_url=track.item.cover_url if original else None,
    )


def follow(track: Track, at: datetime) -> Change:
    """Bring the Telegram delivery in line with the YouTube delivery. Applied after every change of a track."""
    delivery = track.deliveries.get(Platform.TELEGRAM)
    if delivery is None:
        return Change(track)
    source = source_of(track, delivery)
    if source is not None:
        return Change(_with_source(track, delivery, source, at))
    if not delivery.is_following:
        return Change(track)
    return _without_source(track, delivery, at)


def _with_source(track: Track, delivery: Delivery, source: Candidate, at: datetime) -> Track:
    if delivery.is_following:
        return track.with_delivery(downloading(delivery, source, at))
    stopped = delivery.state in (DeliveryState.FAILED, DeliveryState.REVIEW, DeliveryState.RETRY_SCHEDULED)
    if stopped and delivery.cause in FOLLOWED:
        woken = delivery.moved(
            at, state=DeliveryState.PENDING, attempt=delivery.attempt + 1, due_at=None, cause=None, reason=None
        )
        return track.with_delivery(woken)
    return track


def _without_source(track: Track, delivery: Delivery, at: datetime) -> Change:
    youtube = track.deliveries.get(Platform.YOUTUBE)
    direction = delivery.direction
    if youtube is None or youtube.state.is_done or youtube.cause == "never":
        started = delivery.moved(at, round=SOURCE_ROUNDS, looked_at=0, nearest=None)
        if query_of(track, started) is not None:
            return Change(track.with_delivery(started))
        reason = "There is no video to take the audio from, and nothing to search for."
        stopped = failed(delivery, "nothing_to_search", reason, at)
        return Change(track.with_delivery(stopped), (AuditEntry("no_yt_match_for_download", reason, direction),))
    why = (youtube.reason or "").rstrip(".")
    if youtube.state is DeliveryState.REVIEW:
        reason = f"Waits for the choice of a video on YouTube, whose audio it needs. {why}."
        stopped = in_review(delivery, "youtube_review", reason, at)
        return Change(track.with_delivery(stopped), (AuditEntry("review", reason, direction),))
    if youtube.state is DeliveryState.FAILED:
        reason = f"No video on YouTube to take the audio from. {why}."
        cause = "no_youtube_match" if youtube.cause in ("no_match", "nothing_to_search") else "youtube_failed"
        stopped = failed(delivery, cause, reason, at)
        return Change(track.with_delivery(stopped), (AuditEntry("no_yt_match_for_download", reason, direction),))
    if youtube.state is DeliveryState.RETRY_SCHEDULED:
        reason = f"Waits for the search on YouTube, whose audio it needs. {why}."
        waiting = delivery.moved(
            at,
            state=DeliveryState.RETRY_SCHEDULED,
            due_at=youtube.due_at,
            cause="youtube_failed",
            reason=reason,
        )
        return Change(track.with_delivery(waiting), (AuditEntry("retry_scheduled", reason, direction),))
    return Change(track)


def audio_ready(track: Track, delivery: Delivery | None, event: AudioReady, at: datetime) -> Change:
    """The audio is listened to before it may be placed; audio nobody waits for any more is discarded."""
    current = delivery is not None and delivery.audio is not None and delivery.audio.name == event.audio.name
    if delivery is None or delivery.state is not DeliveryState.DOWNLOADING:
        return Change(track, messages=() if current else (discard(track, event.audio),))
    if delivery.source is None or delivery.source.id != event.video_id:
        return Change(track, messages=(discard(track, event.audio),))
    if delivery.downloaded is not None:
        return Change(track, messages=() if current else (discard(track, event.audio),))
    size = event.audio.size_bytes / 1024**2
    there = delivery.moved(at, audio=event.audio, audio_of=event.video_id, heard=False, suspects=())
    entry = AuditEntry("audio_ready", f"Downloaded {event.video_id}, {size:.1f} MB.", delivery.direction)
    return Change(track.with_delivery(there), (entry,))


def source_refused(track: Track, delivery: Delivery, reason: str, at: datetime, rules: Rules) -> Change:
    """This video's audio cannot be used: look for another upload of the recording, as a source of audio only."""
    bad = delivery.source.id if delivery.source is not None else ""
    excluded = tuple(dict.fromkeys((*delivery.excluded, bad))) if bad else delivery.excluded
    entry = AuditEntry("download_failed", f"{bad}: {reason}", delivery.direction)
    other = delivery.moved(
        at,
        state=DeliveryState.SEARCHING,
        round=SOURCE_ROUNDS,
        source=None,
        excluded=excluded,
        candidates=(),
        looked_at=0,
        nearest=None,
        attempt=delivery.attempt + 1,
        reason=reason,
    )
    if len(excluded) < rules.sources_limit and query_of(track, other) is not None:
        return Change(track.with_delivery(other), (entry,))
    stopped = failed(other.moved(at, attempt=delivery.attempt), "download_failed", reason, at)
    return Change(track.with_delivery(stopped), (entry,))


def forgotten(track: Track, videos: frozenset[str]) -> Track:
    """Without the sound of a video that was not the recording: the right one would be refused for it."""
    if track.heard_in not in videos or track.recording is None:
        return track
    silent = track.recording.model_copy(update={"fingerprint": None})
    return track.changed(recording=silent, sound_keys=(), heard_in=None)
