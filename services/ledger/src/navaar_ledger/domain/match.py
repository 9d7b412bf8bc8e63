"""Search and choice: which entry of the target's catalogue is this recording?

The same two steps serve a search for audio (rounds from SOURCE_ROUNDS on); there the choice is a source and claims
nothing.
"""

from __future__ import annotations

from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.events import CandidatesFound, MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Choice, ScoredCandidate, Verdict
from navaar_ledger.domain.audio_source import no_source_event, source_of
from navaar_ledger.domain.audit import AuditEntry, by, scored
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import search_of
from navaar_ledger.domain.merge import SHOWN, already_there, take_match
from navaar_ledger.domain.overrides import Override, holds_for, override_keys
from navaar_ledger.domain.rivals import disputed, rival
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track
from navaar_ledger.domain.transitions import downloading, failed, in_review, searching

JUDGED_AT_ONCE = 25
KEPT = 5


def start(track: Track, target: Platform, facts: Facts) -> Change:
    """Begin to search, or to download where the video is known. Only a pending delivery that is not ready starts.

    Raises:
        OverridesNeeded, ClaimNeeded, TrackNeeded: look that up and start again.
    """
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or delivery.ready:
        return Change(track)
    if target in track.items:
        return already_there(track, delivery, facts.at)
    return (_start_audio if delivery.needs_audio else _search)(track, delivery, facts)


def _start_audio(track: Track, delivery: Delivery, facts: Facts) -> Change:
    override = _override(track, delivery, facts)
    if override is not None and override.chosen is None:
        return _ruled_out(track, delivery, override, facts.at)
    source = override.chosen if override is not None else source_of(track, delivery)
    if source is not None:
        return Change(track.with_delivery(downloading(delivery, source, facts.at)))
    track = track.with_delivery(searching(delivery, facts.at))
    for giver in (track.deliveries.get(each) for each in track.audio_givers):
        if giver is not None and giver.state is DeliveryState.PENDING and not giver.ready:
            # Sought for its audio; it is placed only when its own queue's turn comes.
            return _search(track, giver, facts)
    return Change(track)


def _search(track: Track, delivery: Delivery, facts: Facts) -> Change:
    override = _override(track, delivery, facts)
    if override is not None:
        decided = _as_decided(track, delivery, override, facts)
        if decided is not None:
            return decided
    begun = searching(delivery, facts.at)
    if not begun.round:
        # A search that begins with its first query has looked at nothing yet.
        begun = begun.noted(looked_at=0, nearest=None)
    if search_of(track, begun) is None:
        reason = "Nothing to search for: the name has no words a catalogue would know."
        stopped = failed(delivery, Cause.NOTHING_TO_SEARCH, reason, facts.at)
        return Change(track.with_delivery(stopped), (AuditEntry("sync_failed", reason, delivery.direction),))
    return Change(track.with_delivery(begun))


def _override(track: Track, delivery: Delivery, facts: Facts) -> Override | None:
    """What a person has decided about this recording there, unless that was said to be wrong since."""
    if track.recording is None:
        return None
    keys = override_keys(track.link, track.recording, delivery.target)
    for override in facts.overridden(keys).values():
        ruled_out = override.chosen is not None and override.chosen.id in delivery.ruled_out
        if holds_for(override, track.recording) and not ruled_out:
            return override
    return None


def _as_decided(track: Track, delivery: Delivery, override: Override, facts: Facts) -> Change | None:
    if override.chosen is None:
        return _ruled_out(track, delivery, override, facts.at)
    match = ScoredCandidate(candidate=override.chosen, score=1.0, reasons=(f"picked before{by(override.by)}",))
    return take_match(track, delivery, match, facts)


def _ruled_out(track: Track, delivery: Delivery, override: Override, at: datetime) -> Change:
    reason = f"Never to be placed on {delivery.target}, decided before{by(override.by) or ' by a person'}."
    stopped = failed(delivery, Cause.NEVER, reason, at)
    return Change(track.with_delivery(stopped), (AuditEntry("ruled_out", reason, delivery.direction),))


def found(track: Track, delivery: Delivery, event: CandidatesFound, facts: Facts) -> Change:
    """New candidates go to the identifier with the best of earlier rounds; without any, on to the next query."""
    fresh = _without(event.candidates, delivery)
    if not fresh:
        return _next_round(track, delivery, facts.at)
    matching = delivery.moved(
        facts.at,
        state=DeliveryState.MATCHING,
        candidates=(*delivery.candidates, *fresh)[-JUDGED_AT_ONCE:],
        looked_at=delivery.looked_at + len(fresh),
    )
    entry = AuditEntry("candidates_found", f"{len(fresh)} candidates for '{event.query}'.", delivery.direction)
    return Change(track.with_delivery(matching), (entry,))


def chosen(track: Track, delivery: Delivery, event: MatchChosen, facts: Facts) -> Change:
    choice, match = event.choice, event.choice.chosen
    if choice.verdict is not Verdict.MATCH or match is None or match.candidate.id in delivery.ruled_out:
        return _unmatched(track, delivery, choice, facts.at)
    if delivery.needs_audio:
        return _source_chosen(track, delivery, match, facts.at)
    others = tuple(s for s in choice.ranked if s.candidate.id != match.candidate.id)[:SHOWN]
    owner = rival(track, delivery.target, match, facts)
    taken = None if owner is not None else take_match(track, delivery, match, facts, others=others)
    if taken is not None:
        return taken
    refused = delivery.noted(excluded=(*delivery.excluded, match.candidate.id))
    if owner is not None:
        refused = refused.noted(nearest=disputed(match, owner))
    return _unmatched(track.with_delivery(refused), refused, choice, facts.at)


def _source_chosen(track: Track, delivery: Delivery, match: ScoredCandidate, at: datetime) -> Change:
    source = delivery.moved(
        at, state=DeliveryState.DOWNLOADING, source=match.candidate, attempt=delivery.attempt + 1, candidates=()
    )
    entry = AuditEntry("match_chosen", f"Audio from another upload: {scored(match)}", delivery.direction)
    return Change(track.with_delivery(source), (entry,))


def _unmatched(track: Track, delivery: Delivery, choice: Choice, at: datetime) -> Change:
    ranked = tuple(s for s in choice.ranked if s.candidate.id not in delivery.ruled_out)
    known = () if delivery.nearest is None else (delivery.nearest,)
    kept = delivery.noted(
        candidates=tuple(s.candidate for s in ranked[:KEPT]),
        alternatives=ranked[:SHOWN] or delivery.alternatives,
        in_doubt=choice.verdict is Verdict.REVIEW,
        nearest=max((*ranked, *known), key=lambda s: s.score, default=None),
    )
    return _next_round(track, kept, at)


def _next_round(track: Track, delivery: Delivery, at: datetime) -> Change:
    following = delivery.moved(at, state=DeliveryState.SEARCHING, round=delivery.round + 1)
    if search_of(track, following) is not None:
        return Change(track.with_delivery(following))
    return (_no_other_source if delivery.needs_audio else _given_up)(track, delivery, at)


def _given_up(track: Track, delivery: Delivery, at: datetime) -> Change:
    if delivery.in_doubt and delivery.alternatives:
        reason = f"Not sure enough. Closest on {delivery.target}: {scored(delivery.alternatives[0])}"
        entry = AuditEntry("review", reason, delivery.direction)
        return Change(track.with_delivery(in_review(delivery, Cause.REVIEW, reason, at)), (entry,))
    reason = f"Not found on {delivery.target}: {_what_was_found(delivery)}"
    entry = AuditEntry(f"no_{delivery.target.short}_match", reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, Cause.NO_MATCH, reason, at)), (entry,))


def _no_other_source(track: Track, delivery: Delivery, at: datetime) -> Change:
    found = _what_was_found(delivery)
    if delivery.rejected:
        places = " or ".join(platform.audio_label for platform in track.audio_givers)
        reason = f"No upload on {places} to take the audio from: {found}"
        stopped = failed(delivery, Cause.NO_MATCH, reason, at)
        entry = AuditEntry(no_source_event(track), reason, delivery.direction)
        return Change(track.with_delivery(stopped), (entry,))
    reason = f"{delivery.reason or 'There is no video to work_on the audio from.'} No other upload of it: {found}"
    entry = AuditEntry("download_failed", reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, Cause.DOWNLOAD_FAILED, reason, at)), (entry,))


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
    return f"{many} ({asked}). Closest: {scored(delivery.nearest)}"


def _without(candidates: tuple[Candidate, ...], delivery: Delivery) -> tuple[Candidate, ...]:
    seen = {*delivery.ruled_out, *(c.id for c in delivery.candidates)}
    fresh: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.id not in seen:
            fresh.setdefault(candidate.id, candidate)
    return tuple(fresh.values())
