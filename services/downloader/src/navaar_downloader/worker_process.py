"""One download process, seen from the service."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Mapping
from importlib.util import find_spec
from pathlib import Path

from pydantic import ValidationError

from navaar_downloader.jobs import (
    MAX_LINE_BYTES,
    Answer,
    DownloadProgress,
    Job,
    Probed,
    Product,
    Ready,
    Trouble,
    read_answer,
)
from navaar_downloader.libraries import Libraries
from navaar_downloader.stage_spans import StageSpans
from navaar_runtime import child_process, tracing
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

Report = Callable[[DownloadProgress], None]

INSTALLED = Libraries()

_OF_ITS_TOOLS = ("IMAGEIO_FFMPEG_EXE", "DENO_DIR", "DENO_CERT", "DENO_TLS_CA_STORE", "YTDLP_*", "XDG_*_HOME")
"""Where ffmpeg is, and what deno and yt-dlp go by."""
_LAST_WORDS_S = 2.0
_START_DEADLINE_S = 90.0
"""Loading yt-dlp for the first time, without compiled bytecode, on a small machine."""


class ProcessLost(Transient):
    """The process ended, hung or took too long, and was killed. The job may be tried again in another one."""


class WorkerProcess:
    """Started by `start`; does one job at a time; `kill` ends it with everything it has started."""

    def __init__(self, process: asyncio.subprocess.Process, libraries: Libraries) -> None:
        self.libraries = libraries
        self.jobs_done = 0
        self.tools: Ready | None = None
        self._process = process
        self._words: deque[str] = deque(maxlen=20)
        self._listener = asyncio.create_task(self._listen())

    @classmethod
    async def start(cls, bytecode: Path, libraries: Libraries = INSTALLED) -> WorkerProcess:
        """A process that is ready for jobs, with the yt-dlp and the plugins of `libraries`.

        Raises:
            ProcessLost: it did not come up in 90 s.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "navaar_downloader.worker",
                *libraries.arguments(),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
                env=child_environment(os.environ, bytecode, libraries.folder),
                limit=MAX_LINE_BYTES,
                start_new_session=True,  # its own process group, to be killed as one
            )
        except OSError as error:
            raise ProcessLost(f"the download process cannot be started: {error.strerror}") from error
        started = cls(process, libraries)
        try:
            async with asyncio.timeout(_START_DEADLINE_S):
                answer = await started._answer()
        except TimeoutError:
            await started.kill()
            raise ProcessLost("the download process did not start in time") from None
        except BaseException:
            await started.kill()
            raise
        if isinstance(answer, Ready):
            started.tools = answer
        return started

    @property
    def pid(self) -> int:
        """Also the number of its process group."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None

    async def work(self, job: Job, report: Report, silence_s: float) -> Product | Probed | Trouble:
        """Hand over a job and wait for its end: at most the job's time, and `silence_s` between two signs of life.

        Raises:
            ProcessLost: the process died, hung or took too long. Kill it.
        """
        process: tracing.Attributes = {"process.pid": self.pid, "navaar.video": job.video_id}
        try:
            with tracing.inner_span("download process", attributes=process), StageSpans() as spans:
                async with asyncio.timeout(job.timeout_s):
                    await self._hand_over(job.model_copy(update={"traceparent": tracing.traceparent()}))
                    return await self._result(report, silence_s, spans)
        except TimeoutError:
            raise ProcessLost(f"the download took longer than {job.timeout_s:.0f} s") from None
        finally:
            self.jobs_done += 1

    async def kill(self) -> None:
        """End the process, ffmpeg and deno included, and wait until it is gone. Safe to call twice."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.pid, signal.SIGKILL)
        await asyncio.shield(self._process.wait())
        self._listener.cancel()

    async def _hand_over(self, job: Job) -> None:
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(job.model_dump_json().encode() + b"\n")
            await self._process.stdin.drain()
        except (BrokenPipeError, ConnectionResetError):
            raise self._ended() from None

    async def _result(self, report: Report, silence_s: float, spans: StageSpans) -> Product | Probed | Trouble:
        while True:
            try:
                async with asyncio.timeout(silence_s):
                    answer = await self._answer()
            except TimeoutError:
                raise ProcessLost(f"the download process was silent for {silence_s:.0f} s") from None
            spans.record(answer)
            if isinstance(answer, DownloadProgress):
                report(answer)
            elif isinstance(answer, Product | Probed | Trouble):
                return answer

    async def _answer(self) -> Answer:
        assert self._process.stdout is not None
        try:
            line = await self._process.stdout.readline()
            if not line:
                await self._process.wait()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(_LAST_WORDS_S):
                        await asyncio.shield(self._listener)
                raise self._ended()
            return read_answer(line)
        except (ValidationError, ValueError):
            raise ProcessLost("the download process answered something unreadable") from None

    def _ended(self) -> ProcessLost:
        code = self._process.returncode
        if code == -signal.SIGKILL:
            return ProcessLost("the download process was killed; perhaps this machine is out of memory")
        log.error("download_process_ended", code=code, last_words=list(self._words))
        why = f": {self._words[-1][:300]}" if self._words else ""
        return ProcessLost(f"the download process ended unexpectedly ({code}){why}")

    async def _listen(self) -> None:
        """Keep the last words: they explain a process that ends, and a pipe nobody reads would stop it."""
        assert self._process.stderr is not None
        while True:
            try:
                line = await self._process.stderr.readline()
            except ValueError:  # longer than the limit
                continue
            if not line:
                return
            text = line.decode("utf-8", "replace").rstrip()
            self._words.append(text)
            log.debug("download_process_says", text=text)


def child_environment(environment: Mapping[str, str], bytecode: Path, folder: Path | None = None) -> dict[str, str]:
    """The environment of a download process: what it needs and no secrets, and with compiled bytecode.

    Loading yt-dlp costs about 6 s of processor time uncompiled and 1 s compiled. Where bytecode may not be written
    beside the source, it goes to `bytecode`.
    """
    own = child_process.child_environment(environment, *child_process.PYTHON, *child_process.NETWORK, *_OF_ITS_TOOLS)
    forbidden = own.pop("PYTHONDONTWRITEBYTECODE", None)
    spec = find_spec("yt_dlp") if folder is None else None
    source = Path(spec.origin).parent if spec and spec.origin else folder
    if "PYTHONPYCACHEPREFIX" not in own and (forbidden or source is None or not os.access(source, os.W_OK)):
        own["PYTHONPYCACHEPREFIX"] = str(bytecode)
    return own
