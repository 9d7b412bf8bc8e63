"""Look-up keys: what an exact look-up is asked, so that two items of one recording meet. They propose, `same_recording`
decides.

Identity keys forget what spellings disagree about (case, accents, script, vowels, version words), and keep enough to
be shared by few other recordings.

Sound keys let two files meet whatever they are called. A fingerprint is some 950 frames of 32 bits. Another encoding
keeps most frames to the bit, so of two files of one recording many frames are equal, and unrelated music hardly ever
has one in common. Of all its distinct frames a file is known by those with the smallest hashes (a bottom-k sketch):
files that share frames then share keys. docs/quality/sound.md has the measurements.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from typing import Final

from navaar_contracts.music import Recording
from navaar_identifier.audio.fingerprint import frames
from navaar_identifier.compare.profile import ComparableReading, normal_isrc, of_recording
from navaar_identifier.text import pronunciations
from navaar_identifier.text.romanisation import skeleton, sound, without_repeats
from navaar_text.folding import fold

MOST = 8
LONGEST = 200
_TELLING = 3
"""Consonants from which a title's skeleton is a key by itself."""
_VOWELS = str.maketrans({"A": "a", "e": "i", "I": "i", "o": "o", "U": "o", "W": "o"})
KEYS: Final = 20
"""Enough that every re-encoding measured shares at least two; few enough for an index of 100,000 tracks."""
FEWEST_DISTINCT: Final = 60
"""Silence and test tones repeat a few frames, which all of their kind have in common."""


def identity_keys(recording: Recording) -> tuple[str, ...]:
    """The look-up keys of a recording, without repeats.

    Returns:
        At most 8 keys of at most 200 characters: 'isrc:...', then for every reading of the name 't:<folded title>',
        's:<consonant classes>' and, for titles of few consonants, 'v:<classes with vowels>'. Empty when the recording
        has neither an ISRC nor a title.
    """
    keys: dict[str, None] = {}
    isrc = normal_isrc(recording.isrc)
    if isrc:
        keys[f"isrc:{isrc.lower()}"] = None
    readings = of_recording(recording).readings[:3]
    for reading in readings:
        letters = "".join(c for c in reading.main if c.isalnum())
        if letters:
            keys[f"t:{letters}"[:LONGEST]] = None
    for reading in readings:
        for key in _by_sound(reading):
            keys[key[:LONGEST]] = None
    return tuple(keys)[:MOST]


def _by_sound(reading: ComparableReading) -> Iterator[str]:
    """The keys that a Latin and a native spelling share."""
    for said in (reading.main, *pronunciations.of_any(reading.main)):
        bones = _merged(said)
        if len(bones) >= _TELLING:
            yield f"s:{bones}"
            continue
        # A short skeleton is shared by thousands: it needs the artist's beside it, or its own vowels.
        if bones and reading.artists:
            yield f"s:{bones}|{_merged(fold(reading.artists[0]))[:6]}"
        vowelled = without_repeats(sound(said).replace("H", "").translate(_VOWELS))
        if vowelled:
            yield f"v:{vowelled.lower()}"


def _merged(text: str) -> str:
    """The skeleton with z, s and j as one: scripts differ in them."""
    return without_repeats(skeleton(text).replace("C", "S")).lower()


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
