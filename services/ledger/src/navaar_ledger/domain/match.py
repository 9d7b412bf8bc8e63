"""Search and choice: which entry of the target's catalogue is this recording?

The same two steps serve a search for audio (rounds from SOURCE_ROUNDS on); there the choice is a source and claims
nothing.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from navaar_contracts.causes import Cause
from navaar_contracts.events import CandidatesFound, IdentityJudged, MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Choice, ScoredCandidate, Verdict
from navaar_ledger.domain import rivals
from navaar_ledger.domain.apart import apart
from navaar_ledger.domain.audio_source import no_source_event, source_of
from navaar_ledger.domain.audit import AuditEntry, by, named, scored
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import search_of
from navaar_ledger.domain.merge import SHOWN, already_there, joined_as_judged, take_match
from navaar_ledger.domain.overrides import Override, holds_for, override_keys
from navaar_ledger.domain.removal import withdrawn
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Lost, Track
from navaar_ledger.domain.transitions import downloading, failed, in_review, searching, sought_again

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
    if track.held and delivery.needs_audio:
        # Nothing is fetched to be posted before the plan is approved.
        return Change(track)
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
    return _contested(track, delivery, match, facts) or take_match(track, delivery, match, facts)


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
        contested=None,
        suspects=(),
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
    return _contested_or_taken(track, delivery, match, facts, others=others)


def _contested_or_taken(
    track: Track, delivery: Delivery, match: ScoredCandidate, facts: Facts, *, others: tuple[ScoredCandidate, ...]
) -> Change:
    change = _contested(track, delivery, match, facts, others=others)
    change = change or take_match(track, delivery, match, facts, others=others)
    if change is not None:
        return change
    theirs = rivals.holder(track, delivery.target, match.candidate.id, facts)
    if theirs is None:
        return _without_choice(track, delivery.noted(excluded=(*delivery.excluded, match.candidate.id)), facts.at)
    return _lost(track, delivery, match, theirs, facts.at, is_open=False)


def _contested(
    track: Track,
    delivery: Delivery,
    match: ScoredCandidate,
    facts: Facts,
    *,
    others: tuple[ScoredCandidate, ...] = (),
) -> Change | None:
    """What comes first where another song has it. None: it may be taken, or is refused."""
    before = rivals.in_the_way(track, delivery, match, facts)
    if before is not None:
        return before
    theirs = rivals.holder(track, delivery.target, match.candidate.id, facts)
    if theirs is None or apart(track, theirs):
        return None
    asked = rivals.contested(track, delivery, match, theirs, facts.at, others=others)
    return asked or _lost(track, delivery.noted(alternatives=others), match, theirs, facts.at, is_open=True)


def judged(track: Track, delivery: Delivery, event: IdentityJudged, facts: Facts) -> Change:
    """The identifier compared the song with the other one that has the contested item.

    Raises:
        OverridesNeeded, ClaimNeeded, TrackNeeded: look that up and decide again.
    """
    item = delivery.contested
    if item is None:
        return Change(track)
    before = rivals.in_the_way(track, delivery, item, facts)
    if before is not None:
        return before
    theirs = rivals.holder(track, delivery.target, item.candidate.id, facts)
    if theirs is None and rivals.is_placed(delivery):
        return already_there(track.with_item(delivery.target, item.candidate.id), delivery, facts.at)
    asked_about = {known.track_id for known in delivery.suspects}
    is_the_same_pair = theirs is not None and bool(asked_about & {theirs.id, *theirs.absorbed})
    if theirs is None or not is_the_same_pair or apart(track, theirs) or not rivals.comparable(track, theirs):
        # Much has happened since the question: the other song has gone, or it is another one.
        return _contested_or_taken(track, delivery, item, facts, others=delivery.alternatives)
    joined = joined_as_judged(track, event, facts)
    if joined is not None:
        return joined
    answer = rivals.whose(delivery, theirs, event, facts)
    if answer is rivals.Whose.OURS:
        return _taken_from(theirs, track, delivery, item, facts)
    if answer is rivals.Whose.LATER:
        return rivals.later(track, delivery, theirs, facts.at)
    return _lost(track, delivery, item, theirs, facts.at, is_open=answer is rivals.Whose.OPEN)


def _lost(
    track: Track, delivery: Delivery, match: ScoredCandidate, theirs: Track, at: datetime, *, is_open: bool
) -> Change:
    without = rivals.without(track, delivery, match, theirs, is_open=is_open)
    if without.lost[-1].is_open:
        return _asked_about(track, without, without.lost[-1], at)
    return _without_choice(track, without, at)


def _taken_from(theirs: Track, track: Track, delivery: Delivery, item: ScoredCandidate, facts: Facts) -> Change:
    """The other song gives the item up; what was placed for it is waited for to be out."""
    held = theirs.deliveries[delivery.target]
    match = rivals.told(held.chosen or item, track, "another song and the better match")
    given_up = withdrawn(theirs, held, Lost(match=match, to=track.id), facts)
    if not held.state.is_done:
        return Change(track, beside=(theirs, given_up), again=True)
    waits = rivals.later(track, delivery, theirs, facts.at)
    return replace(waits, beside=(theirs, given_up))


def _asked_about(track: Track, delivery: Delivery, lost: Lost, at: datetime) -> Change:
    """Whether two songs are one; a pick says that they are."""
    why = lost.match.reasons[-1]
    reason = f"{named(lost.match.candidate)}: {why}. One recording or two songs? Pick it if they are one."
    proposals = (lost.match, *delivery.alternatives)[:SHOWN]
    asked = in_review(delivery.noted(alternatives=proposals), Cause.REVIEW, reason, at)
    return Change(track.with_delivery(asked), (AuditEntry("review", reason, delivery.direction),))


def _without_choice(track: Track, delivery: Delivery, at: datetime) -> Change:
    """What was chosen cannot be had: the identifier chooses among the rest, or the search goes on."""
    left = tuple(each for each in delivery.candidates if each.id not in delivery.ruled_out)
    if left:
        matching = delivery.moved(at, state=DeliveryState.MATCHING, attempt=delivery.attempt + 1, candidates=left)
        return Change(track.with_delivery(matching))
    if delivery.chosen is not None or not delivery.looked_at:
        # It had been placed, or a person had picked it before: nothing else was looked for.
        return Change(track.with_delivery(sought_again(delivery, at)))
    return _next_round(track, delivery.noted(candidates=()), at)


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
    known = () if delivery.nearest is None else (delivery.nearest,)
    nearest = max((*(each.match for each in delivery.lost), *known), key=lambda s: s.score, default=None)
    closest = "" if nearest is None else f" Closest: {scored(nearest)}"
    if not delivery.looked_at:
        return f"{asked} found nothing{' new' if delivery.ruled_out else ''}.{closest}"
    many = (
        "the one candidate is not it" if delivery.looked_at == 1 else f"none of {delivery.looked_at} candidates is it"
    )
    return f"{many} ({asked}).{closest}"


def _without(candidates: tuple[Candidate, ...], delivery: Delivery) -> tuple[Candidate, ...]:
    seen = {*delivery.ruled_out, *(c.id for c in delivery.candidates)}
    fresh: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.id not in seen:
            fresh.setdefault(candidate.id, candidate)
    return tuple(fresh.values())
