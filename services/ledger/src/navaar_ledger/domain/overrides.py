"""What a person decided for good about a recording and a platform, and which recordings it holds for. Pure.

A override is kept under names of the recording, not of a track: it holds for the same recording wherever it comes from
next. A name is the ISRC, and the folded artist, title and version together.
"""

from __future__ import annotations

from collections.abc import Callable

from navaar_contracts.identifiers import Platform
from navaar_contracts.message import AwareDatetime
from navaar_contracts.music import Candidate, Recording, Value
from navaar_text.folding import fold

FAR_APART_S = 15.0
"""Recordings of one name whose lengths differ by more are not the same."""


class Override(Value):
    """`chosen` is the recording there; without it, the recording shall never be placed there."""

    chosen: Candidate | None = None
    isrc: str | None = None
    duration_s: float | None = None
    by: str = ""
    made_at: AwareDatetime


def override_keys(
    link: str, recording: Recording | None, target: Platform, folded: Callable[[str], str] = fold
) -> tuple[str, ...]:
    """The keys under which an override about `recording` is kept, the surest first; none for one without a name."""
    if recording is None or not recording.title.strip():
        return ()
    artist, title = folded(recording.artist or " ".join(recording.artists)), folded(recording.title)
    version = "+".join(sorted(folded(words) for words in recording.version))
    names = [f"isrc:{recording.isrc.upper()}"] if recording.isrc else []
    names.append(f"{artist}/{title}/{version}")
    return tuple(f"{link}|rule|{name}|{target}" for name in names)


def holds_for(override: Override, recording: Recording) -> bool:
    """Whether it was made about this recording, not another one of the same name."""
    if override.isrc and recording.isrc:
        return override.isrc.upper() == recording.isrc.upper()
    if override.duration_s is None or recording.duration_s is None:
        return True
    return abs(override.duration_s - recording.duration_s) <= FAR_APART_S
