"""A small pool of warm download processes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from navaar_downloader.error_mapping import failure_of
from navaar_downloader.jobs import Job, Probed, Product, Ready, Trouble
from navaar_downloader.libraries import Libraries
from navaar_downloader.worker_process import ProcessLost, Report, WorkerProcess
from navaar_downloader.workspace import Workspace
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

RECYCLE_AFTER = 20
"""yt-dlp grows by about 150 kB an instance; the next process is loaded while others work."""
SILENCE_S = 120.0
_LOOK_EVERY_S = 1.0


@dataclass(eq=False, slots=True)
class _Slot:
    """A place for one process. `starting` is the task that brings it up; None until it was needed."""

    number: int
    starting: asyncio.Task[WorkerProcess] | None = None


class Pool:
    """`size` processes at most; jobs wait for a free one.

    One is kept warm, the others start when there is a job that the warm ones cannot take: a process holds some 60 MiB.
    """

    def __init__(
        self, workspace: Workspace, size: int, *, recycle_after: int = RECYCLE_AFTER, silence_s: float = SILENCE_S
    ) -> None:
        self._workspace = workspace
        self._size = size
        self._recycle_after = recycle_after
        self._silence_s = silence_s
        self._slots: list[_Slot] = []
        self._unusable: set[Path] = set()
        # The last one to be free is the first to be taken: the processes that have started are used before others.
        self._free: asyncio.LifoQueue[_Slot] = asyncio.LifoQueue()

    async def open(self) -> None:
        """Start the first process; it loads while the service goes on."""
        self._free = asyncio.LifoQueue()
        self._slots = [_Slot(number) for number in range(self._size)]
        for slot in reversed(self._slots):
            self._free.put_nowait(slot)
        self._starting(self._slots[0])

    async def close(self) -> None:
        """Kill all processes and whatever they have started; safe to call twice."""
        slots, self._slots = self._slots, []
        await asyncio.gather(*(self._end(slot) for slot in slots))

    async def run(self, job: Job, report: Report) -> Product | Probed:
        """Carry out a job. Its time starts when a process takes it.

        Raises:
            Failure: what `failure_of` makes of the trouble; ProcessLost when the process died, hung or took too long.
        """
        slot = await self._free.get()
        try:
            process = await self._process(slot)
            outcome = await process.work(_with_cookies(job, slot, self._workspace), report, self._silence_s)
        except BaseException as error:
            if isinstance(error, ProcessLost):
                log.warning("download_process_lost", reason=error.reason)
            await self._renew(slot)
            raise
        else:
            if process.jobs_done >= self._recycle_after:
                await self._renew(slot)
        finally:
            self._free.put_nowait(slot)
        if isinstance(outcome, Trouble):
            raise failure_of(outcome, youtube=not job.options.generic)
        return outcome

    async def tools(self) -> Ready:
        """What the processes found on this machine.

        Raises:
            Failure: they do not start.
        """
        if not self._slots:
            raise ProcessLost("no download process is running")
        process = await asyncio.shield(self._starting(self._slots[0]))
        return process.tools or Ready(yt_dlp="unknown")

    @contextlib.asynccontextmanager
    async def quiet(self) -> AsyncIterator[None]:
        """Waits until no job runs; those that come meanwhile wait until the context ends."""
        while len(self._slots) > self._free.qsize() or not self._slots:
            await asyncio.sleep(_LOOK_EVERY_S)
        slots = self._take_free()
        try:
            yield
        finally:
            for slot in reversed(slots):
                self._free.put_nowait(slot)

    async def refresh(self) -> None:
        """Replace the processes that wait for a job and have another yt-dlp than is chosen. Raises ProcessLost."""
        slots = self._take_free()
        try:
            for slot in slots:
                if slot.starting is not None:
                    await self._process(slot)
        finally:
            for slot in reversed(slots):
                self._free.put_nowait(slot)

    def _take_free(self) -> list[_Slot]:
        return [self._free.get_nowait() for _ in range(self._free.qsize())]

    @property
    def free(self) -> int:
        """How many processes wait for a job."""
        return self._free.qsize()

    async def processes(self) -> list[WorkerProcess]:
        """Every process that was needed so far, once it has started. Raises ProcessLost."""
        return [await asyncio.shield(slot.starting) for slot in self._slots if slot.starting]

    async def _process(self, slot: _Slot) -> WorkerProcess:
        """The slot's process; one that is dead, unstartable or of another yt-dlp than is chosen is replaced, once.

        Raises:
            ProcessLost: it does not start, or `close` was called.
        """
        if slot not in self._slots:
            raise ProcessLost("the downloader stops")
        with contextlib.suppress(Failure):
            process = await asyncio.shield(self._starting(slot))
            if process.is_alive and process.libraries == self._libraries():
                return process
        await self._renew(slot)
        return await asyncio.shield(self._starting(slot))

    async def _renew(self, slot: _Slot) -> None:
        await self._end(slot)
        if slot in self._slots:
            self._starting(slot)

    async def _end(self, slot: _Slot) -> None:
        starting, slot.starting = slot.starting, None
        if starting is None:
            return
        starting.cancel()
        with contextlib.suppress(Failure, asyncio.CancelledError):
            process = await starting
            await process.kill()

    def _starting(self, slot: _Slot) -> asyncio.Task[WorkerProcess]:
        if slot.starting is None:
            slot.starting = asyncio.create_task(self._start())
        return slot.starting

    async def _start(self) -> WorkerProcess:
        libraries = self._libraries()
        try:
            return await WorkerProcess.start(self._workspace.bytecode, libraries)
        except ProcessLost as lost:
            if libraries.folder is None:
                raise
            log.error("chosen_yt_dlp_does_not_start", folder=str(libraries.folder), reason=lost.reason)
            self._unusable.add(libraries.folder)
            return await WorkerProcess.start(self._workspace.bytecode, self._libraries())

    def _libraries(self) -> Libraries:
        folder = self._workspace.versions.folder()
        return Libraries(None if folder in self._unusable else folder, self._workspace.plugins)


def _with_cookies(job: Job, slot: _Slot, workspace: Workspace) -> Job:
    copy = workspace.folder / f"cookies-{slot.number}.txt"
    return job.model_copy(update={"options": job.options.model_copy(update={"cookies_copy": str(copy)})})
