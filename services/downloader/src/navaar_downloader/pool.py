"""A small pool of warm download processes."""

from __future__ import annotations

import asyncio
import contextlib
from dataclasses import dataclass

from navaar_downloader.child import Child, ChildLost, Report
from navaar_downloader.diagnose import diagnose
from navaar_downloader.jobs import Job, Looked, Product, Ready, Trouble
from navaar_downloader.workspace import Workspace
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

RECYCLE_AFTER = 20
"""yt-dlp grows by about 150 kB an instance; the next process is loaded while others work."""
SILENCE_S = 120.0


@dataclass(eq=False, slots=True)
class Slot:
    """A place for one process. `starting` is the task that brings it up."""

    number: int
    starting: asyncio.Task[Child]


class Pool:
    """`size` processes at most; jobs wait for a free one."""

    def __init__(
        self, workspace: Workspace, size: int, *, recycle_after: int = RECYCLE_AFTER, silence_s: float = SILENCE_S
    ) -> None:
        self._workspace = workspace
        self._size = size
        self._recycle_after = recycle_after
        self._silence_s = silence_s
        self.slots: list[Slot] = []
        self._free: asyncio.Queue[Slot] = asyncio.Queue()

    async def open(self) -> None:
        """Start the processes; they load while the service goes on."""
        self._free = asyncio.Queue()
        self.slots = [Slot(number, self._start()) for number in range(self._size)]
        for slot in self.slots:
            self._free.put_nowait(slot)

    async def close(self) -> None:
        """Kill all processes and whatever they have started; safe to call twice."""
        slots, self.slots = self.slots, []
        await asyncio.gather(*(self._end(slot) for slot in slots))

    @property
    def is_busy(self) -> bool:
        """Whether every process has a job."""
        return self._free.empty()

    async def run(self, job: Job, report: Report) -> Product | Looked:
        """Carry out a job. Its time starts when a process takes it.

        Raises:
            Failure: what `diagnose` makes of the trouble; ChildLost when the process died, hung or took too long.
        """
        slot = await self._free.get()
        try:
            child = await self._child(slot)
            outcome = await child.work(_with_cookies(job, slot, self._workspace), report, self._silence_s)
        except BaseException as error:
            if isinstance(error, ChildLost):
                log.warning("download_process_lost", reason=error.reason)
            await self._renew(slot)
            raise
        else:
            if child.jobs_done >= self._recycle_after:
                await self._renew(slot)
        finally:
            self._free.put_nowait(slot)
        if isinstance(outcome, Trouble):
            raise diagnose(outcome, youtube=not job.manners.generic)
        return outcome

    async def tools(self) -> Ready:
        """What the processes found on this machine.

        Raises:
            Failure: they do not start.
        """
        if not self.slots:
            raise ChildLost("no download process is running")
        child = await asyncio.shield(self.slots[0].starting)
        return child.tools or Ready(yt_dlp="unknown")

    async def _child(self, slot: Slot) -> Child:
        """The slot's process; a dead or unstartable one is replaced, once."""
        with contextlib.suppress(Failure):
            child = await asyncio.shield(slot.starting)
            if child.is_alive:
                return child
        await self._renew(slot)
        return await asyncio.shield(slot.starting)

    async def _renew(self, slot: Slot) -> None:
        await self._end(slot)
        if slot in self.slots:
            slot.starting = self._start()

    async def _end(self, slot: Slot) -> None:
        slot.starting.cancel()
        with contextlib.suppress(Failure, asyncio.CancelledError):
            child = await slot.starting
            await child.kill()

    def _start(self) -> asyncio.Task[Child]:
        return asyncio.create_task(Child.start(self._workspace.bytecode))


def _with_cookies(job: Job, slot: Slot, workspace: Workspace) -> Job:
    copy = workspace.folder / f"cookies-{slot.number}.txt"
    return job.model_copy(update={"manners": job.manners.model_copy(update={"cookies_copy": str(copy)})})
