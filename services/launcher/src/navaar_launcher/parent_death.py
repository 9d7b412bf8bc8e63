"""Children that end with the launcher, however it ends."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Callable

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(number: signal.Signals = signal.SIGTERM) -> Callable[[], None] | None:
    """A `preexec_fn` after which the kernel sends `number` to the child when its parent dies; None where it cannot.

    Source: prctl(2), PR_SET_PDEATHSIG. Elsewhere than on Linux the next start finds and ends an orphan by its pid file.
    """
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def arrange() -> None:
        libc.prctl(_PR_SET_PDEATHSIG, number, 0, 0, 0)
        if os.getppid() != parent:
            # The parent died between fork and prctl.
            os.kill(os.getpid(), number)

    return arrange
