"""What a fact proves about the ledger that asked for it.

The history holds answers, not questions. When a delivery went from one try to the next, because a clock, a cycle or a
silence said so, no fact tells that; the next answer does: it bears the number of the try it belongs to. So before a
fact is decided about, the track is brought to where it must have been to be given that answer. Never backwards: a fact
of an earlier try, or of one that is over, proves nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from navaar_contracts.events import (
    AudioChecked,
    AudioFetched,
    AudioReady,
    CandidatesFound,
    IdentityJudged,
    ItemSighted,
    MatchChosen,
    Step,
    StepFailed,
    TrackIdentified,
)
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.music import Candidate
from navaar_ledger.domain.audio_source import source_of
from navaar_ledger.domain.decide import TrackMessage, delivery_target
from navaar_ledger.domain.failure import STATES, TRACK_STEPS
from navaar_ledger.domain.retry import identify_again
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep

_ROUNDS = (CandidatesFound, MatchChosen)


_SEARCHES = (DeliveryState.SEARCHING, DeliveryState.MATCHING)


def expecting(track: Track, event: TrackMessage, at: datetime) -> Track:
    """`track` as one that waits for `event`, as far as the event proves that it did; else the very same object."""
    if isinstance(event, ItemSighted) or not track.is_alive:
        return track
    target = delivery_target(event)
    if target is None:
        return _track_expecting(track, event, at)
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.track_id != event.track_id or delivery.state.is_done:
        return track
    moved = _delivery_expecting(track, delivery, event, at)
    return track if moved is delivery else track.with_delivery(moved)


def _track_expecting(track: Track, event: TrackMessage, at: datetime) -> Track:
    step = _step_of(event)
    if step is None or isinstance(event, ItemSighted):
        return track
    if event.attempt > track.attempt:
        if track.state is TrackState.UNIDENTIFIED:
            stopped = (DeliveryState.FAILED, DeliveryState.RETRY_SCHEDULED)
            track = identify_again(track, stopped, at, fresh=False).track
        if track.state is TrackState.IDENTIFYING:
            return track.changed(attempt=event.attempt, step=step, changed_at=at)
    early = track.state is TrackState.IDENTIFYING and track.step is TrackStep.FETCH
    if early and step is TrackStep.IDENTIFY and event.attempt == track.attempt:
        return track.changed(step=step, changed_at=at)
    return track


def _step_of(event: TrackMessage) -> TrackStep | None:
    match event:
        case AudioFetched():
            return TrackStep.FETCH
        case TrackIdentified():
            return TrackStep.IDENTIFY
        case IdentityJudged():
            return TrackStep.JUDGE
        case StepFailed():
            return TRACK_STEPS.get(event.step)
        case _:
            return None


def _delivery_expecting(track: Track, delivery: Delivery, event: TrackMessage, at: datetime) -> Delivery:
    state = _state_of(event)
    if state is None or isinstance(event, ItemSighted) or event.attempt < delivery.attempt:
        return delivery
    later = event.attempt > delivery.attempt
    if delivery.removing is not None:
        again = later and isinstance(event, StepFailed) and event.step is Step.REMOVE
        return delivery.moved(at, attempt=event.attempt, state=DeliveryState.SYNCING) if again else delivery
    unstarted = delivery.state is DeliveryState.PENDING
    if not (later or unstarted or _is_behind(delivery, event)) or delivery.state is DeliveryState.IDENTIFYING:
        return delivery
    changes: dict[str, Any] = {"state": state, "attempt": event.attempt, "due_at": None}
    if isinstance(event, _ROUNDS) or (isinstance(event, StepFailed) and state in _SEARCHES):
        changes["round"] = event.round
        if event.round != delivery.round:
            changes["candidates"] = ()
    if isinstance(event, AudioReady):
        changes["source"] = _source(track, delivery, event)
    return delivery.moved(at, **changes)


def _state_of(event: TrackMessage) -> DeliveryState | None:
    match event:
        case CandidatesFound():
            return DeliveryState.SEARCHING
        case MatchChosen():
            return DeliveryState.MATCHING
        case AudioReady() | AudioChecked() | IdentityJudged():
            return DeliveryState.DOWNLOADING
        case StepFailed(step=Step.REMOVE):
            return DeliveryState.SYNCING
        case StepFailed():
            return STATES.get(event.step)
        case _:
            return None


def _is_behind(delivery: Delivery, event: TrackMessage) -> bool:
    """An answer to a later query of the same search."""
    return isinstance(event, _ROUNDS) and delivery.state in _SEARCHES and event.round > delivery.round


def _source(track: Track, delivery: Delivery, event: AudioReady) -> Candidate:
    known = delivery.source or source_of(track, delivery)
    if known is not None and known.id == event.video_id:
        return known
    return Candidate(id=event.video_id, title=track.display)
