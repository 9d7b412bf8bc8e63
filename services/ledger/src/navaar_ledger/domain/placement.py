"""A delivery's turn to be placed, and what becomes of a placement."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.events import TrackPlaced
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.apart import apart, are_parted
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts, combined
from navaar_ledger.domain.merge import already_there, doubled, meet
from navaar_ledger.domain.removal import undo, without_audio
from navaar_ledger.domain.rivals import comparable, holder, substituted
from navaar_ledger.domain.track import Delivery, Track, claim_key
from navaar_ledger.domain.transitions import failed

_UNTOLD = (
    "It was being placed when Navaar was put back to an earlier moment, and nothing tells whether it was made. Look in "
    "the channel: if it is not there, retry it."
)


def place(track: Track, target: Platform, facts: Facts, *, known_at: datetime, known_to: int | None) -> Change:
    """Place a ready delivery; from here on its outcome must be found out before anything is repeated.

    Args:
        track: the recording.
        target: where to.
        facts: when this is.
        known_at: up to when the ledger knows what has happened.
        known_to: the same as a place in the history; None where places are not counted.
    """
    delivery = track.deliveries.get(target)
    if track.held or delivery is None or delivery.state is not DeliveryState.PENDING or not delivery.ready:
        return Change(track)
    if target in track.items:
        return already_there(track, delivery, facts.at)
    if delivery.source is not None and delivery.source.id in delivery.rejected:
        unmade, messages = without_audio(track, delivery, facts.at)
        return Change(track.with_delivery(unmade), messages=messages)
    syncing = delivery.moved(
        facts.at,
        state=DeliveryState.SYNCING,
        known_at=min(facts.at, known_at),
        known_to=known_to,
        due_at=None,
        reason=None,
        cause=None,
    )
    return Change(track.with_delivery(syncing))


def placed(track: Track, event: TrackPlaced, facts: Facts) -> Change:
    """The recording is in the collection: claim its id there, so that the watcher's sighting of it is known.

    True whatever the attempt: a late answer to an earlier one tells as much.
    """
    delivery = track.delivery_of(event.track_id, event.target)
    if delivery is not None and event.external_id in delivery.undone:
        return Change(track)
    owner = facts.claim(claim_key(track.link, event.target, event.external_id), track.id)
    if owner != track.id:
        theirs = holder(track, event.target, event.external_id, facts)
        if theirs is not None and not apart(track, theirs) and delivery is not None and not delivery.state.is_done:
            contest = substituted(track, delivery, event, theirs, facts.at)
            if contest is not None:
                return contest
            if event.already_there and event.attempt != delivery.attempt and not comparable(track, theirs):
                return Change(track)  # A person's item, of which it is being found out who it is.
        joined = meet(track, owner, f"both are {event.target} {event.external_id}", facts)
        if joined is not None:
            return joined
        other = facts.track(owner)
        if other is not None and are_parted(track, facts.root(other)):
            return Change(track)  # Placed when both were one song; it is the other's.
    known = track.items.get(event.target)
    if delivery is None or delivery.state.is_done or delivery.removing is not None:
        if known is None:
            return Change(track.with_item(event.target, event.external_id))
        if not doubled(track, event.target, event.external_id) or _told_before(delivery, event):
            return Change(track)
        return Change(track, (_twice(event, known),))
    entries = [_entry(delivery, event)]
    if known is None:
        track = track.with_item(event.target, event.external_id)
    elif doubled(track, event.target, event.external_id):
        entries.append(_twice(event, known))
    done = delivery.moved(
        facts.at,
        state=DeliveryState.DUPLICATE if event.already_there else DeliveryState.SYNCED,
        external_id=event.external_id,
        set_video_id=event.set_video_id,
        url=event.url or delivery.url,
        already_there=event.already_there,
        synced_at=facts.at,
        ready=False,
        ready_at=None,
        due_at=None,
        candidates=(),
        contested=None,
        suspects=(),
        reason=None,
        cause=None,
    )
    change = Change(track.with_delivery(done), tuple(entries))
    if done.source is not None and done.source.id in done.rejected and not event.already_there:
        undone = undo(change.track, done, "; its audio came from the wrong video", facts)
        return Change(undone.track, (*entries, *undone.entries), after=undone.after)
    return change


def in_doubt(track: Track, facts: Facts) -> Change:
    """What was being placed in collections that cannot be read, when all that would tell its outcome was lost."""
    changes = [Change(track)]
    for delivery in track.deliveries.values():
        on_its_way = delivery.state is DeliveryState.SYNCING and delivery.removing is None
        if on_its_way and not delivery.target.spec.is_polled:
            stopped = failed(delivery, Cause.UNKNOWN_OUTCOME, _UNTOLD, facts.at)
            entry = AuditEntry("sync_failed", _UNTOLD, delivery.direction)
            changes.append(Change(changes[-1].track.with_delivery(stopped), (entry,)))
    return combined(changes)


def of_a_deleted_track(track: Track, event: TrackPlaced, facts: Facts) -> Change:
    """It was on its way when the track was deleted; once claimed, its watcher will not take it for new."""
    facts.claim(claim_key(track.link, event.target, event.external_id), track.id)
    return Change(track)


def _told_before(delivery: Delivery | None, event: TrackPlaced) -> bool:
    return delivery is not None and delivery.external_id == event.external_id


def _entry(delivery: Delivery, event: TrackPlaced) -> AuditEntry:
    if event.already_there:
        return AuditEntry(
            "duplicate_skipped", f"It was on {event.target} already: {event.external_id}.", delivery.direction
        )
    return AuditEntry("track_synced", f"Placed on {event.target} as {event.external_id}.", delivery.direction)


def _twice(event: TrackPlaced, known: str) -> AuditEntry:
    return AuditEntry(
        "sync_failed",
        f"{event.target} now holds this recording twice, as {known} and {event.external_id}: somebody added it while "
        "it was being placed. Remove one of them.",
    )
