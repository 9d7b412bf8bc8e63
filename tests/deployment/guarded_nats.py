"""The nats-server of the deployment: its real configuration and users, on free ports and with keys of its own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import nats
from nats.aio.client import Client

from navaar_runtime.connection import inbox_of
from navaar_runtime.declare import Topology, declare
from tests.support.nats_server import binary

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "deploy" / "nats"
DEADLINE_S = 120.0


class GuardedNats:
    """A running server whose streams are declared; `seed` is how a user signs in."""

    def __init__(self, url: str, keys: Path) -> None:
        self.url = url
        self._keys = keys
        self.refusals: dict[str, list[str]] = {}

    def seed(self, user: str) -> Path:
        return self._keys / f"{user}.nk"

    async def connect(self, user: str) -> Client:
        """A plain client; what the server forbids it from now on is kept in `refusals`."""
        refused = self.refusals[user] = []

        async def on_error(error: Exception) -> None:
            refused.append(str(error))

        return await nats.connect(
            self.url, nkeys_seed=str(self.seed(user)), error_cb=on_error, name=user, inbox_prefix=inbox_of(user)
        )

    async def wait_refused(self, user: str, what: str) -> None:
        """Wait until the server has forbidden something that mentions `what`."""
        async with asyncio.timeout(DEADLINE_S):
            while not any(what in text for text in self.refusals.get(user, ())):
                await asyncio.sleep(0.02)


async def made_keys(folder: Path) -> dict[str, str]:
    """Keys of all users, new ones, in `folder`; the variables that tell a server the public halves."""
    making = [sys.executable, str(FOLDER / "keys.py"), str(folder)]
    await asyncio.to_thread(subprocess.run, making, check=True)
    return dict(line.split("=", 1) for line in (folder / "public.env").read_text().split())


@contextlib.asynccontextmanager
async def guarded_nats(folder: Path) -> AsyncIterator[GuardedNats]:
    keys, ports = folder / "keys", folder / "ports"
    ports.mkdir(parents=True)
    public = await made_keys(keys)
    config = (FOLDER / "nats.conf").read_text()
    for ours, free in (
        ('listen: "0.0.0.0:4222"', f'listen: "127.0.0.1:-1"\nports_file_dir: "{ports}"'),
        ('include "monitor.conf"', ""),
        ('pid_file: "/tmp/nats.pid"', ""),
        ('store_dir: "/data"', f'store_dir: "{folder / "js"}"'),
    ):
        assert config.count(ours) == 1, ours
        config = config.replace(ours, free)
    (folder / "nats.conf").write_text(config)
    for included in ("users.conf", "cluster.conf"):
        (folder / included).write_text((FOLDER / included).read_text())
    environment = {**os.environ, **public, "NATS_SERVER_NAME": "nats-test"}
    with (folder / "nats.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            binary(), "-c", str(folder / "nats.conf"), env=environment, stdout=log, stderr=log
        )
    try:
        server = GuardedNats(f"nats://{await _address(ports, process)}", keys)
        operator = await server.connect("operator")
        await declare(operator, Topology())
        await operator.close()
        yield server
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _address(ports: Path, process: asyncio.subprocess.Process) -> str:
    async with asyncio.timeout(DEADLINE_S):
        while True:
            for file in ports.glob("*.ports"):
                with contextlib.suppress(ValueError, KeyError):
                    return str(json.loads(file.read_text())["nats"][0]).removeprefix("nats://")
            assert process.returncode is None, "nats-server ended at start"
            await asyncio.sleep(0.02)
