"""NAVAAR_DATA_DIR: private to its owner, and held by one launcher at a time."""

from __future__ import annotations

import fcntl
import os
import stat
from pathlib import Path
from types import TracebackType
from typing import IO

from navaar_runtime.logs import get_logger
from navaar_runtime.settings import SettingsError

log = get_logger(__name__)

_PRIVATE = 0o077
"""The bits of a mode, and the umask, that keep everybody else out."""
_APART = ("yt-dlp", "yt-dlp-plugins", "nats/keys")
"""Left as they are: programs without secrets, which another user of this machine may have installed for the service;
and keys, which are made anew where others could read them (`nats_keys`)."""


class DataFolder:
    """Holds the folder while the context is open.

    Until then, what this process and its children make is for their own user alone. The lock is the kernel's, so it
    goes with the process however that ends.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self._lock: IO[str] | None = None
        self._umask: int | None = None

    def __enter__(self) -> DataFolder:
        """Raises SettingsError when the folder cannot be used, is another user's, or another launcher holds it."""
        before = os.umask(_PRIVATE)
        try:
            self._take()
        except BaseException:
            os.umask(before)
            raise
        self._umask = before
        return self

    def _take(self) -> None:
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._refuse_of_another()
            mode = stat.S_IMODE(self.path.stat().st_mode)
            # First, so that nobody comes in while the rest is looked at.
            corrected = int(_corrected(self.path, None))
            if mode & 0o022:
                self._refuse_what_others_made(mode)
            self._lock = (self.path / "launcher.lock").open("a+", encoding="ascii")
        except OSError as error:
            raise SettingsError(f"NAVAAR_DATA_DIR: cannot use {self.path}: {error.strerror}") from None
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.seek(0)
            holder = self._lock.read().strip() or "unknown"
            self._lock.close()
            raise SettingsError(
                f"NAVAAR_DATA_DIR: {self.path} is in use by another `navaar up` (process {holder}); "
                "stop that one, or give this one a folder of its own"
            ) from None
        self._lock.seek(0)
        self._lock.truncate()
        self._lock.write(str(os.getpid()))
        self._lock.flush()
        corrected += close_to_others(self.path)
        if corrected:
            log.warning("data_folder_was_open_to_others", folder=str(self.path), made_private=corrected)

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        if self._umask is not None:
            os.umask(self._umask)
            self._umask = None

    def _refuse_of_another(self) -> None:
        owner = self.path.stat().st_uid
        if os.geteuid() not in (0, owner) and owner != 0:
            raise SettingsError(
                f"NAVAAR_DATA_DIR: {self.path} belongs to another user, who could change all that is in it; "
                "name a folder of your own"
            )

    def _refuse_what_others_made(self, mode: int) -> None:
        """A link that somebody put there would have Navaar write where it leads, as its own user."""
        ours = {0, os.geteuid(), self.path.stat().st_uid}
        for where, folders, files in os.walk(self.path):
            for path in (Path(where, name) for name in (*folders, *files)):
                if path.lstat().st_uid not in ours:
                    # So that the next start looks again.
                    self.path.chmod(mode)
                    raise SettingsError(
                        f"NAVAAR_DATA_DIR: others could write to {self.path}, and {path} is another user's; "
                        "look at it, remove it, and start again"
                    )


def close_to_others(folder: Path) -> int:
    """Take the rights of others from everything below `folder`; how many files and folders had given some.

    What belongs to another user, and links, stay as they are.
    """
    corrected = 0
    for where, folders, files, here in os.fwalk(folder):
        inside = Path(where).relative_to(folder)
        folders[:] = [name for name in folders if (inside / name).as_posix() not in _APART]
        for name in (*folders, *files):
            corrected += _corrected(name, here)
    return corrected


def _corrected(name: str | Path, folder: int | None) -> bool:
    try:
        found = os.stat(name, dir_fd=folder, follow_symlinks=False)
        mode = stat.S_IMODE(found.st_mode)
        if not mode & _PRIVATE or not (stat.S_ISREG(found.st_mode) or stat.S_ISDIR(found.st_mode)):
            return False
        os.chmod(name, mode & ~_PRIVATE, dir_fd=folder)
    except OSError:
        # It is somebody else's, or gone since it was listed.
        return False
    return True
