"""Two songs that choose one item of a catalogue: mostly one recording spelled in two ways, sometimes a contradiction.

The same choice proves that two tracks are one recording, unless they are two by their own evidence: then the item is
not the later one's, which is told as not found instead of being joined away unseen.
"""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ScoredCandidate
from navaar_ledger.domain.apart import are_parted
from navaar_ledger.domain.decision import Facts
from navaar_ledger.domain.track import SOUNDS_IN_COMMON, Track, claim_key

APART_S = 25.0
"""Seconds between two lengths from which they speak of two recordings."""
_CODE = "isrc:"
"""A look-up key that labels give to two songs by mistake."""


def rival(track: Track, target: Platform, match: ScoredCandidate, facts: Facts) -> Track | None:
    """The other song that the chosen item belongs to; None where nobody has it, or the owner may be this recording.

    Raises:
        ClaimNeeded, TrackNeeded: look that up and decide again.
    """
    owner = facts.claim(claim_key(track.link, target, match.candidate.id), track.id)
    holder = facts.track(owner) if owner != track.id else None
    root = None if holder is None else facts.root(holder)
    if root is None or root.id == track.id:
        return None
    parted = are_parted(track, root) and not _gives_up(root, target, match.candidate.id)
    return root if parted or (root.is_alive and two_songs(track, root)) else None


def _gives_up(owner: Track, target: Platform, external_id: str) -> bool:
    """A person said that it is not the owner's."""
    delivery = owner.deliveries.get(target)
    return delivery is not None and external_id in delivery.undone


def two_songs(one: Track, other: Track) -> bool:
    """Whether two tracks are two recordings by their own evidence.

    They have no title and no sound in common, and either lengths far apart, or one ISRC: by that the identifier has
    met them, and did not join them.
    """
    if one.recording is None or other.recording is None:
        return False
    shared = set(one.keys) & set(other.keys)
    if any(not key.startswith(_CODE) for key in shared):
        return False
    if len(set(one.sound_keys) & set(other.sound_keys)) >= SOUNDS_IN_COMMON:
        return False
    mine, theirs = one.recording.duration_s, other.recording.duration_s
    return bool(shared) or bool(mine and theirs and abs(mine - theirs) >= APART_S)


def disputed(match: ScoredCandidate, owner: Track) -> ScoredCandidate:
    """The match with the reason why it is not to be had."""
    why = f"it is the match of #{owner.id} {owner.display}, another song"
    return match.model_copy(update={"reasons": (*match.reasons, why)})
