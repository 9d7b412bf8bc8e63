"""Verdicts: which candidate is the recording, if any; whether two items are one recording."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from navaar_contracts.music import Candidate, Choice, Judgement, Recording, Sameness, ScoredCandidate, Verdict
from navaar_identifier.compare.editions import age, distance
from navaar_identifier.compare.evidence import Evidence, at_best, weigh
from navaar_identifier.compare.profile import of_candidate, of_recording
from navaar_identifier.compare.thresholds import DEFAULT, Thresholds
from navaar_identifier.compare.titles import far_apart

_TIE = 0.02
"""Scores this close are equal: then the kind of upload and the edition decide."""
_EQUAL_DIGITS = 2
"""Of scores; what is equal in these goes by its age."""
_RANKED = 5
WORTH_SHOWING = 4
"""Candidates with a title like the recording's, the match among them, that a person may be shown."""
_APART = Evidence(0.0, ("title differs",))


def choose(
    recording: Recording,
    candidates: Sequence[Candidate],
    thresholds: Thresholds = DEFAULT,
    *,
    worth_showing: int = WORTH_SHOWING,
) -> Choice:
    """Picks the candidate that is the recording. The candidates' order never matters.

    Args:
        recording: what is looked for.
        candidates: a platform's answers.
        thresholds: where match and review begin.
        worth_showing: how many are compared in full before a match ends the work.

    Returns:
        MATCH with `chosen`, REVIEW with proposals, or NONE; always with a reason in plain words.
    """
    if not candidates:
        return Choice(verdict=Verdict.NONE, reason="the search found nothing")
    scored = _scored(recording, candidates, thresholds, worth_showing)
    top = max(s.score for s in scored)
    several = top >= thresholds.review and sum(s.score >= top - _TIE for s in scored) > 1
    scored.sort(
        key=lambda s: (
            s.score < top - _TIE,
            # Only equals are asked for their edition.
            distance(recording, s.candidate) if several and s.score >= top - _TIE else (),
            # A second between two lengths makes no candidate the better one.
            -round(s.score, _EQUAL_DIGITS),
            age(s.candidate),
            -s.score,
            s.candidate.id,
        )
    )
    ranked = tuple(scored[:_RANKED])
    best = ranked[0]
    why = ", ".join(best.reasons)
    if best.score >= thresholds.match:
        return Choice(verdict=Verdict.MATCH, chosen=best, ranked=ranked, reason=why)
    if best.score >= thresholds.review:
        return Choice(verdict=Verdict.REVIEW, ranked=ranked, reason=f"not sure: {why}")
    return Choice(verdict=Verdict.NONE, ranked=ranked, reason=f"nothing fits; the nearest: {why}")


def _scored(
    recording: Recording, candidates: Iterable[Candidate], thresholds: Thresholds, worth_showing: int
) -> list[ScoredCandidate]:
    """The candidates with how surely each is the recording; those that cannot be chosen any more may be left out."""
    wanted = of_recording(recording)
    titles = (recording.title, *(r.title for r in recording.readings))
    bare_name = not (recording.duration_s or recording.album or recording.version or recording.isrc)
    scored: list[ScoredCandidate] = []
    compared, top = 0, 0.0
    # Those come first whose lengths promise most: a match among them spares the others the comparison,
    # and nothing is asked about that cannot be it.
    for bound, candidate in sorted(((at_best(recording, c), c) for c in candidates), key=lambda b: (-b[0], b[1].id)):
        if compared >= worth_showing and bound < (top - _TIE if top >= thresholds.match else thresholds.review):
            break
        if not (recording.isrc and candidate.isrc) and all(far_apart(t, candidate.title) for t in titles):
            evidence = _APART
        else:
            evidence = weigh(wanted, of_candidate(candidate), bare_name=bare_name)
            compared += 1
        score = round(evidence.score, 4)
        top = max(top, score)
        scored.append(ScoredCandidate(candidate=candidate, score=score, reasons=evidence.reasons))
    return scored


def same_recording(a: Recording, b: Recording, thresholds: Thresholds = DEFAULT) -> Judgement:
    """Whether two items are one recording. Symmetric.

    No single witness joins against another that contradicts it: then it is UNSURE at most.

    Args:
        a: one item.
        b: the other.
        thresholds: where yes begins and no ends.

    Returns:
        YES, NO or UNSURE with the probability and the reasons in plain words.
    """
    evidence = _evidence(a, b)
    if evidence.score >= thresholds.same:
        same = Sameness.YES
    elif evidence.score < thresholds.different:
        same = Sameness.NO
    else:
        same = Sameness.UNSURE
    return Judgement(same=same, score=round(evidence.score, 4), reasons=evidence.reasons)


def _evidence(a: Recording, b: Recording) -> Evidence:
    if not (a.isrc and b.isrc) and not (a.fingerprint and b.fingerprint):
        titles_a = (a.title, *(r.title for r in a.readings))
        titles_b = (b.title, *(r.title for r in b.readings))
        if all(far_apart(x, y) for x in titles_a for y in titles_b):
            return Evidence(0.0, ("title differs",))
    return weigh(of_recording(a), of_recording(b))
