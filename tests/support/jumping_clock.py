"""A wall clock that jumps, for processes that are started with it.

A small library (`jumping_clock.c`, compiled when it is first asked for) is loaded before every other one and moves what
the C library says of the time. The clock that cannot be set (CLOCK_MONOTONIC) it leaves alone, as the kernel does when
somebody sets the time. What Navaar itself starts gets its environment by white list, without any of this: those
programs keep the machine's time. So does nats-server, which asks the kernel and no library.

Debian's faketime cannot be used: with its 0.9.10 `time.sleep` of Python 3.11 fails.
"""

from __future__ import annotations

import functools
import os
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path

_SOURCE = Path(__file__).with_suffix(".c")
_NUMBER = struct.Struct("q")


@functools.cache
def library() -> Path | None:
    """Where it is; None where it cannot be made: there is no C compiler, or this is no Linux."""
    if loaded := os.environ.get("LD_PRELOAD"):
        return Path(loaded)
    compiler = shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    made = Path(tempfile.mkdtemp(prefix="navaar-clock-")) / "jumping_clock.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", str(made), str(_SOURCE), "-ldl"], check=True)
    return made


def is_loaded() -> bool:
    """Whether this program was started with it, and so whatever it forks."""
    return os.environ.get("LD_PRELOAD", "").endswith("jumping_clock.so")


def loaded_again() -> None:
    """Start this program over with the library, unless it has it or there is none: what it forks then has it, too.

    Its own time stays right, since nobody says how far it is off.
    """
    found = library()
    if found is None or is_loaded():
        return
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], {**os.environ, "LD_PRELOAD": str(found)})


class JumpingClock:
    """How far off the clock is for whoever was started with `variables`."""

    def __init__(self, file: Path) -> None:
        self._file = file
        file.write_bytes(_NUMBER.pack(0))

    @property
    def variables(self) -> dict[str, str]:
        found = library()
        assert found is not None
        return {"LD_PRELOAD": str(found), "TESTS_CLOCK": str(self._file)}

    def jump(self, off_s: int) -> None:
        """From now on it is so many seconds ahead of the true time, or behind it."""
        with self._file.open("r+b", buffering=0) as file:
            file.write(_NUMBER.pack(off_s))
