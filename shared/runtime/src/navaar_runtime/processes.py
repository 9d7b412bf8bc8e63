"""Which process this is, and whether another one has certainly ended: only said of one on the same machine."""

from __future__ import annotations

import os
import socket
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Process:
    """One process of one machine, never mistaken for a later one with its number."""

    host: str
    kernel: str
    """The running kernel and the space in which it numbers processes; empty where that cannot be known."""
    pid: int
    started: str
    """When it was started, as that kernel counts it; empty where that cannot be known."""

    def told(self) -> str:
        """For people."""
        return f"process {self.pid} on {self.host}"


def this_process() -> Process:
    """The process that runs this."""
    pid = os.getpid()
    return Process(socket.gethostname(), _kernel(), pid, _started(pid) or "")


def has_ended(other: Process, mine: Process) -> bool:
    """Whether `other` is certainly gone. False wherever that cannot be known: on another machine, in another container.

    One that was killed and that nobody has waited for yet is gone; one that is stopped (SIGSTOP) is not.
    """
    if not other.kernel or not other.started or (other.host, other.kernel) != (mine.host, mine.kernel):
        return False
    started = _started(other.pid)
    return started != other.started if started is not None else not _is_there(other.pid)


def _kernel() -> str:
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
        return f"{boot}/{Path('/proc/self/ns/pid').stat().st_ino}"
    except OSError:
        return ""


def _started(pid: int) -> str | None:
    """When it was started (proc_pid_stat(5), field 22); empty if only its remains are there, None if it is not seen."""
    try:
        line = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The name, in parentheses, may hold spaces and parentheses.
    fields = line.rpartition(")")[2].split()
    return "" if len(fields) < 20 or fields[0] in "ZXx" else fields[19]


def _is_there(pid: int) -> bool:
    """Whether a process has that number, also one that /proc does not show to us (hidepid, see proc(5))."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        pass
    return True
