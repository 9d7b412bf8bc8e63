"""Identity keys: what an exact look-up is asked, so that two items of one recording meet.

The keys propose, `same_recording` decides. So each key forgets what spellings disagree about (case, accents, script,
vowels, version words), and keeps enough to be shared by few other recordings.
"""

from __future__ import annotations

from collections.abc import Iterator

from navaar_contracts.music import Recording
from navaar_identifier import hearings
from navaar_identifier.profiles import Reading, normal_isrc, of_recording
from navaar_identifier.romanisation import skeleton, sound, without_repeats
from navaar_text.folding import fold

MOST = 8
LONGEST = 200
_TELLING = 3
"""Consonants from which a title's skeleton is a key by itself."""
_VOWELS = str.maketrans({"A": "a", "e": "i", "I": "i", "o": "o", "U": "o", "W": "o"})


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


def _by_sound(reading: Reading) -> Iterator[str]:
    """The keys that a Latin and a native spelling share."""
    for heard in (reading.main, *hearings.alone(reading.main)):
        bones = _merged(heard)
        if len(bones) >= _TELLING:
            yield f"s:{bones}"
            continue
        # A short skeleton is shared by thousands: it needs the artist's beside it, or its own vowels.
        if bones and reading.artists:
            yield f"s:{bones}|{_merged(fold(reading.artists[0]))[:6]}"
        vowelled = without_repeats(sound(heard).replace("H", "").translate(_VOWELS))
        if vowelled:
            yield f"v:{vowelled.lower()}"


def _merged(text: str) -> str:
    """The skeleton with z, s and j as one: scripts differ in them."""
    return without_repeats(skeleton(text).replace("C", "S")).lower()
