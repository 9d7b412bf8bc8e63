"""A step did not succeed: try again, go another way, or stop with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta

from navaar_contracts.events import FailureKind, Step, StepFailed
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.audio_source import source_refused
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change
from navaar_ledger.domain.policy import Rules
from navaar_ledger.domain.removal import not_removed
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track, TrackState, TrackStep
from navaar_ledger.domain.transitions import failed, passed, rescheduled, satisfied

AGAIN_AFTER = timedelta(seconds=2)
"""Time for what the gateway has just reported to be looked at."""


TRACK_STEPS = {Step.FETCH: TrackStep.FETCH, Step.IDENTIFY: TrackStep.IDENTIFY, Step.JUDGE: TrackStep.JUDGE}


STATES = {
    Step.FIND: DeliveryState.SEARCHING,
    Step.CHOOSE: DeliveryState.MATCHING,
    Step.DOWNLOAD: DeliveryState.DOWNLOADING,
    Step.CHECK: DeliveryState.DOWNLOADING,
    Step.JUDGE: DeliveryState.DOWNLOADING,
    Step.PLACE: DeliveryState.SYNCING,
}


_CAUSES = {Step.DOWNLOAD: "download_failed", Step.CHECK: "download_failed", Step.PLACE: "place_failed"}


def step_failed(track: Track, delivery: Delivery | None, event: StepFailed, at: datetime, rules: Rules) -> Change:
    step = TRACK_STEPS.get(event.step)
    if step is not None and event.target is None:
        current = track.step is step and track.state is TrackState.IDENTIFYING and event.attempt == track.attempt
        return _track_failed(track, event, at, rules) if current else Change(track)
    if event.step is Step.REMOVE:
        return Change(track) if delivery is None else not_removed(track, delivery, event, at, rules)
    if delivery is None or event.attempt != delivery.attempt or delivery.state is not STATES.get(event.step):
        return Change(track)
    if event.step in (Step.FIND, Step.CHOOSE) and event.round != delivery.round:
        return Change(track)
    return _delivery_failed(track, delivery, event, at, rules)


def step_target(event: StepFailed) -> Platform | None:
    """Which delivery a failed step belongs to; None for the track as a whole."""
    if event.step in (Step.DOWNLOAD, Step.CHECK):
        return Platform.TELEGRAM
    if event.step in (Step.FIND, Step.CHOOSE) and event.round >= SOURCE_ROUNDS:
        return Platform.TELEGRAM
    return event.target


def _track_failed(track: Track, event: StepFailed, at: datetime, rules: Rules) -> Change:
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
            stopped = _stopped(delivery, "identify_failed", reason, event.kind, at, rules)
            entries.append(_told(stopped, reason))
            track = track.with_delivery(stopped)
    return Change(track, tuple(entries))


def _delivery_failed(track: Track, delivery: Delivery, event: StepFailed, at: datetime, rules: Rules) -> Change:
    if delivery.target in track.items:
        external_id = track.items[delivery.target]
        entry = AuditEntry(
            "duplicate_skipped", f"It is on {delivery.target} already: {external_id}.", delivery.direction
        )
        return Change(track.with_delivery(satisfied(delivery, external_id, at)), (entry,))
    if event.kind is FailureKind.COLLECTION_CHANGED and delivery.disturbed < rules.disturbed_limit:
        return _wait_for_newcomers(track, delivery, event, at)
    if event.kind is FailureKind.AUDIO_MISSING and delivery.retries < rules.max_retries:
        return _download_again(track, delivery, event, at)
    if event.step is Step.DOWNLOAD and event.kind is FailureKind.PERMANENT:
        return source_refused(track, delivery, event.reason, at, rules)
    if event.step is Step.JUDGE:
        entry = AuditEntry(
            "judge_failed", f"Placed without being compared by sound: {event.reason}", delivery.direction
        )
        return Change(track.with_delivery(passed(delivery, at)), (entry,))
    if event.kind is FailureKind.UNKNOWN_OUTCOME:
        stopped = failed(delivery, "unknown_outcome", event.reason, at)
    else:
        cause = _CAUSES.get(event.step, "search_failed")
        stopped = _stopped(delivery, cause, event.reason, event.kind, at, rules)
    return Change(track.with_delivery(stopped), (_told(stopped, event.reason),))


def _stopped(delivery: Delivery, cause: str, reason: str, kind: FailureKind, at: datetime, rules: Rules) -> Delivery:
    if kind is FailureKind.PERMANENT:
        return failed(delivery, cause, reason, at)
    return rescheduled(delivery, cause, reason, at, rules)


def _wait_for_newcomers(track: Track, delivery: Delivery, event: StepFailed, at: datetime) -> Change:
    waiting = delivery.moved(
        at,
        state=DeliveryState.PENDING,
        ready=True,
        ready_at=delivery.ready_at or at,
        attempt=delivery.attempt + 1,
        disturbed=delivery.disturbed + 1,
        due_at=at + AGAIN_AFTER,
        reason=event.reason,
    )
    return Change(track.with_delivery(waiting), (AuditEntry("collection_changed", event.reason, delivery.direction),))


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
    event = {"download_failed": "download_failed", "place_failed": "upload_failed"}.get(stopped.cause or "")
    if event == "upload_failed" and stopped.target is not Platform.TELEGRAM:
        event = "sync_failed"
    return AuditEntry(event or "sync_failed", reason, stopped.direction)
