"""What a fact proves about the ledger that asked for it.

The history holds answers, not questions. When a delivery went from one try to the next, because a clock, a cycle or a
silence said so, no fact tells that; the next answer does: it bears the number of the try it belongs to. So before a
fact is decided about, the track is brought to where it must have been to be given that answer. Never backwards: a fact
of an earlier try, or of one that is over, proves nothing.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import (
    AudioReady,
    PresenceKnown,
    Step,
    StepFailed,
)
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.music import Candidate
from navaar_ledger.domain.audio_source import source_of
from navaar_ledger.domain.decide import StepAnswer, round_of, row_of
from navaar_ledger.domain.retry import identify_again
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep

_SEARCHES = (DeliveryState.SEARCHING, DeliveryState.MATCHING)
_BEFORE = {TrackStep.FETCH: (TrackStep.WAIT,), TrackStep.IDENTIFY: (TrackStep.WAIT, TrackStep.FETCH)}


def expecting(track: Track, event: StepAnswer, at: datetime) -> Track:
    """`track` as one that waits for `event`, as far as the event proves that it did; else the very same object."""
    if not track.is_alive:
        return track
    if isinstance(event, PresenceKnown):
        return _seeking_expecting(track, event)
    meaning = row_of(event)
    about = tuple(meaning.about(track, event))
    if meaning.steps and None in about:
        return _track_expecting(track, event, meaning.steps[0], at)
    for target in about:
        delivery = track.delivery_of(event.track_id, target) if target is not None else None
        state = meaning.awaits(delivery) if delivery is not None else None
        if state is not None and delivery is not None and not delivery.state.is_done:
            proven = _delivery_expecting(track, delivery, event, state, at)
            track = track if proven is delivery else track.with_delivery(proven)
    return track


def _seeking_expecting(track: Track, event: PresenceKnown) -> Track:
    """It was asked again, after a silence, as often as the answer says."""
    seeking = track.seeking
    if seeking is None or event.track_id != track.id or event.attempt <= seeking.number:
        return track
    return track.changed(looks=event.attempt, seeking=seeking.model_copy(update={"number": event.attempt}))


def _track_expecting(track: Track, event: StepAnswer, step: TrackStep, at: datetime) -> Track:
    if event.attempt > track.attempt:
        if track.state is TrackState.UNIDENTIFIED:
            stopped = (DeliveryState.FAILED, DeliveryState.RETRY_SCHEDULED)
            track = identify_again(track, stopped, at, fresh=False).track
        if track.state is TrackState.IDENTIFYING:
            return track.changed(attempt=event.attempt, step=step, changed_at=at)
    before = _BEFORE.get(step, ())
    if track.state is TrackState.IDENTIFYING and track.step in before and event.attempt == track.attempt:
        return track.changed(step=step, changed_at=at)
    return track


def _delivery_expecting(
    track: Track, delivery: Delivery, event: StepAnswer, state: DeliveryState, at: datetime
) -> Delivery:
    if event.attempt < delivery.attempt:
        return delivery
    later = event.attempt > delivery.attempt
    removal = isinstance(event, StepFailed) and event.step is Step.REMOVE
    if delivery.removing is not None or removal:
        again = later and removal and delivery.removing is not None
        return delivery.noted(state=state).moved(at, attempt=event.attempt) if again else delivery
    unstarted = delivery.state is DeliveryState.PENDING
    asked = round_of(event) if state in _SEARCHES else None
    number = delivery.round if asked is None else asked
    behind = not isinstance(event, StepFailed) and delivery.state in _SEARCHES and number > delivery.round
    if not (later or unstarted or behind) or delivery.state is DeliveryState.IDENTIFYING:
        return delivery
    proven = delivery.noted(state=state, attempt=event.attempt, due_at=None)
    if number != delivery.round:
        proven = proven.noted(round=number, candidates=())
    if isinstance(event, AudioReady):
        proven = proven.noted(source=_source(track, delivery, event))
    return proven.moved(at)


def _source(track: Track, delivery: Delivery, event: AudioReady) -> Candidate:
    known = delivery.source or source_of(track, delivery)
    if known is not None and known.id == event.video_id:
        return known
    return Candidate(id=event.video_id, title=track.display)
