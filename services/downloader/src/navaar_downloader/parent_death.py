"""A download process never outlives its service, and never leaves ffmpeg or deno behind.

Three ways lead to the same end, the death of the whole process group: the service kills it; its standard input ends
because the service is gone, however it died; and on Linux the kernel signals the death of the parent.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from types import FrameType
from typing import NoReturn

_PR_SET_PDEATHSIG = 1


def die_with_parent() -> None:
    """Arrange it; to be called first thing, in the main thread."""
    signal.signal(signal.SIGTERM, _on_signal)
    # Ctrl-C in a terminal is the service's business: it stops its processes in its own order.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform == "linux":
        # Not SIGKILL: that would end this process alone and leave a running ffmpeg behind.
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def end_everything() -> NoReturn:
    """Kill this process and all it has started."""
    if os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def _on_signal(number: int, frame: FrameType | None) -> None:
    end_everything()
