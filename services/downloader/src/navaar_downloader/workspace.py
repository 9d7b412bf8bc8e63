"""Folders for work in progress. What a killed service left behind is removed by the next one."""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from navaar_downloader.ytdlp_versions import YtdlpVersions

_LOCK = "owner.lock"


class Workspace:
    """`<data_dir>/downloads/<own folder>`; held by a file lock, so that several services may share a data directory."""

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir.absolute()
        self._root = self._data_dir / "downloads"
        self._own: Path | None = None
        self._lock: int | None = None

    @property
    def folder(self) -> Path:
        """This service's folder; only between `open` and `close`."""
        if self._own is None:
            raise RuntimeError("the workspace is used before it was opened")
        return self._own

    @property
    def cache(self) -> Path:
        """What yt-dlp wants to remember from run to run."""
        return self._root / "cache"

    @property
    def bytecode(self) -> Path:
        """Compiled Python, where it cannot lie beside its source."""
        return self._root / "bytecode"

    @property
    def versions(self) -> YtdlpVersions:
        """Which yt-dlp is to be used."""
        return YtdlpVersions(self._data_dir)

    @property
    def plugins(self) -> Path:
        """Plugins of yt-dlp that a person put there; it need not exist."""
        return self._data_dir / "yt-dlp-plugins"

    def open(self) -> None:
        """Make the folder and remove those whose owner is dead.

        Raises:
            OSError: the data directory cannot be written.
        """
        self._root.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._own = Path(tempfile.mkdtemp(prefix="run-", dir=self._root))
        self._lock = _try_lock(self._own / _LOCK)
        for folder in self._root.glob("run-*"):
            if folder != self._own:
                _remove_if_abandoned(folder)

    def close(self) -> None:
        """Remove the folder; safe to call twice."""
        if self._own is not None:
            shutil.rmtree(self._own, ignore_errors=True)
            self._own = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    @contextlib.contextmanager
    def job_folder(self) -> Iterator[Path]:
        """A fresh folder that is gone afterwards, with all that is in it."""
        folder = Path(tempfile.mkdtemp(prefix="job-", dir=self.folder))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def _try_lock(path: Path) -> int | None:
    """An open file that holds the lock, or None when somebody else holds it."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return None
    return handle


def _remove_if_abandoned(folder: Path) -> None:
    # Without a lock file the folder may be one that another service is just making.
    if not (folder / _LOCK).exists():
        return
    handle = _try_lock(folder / _LOCK)
    if handle is None:
        return
    shutil.rmtree(folder, ignore_errors=True)
    os.close(handle)
