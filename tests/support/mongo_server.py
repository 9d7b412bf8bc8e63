"""A server that speaks MongoDB's protocol, in a process of its own, with its own storage folder."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

DEADLINE_S = 30


def binary() -> str | None:
    """The server of the secantusdb wheel, a development dependency; None where it is not installed."""
    beside = Path(sys.executable).parent / "secantusd-py"
    return str(beside) if beside.is_file() else shutil.which("secantusd-py")


@contextlib.contextmanager
def running_mongo() -> Iterator[str]:
    """The address of a fresh server."""
    found = binary()
    if found is None:
        raise RuntimeError("secantusd-py is missing: install the wheel secantusdb")
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        arguments = [found, "--port", str(port), "--storage-path", folder, "--sync-on-commit"]
        process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_until_it_answers(process, port)
            yield f"mongodb://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _wait_until_it_answers(process: subprocess.Popen[bytes], port: int) -> None:
    deadline = time.monotonic() + DEADLINE_S
    while time.monotonic() < deadline:
        if process.poll() is not None:
            raise RuntimeError("secantusd-py ended at start")
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.05)
    raise RuntimeError("secantusd-py does not answer")
