"""Sound keys: what an exact look-up is asked, so that two files of one recording meet whatever they are called.

A fingerprint is some 950 frames of 32 bits. Another encoding keeps most frames to the bit, so of two files of one
recording many frames are equal, and unrelated music hardly ever has one in common. Of all its distinct frames a file
is known by those with the smallest hashes (a bottom-k sketch): files that share frames then share keys. The keys
propose, `sameness.same_recording` decides. docs/quality/sound.md has the measurements.
"""

from __future__ import annotations

import zlib
from typing import Final

from navaar_identifier.fingerprint import frames

KEYS: Final = 20
"""Enough that every re-encoding measured shares at least two; few enough for an index of 100,000 tracks."""
FEWEST_DISTINCT: Final = 60
"""Silence and test tones repeat a few frames, which all of their kind have in common."""


def sound_keys(fingerprint: str | None) -> tuple[str, ...]:
    """The look-up keys of a fingerprint.

    Args:
        fingerprint: a compressed Chromaprint, see `fingerprint.fingerprint`.

    Returns:
        20 keys 'f:<frame, hexadecimal>'; empty for None, and for sounds too plain to be told apart.
    """
    distinct = set(frames(fingerprint)) if fingerprint else set()
    if len(distinct) < FEWEST_DISTINCT:
        return ()
    return tuple(f"f:{frame:08x}" for frame in sorted(distinct, key=_hash)[:KEYS])


def _hash(frame: int) -> int:
    # Frames cluster; their CRCs do not, and a CRC of four bytes never makes one of two.
    return zlib.crc32(frame.to_bytes(4, "little"))
