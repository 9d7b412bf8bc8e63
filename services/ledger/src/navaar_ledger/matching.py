"""Search and choice: which entry of the target's catalogue is this recording?

The same two steps serve a search for audio on behalf of Telegram (rounds from SOURCE_ROUNDS on); there the choice is a
source and claims nothing.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.events import CandidatesFound, MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Choice, ScoredCandidate, Verdict
from navaar_ledger.decision import Change, Entry, Facts
from navaar_ledger.implied import query_of, searched_platform
from navaar_ledger.joining import meet
from navaar_ledger.resting import failed, in_review, satisfied
from navaar_ledger.track import SOURCE_ROUNDS, Delivery, Track, claim_key

JUDGED_AT_ONCE = 25
KEPT = 5
SHOWN = 3


def found(track: Track, delivery: Delivery, event: CandidatesFound, at: datetime) -> Change:
    """New candidates go to the identifier with the best of earlier rounds; without any, on to the next query."""
    if delivery.state is not DeliveryState.SEARCHING or event.round != delivery.round:
        return Change(track)
    fresh = _without(event.candidates, delivery)
    if not fresh:
        return _next_round(track, delivery, at)
    together = (*delivery.candidates, *fresh)[-JUDGED_AT_ONCE:]
    looked_at = delivery.looked_at + len(fresh)
    return Change(
        track.with_delivery(delivery.moved(at, state=DeliveryState.MATCHING, candidates=together, looked_at=looked_at)),
        (Entry("candidates_found", f"{len(fresh)} candidates for '{event.query}'.", delivery.direction),),
    )


def chosen(track: Track, delivery: Delivery, event: MatchChosen, at: datetime, facts: Facts) -> Change:
    if delivery.state is not DeliveryState.MATCHING or event.round != delivery.round:
        return Change(track)
    choice = event.choice
    if choice.verdict is Verdict.MATCH and choice.chosen is not None:
        return _matched(track, delivery, choice.chosen, choice, at, facts)
    return _unmatched(track, delivery, choice, at)


def _matched(
    track: Track, delivery: Delivery, match: ScoredCandidate, choice: Choice, at: datetime, facts: Facts
) -> Change:
    if match.candidate.id in delivery.ruled_out:
        return _unmatched(track, delivery, choice, at)
    if delivery.target is Platform.TELEGRAM:
        return _source_chosen(track, delivery, match, at)
    taken = take_match(track, delivery, match, at, facts, others=_others(choice, match.candidate.id))
    if taken is not None:
        return taken
    refused = delivery.moved(at, excluded=(*delivery.excluded, match.candidate.id))
    return _unmatched(track.with_delivery(refused), refused, choice, at)


def take_match(
    track: Track,
    delivery: Delivery,
    match: ScoredCandidate,
    at: datetime,
    facts: Facts,
    *,
    others: tuple[ScoredCandidate, ...] = (),
) -> Change | None:
    """Claim the match, towards a playlist. Whoever has claimed it before is the same recording, and is joined.

    None when it cannot be had: a person said that its owner is another recording, or the owner is not known.
    """
    external_id = match.candidate.id
    owner = facts.claim(claim_key(track.link, delivery.target, external_id), track.id)
    if owner != track.id:
        holder = facts.track(owner)
        joined = meet(track, holder, f"both are {delivery.target} {external_id}", at, facts)
        if joined is not None:
            return joined
        root = None if holder is None else facts.root(holder)
        if root is None:
            return None
        if root.id != track.id:
            if root.is_alive and not _lets_go(root, delivery.target, external_id):
                return None
            if root.items.get(delivery.target) == external_id:
                return _there_already(track, delivery, external_id, root, at)
            # A deleted track's choice that was never placed: its claim keeps watchers quiet, as it should.
    entry = Entry("match_chosen", _told(match), delivery.direction)
    ready = delivery.moved(
        at,
        state=DeliveryState.PENDING,
        ready=True,
        ready_at=at,
        chosen=match,
        url=match.candidate.url,
        alternatives=others,
        candidates=(),
        in_doubt=False,
        due_at=None,
        reason=None,
        cause=None,
    )
    return Change(track.with_delivery(ready), (entry,))


def _lets_go(root: Track, target: Platform, external_id: str) -> bool:
    """A person said that it is not the owner's; its claim is about to be given back."""
    theirs = root.deliveries.get(target)
    return theirs is not None and theirs.removing is None and external_id in theirs.undone


def _there_already(track: Track, delivery: Delivery, external_id: str, owner: Track, at: datetime) -> Change:
    reason = f"It is on {delivery.target} already: {external_id}, of #{owner.id}, which was deleted."
    done = satisfied(delivery, external_id, at)
    items = {**track.items, delivery.target: external_id}
    return Change(
        track.changed(items=items).with_delivery(done), (Entry("duplicate_skipped", reason, delivery.direction),)
    )


def _source_chosen(track: Track, delivery: Delivery, match: ScoredCandidate, at: datetime) -> Change:
    source = delivery.moved(
        at, state=DeliveryState.DOWNLOADING, source=match.candidate, attempt=delivery.attempt + 1, candidates=()
    )
    entry = Entry("match_chosen", f"Audio from another upload: {_told(match)}", delivery.direction)
    return Change(track.with_delivery(source), (entry,))


def _unmatched(track: Track, delivery: Delivery, choice: Choice, at: datetime) -> Change:
    ranked = tuple(s for s in choice.ranked if s.candidate.id not in delivery.ruled_out)
    kept = delivery.moved(
        at,
        candidates=tuple(s.candidate for s in ranked[:KEPT]),
        alternatives=ranked[:SHOWN] or delivery.alternatives,
        in_doubt=choice.verdict is Verdict.REVIEW,
        nearest=max((*ranked, *_known(delivery.nearest)), key=lambda s: s.score, default=None),
    )
    return _next_round(track, kept, at)


def _known(nearest: ScoredCandidate | None) -> tuple[ScoredCandidate, ...]:
    return () if nearest is None else (nearest,)


def _next_round(track: Track, delivery: Delivery, at: datetime) -> Change:
    following = delivery.moved(at, state=DeliveryState.SEARCHING, round=delivery.round + 1)
    if query_of(track, following) is not None:
        return Change(track.with_delivery(following))
    return _given_up(track, delivery, at)


def _given_up(track: Track, delivery: Delivery, at: datetime) -> Change:
    platform = searched_platform(delivery)
    if delivery.round >= SOURCE_ROUNDS:
        return _no_other_source(track, delivery, at)
    if delivery.in_doubt and delivery.alternatives:
        best = delivery.alternatives[0]
        reason = f"Not sure enough. Closest on {platform}: {_told(best)}"
        entry = Entry("review", reason, delivery.direction)
        return Change(track.with_delivery(in_review(delivery, "review", reason, at)), (entry,))
    reason = f"Not found on {platform}: {_what_was_found(delivery)}"
    event = "no_yt_match" if platform is Platform.YOUTUBE else "no_sp_match"
    entry = Entry(event, reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, "no_match", reason, at)), (entry,))


def _no_other_source(track: Track, delivery: Delivery, at: datetime) -> Change:
    found = _what_was_found(delivery)
    if delivery.rejected:
        reason = f"No upload on YouTube to take the audio from: {found}"
        stopped = failed(delivery, "no_match", reason, at)
        return Change(track.with_delivery(stopped), (Entry("no_yt_match_for_download", reason, delivery.direction),))
    reason = f"{delivery.reason or 'There is no video to take the audio from.'} No other upload of it: {found}"
    entry = Entry("download_failed", reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, "download_failed", reason, at)), (entry,))


def _what_was_found(delivery: Delivery) -> str:
    """How much was looked at, and why the closest was not it."""
    searches = 1 + delivery.round % SOURCE_ROUNDS
    asked = "one search" if searches == 1 else f"{searches} searches"
    if not delivery.looked_at:
        return f"{asked} found nothing{' new' if delivery.ruled_out else ''}."
    many = (
        "the one candidate is not it" if delivery.looked_at == 1 else f"none of {delivery.looked_at} candidates is it"
    )
    if delivery.nearest is None:
        return f"{many} ({asked})."
    return f"{many} ({asked}). Closest: {_told(delivery.nearest)}"


def _without(candidates: tuple[Candidate, ...], delivery: Delivery) -> tuple[Candidate, ...]:
    seen = {*delivery.ruled_out, *(c.id for c in delivery.candidates)}
    fresh: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.id not in seen:
            fresh.setdefault(candidate.id, candidate)
    return tuple(fresh.values())


def _others(choice: Choice, chosen_id: str) -> tuple[ScoredCandidate, ...]:
    return tuple(s for s in choice.ranked if s.candidate.id != chosen_id)[:SHOWN]


def _told(match: ScoredCandidate) -> str:
    candidate = match.candidate
    name = f"{', '.join(candidate.artists)} - {candidate.title}" if candidate.artists else candidate.title
    reasons = f": {'; '.join(match.reasons)}" if match.reasons else ""
    return f"{name} ({candidate.id}), {match.score:.0%}{reasons}."
