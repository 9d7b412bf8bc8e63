"""NAVAAR_DATA_DIR: private to its owner, and held by one launcher at a time."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType
from typing import IO

from navaar_runtime.settings import SettingsError


class DataFolder:
    """Holds the folder while the context is open.

    The lock is the kernel's, so it goes with the process however that ends.
    """

    def __init__(self, path: Path) -> None:
        self.path = path.expanduser().resolve()
        self._lock: IO[str] | None = None

    def __enter__(self) -> DataFolder:
        """Raises SettingsError when the folder cannot be used or another launcher holds it."""
        try:
            self.path.mkdir(parents=True, exist_ok=True, mode=0o700)
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
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lock is not None:
            self._lock.close()
            self._lock = None
