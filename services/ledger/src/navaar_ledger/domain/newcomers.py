"""Newcomers: items just seen in a collection, of which it is not settled yet which recording they are."""

from __future__ import annotations

from navaar_ledger.domain.track import SOUNDS_IN_COMMON, Track, TrackState

APART_S = 25.0
"""Seconds between two lengths from which they speak of two recordings."""
_CODE = "isrc:"
"""A look-up key that labels give to two songs by mistake."""
_KNOWN = (TrackState.IDENTIFIED, TrackState.BASELINE)


def may_be(newcomer: Track, track: Track) -> bool:
    """Whether a newcomer may turn out to be the recording that is about to be placed beside it.

    As long as nobody knows who it is, it may. Once it has been compared with all known recordings, only its searches
    can still show that, by leading to an item that `track` has claimed: and not even they where the two are two songs
    by their own evidence, for then the identifier, asked about the two, would say no.
    """
    return newcomer.state not in _KNOWN or not _two_songs(track, newcomer)


def _two_songs(one: Track, other: Track) -> bool:
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
