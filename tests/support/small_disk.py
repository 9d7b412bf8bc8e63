"""A disk of its own that can be filled up: a file system in memory, which only root may mount."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

BLOCK = bytes(256 * 1024)
LAST = bytes(512)
"""What still fits where no block does."""


def may_mount() -> bool:
    return os.geteuid() == 0


@contextlib.contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """An empty disk in `folder`, which must not be there yet; `size` as mount takes it, such as 160m."""
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    """Write to `file` until nothing more fits on its disk."""
    for block in (BLOCK, LAST):
        with contextlib.suppress(OSError), file.open("ab", buffering=0) as filling:
            while True:
                filling.write(block)
