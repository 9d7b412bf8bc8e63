"""Same recording? For two items of any platforms."""

from __future__ import annotations

from navaar_contracts.music import Judgement, Recording, Sameness
from navaar_identifier.evidence import Evidence, weigh
from navaar_identifier.profiles import of_recording
from navaar_identifier.thresholds import DEFAULT, Thresholds
from navaar_identifier.title_likeness import far_apart


def same_recording(a: Recording, b: Recording, thresholds: Thresholds = DEFAULT) -> Judgement:
    """Whether two items are one recording. Symmetric; the same ISRC decides.

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
