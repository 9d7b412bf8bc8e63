"""What a child process is given: an environment by white list, and limits that the kernel keeps.

Every child of Navaar gets its environment here, so that none inherits a secret because somebody forgot to take it away.
"""

from __future__ import annotations

import os
import resource
import selectors
import signal
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from time import monotonic

_SYSTEM = (
    *("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "LC_*", "TZ", "TMPDIR", "TEMP", "TMP"),
    *("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"),
)
"""What any program may need of the machine."""
PYTHON = (
    *("PYTHONPATH", "PYTHONHOME", "PYTHONPYCACHEPREFIX", "PYTHONDONTWRITEBYTECODE", "PYTHONNOUSERSITE"),
    *("PYTHONSAFEPATH", "PYTHONUTF8", "PYTHONIOENCODING", "PYTHONHASHSEED", "VIRTUAL_ENV"),
)
"""Further variables, of our own interpreter."""
NETWORK = (
    *("[Hh][Tt][Tt][Pp]_[Pp][Rr][Oo][Xx][Yy]", "[Hh][Tt][Tt][Pp][Ss]_[Pp][Rr][Oo][Xx][Yy]"),
    *("[Aa][Ll][Ll]_[Pp][Rr][Oo][Xx][Yy]", "[Nn][Oo]_[Pp][Rr][Oo][Xx][Yy]"),
    *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
)
"""Further variables, of what reaches the internet: the way there (also written small), and whom to believe."""


def child_environment(environment: Mapping[str, str], *needed: str) -> dict[str, str]:
    """The variables of `environment` that a child may have: those of the system, and the `needed` ones.

    Args:
        environment: this process's variables.
        needed: names, or patterns of `fnmatch`.
    """
    allowed = (*_SYSTEM, *needed)
    return {n: value for n, value in environment.items() if any(fnmatchcase(n, pattern) for pattern in allowed)}


@dataclass(frozen=True, slots=True)
class Limits:
    """What the kernel grants a child that reads what a stranger made; see setrlimit(2)."""

    cpu_s: int | None
    """Seconds of processor time; None leaves it to whoever watches the clock."""
    memory_bytes: int
    """Address space. macOS does not keep to it."""
    written_bytes: int = 0
    """How long a file it may write; a pipe is none."""

    def apply(self) -> None:
        """To be called in the child, before it becomes another program. What is lower already stays."""
        _lower(resource.RLIMIT_FSIZE, self.written_bytes)
        _lower(resource.RLIMIT_CORE, 0)
        if self.cpu_s is not None:
            _lower(resource.RLIMIT_CPU, self.cpu_s)
        # Last: this copy of the parent may hold more already, and gets no more from here on.
        _lower(resource.RLIMIT_AS, self.memory_bytes)


def _lower(what: int, wanted: int) -> None:
    _, hard = resource.getrlimit(what)
    value = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    try:
        resource.setrlimit(what, (value, value))
    except (OSError, ValueError):
        # A kernel without this limit; the others and the clock remain.
        return


@dataclass(frozen=True, slots=True)
class Ended:
    """What became of a program."""

    out: bytes
    problem: str | None
    """Why what it said cannot be used, in words for the log; None when it ended well."""


def run_limited(
    command: Sequence[str], *, limits: Limits, wall_s: float, most_bytes: int, environment: Mapping[str, str]
) -> Ended:
    """Run a program on what a stranger made, and take what it writes to its standard output.

    Args:
        command: the program and its arguments.
        limits: what the kernel grants it.
        wall_s: seconds before it is killed.
        most_bytes: how much it may answer.
        environment: its variables, see `child_environment`.

    Never raises for what the program does; one that cannot be started is a problem like others.
    """
    try:
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=dict(environment),
            preexec_fn=limits.apply,  # noqa: PLW1509 - it calls the kernel only, and takes no lock
        )
    except (OSError, subprocess.SubprocessError) as error:
        return Ended(b"", f"it does not start: {getattr(error, 'strerror', None) or error}")
    with child:
        try:
            out, problem = _read(child, wall_s, most_bytes)
            if problem is None:
                # It has closed its output, and may still take its time to end.
                child.wait(max(0.0, wall_s))
        except subprocess.TimeoutExpired:
            problem = f"it takes more than {wall_s:g} s"
        finally:
            child.kill()
    return Ended(out, problem or _how_it_ended(child.returncode, limits))


def _read(child: subprocess.Popen[bytes], wall_s: float, most_bytes: int) -> tuple[bytes, str | None]:
    assert child.stdout is not None
    found = bytearray()
    ends = monotonic() + wall_s
    with selectors.DefaultSelector() as selector:
        selector.register(child.stdout, selectors.EVENT_READ)
        while True:
            if not selector.select(max(0.0, ends - monotonic())):
                return bytes(found), f"it takes more than {wall_s:g} s"
            chunk = os.read(child.stdout.fileno(), 65536)
            if not chunk:
                return bytes(found), None
            found += chunk
            if len(found) > most_bytes:
                return b"", f"it answers more than {most_bytes} bytes"


def _how_it_ended(code: int, limits: Limits) -> str | None:
    if code == 0:
        return None
    if code == -signal.SIGXCPU or (code == -signal.SIGKILL and limits.cpu_s is not None):
        # Which of the two it is differs between kernels.
        killed = "" if code == -signal.SIGXCPU else ", or the kernel is out of memory"
        return f"it needs more than {limits.cpu_s} s of processor time{killed}"
    if code == -signal.SIGXFSZ:
        return f"it writes a file of more than {limits.written_bytes} bytes"
    if code < 0:
        return f"it was ended by signal {-code}"
    return f"it fails with {code}"
