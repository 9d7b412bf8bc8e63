"""What the lanes set in motion: the first step of a delivery, and its placement."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import ScoredCandidate
from navaar_ledger.decision import Change, Entry, Facts
from navaar_ledger.implied import query_of
from navaar_ledger.log_lines import by
from navaar_ledger.matching import take_match
from navaar_ledger.resting import failed, satisfied
from navaar_ledger.rulings import Ruling, holds_for, ruling_keys
from navaar_ledger.sourcing import downloading, source_of
from navaar_ledger.track import Delivery, Track
from navaar_ledger.undoing import without_audio


def start(track: Track, target: Platform, at: datetime, facts: Facts) -> Change:
    """Begin to search, or to download where the video is known. Only a pending delivery that is not ready starts.

    Raises:
        RulingsNeeded, ClaimNeeded, TrackNeeded: look that up and start again.
    """
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or delivery.ready:
        return Change(track)
    if target in track.items:
        return _satisfied(track, delivery, at)
    if target is Platform.TELEGRAM:
        return _start_audio(track, delivery, at, facts)
    return _search(track, delivery, at, facts)


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


def _start_audio(track: Track, delivery: Delivery, at: datetime, facts: Facts) -> Change:
    ruling = _ruling(track, delivery, facts)
    if ruling is not None and ruling.chosen is None:
        return _ruled_out(track, delivery, ruling, at)
    source = ruling.chosen if ruling is not None else source_of(track, delivery)
    if source is not None:
        return Change(track.with_delivery(downloading(delivery, source, at)))
    following = delivery.moved(at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None)
    track = track.with_delivery(following)
    youtube = track.deliveries.get(Platform.YOUTUBE)
    if youtube is None or youtube.state is not DeliveryState.PENDING or youtube.ready:
        return Change(track)
    # Sought for its audio; it is placed only when its own lane's turn comes.
    return _search(track, youtube, at, facts)


def _search(track: Track, delivery: Delivery, at: datetime, facts: Facts) -> Change:
    ruling = _ruling(track, delivery, facts)
    if ruling is not None:
        settled = _as_ruled(track, delivery, ruling, at, facts)
        if settled is not None:
            return settled
    searching = delivery.moved(
        at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None, **_fresh_look(delivery)
    )
    if query_of(track, searching) is None:
        reason = "Nothing to search for: the name has no words a catalogue would know."
        stopped = failed(delivery, "nothing_to_search", reason, at)
        return Change(track.with_delivery(stopped), (Entry("sync_failed", reason, delivery.direction),))
    return Change(track.with_delivery(searching))


def _fresh_look(delivery: Delivery) -> dict[str, Any]:
    """A search that begins with its first query has looked at nothing yet."""
    return {} if delivery.round else {"looked_at": 0, "nearest": None}


def _ruling(track: Track, delivery: Delivery, facts: Facts) -> Ruling | None:
    """What a person has settled about this recording there, unless that was said to be wrong since."""
    if track.recording is None:
        return None
    keys = ruling_keys(track.link, track.recording, delivery.target)
    for ruling in facts.ruled(keys).values():
        ruled_out = ruling.chosen is not None and ruling.chosen.id in delivery.ruled_out
        if holds_for(ruling, track.recording) and not ruled_out:
            return ruling
    return None


def _as_ruled(track: Track, delivery: Delivery, ruling: Ruling, at: datetime, facts: Facts) -> Change | None:
    if ruling.chosen is None:
        return _ruled_out(track, delivery, ruling, at)
    match = ScoredCandidate(candidate=ruling.chosen, score=1.0, reasons=(f"picked before{by(ruling.by)}",))
    return take_match(track, delivery, match, at, facts)


def _ruled_out(track: Track, delivery: Delivery, ruling: Ruling, at: datetime) -> Change:
    reason = f"Never to be placed on {delivery.target}, decided before{by(ruling.by) or ' by a person'}."
    stopped = failed(delivery, "never", reason, at)
    return Change(track.with_delivery(stopped), (Entry("ruled_out", reason, delivery.direction),))


def _satisfied(track: Track, delivery: Delivery, at: datetime) -> Change:
    external_id = track.items[delivery.target]
    entry = Entry("duplicate_skipped", f"It is on {delivery.target} already: {external_id}.", delivery.direction)
    return Change(track.with_delivery(satisfied(delivery, external_id, at)), (entry,))
