"""Reads an audio file beside the event loop: its tags, and how it sounds."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from pathlib import Path
from typing import TypeVar

from navaar_identifier.audio.fingerprint import hear
from navaar_identifier.audio.tags import TagReader
from navaar_identifier.ports import ProbedAudio
from navaar_runtime import tracing
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

_THREADS = 2

T = TypeVar("T")


class FileProbe:
    """An `AudioProbe` over mutagen and Chromaprint. Both run in child processes with limits, and never raise."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="audio-probe")
        self._tags = TagReader()

    async def __call__(self, path: Path) -> ProbedAudio:
        """See `ports.AudioProbe`."""
        (tags, unread), heard = await asyncio.gather(
            self._beside_the_loop("read tags", lambda: self._tags.look(path)),
            self._beside_the_loop("fingerprint", lambda: hear(path)),
        )
        problems = tuple(problem for problem in (unread, heard.problem) if problem)
        if problems:
            log.warning("audio_not_read", reasons=problems)
        return ProbedAudio(tags, heard.fingerprint, problems)

    async def close(self) -> None:
        """End the child process."""
        await self._beside_the_loop("end tag reader", self._tags.close)
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _beside_the_loop(self, name: str, work: Callable[[], T]) -> T:
        def traced() -> T:
            with tracing.inner_span(name):
                return work()

        # The tracing context does not cross into an executor by itself.
        return await asyncio.get_running_loop().run_in_executor(self._threads, copy_context().run, traced)
