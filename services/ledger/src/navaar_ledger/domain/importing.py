"""What an earlier program knew about an item is taken over, so that nothing it did is done again. Pure.

An imported track is identified like any other. What was done stays done and is told nobody; what had failed waits for
a person's retry; what was open continues. An item belongs to one track: if the earlier program had placed an item that
is known here as somebody's own, both are one recording.

A platform's own export of a collection comes in the same way: what it holds is there, and all its deliveries are open.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.events import ImportedDelivery, TrackImported
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, ItemMetadata, ScoredCandidate
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.merge import meet
from navaar_ledger.domain.track import (
    SETTLED_BY_HAND,
    Delivery,
    Newborn,
    Track,
    TrackState,
    TrackStep,
    claim_key,
    known_cause,
)
from navaar_ledger.domain.transitions import failed, satisfied


def imported_name(event: TrackImported) -> str:
    return f"{event.platform}|{event.external_id}"


def begin(event: TrackImported, who: Newborn, at: datetime, *, waits: bool = False) -> Track:
    """The track of an item that only the earlier program knew; its story follows in a change of its own.

    Args:
        waits: others of its collection are in hand; it is identified after them.
    """
    readable = bool(event.platform.spec.gives_files and event.item.file_id and event.deliveries)
    nameless = not _has_words(event.item) and not readable
    step = _first_step(event)
    # Where its file is to be heard, that was decided by what the earlier program knew.
    waits = waits and step is TrackStep.IDENTIFY and not event.item.file_id
    has_post = not event.external_id.startswith("file:")
    return Track(
        id=who.track_id,
        identity=who.identity,
        link=event.link,
        # Something that was merely seen has no name to identify it by, and needs none until it is added elsewhere.
        state=TrackState.BASELINE if nameless else TrackState.IDENTIFYING,
        step=TrackStep.DONE if nameless else TrackStep.WAIT if waits else step,
        origin=event.platform,
        origin_external_id=event.external_id,
        item=event.item,
        backfill=True,
        baseline=not event.deliveries,
        items={event.platform: event.external_id} if has_post else {},
        changed_at=at,
        created_at=event.first_seen_at,
        updated_at=at,
    )


def take_over(track: Track, event: TrackImported, facts: Facts) -> Change:
    """`track` with everything the earlier program knew about its item. Doing it twice changes nothing.

    Raises:
        ClaimNeeded, TrackNeeded: look that up and take over again.
    """
    if not track.is_alive:
        return Change(track)
    for platform, external_id in _elsewhere(event):
        joined = _joined(track, platform, external_id, facts)
        if joined is not None:
            return joined
    entries: list[AuditEntry] = []
    name = imported_name(event)
    if name not in track.imported:
        track = track.changed(imported=(*track.imported, name))
        what = f"{event.platform} {event.external_id}"
        entries.append(AuditEntry("imported", f"Known from elsewhere, {event.source}: {what}."))
        entries += [AuditEntry(line.event, line.details, line.direction, line.at) for line in event.history]
    for told in event.deliveries:
        track = _delivered(track, told, facts)
    if track.state is TrackState.BASELINE and track.deliveries:
        track = track.changed(state=TrackState.IDENTIFIED)
    return Change(track, tuple(entries))


def _has_words(item: ItemMetadata) -> bool:
    """Whether there is anything that it could be named by."""
    return any(words and words.strip() for words in (item.title, item.file_name, item.caption))


def _first_step(event: TrackImported) -> TrackStep:
    """The file is only fetched for its tags where something is still to be done and its post does not name it."""
    item = event.item
    is_open = any(not told.state.is_done for told in event.deliveries)
    is_named = any(artist.strip() for artist in item.artists)
    gives = event.platform.spec.gives_files
    return TrackStep.FETCH if gives and is_open and item.file_id and not is_named else TrackStep.IDENTIFY


def _elsewhere(event: TrackImported) -> tuple[tuple[Platform, str], ...]:
    """The ids that the item has in collections, beside its own."""
    placed = [(told.target, told.external_id) for told in event.deliveries if told.external_id]
    copies = [(platform, each) for platform, ids in event.copies.items() for each in ids]
    own = (event.platform, event.external_id)
    return tuple(each for each in dict.fromkeys((*placed, *copies)) if each != own)


def _joined(track: Track, platform: Platform, external_id: str, facts: Facts) -> Change | None:
    """Claim the id. Whoever was born from that very item is the same recording, and is joined."""
    holder = facts.claim(claim_key(track.link, platform, external_id), track.id)
    if holder == track.id or holder in track.absorbed:
        return None
    other = facts.track(holder)
    if other is None or (other.origin, other.origin_external_id) != (platform, external_id):
        return None
    return meet(track, holder, "an earlier program had placed one as the other", facts)


def _delivered(track: Track, told: ImportedDelivery, facts: Facts) -> Track:
    if told.target == track.origin:
        return track
    ours = track.deliveries.get(told.target)
    there = told.external_id
    if there is not None and told.target not in track.items:
        key = claim_key(track.link, told.target, there)
        if facts.claim(key, track.id) in (track.id, *track.absorbed) and not (ours and there in ours.undone):
            track = track.with_item(told.target, there)
    if ours is None:
        return track.with_delivery(_delivery(track, told, facts.at))
    if told.state.is_done and ours.state in (*SETTLED_BY_HAND, DeliveryState.IDENTIFYING) and there not in ours.undone:
        return track.with_delivery(satisfied(ours, there, facts.at))
    return track


def _delivery(track: Track, told: ImportedDelivery, at: datetime) -> Delivery:
    known = told.target in track.items
    delivery = Delivery(
        target=told.target,
        origin=told.origin,
        track_id=track.id,
        identity=track.identity,
        state=DeliveryState.IDENTIFYING,
        backfill=True,
        changed_at=at,
    )
    if told.state.is_done:
        return delivery.noted(
            state=told.state,
            external_id=told.external_id,
            set_video_id=told.set_video_id,
            chosen=_chosen(track, told),
            already_there=told.state is DeliveryState.DUPLICATE,
            synced_at=told.synced_at,
            quiet=True,
        )
    if known:
        return satisfied(delivery, track.items[told.target], at)
    if told.state is DeliveryState.FAILED:
        cause = known_cause(told.cause) or Cause.IMPORTED
        return failed(delivery, cause, told.reason or "It had failed before.", at).noted(quiet=True)
    if track.state is TrackState.UNIDENTIFIED:
        return failed(delivery, Cause.IDENTIFY_FAILED, "Its track could not be identified.", at)
    return delivery if track.step is not TrackStep.DONE else delivery.moved(at, state=DeliveryState.PENDING)


def _chosen(track: Track, told: ImportedDelivery) -> ScoredCandidate | None:
    """What the earlier program took for the recording; another delivery may need its audio."""
    if told.external_id is None or told.target.spec.needs_audio:
        return None
    candidate = Candidate(id=told.external_id, title=track.item.title, artists=track.item.artists)
    return ScoredCandidate(candidate=candidate, score=1.0, reasons=("chosen by an earlier program",))
