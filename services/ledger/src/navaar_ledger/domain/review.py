"""A person answers an open question: this one, none of these, never, or search again.

Towards Telegram a question follows the one about YouTube, whose audio is used; an answer to it is an answer to that
one, except that 'never' means this channel alone.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.commands import AnswerReview, ReviewAnswer
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, ScoredCandidate
from navaar_ledger.domain.audio_source import FOLLOWED
from navaar_ledger.domain.audit import AuditEntry, by
from navaar_ledger.domain.decision import Aftermath, Change, Facts
from navaar_ledger.domain.match import SHOWN
from navaar_ledger.domain.merge import take_match
from navaar_ledger.domain.overrides import Ruling, ruling_keys
from navaar_ledger.domain.track import Delivery, Track
from navaar_ledger.domain.transitions import failed, sought_again, without_proposals

STILL_OPEN = frozenset({"no_match", "rejected", "never"})
"""Causes of failure after which an answer still helps: the search is over, and nothing was placed."""


def answered(track: Track, command: AnswerReview, at: datetime, facts: Facts) -> Change:
    """What becomes of the delivery; a second answer to the same question changes nothing."""
    delivery = _meant(track, command)
    if delivery is None or not track.is_alive:
        return Change(track)
    if delivery.has_answered(command.message_id()):
        return Change(track, after=_ruling(track, delivery, command, _picked(track, delivery, command), at))
    if not _is_open(delivery):
        return Change(track)
    marked = delivery.answering(command.message_id())
    match command.answer:
        case ReviewAnswer.PICK:
            return _pick(track, marked, command, at, facts)
        case ReviewAnswer.NEVER:
            return _never(track, marked, command, at)
        case ReviewAnswer.NONE:
            return _none(track, marked, command, at)
        case ReviewAnswer.SEARCH_AGAIN:
            return _search_again(track, marked, command, at)


def _meant(track: Track, command: AnswerReview) -> Delivery | None:
    delivery = track.deliveries.get(command.target)
    youtube = track.deliveries.get(Platform.YOUTUBE)
    follows = delivery is not None and command.target is Platform.TELEGRAM and delivery.cause in FOLLOWED
    if follows and youtube is not None and command.answer is not ReviewAnswer.NEVER:
        return youtube
    return delivery


def _is_open(delivery: Delivery) -> bool:
    if delivery.state is DeliveryState.REVIEW:
        return True
    return delivery.state is DeliveryState.FAILED and delivery.cause in (*STILL_OPEN, *FOLLOWED)


def _pick(track: Track, delivery: Delivery, command: AnswerReview, at: datetime, facts: Facts) -> Change:
    picked = _picked(track, delivery, command)
    if picked is None:
        return Change(track)
    chosen_id = picked.candidate.id
    willing = delivery.moved(
        at,
        attempt=delivery.attempt + 1,
        retries=0,
        disturbed=0,
        released=True,
        excluded=tuple(each for each in delivery.excluded if each != chosen_id),
        rejected=tuple(each for each in delivery.rejected if each != chosen_id),
        undone=tuple(each for each in delivery.undone if each != chosen_id),
    )
    others = tuple(each for each in delivery.alternatives if each.candidate.id != chosen_id)[:SHOWN]
    entry = AuditEntry("review_answered", f"{_told(picked)} was picked{by(command.by)}.", delivery.direction)
    if delivery.target is Platform.TELEGRAM:
        sourced = sought_again(willing, at).moved(at, source=picked.candidate, alternatives=others)
        change: Change | None = Change(track.with_delivery(sourced))
    else:
        change = take_match(
            _trusted(track.with_delivery(willing), willing, chosen_id), willing, picked, at, facts, others=others
        )
    if change is None:
        entry = AuditEntry(
            "review_answered", f"{chosen_id} belongs to another song; it cannot be picked.", delivery.direction
        )
        return Change(track.with_delivery(delivery), (entry,))
    ruling = _ruling(track, delivery, command, picked, at)
    return Change(
        change.track,
        (entry, *change.entries),
        change.messages,
        change.closed,
        change.closed_entries,
        change.again,
        change.after + ruling,
    )


def _trusted(track: Track, delivery: Delivery, video: str) -> Track:
    """A video that is right for YouTube after all is so for Telegram's audio."""
    telegram = track.deliveries.get(Platform.TELEGRAM)
    if delivery.target is not Platform.YOUTUBE or telegram is None or video not in telegram.rejected:
        return track
    left = tuple(each for each in telegram.rejected if each != video)
    return track.with_delivery(telegram.model_copy(update={"rejected": left}))


def _never(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    reason = f"Never to be placed on {delivery.target}, decided{by(command.by) or ' by a person'}."
    stopped = failed(delivery, "never", reason, at)
    entry = AuditEntry("review_answered", reason, delivery.direction)
    return Change(
        _follow_anew(track.with_delivery(stopped), delivery.target, at),
        (entry,),
        after=_ruling(track, delivery, command, None, at),
    )


def _none(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    reason = f"None of the proposals is it{_says(command.by)}."
    stopped = failed(without_proposals(delivery, at), "rejected", reason, at)
    entry = AuditEntry("review_answered", reason, delivery.direction)
    return Change(_follow_anew(track.with_delivery(stopped), delivery.target, at), (entry,))


def _search_again(track: Track, delivery: Delivery, command: AnswerReview, at: datetime) -> Change:
    entry = AuditEntry(
        "review_answered", f"Searched for again{by(command.by)}, without the proposals.", delivery.direction
    )
    anew = sought_again(without_proposals(delivery, at), at)
    return Change(_follow_anew(track.with_delivery(anew), delivery.target, at), (entry,))


def _follow_anew(track: Track, answered_target: Platform, at: datetime) -> Track:
    """A Telegram delivery that stood still with YouTube's question looks at its answer."""
    delivery = track.deliveries.get(Platform.TELEGRAM)
    if answered_target is not Platform.YOUTUBE or delivery is None or delivery.cause not in FOLLOWED:
        return track
    following = sought_again(delivery, at).moved(at, state=DeliveryState.SEARCHING)
    return track.with_delivery(following)


def _picked(track: Track, delivery: Delivery, command: AnswerReview) -> ScoredCandidate | None:
    """The candidate that PICK names: one that was proposed, or any other by its id alone."""
    if command.answer is not ReviewAnswer.PICK or not command.external_id:
        return None
    for each in delivery.alternatives if delivery.chosen is None else (delivery.chosen, *delivery.alternatives):
        if each.candidate.id == command.external_id:
            return each
    named = Candidate(id=command.external_id, title=track.display)
    return ScoredCandidate(candidate=named, score=1.0, reasons=("named by a person",))


def _ruling(
    track: Track, delivery: Delivery, command: AnswerReview, picked: ScoredCandidate | None, at: datetime
) -> Aftermath:
    """A pick and a never are kept for the recording, wherever it comes from next."""
    if command.answer not in (ReviewAnswer.PICK, ReviewAnswer.NEVER) or track.recording is None:
        return Aftermath()
    ruling = Ruling(
        chosen=picked.candidate if picked is not None else None,
        isrc=track.recording.isrc,
        duration_s=track.recording.duration_s,
        by=command.by,
        made_at=at,
    )
    return Aftermath(rulings=tuple((key, ruling) for key in ruling_keys(track.link, track.recording, delivery.target)))


def _told(picked: ScoredCandidate) -> str:
    candidate = picked.candidate
    name = f"{', '.join(candidate.artists)} - {candidate.title}" if candidate.artists else candidate.title
    return f"{name} ({candidate.id})"


def _says(who: str) -> str:
    return f", says {who}" if who else ""
