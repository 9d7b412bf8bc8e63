"""Newcomers: items just seen in a collection, of which it is not settled yet which recording they are."""

from __future__ import annotations

from navaar_ledger.domain.rivals import two_songs
from navaar_ledger.domain.track import Track, TrackState

_KNOWN = (TrackState.IDENTIFIED, TrackState.BASELINE)


def may_be(newcomer: Track, track: Track) -> bool:
    """Whether a newcomer may turn out to be the recording that is about to be placed beside it.

    As long as nobody knows who it is, it may. Once it has been compared with all known recordings, only its searches
    can still show that, by leading to an item that `track` has claimed: and not even they where the two are two songs
    by their own evidence, for then the item would not be the newcomer's.
    """
    return newcomer.state not in _KNOWN or not two_songs(track, newcomer)
