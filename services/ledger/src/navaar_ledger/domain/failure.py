"""A step did not succeed: try again, go another way, or stop with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from navaar_contracts.causes import Cause
from navaar_contracts.events import FailureKind, Step, StepFailed
from navaar_contracts.identifiers import DeliveryState
from navaar_ledger.domain.audio_source import source_refused
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.merge import already_there
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep, known_cause
from navaar_ledger.domain.transitions import failed, passed, rescheduled, sought_again, with_ids

AGAIN_AFTER = timedelta(seconds=2)
"""Time for what the gateway has just reported to be looked at, where asking again at once did not help: while what was
reported is not known, nothing is placed there anyway, so that alone is waited for first."""

_CAUSES = {
    Step.DOWNLOAD: Cause.DOWNLOAD_FAILED,
    Step.CHECK: Cause.DOWNLOAD_FAILED,
    Step.PLACE: Cause.PLACE_FAILED,
}


def track_failed(track: Track, event: StepFailed, facts: Facts) -> Change:
    """The track as a whole could not be fetched, identified or compared."""
    at = facts.at
    if event.step is Step.FETCH:
        entry = AuditEntry("fetch_failed", f"The file cannot be read, identified from its name alone: {event.reason}")
        return Change(track.changed(step=TrackStep.IDENTIFY, changed_at=at), (entry,))
    if track.baseline and not track.deliveries:
        entry = AuditEntry("identify_failed", f"Recorded without knowing who it is: {event.reason}")
        return Change(track.changed(state=TrackState.BASELINE, step=TrackStep.DONE, changed_at=at), (entry,))
    reason = f"Could not be identified: {event.reason}"
    if event.step is Step.JUDGE:
        reason = f"Could not be compared with the recordings already known: {event.reason}"
    track = track.changed(state=TrackState.UNIDENTIFIED, changed_at=at)
    entries: list[AuditEntry] = []
    for delivery in track.deliveries.values():
        if delivery.state is DeliveryState.IDENTIFYING:
            stopped = _stopped(delivery, Cause.IDENTIFY_FAILED, reason, event, facts)
            entries.append(_told(stopped, reason))
            track = track.with_delivery(stopped)
    return Change(track, tuple(entries))


def delivery_failed(track: Track, delivery: Delivery, event: StepFailed, facts: Facts) -> Change:
    """A step of one delivery did not succeed."""
    if delivery.target in track.items:
        return already_there(track, delivery, facts.at)
    if event.kind is FailureKind.COLLECTION_CHANGED and delivery.disturbed < facts.policy.disturbed_limit:
        return _wait_for_newcomers(track, delivery, event, facts.at)
    if event.kind is FailureKind.AUDIO_MISSING and delivery.retries < facts.policy.max_retries:
        return _download_again(track, delivery, event, facts.at)
    if known_cause(event.cause) is Cause.PLAYLIST_FULL:
        return _wait_for_room(track, delivery, event, facts)
    if event.step is Step.DOWNLOAD and event.kind is FailureKind.PERMANENT:
        return source_refused(track, delivery, event.reason, facts)
    was_there = delivery.renewal and delivery.chosen is not None and not delivery.needs_audio
    if event.step is Step.PLACE and event.kind is FailureKind.PERMANENT and was_there:
        return _search_instead(track, delivery, event, facts.at)
    if event.step is Step.JUDGE and delivery.needs_audio:
        details = f"Placed without being compared by sound: {event.reason}"
        passing = track.with_delivery(passed(delivery, facts.at))
        return Change(passing, (AuditEntry("judge_failed", details, delivery.direction),))
    if delivery.contested is not None:
        # Found, chosen and compared once more.
        delivery = delivery.noted(contested=None, suspects=(), external_id=None)
    if event.kind is FailureKind.UNKNOWN_OUTCOME:
        stopped = failed(delivery, Cause.UNKNOWN_OUTCOME, event.reason, facts.at)
    else:
        stopped = _stopped(delivery, _CAUSES.get(event.step, Cause.SEARCH_FAILED), event.reason, event, facts)
    return Change(track.with_delivery(stopped), (_told(stopped, event.reason),))


def _search_instead(track: Track, delivery: Delivery, event: StepFailed, at: datetime) -> Change:
    """What was in the collection before cannot be had any more: it is searched for as if for the first time."""
    item = delivery.chosen.candidate.id if delivery.chosen is not None else ""
    anew = sought_again(delivery, at).noted(excluded=with_ids(delivery.excluded, item))
    entry = AuditEntry(
        "sync_failed", f"{item} is not to be had again, searched anew: {event.reason}", delivery.direction
    )
    return Change(track.with_delivery(anew), (entry,))


def _stopped(delivery: Delivery, cause: Cause, reason: str, event: StepFailed, facts: Facts) -> Delivery:
    if event.kind is FailureKind.PERMANENT:
        return failed(delivery, cause, reason, facts.at)
    return rescheduled(delivery, cause, reason, facts.at, facts.policy).noted(internal=event.internal)


def _wait_for_newcomers(track: Track, delivery: Delivery, event: StepFailed, at: datetime) -> Change:
    waiting = delivery.moved(
        at,
        state=DeliveryState.PENDING,
        ready=True,
        ready_at=delivery.ready_at or at,
        attempt=delivery.attempt + 1,
        disturbed=delivery.disturbed + 1,
        due_at=at + AGAIN_AFTER if delivery.disturbed else None,
        reason=event.reason,
    )
    return Change(track.with_delivery(waiting), (AuditEntry("collection_changed", event.reason, delivery.direction),))


def _wait_for_room(track: Track, delivery: Delivery, event: StepFailed, facts: Facts) -> Change:
    """Asked again and again, however long a person takes to make room: it costs no retry."""
    waiting = delivery.moved(
        facts.at,
        state=DeliveryState.RETRY_SCHEDULED,
        due_at=facts.at + timedelta(seconds=facts.policy.backoff_max_s),
        cause=Cause.PLAYLIST_FULL,
        reason=event.reason,
    )
    return Change(track.with_delivery(waiting), (AuditEntry("collection_full", event.reason, delivery.direction),))


def _download_again(track: Track, delivery: Delivery, event: StepFailed, at: datetime) -> Change:
    again = delivery.moved(
        at,
        state=DeliveryState.DOWNLOADING,
        ready=False,
        ready_at=None,
        audio=None,
        audio_of=None,
        suspects=(),
        attempt=delivery.attempt + 1,
        retries=delivery.retries + 1,
        reason=event.reason,
    )
    entry = AuditEntry("audio_missing", f"Downloaded once more: {event.reason}", delivery.direction)
    return Change(track.with_delivery(again), (entry,))


def _told(stopped: Delivery, reason: str) -> AuditEntry:
    if stopped.state is DeliveryState.RETRY_SCHEDULED and stopped.due_at is not None:
        when = f"{stopped.due_at:%H:%M:%S} UTC"
        return AuditEntry("retry_scheduled", f"Retry {stopped.retries} at {when}: {reason}", stopped.direction)
    if stopped.cause is Cause.DOWNLOAD_FAILED:
        return AuditEntry("download_failed", reason, stopped.direction)
    uploading = stopped.cause is Cause.PLACE_FAILED and stopped.needs_audio
    return AuditEntry("upload_failed" if uploading else "sync_failed", reason, stopped.direction)
