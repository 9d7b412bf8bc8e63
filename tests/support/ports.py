"""Ports that nobody else gets between the moment they are chosen and the moment a server listens on them."""

from __future__ import annotations

import fcntl
import random
import socket
import tempfile
from pathlib import Path
from typing import IO

LOWEST, HIGHEST = 15_000, 30_000
"""Below those that systems give to outgoing connections: Linux from 32768 on, others from 49152 on."""
_FOLDER = Path(tempfile.gettempdir()) / "navaar-test-ports"
_held: list[IO[bytes]] = []
"""A lock on a file per port, until this process ends: no other worker, and no other run of the tests, takes it."""


def free_port() -> int:
    _FOLDER.mkdir(mode=0o777, parents=True, exist_ok=True)
    for _ in range(1000):
        port = random.randrange(LOWEST, HIGHEST)
        lock = (_FOLDER / str(port)).open("wb")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(("127.0.0.1", port))
        except OSError:
            lock.close()
            continue
        _held.append(lock)
        return port
    raise RuntimeError(f"no port is free between {LOWEST} and {HIGHEST}")
