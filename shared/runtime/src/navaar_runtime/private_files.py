"""Credentials on disk: never half written, never readable by others, never refreshed by two processes at once."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

try:
    import fcntl
except ImportError:  # pragma: no cover - Windows has no flock; one process at a time is then the user's duty
    fcntl = None  # type: ignore[assignment]


def write_private(path: Path, text: str) -> None:
    """Replace `path` by `text` in one step, mode 0600. Raises OSError with the old content intact."""
    _write(path, text, 0o600)


def write_public(path: Path, text: str) -> None:
    """The same for what holds no secret and other users of the folder have to read: mode 0644, whatever the umask."""
    _write(path, text, 0o644)


def _write(path: Path, text: str, mode: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700 if mode == 0o600 else 0o777)
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            os.fchmod(descriptor, mode)
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(name).unlink()
        raise


def make_private(path: Path) -> None:
    """Make an empty file at `path`, or take the rights of others from the one that is there; for programs that write by
    themselves. SQLite gives the files beside a database the mode of the database (https://www.sqlite.org/tempfiles.html).

    Raises:
        OSError: the folder cannot be written.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        mode = stat.S_IMODE(os.fstat(descriptor).st_mode)
        if mode & 0o077:
            # Where the file is another user's, who lets this one write to it, that one decides.
            with contextlib.suppress(PermissionError):
                os.fchmod(descriptor, mode & ~0o077)
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def exclusive(path: Path) -> Iterator[None]:
    """Hold `<path>.lock` against other processes; the lock dies with the process."""
    if fcntl is None:
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = path.with_name(f"{path.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def fingerprint(path: Path) -> tuple[int, int, int] | None:
    """Changes whenever the file is replaced; None while there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return (status.st_mtime_ns, status.st_ino, status.st_size)
