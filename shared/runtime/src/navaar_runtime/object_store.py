"""Files on their way between services, in a JetStream object store, checked by digest."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from pathlib import Path

import nats.errors
from nats.aio.client import Client
from nats.js.api import ObjectMeta, ObjectMetaOptions
from nats.js.errors import APIError, DigestMismatchError, NotFoundError, ObjectAlreadyExists, ObjectNotFoundError
from nats.js.object_store import ObjectStore as Bucket

from navaar_contracts.streams import AUDIO
from navaar_runtime import tracing
from navaar_runtime.failures import Transient

_BLOCK = 1024 * 1024
_CHUNK = 512 * 1024
"""Of a file in NATS. Each chunk waits for the disk, one after the other; the library's own have a quarter of it."""
_TIMEOUT_S = 60.0


class ObjectMissing(Exception):
    """The object is gone, incomplete, or not what its digest says: fetch or make it again."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    name: str
    digest: str
    """SHA-256, hexadecimal."""
    size_bytes: int


class ObjectStore:
    """The object store; usable once the service has started."""

    def __init__(self) -> None:
        self._client: Client | None = None
        self._store: Bucket | None = None

    def bind(self, client: Client) -> None:
        self._client, self._store = client, None

    async def put(self, name: str, path: Path) -> StoredObject:
        """Store a file under `name`, replacing what was there.

        Raises:
            Transient: NATS does not take it.
        """
        store = await self._open()
        digest, size = await asyncio.to_thread(_digest, path)
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                file = await asyncio.to_thread(path.open, "rb")
                try:
                    with tracing.inner_span(f"put {AUDIO.name}", attributes={"navaar.object": name}):
                        await store.put(name, file, ObjectMeta(name=name, options=self._in_chunks()))
                finally:
                    file.close()
        except (TimeoutError, nats.errors.Error, APIError, ObjectAlreadyExists) as error:
            raise Transient(f"the object store did not take {name}: {error or type(error).__name__}") from error
        return StoredObject(name, digest, size)

    async def fetch(self, name: str, digest: str, path: Path) -> None:
        """Write the object to `path` and check it.

        Raises:
            ObjectMissing: it is gone, incomplete or altered.
            Transient: NATS does not answer.
        """
        store = await self._open()
        file = await asyncio.to_thread(path.open, "wb")
        try:
            # Chunks expire before their meta record, and a get without chunks would wait for ever.
            async with asyncio.timeout(_TIMEOUT_S):
                with tracing.inner_span(f"get {AUDIO.name}", attributes={"navaar.object": name}):
                    await store.get(name, writeinto=file)
        except (ObjectNotFoundError, NotFoundError, DigestMismatchError, TimeoutError) as error:
            raise ObjectMissing(f"{name}: {error or type(error).__name__}") from error
        except (nats.errors.Error, APIError) as error:
            raise Transient(f"the object store does not answer: {error or type(error).__name__}") from error
        finally:
            file.close()
        found, _ = await asyncio.to_thread(_digest, path)
        if found != digest:
            raise ObjectMissing(f"{name} is not the file that was announced")

    async def delete(self, name: str) -> None:
        """Delete the object; one that is not there is fine."""
        store = await self._open()
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                await store.delete(name)
        except (ObjectNotFoundError, NotFoundError):
            return
        except (TimeoutError, nats.errors.Error, APIError) as error:
            raise Transient(f"the object store does not answer: {error or type(error).__name__}") from error

    def _in_chunks(self) -> ObjectMetaOptions:
        most = self._client.max_payload // 2 if self._client is not None else _CHUNK
        return ObjectMetaOptions(max_chunk_size=min(_CHUNK, most))

    async def _open(self) -> Bucket:
        if self._client is None:
            raise RuntimeError("the object store is used before its service has started")
        if self._store is None:
            try:
                self._store = await self._client.jetstream(timeout=10).object_store(AUDIO.name)
            except (TimeoutError, nats.errors.Error, APIError) as error:
                raise Transient(f"the object store does not answer: {error or type(error).__name__}") from error
        return self._store


def _digest(path: Path) -> tuple[str, int]:
    sha = hashlib.sha256()
    size = 0
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            sha.update(block)
            size += len(block)
    return sha.hexdigest(), size
