"""What the handlers need from the world."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

from navaar_contracts.commands import DownloadAudio
from navaar_downloader.jobs import Product
from navaar_runtime.idempotency import IdempotencyRecord
from navaar_runtime.object_store import StoredObject


class Downloads(Protocol):
    """Brings a video's audio to this machine."""

    def fetch(self, command: DownloadAudio) -> AbstractAsyncContextManager[Product]:
        """The finished file, there until the context ends.

        Raises:
            Failure: with a reason for a person.
        """
        ...


class AudioStore(Protocol):
    """Keeps files for other services."""

    async def put(self, name: str, path: Path) -> StoredObject: ...
    async def delete(self, name: str) -> None: ...


class Notes(Protocol):
    """Remembers what was already put into the store."""

    async def get(self, key: str) -> IdempotencyRecord | None: ...
    async def complete(self, key: str, outcome: dict[str, Any]) -> IdempotencyRecord: ...
    async def delete(self, key: str) -> None: ...
