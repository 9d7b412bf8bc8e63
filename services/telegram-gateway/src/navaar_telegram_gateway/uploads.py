"""How files travel to and from the Bot API without blocking the loop."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncGenerator, AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import Any, TypeVar

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.types import InputFile

T = TypeVar("T")

_BLOCK = 256 * 1024


class Disk:
    """File access in threads of its own, so that a slow disk holds nothing else up."""

    def __init__(self, threads: int = 4) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="telegram-disk")

    async def run(self, function: Any, *arguments: Any) -> Any:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, copy_context().run, function, *arguments)

    async def write(self, destination: Path, blocks: AsyncIterator[bytes]) -> int:
        """Write a stream into a file; the number of bytes."""
        file = await self.run(destination.open, "wb")
        size = 0
        try:
            async for block in blocks:
                await self.run(file.write, block)
                size += len(block)
        finally:
            await self.run(file.close)
        return size

    async def copy(self, source: Path, destination: Path) -> None:
        await self.run(shutil.copyfile, source, destination)

    def close(self) -> None:
        self._threads.shutdown(wait=False)


class FileOnDisk(InputFile):
    """An upload that is read block by block in the gateway's own threads."""

    def __init__(self, disk: Disk, path: Path, file_name: str) -> None:
        super().__init__(filename=file_name, chunk_size=_BLOCK)
        self._disk = disk
        self._path = path

    async def read(self, bot: Bot) -> AsyncGenerator[bytes, None]:
        file = await self._disk.run(self._path.open, "rb")
        try:
            while block := await self._disk.run(file.read, self.chunk_size):
                yield block
        finally:
            await self._disk.run(file.close)


class OneCallSession(AiohttpSession):
    """A session that takes a new connection for every call.

    A kept connection that the server closes just then breaks the call, and for an upload that is an unknown outcome
    which costs more to clear up than a handshake.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._connector_init["force_close"] = True
