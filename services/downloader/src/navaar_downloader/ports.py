"""What the handlers need from the world."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from navaar_contracts.commands import DownloadAudio
from navaar_downloader.jobs import Product


class Downloads(Protocol):
    """Brings a video's audio to this machine."""

    def fetch(self, command: DownloadAudio) -> AbstractAsyncContextManager[Product]:
        """The finished file, there until the context ends.

        Raises:
            Failure: with a reason for a person.
        """
        ...
