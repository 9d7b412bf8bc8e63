"""What the lanes set in motion: the first step of a delivery, and its placement."""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_ledger.decision import Change, Entry
from navaar_ledger.implied import query_of
from navaar_ledger.resting import failed, satisfied
from navaar_ledger.sourcing import downloading, source_of
from navaar_ledger.track import Delivery, Track


def start(track: Track, target: Platform, at: datetime) -> Change:
    """Begin to search, or to download where the video is known. Only a pending delivery that is not ready starts."""
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or delivery.ready:
        return Change(track)
    if target in track.items:
        return _satisfied(track, delivery, at)
    if target is Platform.TELEGRAM:
        return _start_audio(track, delivery, at)
    return _search(track, delivery, at)


def place(track: Track, target: Platform, at: datetime) -> Change:
    """Place a ready delivery; from here on its outcome must be found out before anything is repeated."""
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or not delivery.ready:
        return Change(track)
    if target in track.items:
        return _satisfied(track, delivery, at)
    syncing = delivery.moved(at, state=DeliveryState.SYNCING, due_at=None, reason=None, cause=None)
    return Change(track.with_delivery(syncing))


def _start_audio(track: Track, delivery: Delivery, at: datetime) -> Change:
    source = source_of(track, delivery)
    if source is not None:
        return Change(track.with_delivery(downloading(delivery, source, at)))
    following = delivery.moved(at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None)
    track = track.with_delivery(following)
    youtube = track.deliveries.get(Platform.YOUTUBE)
    if youtube is None or youtube.state is not DeliveryState.PENDING or youtube.ready:
        return Change(track)
    # Sought for its audio; it is placed only when its own lane's turn comes.
    return _search(track, youtube, at)


def _search(track: Track, delivery: Delivery, at: datetime) -> Change:
    searching = delivery.moved(at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None)
    if query_of(track, searching) is None:
        reason = "Nothing to search for: the name has no words a catalogue would know."
        stopped = failed(delivery, "nothing_to_search", reason, at)
        return Change(track.with_delivery(stopped), (Entry("sync_failed", reason, delivery.direction),))
    return Change(track.with_delivery(searching))


def _satisfied(track: Track, delivery: Delivery, at: datetime) -> Change:
    external_id = track.items[delivery.target]
    entry = Entry("duplicate_skipped", f"It is on {delivery.target} already: {external_id}.", delivery.direction)
    return Change(track.with_delivery(satisfied(delivery, external_id, at)), (entry,))
