"""What a download process does with one line: it carries out the job and answers."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from typing import BinaryIO

import yt_dlp.version

from navaar_downloader.jobs import Answer, DownloadProgress, Job, Probed, Ready, Stage
from navaar_downloader.parent_death import end_everything
from navaar_downloader.produce import produce
from navaar_downloader.tools import FfmpegMissing, deno_path, ffmpeg_version
from navaar_downloader.ytdlp import trouble_of


class JobRunner:
    """Jobs in, lines out."""

    def __init__(self, answers: BinaryIO) -> None:
        self._answers = answers
        self._lock = threading.Lock()

    def open(self) -> None:
        """Say that jobs may come, and with which tools."""
        try:
            ffmpeg: str | None = ffmpeg_version()
        except FfmpegMissing:
            ffmpeg = None
        where = os.path.dirname(yt_dlp.version.__file__)  # noqa: PTH120
        self._say(Ready(yt_dlp=yt_dlp.version.__version__, where=where, ffmpeg=ffmpeg, js_runtime=deno_path()))

    def work(self, line: bytes, guard: Callable[[float], None]) -> None:
        """Carry out the job in `line`; every error becomes an answer, so that the process lives on."""
        stage: Stage = "extract"

        def report(now: Stage, fraction: float | None) -> None:
            nonlocal stage
            stage = now
            self._say(DownloadProgress(stage=now, fraction=fraction))

        try:
            job = Job.model_validate_json(line)
            if job.traceparent:
                os.environ["TRACEPARENT"] = job.traceparent
            guard(job.timeout_s)
            product = produce(job, report)
        except Exception as error:  # noqa: BLE001 - the service judges it
            self._say(trouble_of(error, stage))
        else:
            self._say(product or Probed())
        finally:
            guard(0)
            os.environ.pop("TRACEPARENT", None)

    def _say(self, message: Answer) -> None:
        data = message.model_dump_json().encode() + b"\n"
        try:
            with self._lock:
                self._answers.write(data)
        except OSError:
            end_everything()
