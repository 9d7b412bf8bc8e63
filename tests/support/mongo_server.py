"""Servers that speak MongoDB's protocol, each in a process of its own with its own storage folder.

Two independent ones, because neither is MongoDB: SecantusDB, a wheel among the development dependencies, and FerretDB
over SQLite, built with Go by `.ci/ferretdb`. In CI both are required; elsewhere FerretDB's tests are left out where it
was not built, and the run says so.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from tests.support.missing_program import deselect, is_required
from tests.support.ports import free_port

DEADLINE_S = 120.0
SERVERS = ("secantus", "ferretdb")

Command = Callable[[int, Path], list[str]]


@dataclass
class MongoServer:
    """One server on one port and one folder, whatever becomes of its process."""

    command: Command
    port: int
    folder: Path
    process: subprocess.Popen[bytes] | None = field(default=None)

    @property
    def url(self) -> str:
        return f"mongodb://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start the process and wait until it answers."""
        arguments = self.command(self.port, self.folder)
        self.process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + DEADLINE_S
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"{arguments[0]} ended at start")
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
                return
            time.sleep(0.05)
        raise RuntimeError(f"{arguments[0]} does not answer")

    def kill(self) -> None:
        """As a power cut would end it, but for what the operating system holds."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None


def secantus(port: int, folder: Path) -> list[str]:
    beside = Path(sys.executable).parent / "secantusd-py"
    found = str(beside) if beside.is_file() else shutil.which("secantusd-py")
    if found is None:
        raise RuntimeError("secantusd-py is missing: install the wheel secantusdb")
    return [found, "--port", str(port), "--storage-path", str(folder), "--sync-on-commit"]


def ferretdb(port: int, folder: Path) -> list[str]:
    found = ferretdb_path()
    if found is None:
        raise RuntimeError("FerretDB is missing: build it with .ci/ferretdb, or name it in NAVAAR_TEST_FERRETDB")
    return [found, f"127.0.0.1:{port}", str(folder)]


def ferretdb_path() -> str | None:
    """NAVAAR_TEST_FERRETDB (a path), or what `.ci/ferretdb` has built."""
    named = os.environ.get("NAVAAR_TEST_FERRETDB", "")
    if "/" in named:
        return named
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    built = cache / "navaar-checks" / "bin" / "ferretdb"
    return str(built) if built.is_file() else None


@contextlib.contextmanager
def running(name: str) -> Iterator[MongoServer]:
    """A fresh server of that name, one of SERVERS."""
    command: Command = {"secantus": secantus, "ferretdb": ferretdb}[name]
    with tempfile.TemporaryDirectory() as folder:
        server = MongoServer(command, free_port(), Path(folder))
        try:
            server.start()
            yield server
        finally:
            server.kill()


@contextlib.contextmanager
def running_mongo(name: str = "secantus") -> Iterator[str]:
    """The address of a fresh server."""
    with running(name) as server:
        yield server.url


def environment(url: str, database: str) -> dict[str, str]:
    """The settings that such a server needs: it is no replica set, and it takes one connection well."""
    return {
        "NAVAAR_MONGODB_URL": url,
        "NAVAAR_MONGODB_DATABASE": database,
        "NAVAAR_MONGODB_DIRECT": "true",
        "NAVAAR_MONGODB_POOL_SIZE": "1",
        "NAVAAR_MONGODB_RETRY_WRITES": "false",
    }


def left_out() -> bool:
    return ferretdb_path() is None and not is_required("NAVAAR_TEST_FERRETDB")


def leave_out(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Deselect what needs FerretDB on a machine without it; `say_so` tells."""
    if left_out():
        deselect(config, items, lambda item: item.get_closest_marker("ferretdb") is not None)


def say_so(reporter: pytest.TerminalReporter) -> None:
    if left_out():
        reporter.section("FerretDB left out", yellow=True)
        reporter.line(
            "FerretDB is not built here, so the MongoDB adapter ran against SecantusDB alone. .ci/ferretdb builds it "
            "with Go; or name one in NAVAAR_TEST_FERRETDB=/path/to/ferretdb. With CI=true it is required."
        )
