"""Where each song is, as a person could find out. What is nowhere is told in words."""

from __future__ import annotations

from collections.abc import Iterator

from navaar_contracts.causes import Cause
from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import DeliveryState
from navaar_ledger.application.views import delivery_view, open_questions
from navaar_ledger.domain.admission import admission_entry
from navaar_ledger.domain.audio_source import FOLLOWED
from navaar_ledger.domain.effects import delivery_command, track_command, waits_for_approval
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep, claim_key
from navaar_ledger.store.projection import counters_of, list_key, project
from tests.support.ledger_world import World

S = DeliveryState


def lost_songs(world: World) -> list[str]:
    """Every item that was reported and is in no list, and every delivery that neither ended nor goes on.

    Of documents only those that changed since the last look.
    """
    fresh = [t for t in world.store.documents.values() if (t.id, t.version) not in world.looked_at]
    lost = [*_items(world), *(words for track in fresh for words in _of(world, track))]
    world.looked_at.update((track.id, track.version) for track in fresh)
    return lost


def _items(world: World) -> Iterator[str]:
    for event in world.handled:
        if not isinstance(event, ItemSighted):
            continue
        owner = world.store.claims.get(claim_key(event.link, event.platform, event.external_id))
        track = world.store.documents.get(owner) if owner is not None else None
        still_there = any(item == event.external_id for item, _ in world.shelves[event.platform].items)
        if track is None and still_there:
            yield f"{event.platform} {event.external_id} is no track's"


def _of(world: World, track: Track) -> Iterator[str]:
    told = {entry.event for entry in world.store.entries.values() if entry.track_id == track.id}
    if track.state is TrackState.MERGED:
        root = world.store.documents.get(track.merged_into or 0)
        if root is None or "joined" not in told:
            yield f"#{track.id} was joined to {root} untold: {told}"
    elif track.state is TrackState.DELETED:
        if "track_deleted" not in told:
            yield f"#{track.id} was deleted untold"
    else:
        shown = project(track)
        if list_key(track.link, None, None) not in shown.list_keys or not shown.counters["tracks"]:
            yield f"#{track.id} is in no list"
        for delivery in track.deliveries.values():
            if not shown.counters[f"{delivery.direction}|{delivery.state}"]:
                yield f"#{track.id} {delivery.direction} is not counted"
            if not _is_visible(track, delivery):
                yield f"#{track.id} {delivery.direction} stands still, untold: {delivery!r}"


def _is_visible(track: Track, delivery: Delivery) -> bool:
    """Done, stopped for a reason, asked about, due, or waiting: for a step that somebody was asked for, or a plan."""
    if waits_for_approval(track, delivery):
        told = delivery_view(track, delivery, 3, {})
        return told.cause == Cause.PLAN and counters_of(project(track).counters).held.get(delivery.direction) == 1
    match delivery.state:
        case S.SYNCED | S.DUPLICATE:
            return True
        case S.FAILED | S.LEFT_OUT:
            return bool(delivery.reason)
        case S.REVIEW:
            asked = any(question.target is delivery.target for question in open_questions(track, 3))
            return bool(delivery.reason) and (asked or delivery.cause in FOLLOWED)
        case S.RETRY_SCHEDULED:
            return bool(delivery.reason) and delivery.due_at is not None
        case S.PENDING:
            return any(entry.target is delivery.target for entry in project(track).queues)
        case S.IDENTIFYING:
            waits = track.step is TrackStep.WAIT and admission_entry(track) in project(track).queues
            return waits or track_command(track) is not None or track.step is TrackStep.COMPARE
    if delivery.is_following:
        givers = (track.deliveries.get(each) for each in track.audio_givers)
        return any(giver is not None and not giver.state.is_done and _is_visible(track, giver) for giver in givers)
    return delivery_command(track, delivery) is not None
