"""What the handlers need from the world."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from navaar_contracts.music import AudioTags


class AudioFiles(Protocol):
    """Audio on its way between services."""

    async def fetch(self, name: str, digest: str, path: Path) -> None:
        """Write the object to `path`; ObjectMissing when it is gone, Transient when nobody answers."""
        ...


@dataclass(frozen=True, slots=True)
class ProbedAudio:
    """What an audio file tells."""

    tags: AudioTags
    fingerprint: str | None = None
    """Chromaprint, compressed; None when the file cannot be decoded."""
    problems: tuple[str, ...] = ()
    """What kept it from telling more, for people."""


class AudioProbe(Protocol):
    """Reads an audio file: its tags, and how it sounds."""

    async def __call__(self, path: Path) -> ProbedAudio:
        """Whatever is to be had. Never raises because of what is in the file."""
        ...
