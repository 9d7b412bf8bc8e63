"""One process per data directory: a lock file that dies with the process that holds it."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

from navaar_runtime.failures import Transient


class DirectoryLock:
    """Held from `acquire` to `release`, or until the process ends, however it ends."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "ledger.lock"
        self._file: int | None = None

    def acquire(self) -> None:
        """Take the lock.

        Raises:
            Transient: another process has it; the text says which.
        """
        file = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, 32).decode(errors="replace").strip() or "unknown"
            os.close(file)
            raise Transient(
                f"the data directory {self._path.parent} is in use by another Navaar (process {holder}): "
                "stop that one, or give this one its own NAVAAR_DATA_DIR"
            ) from None
        os.ftruncate(file, 0)
        os.write(file, f"{os.getpid()}\n".encode())
        self._file = file

    def is_held(self) -> bool:
        """Whether another process has it, found out without touching the file."""
        try:
            file = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:
            return False
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(file)
        return False

    def release(self) -> None:
        if self._file is not None:
            os.close(self._file)
            self._file = None
