"""Choosing: which candidate is the recording, if any."""

from __future__ import annotations

from collections.abc import Sequence

from navaar_contracts.music import Candidate, Choice, Kind, Recording, ScoredCandidate, Verdict
from navaar_identifier.evidence import Evidence, weigh
from navaar_identifier.profiles import of_candidate, of_recording
from navaar_identifier.thresholds import DEFAULT, Thresholds
from navaar_identifier.title_likeness import far_apart

_PREFERENCE = {Kind.SONG: 3, Kind.AUDIO: 3, Kind.VIDEO: 2, Kind.UPLOAD: 1}
_TIE = 0.02
"""Scores this close are equal: then the kind of upload decides."""
_RANKED = 5
_APART = Evidence(0.0, ("title differs",))


def choose(recording: Recording, candidates: Sequence[Candidate], thresholds: Thresholds = DEFAULT) -> Choice:
    """Picks the candidate that is the recording. The candidates' order never matters.

    Args:
        recording: what is looked for.
        candidates: a platform's answers.
        thresholds: where match and review begin.

    Returns:
        MATCH with `chosen`, REVIEW with proposals, or NONE; always with a reason in plain words.
    """
    if not candidates:
        return Choice(verdict=Verdict.NONE, reason="the search found nothing")
    wanted = of_recording(recording)
    titles = (recording.title, *(r.title for r in recording.readings))
    bare_name = not (recording.duration_s or recording.album or recording.version or recording.isrc)
    scored = []
    for candidate in candidates:
        if not (recording.isrc and candidate.isrc) and all(far_apart(t, candidate.title) for t in titles):
            evidence = _APART
        else:
            evidence = weigh(wanted, of_candidate(candidate), bare_name=bare_name)
        scored.append(ScoredCandidate(candidate=candidate, score=round(evidence.score, 4), reasons=evidence.reasons))
    top = max(s.score for s in scored)
    scored.sort(
        key=lambda s: (
            s.score < top - _TIE,
            -_PREFERENCE[s.candidate.kind] if s.score >= top - _TIE else 0,
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
