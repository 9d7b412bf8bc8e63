"""From a command to a finished file on this machine: the address, the job, the folder, the process."""

from __future__ import annotations

import asyncio
import re
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from navaar_contracts.commands import DownloadAudio
from navaar_downloader.bitrate import limit_bytes
from navaar_downloader.jobs import DownloadProgress, FetchOptions, Job, Probed, Product
from navaar_downloader.pool import Pool
from navaar_downloader.settings import DownloaderSettings
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_versions import described
from navaar_runtime import metrics
from navaar_runtime.failures import AuthRejected, Failure, Permanent
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

_PROBE = {"only_probe": True, "timeout_s": 120.0}
_MOST = 64
"""Commands remembered: more than are ever in hand, so that one that failed is forgotten some time."""
_YOUTUBE_ID = re.compile(r"[A-Za-z0-9_-]{11}")
_TEMPLATE_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")

_DOWNLOADS = metrics.counter(
    "navaar_yt_download_total", "Videos whose audio was fetched and brought into shape, or was not", "result"
)


class YtdlpDownloads:
    """The `Downloads` port over a pool of yt-dlp processes."""

    def __init__(
        self,
        settings: DownloaderSettings,
        workspace: Workspace,
        pool: Pool,
        listener: Callable[[DownloadAudio, DownloadProgress], None],
    ) -> None:
        self._settings = settings
        self._workspace = workspace
        self._pool = pool
        self._listener = listener
        self._refused: DownloadAudio | None = None
        for result in ("success", "failure"):
            _DOWNLOADS.add(0, result=result)

    async def open(self) -> None:
        """Make the folders and start the processes."""
        self._workspace.open()
        await self._pool.open()

    async def close(self) -> None:
        """Kill the processes and remove the folders."""
        await self._pool.close()
        self._workspace.close()

    @asynccontextmanager
    async def fetch(self, command: DownloadAudio) -> AsyncIterator[Product]:
        """See `ports.Downloads`."""
        with self._workspace.job_folder() as folder:
            job = self._job(command, folder)
            try:
                outcome = await self._pool.run(job, lambda progress: self._listener(command, progress))
            except Failure as failure:
                _DOWNLOADS.add(result="failure")
                if isinstance(failure, AuthRejected):
                    self._refused = command
                raise
            _DOWNLOADS.add(result="success")
            if isinstance(outcome, Probed):
                raise TypeError("a download ended without a file")
            for remark in outcome.remarks:
                log.info("download_remark", remark=remark)
            yield outcome

    async def probe(self) -> None:
        """Whether the site lets us in again, tried with the video that it refused; nothing is transferred.

        Raises:
            AuthRejected: it does not.
            Failure: it could not be found out.
        """
        if self._refused is None:
            return
        with self._workspace.job_folder() as folder:
            job = self._job(self._refused, folder)
            try:
                await self._pool.run(job.model_copy(update=_PROBE), _ignore)
            except Permanent:
                pass  # about this video; the site talks to us again
        self._refused = None

    async def problem(self) -> str | None:
        """What is missing on this machine, for readiness."""
        async with asyncio.timeout(2.5):
            tools = await self._pool.tools()
        if tools.ffmpeg is None:
            return "there is no ffmpeg that starts; name a working one in IMAGEIO_FFMPEG_EXE"
        if tools.js_runtime is None and self._settings.ytdlp_url_template is None:
            return "there is no deno, which yt-dlp needs for YouTube; install the deno package"
        return None

    async def version(self) -> str:
        """Which yt-dlp downloads run with, and its age."""
        return described(self._workspace.versions.in_use(), datetime.now(UTC).date())

    def _job(self, command: DownloadAudio, folder: Path) -> Job:
        settings = self._settings
        try:
            url = url_of(command.video_id, settings.ytdlp_url_template)
        except NoVideoId as problem:
            raise Permanent(str(problem)) from None
        return Job(
            video_id=command.video_id,
            url=url,
            folder=str(folder),
            recording=command.recording,
            cover_url=command.cover_url,
            expected_duration_s=command.expected_duration_s,
            limit_bytes=limit_bytes(settings.telegram_max_upload_mb),
            timeout_s=settings.ytdlp_timeout_s,
            options=FetchOptions(
                generic=settings.ytdlp_url_template is not None,
                sleep_requests_s=settings.ytdlp_sleep_requests,
                cookies_file=str(settings.ytdlp_cookies_file.absolute()) if settings.ytdlp_cookies_file else None,
                cache_dir=str(self._workspace.cache),
                proxy=settings.proxy,
                extractor_args=settings.extractor_args,
            ),
        )


def _ignore(progress: DownloadProgress) -> None:
    """Nobody waits for the progress of a probe."""


class NoVideoId(ValueError):
    """The text is no video id. Its message is for a person."""


def url_of(video_id: str, template: str | None = None) -> str:
    """Where the video's audio is: at YouTube, or at `template` with {video_id} filled in.

    Raises:
        NoVideoId: anything but 11 (with a template: 1 to 64) letters, digits, '-' and '_'.
    """
    pattern = _YOUTUBE_ID if template is None else _TEMPLATE_ID
    if not pattern.fullmatch(video_id):
        raise NoVideoId(f"{video_id[:80]!r} is no video id, so nothing was fetched")
    if template is None:
        return f"https://www.youtube.com/watch?v={video_id}"
    return template.replace("{video_id}", video_id)


class ProgressLog:
    """Tells the log how downloads get on: each stage once, and every quarter of a long one."""

    def __init__(self) -> None:
        self.told: OrderedDict[str, tuple[str, int]] = OrderedDict()

    def __call__(self, command: DownloadAudio, progress: DownloadProgress) -> None:
        key = command.message_id()
        step = (progress.stage, int((progress.fraction or 0) * 4))
        if self.told.pop(key, None) != step:
            percent = None if progress.fraction is None else round(progress.fraction * 100)
            log.info("download_progress", video=command.video_id, stage=progress.stage, percent=percent)
        self.told[key] = step
        while len(self.told) > _MOST:
            self.told.popitem(last=False)
