"""Identity keys: what an exact look-up is asked, so that two items of one recording meet.

The keys propose, `same_recording` decides. So each key forgets what spellings disagree about (case, accents, script,
vowels, version words), and keeps enough to be shared by few other recordings.
"""

from __future__ import annotations

from navaar_contracts.music import Recording
from navaar_identifier.folding import fold
from navaar_identifier.profiles import normal_isrc, of_recording
from navaar_identifier.romanisation import skeleton

MOST = 8
LONGEST = 200


def identity_keys(recording: Recording) -> tuple[str, ...]:
    """The look-up keys of a recording, without repeats.

    Returns:
        At most 8 keys of at most 200 characters: 'isrc:...', 't:<folded title>' and 's:<consonant classes>' for
        every reading of the name. Empty when the recording has neither an ISRC nor a title.
    """
    keys: list[str] = []

    def add(key: str) -> None:
        if key not in keys and len(keys) < MOST:
            keys.append(key[:LONGEST])

    isrc = normal_isrc(recording.isrc)
    if isrc:
        add(f"isrc:{isrc.lower()}")
    readings = of_recording(recording).readings[:3]
    for reading in readings:
        add(f"t:{_letters(reading.main)}")
    for reading in readings:
        bones = skeleton(reading.main)
        if len(bones) >= 3:
            add(f"s:{bones.lower()}")
        else:
            # A short title's skeleton is shared by thousands; with the artist's it is not.
            add(
                f"s:{bones.lower()}|{skeleton(reading.artists[0]).lower()[:6]}"
                if reading.artists
                else f"t:{_letters(reading.folded)}"
            )
    return tuple(k for k in keys if k not in ("t:", "s:"))


def _letters(text: str) -> str:
    return "".join(c for c in fold(text) if c.isalnum())
