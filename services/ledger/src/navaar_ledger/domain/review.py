"""A person answers an open question: this one, none of these, never, or search again.

Where audio is needed a question follows the one about the delivery whose audio is used; an answer to it is an answer to
that one, except that 'never' means this collection alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.commands import AnswerReview, ReviewAnswer
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, ScoredCandidate
from navaar_ledger.domain.audio_source import FOLLOWED
from navaar_ledger.domain.audit import AuditEntry, by, named
from navaar_ledger.domain.decision import Aftermath, Change, Facts
from navaar_ledger.domain.merge import SHOWN, take_match
from navaar_ledger.domain.overrides import Override, override_keys
from navaar_ledger.domain.rivals import in_the_way
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.domain.transitions import failed, searching, sought_again, without_proposals

STILL_OPEN = frozenset({Cause.NO_MATCH, Cause.REJECTED, Cause.NEVER})
"""Causes of failure after which an answer still helps: the search is over, and nothing was placed."""


def answered(track: Track, command: AnswerReview, facts: Facts) -> Change:
    """What becomes of the delivery; a second answer to the same question changes nothing."""
    delivery = _meant(track, command)
    if delivery is None:
        return Change(track)
    if delivery.has_answered(command.message_id()):
        return Change(track, after=_kept(track, delivery, command, _picked(track, delivery, command), facts.at))
    if not _is_open(delivery):
        return Change(track)
    marked = delivery.answering(command.message_id())
    match command.answer:
        case ReviewAnswer.PICK:
            return _pick(track, marked, command, facts)
        case ReviewAnswer.NEVER:
            return _never(track, marked, command, facts.at)
        case ReviewAnswer.NONE:
            return _none(track, marked, command, facts.at)
        case ReviewAnswer.SEARCH_AGAIN:
            return _search_again(track, marked, command, facts.at)


def _meant(track: Track, command: AnswerReview) -> Delivery | None:
    delivery = track.deliveries.get(command.target)
    if delivery is None or delivery.cause not in FOLLOWED or command.answer is ReviewAnswer.NEVER:
        return delivery
    givers = [track.deliveries[each] for each in track.audio_givers if each in track.deliveries]
    return next((each for each in givers if _is_open(each)), givers[0] if givers else delivery)


def _is_open(delivery: Delivery) -> bool:
    if delivery.state is DeliveryState.REVIEW:
        return True
    return delivery.state is DeliveryState.FAILED and delivery.cause in (*STILL_OPEN, *FOLLOWED)


def _pick(track: Track, delivery: Delivery, command: AnswerReview, facts: Facts) -> Change:
    picked = _picked(track, delivery, command)
    if picked is None:
        return Change(track)
    chosen_id = picked.candidate.id
    willing = delivery.moved(
        facts.at,
        attempt=delivery.attempt + 1,
        retries=0,
        disturbed=0,
        released=True,
        excluded=_without(delivery.excluded, chosen_id),
        rejected=_without(delivery.rejected, chosen_id),
        undone=_without(delivery.undone, chosen_id),
        lost=tuple(each for each in delivery.lost if each.match.candidate.id != chosen_id),
    )
    others = tuple(each for each in delivery.alternatives if each.candidate.id != chosen_id)[:SHOWN]
    entry = AuditEntry("review_answered", f"{named(picked.candidate)} was picked{by(command.by)}.", delivery.direction)
    if delivery.needs_audio:
        sourced = sought_again(willing, facts.at).noted(source=picked.candidate, alternatives=others)
        change: Change | None = Change(track.with_delivery(sourced))
    else:
        trusting = _trusted(track.with_delivery(willing), willing, chosen_id)
        change = in_the_way(trusting, willing, picked, facts)
        if change is not None and change.again:
            return change
        change = change or take_match(trusting, willing, picked, facts, others=others)
    if change is None:
        reason = f"{chosen_id} belongs to another song; it cannot be picked."
        entry = AuditEntry("review_answered", reason, delivery.direction)
        return Change(track.with_delivery(delivery), (entry,))
    kept = _kept(track, delivery, command, picked, facts.at)
    return replace(change, entries=(entry, *change.entries), after=change.after + kept)


def _without(ids: tuple[str, ...], one: str) -> tuple[str, ...]:
    return tuple(each for each in ids if each != one)


def _trusted(track: Track, delivery: Delivery, video: str) -> Track:
    """A video that is the recording after all may give its audio too."""
    if delivery.target.spec.gives_audio:
        for each in track.in_need_of_audio:
            track = track.with_delivery(each.noted(rejected=_without(each.rejected, video)))
    return track


def _never(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    reason = f"Never to be placed on {delivery.target}, decided{by(command.by) or ' by a person'}."
    stopped = failed(delivery, Cause.NEVER, reason, at)
    entry = AuditEntry("review_answered", reason, delivery.direction)
    return Change(
        _followed_again(track.with_delivery(stopped), delivery.target, at),
        (entry,),
        after=_kept(track, delivery, command, None, at),
    )


def _none(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    reason = f"None of the proposals is it{_says(command.by)}."
    stopped = failed(without_proposals(delivery, at), Cause.REJECTED, reason, at)
    entry = AuditEntry("review_answered", reason, delivery.direction)
    return Change(_followed_again(track.with_delivery(stopped), delivery.target, at), (entry,))


def _search_again(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    entry = AuditEntry(
        "review_answered", f"Searched for again{by(command.by)}, without the proposals.", delivery.direction
    )
    again = sought_again(without_proposals(delivery, at), at)
    return Change(_followed_again(track.with_delivery(again), delivery.target, at), (entry,))


def _followed_again(track: Track, answered_target: Platform, at: datetime) -> Track:
    """Deliveries that stood still with the question about whose audio they need look at its answer."""
    if answered_target.spec.gives_audio:
        for each in track.in_need_of_audio:
            if each.cause in FOLLOWED:
                track = track.with_delivery(searching(sought_again(each, at), at))
    return track


def _picked(track: Track, delivery: Delivery, command: AnswerReview) -> ScoredCandidate | None:
    """The candidate that PICK names: one that was proposed, or any other by its id alone."""
    if command.answer is not ReviewAnswer.PICK or not command.external_id:
        return None
    for each in delivery.alternatives if delivery.chosen is None else (delivery.chosen, *delivery.alternatives):
        if each.candidate.id == command.external_id:
            return each
    named = Candidate(id=command.external_id, title=track.display)
    return ScoredCandidate(candidate=named, score=1.0, reasons=("named by a person",))


def _kept(
    track: Track, delivery: Delivery, command: AnswerReview, picked: ScoredCandidate | None, at: datetime
) -> Aftermath:
    """A pick and a never are kept for the recording, wherever it comes from next."""
    if command.answer not in (ReviewAnswer.PICK, ReviewAnswer.NEVER) or track.recording is None:
        return Aftermath()
    override = Override(
        chosen=picked.candidate if picked is not None else None,
        isrc=track.recording.isrc,
        duration_s=track.recording.duration_s,
        by=command.by,
        made_at=at,
    )
    return Aftermath(
        overrides=tuple((key, override) for key in override_keys(track.link, track.recording, delivery.target))
    )


def _says(who: str) -> str:
    return f", says {who}" if who else ""
