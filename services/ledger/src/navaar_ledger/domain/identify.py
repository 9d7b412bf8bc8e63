"""Who the item is, and whether the ledger has the recording already."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from functools import partial

from navaar_contracts.causes import Cause
from navaar_contracts.commands import PartTrack
from navaar_contracts.events import AudioFetched, IdentityJudged, TrackIdentified
from navaar_contracts.identifiers import DeliveryState
from navaar_ledger.domain import parting
from navaar_ledger.domain.apart import rule_keys, with_rules
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts, combined
from navaar_ledger.domain.discovery import first_step
from navaar_ledger.domain.effects import discard
from navaar_ledger.domain.merge import joined_as_judged, suspects
from navaar_ledger.domain.removal import made_way
from navaar_ledger.domain.track import Track, TrackState, TrackStep
from navaar_ledger.domain.transitions import failed, satisfied


def fetched(track: Track, event: AudioFetched, facts: Facts) -> Change:
    return Change(track.changed(fetched=event.audio, step=TrackStep.IDENTIFY, changed_at=facts.at))


def stray_file(track: Track, event: AudioFetched, facts: Facts) -> Change:
    """A file that came after the track no longer needed it is thrown away, unless it is the one that it has."""
    known = track.is_alive and track.fetched is not None and track.fetched.name == event.audio.name
    return Change(track, messages=() if known else (discard(track, event.audio),))


def identified(track: Track, event: TrackIdentified, facts: Facts) -> Change:
    """First the recording is saved with its keys, then others with a common key are looked up.

    In this order two tracks that are identified at the same moment cannot miss each other.
    """
    if track.step is TrackStep.COMPARE:
        return _compared(track, facts)
    recording = event.recording
    why = f" ({'; '.join(event.reasons)})" if event.reasons else ""
    entry = AuditEntry("identified", f"{recording.display or 'No title'}, from {event.method}{why}.")
    known = track.changed(
        step=TrackStep.COMPARE,
        recording=recording,
        method=event.method,
        keys=event.keys,
        sound_keys=event.sound_keys,
        heard_in=None,
        queries=dict(event.queries),
        changed_at=facts.at,
    )
    if track.replacing:
        # Before a join could hand over what was placed for what the item said before.
        made = made_way(known, facts)
        return combined((Change(known, (entry,)), made, _new(made.track, facts.at)))
    return Change(known, (entry,), again=True)


def _compared(track: Track, facts: Facts) -> Change:
    """Ask the identifier about the tracks that share a key; without any the recording is new.

    What people decided about this recording, when it was another track, holds for this one too.
    """
    track = with_rules(track, facts.overridden(rule_keys(track)))
    chosen = suspects(track, facts.sharers(), facts)
    if not chosen:
        return _new(track, facts.at)
    return Change(track.changed(step=TrackStep.JUDGE, suspects=chosen, changed_at=facts.at))


def parted(track: Track, command: PartTrack, facts: Facts) -> Change:
    """A joined track is another song. As soon as it is open again it is compared with what else is known."""
    change = parting.parted(track, command, facts, partial(begins_with, facts))
    is_open = change.track is track and track.id == command.track_id
    if not is_open or track.state is not TrackState.IDENTIFYING or track.step is not TrackStep.COMPARE:
        return change
    return replace(_compared(track, facts), after=change.after)


def begins_with(facts: Facts, track: Track) -> TrackStep:
    """The first step of identifying it anew."""
    return first_step(track.origin, track.item, facts.policy)


def judged(track: Track, event: IdentityJudged, facts: Facts) -> Change:
    return joined_as_judged(track, event, facts) or _new(track, facts.at)


def _new(track: Track, at: datetime) -> Change:
    """No known recording: the deliveries may start."""
    state = TrackState.BASELINE if track.baseline and not track.deliveries else TrackState.IDENTIFIED
    settled = track.changed(state=state, step=TrackStep.DONE, suspects=(), changed_at=at)
    return _open_deliveries(settled, at)


def _open_deliveries(track: Track, at: datetime) -> Change:
    """Deliveries that waited for the track's identity become pending, or stop where there is nothing to search for."""
    entries: list[AuditEntry] = []
    has_name = track.recording is not None and bool(track.recording.title.strip())
    for delivery in track.deliveries.values():
        if delivery.state is not DeliveryState.IDENTIFYING:
            continue
        if delivery.target in track.items:
            opened = satisfied(delivery, track.items[delivery.target], at)
            entries.append(AuditEntry("duplicate_skipped", f"Already on {delivery.target}.", delivery.direction))
        elif not has_name:
            reason = "No title and no tags: nothing to search for."
            opened = failed(delivery, Cause.NOTHING_TO_SEARCH, reason, at)
            entries.append(AuditEntry("sync_failed", reason, delivery.direction))
        else:
            opened = delivery.moved(at, state=DeliveryState.PENDING)
        track = track.with_delivery(opened)
    return Change(track, tuple(entries))
