"""A delivery's turn to be placed, and what becomes of a placement."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import TrackPlaced
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.merge import doubled, meet
from navaar_ledger.domain.removal import undo, without_audio
from navaar_ledger.domain.track import Delivery, Track, claim_key
from navaar_ledger.domain.transitions import satisfied


def placed(track: Track, delivery: Delivery | None, event: TrackPlaced, at: datetime, facts: Facts) -> Change:
    """The recording is in the collection: claim its id there, so that the watcher's sighting of it is known.

    True whatever the attempt: a late answer to an earlier one tells as much. `delivery` is None when a join has put
    another delivery in its place.
    """
    if delivery is not None and event.external_id in delivery.undone:
        return Change(track)
    owner = facts.claim(claim_key(track.link, event.target, event.external_id), track.id)
    if owner != track.id:
        joined = meet(track, facts.track(owner), f"both are {event.target} {event.external_id}", at, facts)
        if joined is not None:
            return joined
    known = track.items.get(event.target)
    if delivery is None or delivery.state.is_done or delivery.removing is not None:
        if known is None:
            return Change(track.changed(items={**track.items, event.target: event.external_id}))
        if not doubled(track, event.target, event.external_id) or _told_before(delivery, event):
            return Change(track)
        return Change(track, (_twice(event, known),))
    entries = [_entry(delivery, event)]
    if doubled(track, event.target, event.external_id) and known is not None:
        entries.append(_twice(event, known))
    items = track.items if known is not None else {**track.items, event.target: event.external_id}
    done = delivery.moved(
        at,
        state=DeliveryState.DUPLICATE if event.already_there else DeliveryState.SYNCED,
        external_id=event.external_id,
        set_video_id=event.set_video_id,
        url=event.url or delivery.url,
        already_there=event.already_there,
        synced_at=at,
        ready=False,
        ready_at=None,
        due_at=None,
        candidates=(),
        reason=None,
        cause=None,
    )
    placed_track = track.changed(items=items).with_delivery(done)
    if done.source is not None and done.source.id in done.rejected and not event.already_there:
        undone = undo(placed_track, done, "; its audio came from the wrong video", at, facts)
        return Change(undone.track, (*entries, *undone.entries), after=undone.after)
    return Change(placed_track, tuple(entries))


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


def place(track: Track, target: Platform, at: datetime, facts: Facts, *, known_at: datetime) -> Change:
    """Place a ready delivery; from here on its outcome must be found out before anything is repeated.

    Args:
        track: the recording.
        target: where to.
        at: now.
        facts: not needed.
        known_at: up to when the ledger knows what has happened.
    """
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or not delivery.ready:
        return Change(track)
    if target in track.items:
        return _satisfied(track, delivery, at)
    if delivery.source is not None and delivery.source.id in delivery.rejected:
        unmade, messages = without_audio(track, delivery, at)
        return Change(track.with_delivery(unmade), messages=messages)
    syncing = delivery.moved(
        at, state=DeliveryState.SYNCING, known_at=min(at, known_at), due_at=None, reason=None, cause=None
    )
    return Change(track.with_delivery(syncing))


def _satisfied(track: Track, delivery: Delivery, at: datetime) -> Change:
    external_id = track.items[delivery.target]
    entry = AuditEntry("duplicate_skipped", f"It is on {delivery.target} already: {external_id}.", delivery.direction)
    return Change(track.with_delivery(satisfied(delivery, external_id, at)), (entry,))
