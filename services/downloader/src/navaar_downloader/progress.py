"""Tells the log how downloads get on: each stage once, and every quarter of a long one."""

from __future__ import annotations

from navaar_contracts.commands import DownloadAudio
from navaar_shared.logs import get_logger

from navaar_downloader.jobs import Progress

log = get_logger(__name__)


class ProgressLog:
    """A `ProgressListener` that keeps only what is in hand."""

    def __init__(self) -> None:
        self._told: dict[str, tuple[str, int]] = {}

    def __call__(self, command: DownloadAudio, progress: Progress) -> None:
        key = command.message_id()
        step = (progress.stage, int((progress.fraction or 0) * 4))
        if self._told.get(key) == step:
            return
        self._told[key] = step
        if progress.stage == "finish":
            del self._told[key]
        percent = None if progress.fraction is None else round(progress.fraction * 100)
        log.info(
            "download_progress", track=command.track_id, video=command.video_id, stage=progress.stage, percent=percent
        )
