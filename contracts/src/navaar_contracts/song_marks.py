"""By what a song is known again without its number: digests that a gateway keeps with what it has placed.

A track's number may be given again, after a ledger was restored from an older backup. A record of the song that had
it before must not answer for the one that has it now.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator

from navaar_contracts.commands import PlaceTrack


def song_marks(command: PlaceTrack) -> tuple[str, ...]:
    """Marks of the song that is to be placed: 'isrc:5f3c...', 'item:...', 'audio:...', 'title:...', each once.

    What is learnt of a song changes some of them, never all at once: one song's two commands share a mark.
    """
    return tuple(f"{kind}:{hashlib.sha256(value.encode()).hexdigest()[:16]}" for kind, value in _known(command))


def _known(command: PlaceTrack) -> Iterator[tuple[str, str]]:
    recording = command.recording
    if recording.isrc:
        yield "isrc", recording.isrc.replace("-", "").upper()
    if command.external_id:
        yield "item", command.external_id
    if command.audio is not None:
        yield "audio", command.audio.digest
    title = _folded(recording.title)
    if title:
        yield "title", title


def _folded(text: str) -> str:
    """Letters, marks and digits alone, however they are written: 'Café  del Mar' and 'CAFÉ DEL MAR' are one."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return "".join(each for each in plain if unicodedata.category(each)[0] in "LMN")
