"""What the handlers need from the world."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from navaar_contracts.music import AudioTags


class AudioFiles(Protocol):
    """Audio on its way between services."""

    async def fetch(self, name: str, digest: str, path: Path) -> None:
        """Write the object to `path`; BlobMissing when it is gone, Transient when nobody answers."""
        ...


class TagReader(Protocol):
    """Looks into an audio file."""

    async def __call__(self, path: Path) -> AudioTags | None:
        """The tags; None when there are none to be had. Never raises because of what is in the file."""
        ...
