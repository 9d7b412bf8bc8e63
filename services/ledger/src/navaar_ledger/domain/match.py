"""Search and choice: which entry of the target's catalogue is this recording?

The same two steps serve a search for audio on behalf of Telegram (rounds from SOURCE_ROUNDS on); there the choice is a
source and claims nothing.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from navaar_contracts.events import CandidatesFound, MatchChosen
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, Choice, ScoredCandidate, Verdict
from navaar_ledger.domain.audio_source import source_of
from navaar_ledger.domain.audit import AuditEntry, by
from navaar_ledger.domain.decision import Change, Facts
from navaar_ledger.domain.effects import query_of, searched_platform
from navaar_ledger.domain.merge import described, take_match
from navaar_ledger.domain.overrides import Ruling, holds_for, ruling_keys
from navaar_ledger.domain.placement import _satisfied
from navaar_ledger.domain.track import SOURCE_ROUNDS, Delivery, Track
from navaar_ledger.domain.transitions import downloading, failed, in_review


def start(track: Track, target: Platform, at: datetime, facts: Facts) -> Change:
    """Begin to search, or to download where the video is known. Only a pending delivery that is not ready starts.

    Raises:
        RulingsNeeded, ClaimNeeded, TrackNeeded: look that up and start again.
    """
    delivery = track.deliveries.get(target)
    if delivery is None or delivery.state is not DeliveryState.PENDING or delivery.ready:
        return Change(track)
    if target in track.items:
        return _satisfied(track, delivery, at)
    if target is Platform.TELEGRAM:
        return _start_audio(track, delivery, at, facts)
    return _search(track, delivery, at, facts)


def _start_audio(track: Track, delivery: Delivery, at: datetime, facts: Facts) -> Change:
    ruling = _ruling(track, delivery, facts)
    if ruling is not None and ruling.chosen is None:
        return _ruled_out(track, delivery, ruling, at)
    source = ruling.chosen if ruling is not None else source_of(track, delivery)
    if source is not None:
        return Change(track.with_delivery(downloading(delivery, source, at)))
    following = delivery.moved(at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None)
    track = track.with_delivery(following)
    youtube = track.deliveries.get(Platform.YOUTUBE)
    if youtube is None or youtube.state is not DeliveryState.PENDING or youtube.ready:
        return Change(track)
    # Sought for its audio; it is placed only when its own lane's turn comes.
    return _search(track, youtube, at, facts)


def _search(track: Track, delivery: Delivery, at: datetime, facts: Facts) -> Change:
    ruling = _ruling(track, delivery, facts)
    if ruling is not None:
        settled = _as_ruled(track, delivery, ruling, at, facts)
        if settled is not None:
            return settled
    searching = delivery.moved(
        at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None, **_fresh_look(delivery)
    )
    if query_of(track, searching) is None:
        reason = "Nothing to search for: the name has no words a catalogue would know."
        stopped = failed(delivery, "nothing_to_search", reason, at)
        return Change(track.with_delivery(stopped), (AuditEntry("sync_failed", reason, delivery.direction),))
    return Change(track.with_delivery(searching))


def _fresh_look(delivery: Delivery) -> dict[str, Any]:
    """A search that begins with its first query has looked at nothing yet."""
    return {} if delivery.round else {"looked_at": 0, "nearest": None}


def _ruling(track: Track, delivery: Delivery, facts: Facts) -> Ruling | None:
    """What a person has settled about this recording there, unless that was said to be wrong since."""
    if track.recording is None:
        return None
    keys = ruling_keys(track.link, track.recording, delivery.target)
    for ruling in facts.ruled(keys).values():
        ruled_out = ruling.chosen is not None and ruling.chosen.id in delivery.ruled_out
        if holds_for(ruling, track.recording) and not ruled_out:
            return ruling
    return None


def _as_ruled(track: Track, delivery: Delivery, ruling: Ruling, at: datetime, facts: Facts) -> Change | None:
    if ruling.chosen is None:
        return _ruled_out(track, delivery, ruling, at)
    match = ScoredCandidate(candidate=ruling.chosen, score=1.0, reasons=(f"picked before{by(ruling.by)}",))
    return take_match(track, delivery, match, at, facts)


def _ruled_out(track: Track, delivery: Delivery, ruling: Ruling, at: datetime) -> Change:
    reason = f"Never to be placed on {delivery.target}, decided before{by(ruling.by) or ' by a person'}."
    stopped = failed(delivery, "never", reason, at)
    return Change(track.with_delivery(stopped), (AuditEntry("ruled_out", reason, delivery.direction),))


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
        (AuditEntry("candidates_found", f"{len(fresh)} candidates for '{event.query}'.", delivery.direction),),
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


def _source_chosen(track: Track, delivery: Delivery, match: ScoredCandidate, at: datetime) -> Change:
    source = delivery.moved(
        at, state=DeliveryState.DOWNLOADING, source=match.candidate, attempt=delivery.attempt + 1, candidates=()
    )
    entry = AuditEntry("match_chosen", f"Audio from another upload: {described(match)}", delivery.direction)
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
        reason = f"Not sure enough. Closest on {platform}: {described(best)}"
        entry = AuditEntry("review", reason, delivery.direction)
        return Change(track.with_delivery(in_review(delivery, "review", reason, at)), (entry,))
    reason = f"Not found on {platform}: {_what_was_found(delivery)}"
    event = "no_yt_match" if platform is Platform.YOUTUBE else "no_sp_match"
    entry = AuditEntry(event, reason, delivery.direction)
    return Change(track.with_delivery(failed(delivery, "no_match", reason, at)), (entry,))


def _no_other_source(track: Track, delivery: Delivery, at: datetime) -> Change:
    found = _what_was_found(delivery)
    if delivery.rejected:
        reason = f"No upload on YouTube to take the audio from: {found}"
        stopped = failed(delivery, "no_match", reason, at)
        return Change(
            track.with_delivery(stopped), (AuditEntry("no_yt_match_for_download", reason, delivery.direction),)
        )
    reason = f"{delivery.reason or 'There is no video to take the audio from.'} No other upload of it: {found}"
    entry = AuditEntry("download_failed", reason, delivery.direction)
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
    return f"{many} ({asked}). Closest: {described(delivery.nearest)}"


def _without(candidates: tuple[Candidate, ...], delivery: Delivery) -> tuple[Candidate, ...]:
    seen = {*delivery.ruled_out, *(c.id for c in delivery.candidates)}
    fresh: dict[str, Candidate] = {}
    for candidate in candidates:
        if candidate.id not in seen:
            fresh.setdefault(candidate.id, candidate)
    return tuple(fresh.values())


def _others(choice: Choice, chosen_id: str) -> tuple[ScoredCandidate, ...]:
    return tuple(s for s in choice.ranked if s.candidate.id != chosen_id)[:SHOWN]
