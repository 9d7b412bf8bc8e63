"""Tells the log how downloads get on: each stage once, and every quarter of a long one."""

from __future__ import annotations

from collections import OrderedDict

from navaar_contracts.commands import DownloadAudio
from navaar_downloader.jobs import Progress
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

_MOST = 64
"""Commands remembered: more than are ever in hand, so that one that failed is forgotten some time."""


class ProgressLog:
    """A `ProgressListener` that says what is new."""

    def __init__(self) -> None:
        self._told: OrderedDict[str, tuple[str, int]] = OrderedDict()

    def __call__(self, command: DownloadAudio, progress: Progress) -> None:
        key = command.message_id()
        step = (progress.stage, int((progress.fraction or 0) * 4))
        if self._told.pop(key, None) != step:
            percent = None if progress.fraction is None else round(progress.fraction * 100)
            log.info("download_progress", video=command.video_id, stage=progress.stage, percent=percent)
        self._told[key] = step
        while len(self._told) > _MOST:
            self._told.popitem(last=False)
