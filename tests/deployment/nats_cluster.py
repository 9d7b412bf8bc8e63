"""The three servers of the cluster overlay: its real routes and users, on ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import AsyncIterator
from pathlib import Path

import nats
from nats.aio.client import Client

from navaar_runtime.connection import inbox_of
from navaar_runtime.declare import Topology, declare
from tests.deployment.guarded_nats import FOLDER, ROOT, made_keys
from tests.support.nats_server import binary
from tests.support.ports import free_port

SERVERS = 3
DEADLINE_S = 120.0
OVERLAY = ROOT / "k8s" / "overlays" / "cluster"


class Cluster:
    """Three running servers; `seed` is how a user signs in."""

    def __init__(self, folder: Path, ports: list[int]) -> None:
        self.folder = folder
        self.url = ",".join(f"nats://127.0.0.1:{port}" for port in ports)
        self.processes: dict[str, asyncio.subprocess.Process] = {}

    def seed(self, user: str) -> Path:
        return self.folder / "keys" / f"{user}.nk"

    async def connect(self, user: str) -> Client:
        """A plain client that bears with servers that come and go."""
        async with asyncio.timeout(DEADLINE_S):
            return await nats.connect(
                self.url.split(","),
                nkeys_seed=str(self.seed(user)),
                inbox_prefix=inbox_of(user),
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.2,
                error_cb=_quiet,
            )

    async def kill_leader(self, stream: str) -> None:
        """SIGKILL to the server that leads a stream; it does not come back."""
        operator = await self.connect("operator")
        try:
            info = await operator.jetstream(timeout=5).stream_info(stream)
            assert info.cluster is not None
            leader = self.processes[str(info.cluster.leader)]
        finally:
            await operator.close()
        leader.kill()
        await leader.wait()

    def logs(self) -> list[Path]:
        return sorted(self.folder.glob("nats-*/nats.log"))


async def _quiet(error: Exception) -> None:
    """A server that goes is what this is about."""


@contextlib.asynccontextmanager
async def cluster(folder: Path, topology: Topology) -> AsyncIterator[Cluster]:
    """The servers with everything declared."""
    public = await made_keys(folder / "keys")
    clients = [free_port() for _ in range(SERVERS)]
    routes = [free_port() for _ in range(SERVERS)]
    running = Cluster(folder, clients)
    try:
        for number in range(SERVERS):
            place = folder / f"nats-{number}"
            place.mkdir()
            (place / "nats.conf").write_text(_server_config(place, clients[number]))
            (place / "users.conf").write_text((FOLDER / "users.conf").read_text())
            (place / "cluster.conf").write_text(_routes_config(routes, number))
            with (place / "nats.log").open("wb") as log:
                running.processes[place.name] = await asyncio.create_subprocess_exec(
                    binary(),
                    "-c",
                    str(place / "nats.conf"),
                    env={**os.environ, **public, "NATS_SERVER_NAME": place.name},
                    stdout=log,
                    stderr=log,
                )
        operator = await running.connect("operator")
        async with asyncio.timeout(DEADLINE_S):
            await declare(operator, topology)
        await operator.close()
        yield running
    finally:
        for process in running.processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()


def _server_config(place: Path, port: int) -> str:
    config = (FOLDER / "nats.conf").read_text()
    for ours, here in (
        ("0.0.0.0:4222", f"127.0.0.1:{port}"),
        ('"/data"', f'"{place}/js"'),
        ('include "monitor.conf"', ""),
        ("/tmp/nats.pid", f"{place}/nats.pid"),
    ):
        assert config.count(ours) == 1, ours
        config = config.replace(ours, here)
    return config


def _routes_config(routes: list[int], number: int) -> str:
    config = (OVERLAY / "cluster.conf").read_text().replace("0.0.0.0:6222", f"127.0.0.1:{routes[number]}")
    for other, port in enumerate(routes):
        config = config.replace(f"nats-{other}.nats-cluster:6222", f"127.0.0.1:{port}")
    return config
