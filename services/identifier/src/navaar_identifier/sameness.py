"""Same recording? For two items of any platforms."""

from __future__ import annotations

from navaar_contracts.music import Judgement, Recording, Sameness
from navaar_identifier.evidence import weigh
from navaar_identifier.profiles import of_recording
from navaar_identifier.thresholds import DEFAULT, Thresholds


def same_recording(a: Recording, b: Recording, thresholds: Thresholds = DEFAULT) -> Judgement:
    """Whether two items are one recording. Symmetric; the same ISRC decides.

    Args:
        a: one item.
        b: the other.
        thresholds: where yes begins and no ends.
    """
    evidence = weigh(of_recording(a), of_recording(b))
    if evidence.score >= thresholds.same:
        same = Sameness.YES
    elif evidence.score < thresholds.different:
        same = Sameness.NO
    else:
        same = Sameness.UNSURE
    return Judgement(same=same, score=round(evidence.score, 4), reasons=evidence.reasons)
