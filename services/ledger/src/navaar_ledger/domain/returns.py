"""An item that is known turns up: again, by a person's hand, or as another song's choice. Pure.

What a person adds is wanted, whatever was before: where the recording is gone it is placed again, unless a person has
said never. Navaar's own placements are known to whoever reports items, and to the ledger by their delivery's state.
"""

from __future__ import annotations

from navaar_contracts.events import FailureKind, ItemSighted, PresenceKnown, StepFailed
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import stamp
from navaar_contracts.music import Candidate, ScoredCandidate
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.decision import Aftermath, Change, Facts, Release
from navaar_ledger.domain.overrides import holds_for, override_keys
from navaar_ledger.domain.seeking import everywhere, sought
from navaar_ledger.domain.track import SETTLED_BY_HAND, Delivery, Seeking, Track, TrackState
from navaar_ledger.domain.transitions import satisfied, sought_again


def seen_again(track: Track, sighted: ItemSighted, facts: Facts) -> Change:
    """A known item. If its delivery to this collection had stopped, somebody has done the job by hand.

    Raises:
        TrackNeeded: look that up and decide again.
    """
    delivery = track.deliveries.get(sighted.platform)
    if delivery is not None and _is_only_chosen(track, delivery, sighted.external_id):
        free = track.with_delivery(sought_again(delivery, facts.at))
        told = f"Somebody added {sighted.external_id}: whether it is this recording is found out first."
        entry = AuditEntry("match_withdrawn", told, delivery.direction)
        return Change(free, (entry,), after=_as_new(free, sighted))
    if not _is_of(track, sighted, facts):
        return Change(track, after=_as_new(track, sighted))
    entries: tuple[AuditEntry, ...] = ()
    if delivery is not None and delivery.state in SETTLED_BY_HAND and sighted.platform not in track.items:
        told = f"It is in the {sighted.platform} collection now."
        entries = (AuditEntry("duplicate_skipped", told, delivery.direction),)
        done = satisfied(delivery, sighted.external_id, facts.at)
        track = track.with_item(sighted.platform, sighted.external_id).with_delivery(done)
    return _come_back(track, sighted, entries, facts) if sighted.returned else Change(track, entries)


def known(track: Track, event: PresenceKnown, facts: Facts) -> Change:
    """A collection has answered whether the recording is still there.

    Raises:
        OverridesNeeded: look that up and decide again.
    """
    seeking = _asked(track, event)
    if seeking is None:
        return Change(track)
    answered = _answered(track, seeking, event.target)
    if event.present:
        there = answered.items.get(event.target) in event.present
        return Change(answered if there else answered.with_item(event.target, event.present[0]))
    delivery = answered.deliveries.get(event.target)
    if answered.recording is None or (delivery is not None and not delivery.state.is_done):
        return Change(answered)
    direction = delivery.direction if delivery is not None else Direction.between(seeking.origin, event.target)
    if not event.certain:
        told = f"Whether it is still on {event.target} cannot be found out; it is left as it is."
        return Change(answered, (AuditEntry("presence_unknown", told, direction),))
    if _is_ruled_out(answered, event.target, facts):
        told = f"It is not on {event.target} any more, and never to be placed there."
        return Change(answered, (AuditEntry("ruled_out", told, direction),))
    if direction not in facts.policy.links[track.link].directions():
        return Change(answered)
    told = f"It is not on {event.target} any more, and somebody added it again: it is placed again."
    gone = answered.changed(items={each: item for each, item in answered.items.items() if each != event.target})
    placed = _placed_again(answered, delivery, facts) if delivery is not None else _begun(answered, direction, facts)
    return Change(gone.with_delivery(placed), (AuditEntry("placed_again", told, direction),))


def not_known(track: Track, event: StepFailed, facts: Facts) -> Change:
    """The collection could not be asked: it is asked again after a while, or left as it is where that cannot help."""
    seeking = _asked(track, event) if event.target is not None else None
    if seeking is None or event.target is None or event.kind is not FailureKind.PERMANENT:
        return Change(track)
    told = f"Whether it is still on {event.target} could not be found out: {event.reason}"
    return Change(_answered(track, seeking, event.target), (AuditEntry("presence_unknown", told),))


def _come_back(track: Track, sighted: ItemSighted, entries: tuple[AuditEntry, ...], facts: Facts) -> Change:
    """A person has put it there (again). Followed once, however often that is told."""
    delivery = track.deliveries.get(sighted.platform)
    is_ours = delivery is not None and (delivery.state is DeliveryState.SYNCING or delivery.removing is not None)
    if is_ours or sighted.sighted_at <= (track.returned_at or track.created_at):
        return Change(track, entries)
    back = track.changed(returned_at=sighted.sighted_at)
    if sighted.platform not in back.items:
        back = back.with_item(sighted.platform, sighted.external_id)
    if back.state is TrackState.BASELINE:
        back = _joined_in(back, sighted.platform, facts)
    told = AuditEntry("item_returned", f"Somebody put it on {sighted.platform} again: {sighted.external_id}.")
    return Change(sought(back, sighted.platform, everywhere(back), facts.at), (*entries, told))


def _joined_in(track: Track, origin: Platform, facts: Facts) -> Track:
    """What was a mere record is synced from here on, as a later addition."""
    if track.recording is None:
        return track
    for direction in facts.policy.links[track.link].directions():
        if direction.origin == origin and direction.target not in {*track.deliveries, *track.items}:
            track = track.with_delivery(_begun(track, direction, facts))
    return track.changed(state=TrackState.IDENTIFIED) if track.deliveries else track


def _is_only_chosen(track: Track, delivery: Delivery, external_id: str) -> bool:
    """Whether the item is this track's by its own choice alone. What an earlier try may have placed is not."""
    chosen = delivery.chosen is not None and delivery.chosen.candidate.id == external_id
    under_way = delivery.state is DeliveryState.SYNCING and delivery.removing is None
    waits = delivery.state in SETTLED_BY_HAND and delivery.known_at is None
    return chosen and (under_way or waits) and delivery.target not in track.items


def _is_of(track: Track, sighted: ItemSighted, facts: Facts) -> bool:
    """Whether the item is one of the recording's, and not merely one that was chosen for it once."""
    platform, item = sighted.platform, sighted.external_id
    delivery = track.deliveries.get(platform)
    if track.imported or _has(track, platform, item) or item in track.also.get(platform, ()):
        return True
    if delivery is not None:
        chosen = delivery.chosen.candidate.id if delivery.chosen is not None else None
        contested = delivery.contested.candidate.id if delivery.contested is not None else None
        if item in (delivery.external_id, delivery.removing, chosen, contested, *delivery.undone):
            return True
    others = (facts.track(track_id) for track_id in track.absorbed)
    return any(other is not None and _has(other, platform, item) for other in others)


def _has(track: Track, platform: Platform, item: str) -> bool:
    return track.items.get(platform) == item or (track.origin, track.origin_external_id) == (platform, item)


def _as_new(track: Track, sighted: ItemSighted) -> Aftermath:
    """Nobody's any more, and seen as if for the first time."""
    release = Release.of(track, sighted.platform, sighted.external_id)
    return Aftermath(releases=(release,), sightings=(sighted.model_copy(update={"returned": False}),))


def _asked(track: Track, event: PresenceKnown | StepFailed) -> Seeking | None:
    seeking = track.seeking
    if seeking is None or (event.track_id, event.attempt) != (track.id, seeking.number):
        return None
    return seeking if event.target in seeking.places else None


def _answered(track: Track, seeking: Seeking, target: Platform) -> Track:
    left = {each: ids for each, ids in seeking.places.items() if each != target}
    return track.changed(seeking=seeking.model_copy(update={"places": left}) if left else None)


def _is_ruled_out(track: Track, target: Platform, facts: Facts) -> bool:
    recording = track.recording
    found = facts.overridden(override_keys(track.link, recording, target)).values()
    return recording is not None and any(each.chosen is None and holds_for(each, recording) for each in found)


def _begun(track: Track, direction: Direction, facts: Facts) -> Delivery:
    """Towards where the recording itself once came from, or was never to go."""
    known = track.items.get(direction.target)
    begun = Delivery(
        target=direction.target,
        origin=direction.origin,
        track_id=track.id,
        identity=track.identity,
        state=DeliveryState.PENDING,
        renewal=_renewal(0, facts) if known is not None else 0,
        changed_at=facts.at,
    )
    return begun if known is None else _chosen_before(track, begun, known, facts)


def _placed_again(track: Track, delivery: Delivery, facts: Facts) -> Delivery:
    """As it was placed before; nothing has to be searched, and what is posted is downloaded again."""
    external_id = delivery.external_id or track.items.get(delivery.target)
    again = sought_again(delivery, facts.at).noted(
        renewal=_renewal(delivery.renewal, facts),
        source=delivery.source,
        audio=None,
        audio_of=None,
        heard=False,
        external_id=None,
        set_video_id=None,
        already_there=False,
        known_at=None,
        known_to=None,
        synced_at=None,
    )
    return again if external_id is None else _chosen_before(track, again, external_id, facts, delivery.chosen)


def _renewal(before: int, facts: Facts) -> int:
    """Later than any before it, also than one that a ledger which was set back has forgotten: so it is no count."""
    return max(before + 1, stamp(facts.at))


def _chosen_before(
    track: Track, delivery: Delivery, external_id: str, facts: Facts, chosen: ScoredCandidate | None = None
) -> Delivery:
    if delivery.needs_audio:
        return delivery
    if chosen is None or chosen.candidate.id != external_id:
        named = Candidate(id=external_id, title=track.display)
        chosen = ScoredCandidate(candidate=named, score=1.0, reasons=("it was there before",))
    return delivery.noted(chosen=chosen, ready=True, ready_at=facts.at)
