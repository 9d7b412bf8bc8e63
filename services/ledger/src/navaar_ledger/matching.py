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
from navaar_ledger.resting import failed, in_review
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
        return _next_round(track, delivery, f"Nothing new for '{event.query}'", at)
    together = (*delivery.candidates, *fresh)[-JUDGED_AT_ONCE:]
    return Change(
        track.with_delivery(delivery.moved(at, state=DeliveryState.MATCHING, candidates=together)),
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
    if match.candidate.id in delivery.excluded:
        return _unmatched(track, delivery, choice, at)
    if delivery.target is Platform.TELEGRAM:
        return _source_chosen(track, delivery, match, at)
    key = claim_key(track.link, delivery.target, match.candidate.id)
    owner = facts.claim(key, track.id)
    if owner != track.id:
        holder = facts.track(owner)
        joined = meet(track, holder, f"both are {delivery.target} {match.candidate.id}", at, facts)
        if joined is not None:
            return joined
        if holder is None or not facts.root(holder).is_alive:
            refused = delivery.moved(at, excluded=(*delivery.excluded, match.candidate.id))
            return _unmatched(track.with_delivery(refused), refused, choice, at)
    entry = Entry("match_chosen", _told(match), delivery.direction)
    ready = delivery.moved(
        at,
        state=DeliveryState.PENDING,
        ready=True,
        ready_at=at,
        chosen=match,
        url=match.candidate.url,
        alternatives=_others(choice, match.candidate.id),
        candidates=(),
        in_doubt=False,
        reason=None,
        cause=None,
    )
    return Change(track.with_delivery(ready), (entry,))


def _source_chosen(track: Track, delivery: Delivery, match: ScoredCandidate, at: datetime) -> Change:
    source = delivery.moved(
        at, state=DeliveryState.DOWNLOADING, source=match.candidate, attempt=delivery.attempt + 1, candidates=()
    )
    entry = Entry("match_chosen", f"Audio from another upload: {_told(match)}", delivery.direction)
    return Change(track.with_delivery(source), (entry,))


def _unmatched(track: Track, delivery: Delivery, choice: Choice, at: datetime) -> Change:
    ranked = tuple(s for s in choice.ranked if s.candidate.id not in delivery.excluded)
    kept = delivery.moved(
        at,
        candidates=tuple(s.candidate for s in ranked[:KEPT]),
        alternatives=ranked[:SHOWN] or delivery.alternatives,
        in_doubt=choice.verdict is Verdict.REVIEW,
    )
    return _next_round(track, kept, choice.reason or "no candidate is this recording", at)


def _next_round(track: Track, delivery: Delivery, why: str, at: datetime) -> Change:
    following = delivery.moved(at, state=DeliveryState.SEARCHING, round=delivery.round + 1)
    if query_of(track, following) is not None:
        return Change(track.with_delivery(following))
    return _given_up(track, delivery, why, at)


def _given_up(track: Track, delivery: Delivery, why: str, at: datetime) -> Change:
    platform = searched_platform(delivery)
    why = why.rstrip(".")
    if delivery.round >= SOURCE_ROUNDS:
        reason = f"{delivery.reason or 'The audio cannot be downloaded.'} No other upload of it was found: {why}."
        entry = Entry("download_failed", reason, delivery.direction)
        return Change(track.with_delivery(failed(delivery, "download_failed", reason, at)), (entry,))
    if delivery.in_doubt and delivery.alternatives:
        best = delivery.alternatives[0]
        reason = f"Not sure enough. Closest on {platform}: {_told(best)}"
        entry = Entry("review", reason, delivery.direction)
        return Change(track.with_delivery(in_review(delivery, "review", reason, at)), (entry,))
    reason = f"Not found on {platform}: {why}."
    event = "no_yt_match" if platform is Platform.YOUTUBE else "no_sp_match"
    entry = Entry(event, reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, "no_match", reason, at)), (entry,))


def _without(candidates: tuple[Candidate, ...], delivery: Delivery) -> tuple[Candidate, ...]:
    seen = {*delivery.excluded, *(c.id for c in delivery.candidates)}
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
