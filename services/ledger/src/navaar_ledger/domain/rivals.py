"""Two songs that choose one item of a catalogue: one recording spelled in two ways, or a contradiction. Pure.

The same choice proves nothing, since one of the two may be mistaken. So the identifier is asked about the two songs
themselves, and only its yes joins them. Else the item is the better match's: the other song does without it, is told
as not found there with a reason that names the first, or is asked about where nothing says whose the item is.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import Enum, auto

from navaar_contracts.causes import Cause
from navaar_contracts.commands import KnownTrack
from navaar_contracts.events import IdentityJudged, TrackPlaced
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Sameness, ScoredCandidate
from navaar_ledger.domain.audit import AuditEntry, named
from navaar_ledger.domain.decision import Aftermath, Change, Facts, Release
from navaar_ledger.domain.overrides import override_keys
from navaar_ledger.domain.track import Delivery, Lost, Track, TrackState, claim_key

CLEARLY = 0.2
"""By so much one match must be better than another to take the item from it."""
LATER = timedelta(seconds=60)
"""Until the item is looked at again that is being placed for the other song, or taken out; doubling up to 32 times."""
SOON = timedelta(seconds=2)
"""Until one is looked at again whose own song has no name yet; doubling as well."""


class Whose(Enum):
    """Whose the item is, of two songs that both chose it."""

    OURS = auto()
    THEIRS = auto()
    OPEN = auto()
    """A person has to say."""
    LATER = auto()
    """Ours, and it is just being placed for the other song."""


def holder(track: Track, target: Platform, external_id: str, facts: Facts) -> Track | None:
    """The other living song that has the item; None where none has it, or a join is to be completed first.

    Raises:
        ClaimNeeded, TrackNeeded: look that up and decide again.
    """
    owner = facts.claim(claim_key(track.link, target, external_id), track.id)
    other = facts.track(owner) if owner != track.id else None
    if other is None or facts.unabsorbed(other) is not None:
        return None
    root = facts.root(other)
    return root if root.is_alive and root.id != track.id else None


def contested(
    track: Track,
    delivery: Delivery,
    match: ScoredCandidate,
    theirs: Track,
    at: datetime,
    *,
    others: tuple[ScoredCandidate, ...] = (),
) -> Change | None:
    """Ask whether two songs are one that chose the same item; wait while the other has no name yet.

    None where the other never got one: then only a person can tell.
    """
    if theirs.recording is None and _may_get_a_name(theirs):
        return _later(track, delivery, match, theirs, at, SOON)
    if not comparable(track, theirs):
        return None
    asked = _compared(delivery, match, theirs, at).noted(alternatives=others)
    return Change(track.with_delivery(asked), (_both_chose(delivery, match, theirs),))


def in_the_way(track: Track, delivery: Delivery, match: ScoredCandidate, facts: Facts) -> Change | None:
    """Another song that does not want the item any more: wait until it is out, then give back its claim.

    Raises:
        ClaimNeeded, TrackNeeded: look that up and decide again.
    """
    target, item = delivery.target, match.candidate.id
    theirs = holder(track, target, item, facts)
    if theirs is None:
        return None
    held = theirs.deliveries.get(target)
    if held is not None and held.removing == item:
        is_hopeless = held.state is DeliveryState.FAILED
        return None if is_hopeless else _later(track, delivery, match, theirs, facts.at)
    if _wants(theirs, target, item, facts):
        return None
    return Change(track, after=Aftermath(releases=(Release.of(theirs, target, item),)), again=True)


def _wants(theirs: Track, target: Platform, item: str, facts: Facts) -> bool:
    """Whether the item is the other song's, or its choice; what it once chose stays claimed for it."""
    held = theirs.deliveries.get(target)
    if held is not None:
        # What turned out to be there already was not placed as it had been chosen.
        choices = (held.contested, None if held.state is DeliveryState.DUPLICATE else held.chosen)
        if item in (held.external_id, *(each.candidate.id for each in choices if each is not None)):
            return True
    joined = (facts.track(track_id) for track_id in theirs.absorbed)
    return any(each is not None and each.items.get(target) == item for each in (theirs, *joined))


def _may_get_a_name(theirs: Track) -> bool:
    retried = any(each.state is DeliveryState.RETRY_SCHEDULED for each in theirs.deliveries.values())
    return theirs.state is TrackState.IDENTIFYING or (theirs.state is TrackState.UNIDENTIFIED and retried)


def comparable(track: Track, theirs: Track) -> bool:
    """Whether it is known of both who they are."""
    return track.recording is not None and theirs.recording is not None


def _compared(delivery: Delivery, match: ScoredCandidate, theirs: Track, at: datetime) -> Delivery:
    """The delivery while the identifier is asked whether the two songs are one recording; a new attempt."""
    known = theirs.own_recording
    assert known is not None
    return delivery.moved(
        at,
        state=DeliveryState.MATCHING,
        attempt=delivery.attempt + 1,
        ready=False,
        ready_at=None,
        due_at=None,
        reason=None,
        cause=None,
        contested=match,
        suspects=(KnownTrack(track_id=theirs.id, recording=known),),
    )


def substituted(track: Track, delivery: Delivery, event: TrackPlaced, theirs: Track, at: datetime) -> Change | None:
    """The platform lists what another song has in place of the chosen item. None where there is nothing to compare."""
    if delivery.needs_audio or not comparable(track, theirs):
        return None
    if delivery.contested is not None and delivery.contested.candidate.id == event.external_id:
        return Change(track)
    chosen = delivery.chosen.candidate.id if delivery.chosen is not None else "what was chosen"
    listed = Candidate(id=event.external_id, title=theirs.display)
    match = ScoredCandidate(candidate=listed, score=0.0, reasons=(f"{event.target} lists it in place of {chosen}",))
    asked = _compared(delivery, match, theirs, at).noted(external_id=event.external_id)
    return Change(track.with_delivery(asked), (_both_chose(delivery, match, theirs),))


def is_placed(delivery: Delivery) -> bool:
    """Whether the contested item is in the collection on behalf of this delivery."""
    return delivery.contested is not None and delivery.external_id == delivery.contested.candidate.id


def whose(delivery: Delivery, theirs: Track, event: IdentityJudged, facts: Facts) -> Whose:
    """Whose the contested item is, of two songs that are not one recording as far as the identifier knows.

    Raises:
        OverridesNeeded: look that up and decide again.
    """
    match, held = delivery.contested, theirs.deliveries.get(delivery.target)
    certain = event.judgement is not None and event.judgement.same is Sameness.NO
    if match is None or not certain:
        return Whose.OPEN
    chosen = held.chosen if held is not None else None
    chose_it = chosen is not None and chosen.candidate.id == match.candidate.id
    # What lies in the collection as the song itself could not be a better match.
    lead = match.score - (chosen.score if chosen is not None and chose_it else 1.0)
    if lead <= -CLEARLY:
        return Whose.THEIRS
    if lead < CLEARLY or held is None or is_placed(delivery) or _is_picked(theirs, delivery, match, facts):
        return Whose.OPEN
    return _taken_from(held)


def _taken_from(held: Delivery) -> Whose:
    """Only what has not been placed, or was placed by us, is taken from the other song."""
    if held.state is DeliveryState.SYNCED and held.chosen is not None:
        return Whose.OURS if held.external_id == held.chosen.candidate.id else Whose.OPEN
    if held.state.is_done or held.cause in (Cause.UNKNOWN_OUTCOME, Cause.REMOVE_FAILED):
        return Whose.OPEN
    asked_for = held.known_at is not None and held.state is not DeliveryState.FAILED
    return Whose.LATER if asked_for or held.state is DeliveryState.SYNCING else Whose.OURS


def _is_picked(theirs: Track, delivery: Delivery, match: ScoredCandidate, facts: Facts) -> bool:
    """Whether a person picked the item for the other song."""
    kept = facts.overridden(override_keys(theirs.link, theirs.recording, delivery.target)).values()
    return any(each.chosen is not None and each.chosen.id == match.candidate.id for each in kept)


def later(track: Track, delivery: Delivery, theirs: Track, at: datetime) -> Change:
    """The contested item is ours as soon as the other song is done with it."""
    assert delivery.contested is not None
    return _later(track, delivery, delivery.contested, theirs, at)


def _later(
    track: Track, delivery: Delivery, match: ScoredCandidate, theirs: Track, at: datetime, wait: timedelta = LATER
) -> Change:
    name = named(match.candidate)
    reason = f"{name} has first to be settled for #{theirs.id} {theirs.display}, another song that has it."
    waiting = delivery.moved(
        at,
        state=DeliveryState.RETRY_SCHEDULED,
        due_at=at + wait * 2 ** min((delivery.attempt - 1) // 2, 5),
        cause=Cause.NO_MATCH,
        reason=reason,
        contested=match,
        suspects=(),
        candidates=(),
        external_id=None,
    )
    return Change(track.with_delivery(waiting), (AuditEntry("retry_scheduled", reason, delivery.direction),))


def without(track: Track, delivery: Delivery, match: ScoredCandidate, theirs: Track, *, is_open: bool) -> Delivery:
    """The delivery that has lost its choice to the other song; what it is to do next is for its search to say.

    A person is asked once about two songs, however many platforms they meet on.
    """
    asked = any(each.is_open and each.to == theirs.id for d in track.deliveries.values() for each in d.lost)
    is_open = is_open and not asked
    what = "perhaps the same recording" if is_open else "another song"
    lost: tuple[Lost, ...] = (Lost(match=told(match, theirs, what), to=theirs.id, is_open=is_open),)
    if delivery.chosen is not None and delivery.chosen.candidate.id != match.candidate.id:
        why = f"{delivery.target} lists {match.candidate.id} in its place"
        chosen = delivery.chosen.model_copy(update={"reasons": (*delivery.chosen.reasons, why)})
        lost = (Lost(match=told(chosen, theirs, what), to=theirs.id), *lost)
    return delivery.noted(lost=(*delivery.lost, *lost), contested=None, suspects=(), external_id=None)


def told(match: ScoredCandidate, other: Track, what: str) -> ScoredCandidate:
    """The match with the reason why it is not to be had."""
    why = f"it is the match of #{other.id} {other.display}, {what}"
    return match.model_copy(update={"reasons": (*match.reasons, why)})


def _both_chose(delivery: Delivery, match: ScoredCandidate, theirs: Track) -> AuditEntry:
    name = named(match.candidate)
    details = f"{name} is the match of #{theirs.id} {theirs.display} too: are the two one recording?"
    return AuditEntry("item_contested", details, delivery.direction)
