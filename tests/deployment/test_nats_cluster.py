"""The three servers of the cluster overlay: its real routes and users, on ports of this machine."""

from __future__ import annotations

import asyncio
import contextlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import nats
import nats.errors
import pytest
from nats.js.errors import APIError, NoStreamResponseError

from navaar_contracts.streams import EVENTS
from navaar_shared.connection import inbox_of
from navaar_shared.declare import Topology, declare
from tests.deployment.guarded_nats import FOLDER, ROOT
from tests.support.nats_server import binary
from tests.support.whole_system import free_port

pytestmark = pytest.mark.timeout(90)

SERVERS = 3
DEADLINE_S = 40


class Cluster:
    def __init__(self, ports: list[int], keys: Path) -> None:
        self.urls = [f"nats://127.0.0.1:{port}" for port in ports]
        self.processes: dict[str, asyncio.subprocess.Process] = {}
        self._keys = keys

    async def connect(self, user: str) -> nats.NATS:
        seed = str(self._keys / f"{user}.nk")
        async with asyncio.timeout(DEADLINE_S):
            return await nats.connect(
                self.urls,
                nkeys_seed=seed,
                inbox_prefix=inbox_of(user),
                max_reconnect_attempts=-1,
                reconnect_time_wait=0.2,
                error_cb=_quiet,
            )


async def _quiet(error: Exception) -> None:
    """A server that goes is what this is about."""


@contextlib.asynccontextmanager
async def cluster(folder: Path) -> AsyncIterator[Cluster]:
    keys = folder / "keys"
    await asyncio.to_thread(subprocess.run, [sys.executable, str(FOLDER / "keys.py"), str(keys)], check=True)
    public = dict(line.split("=", 1) for line in (keys / "public.env").read_text().split())
    clients = [free_port() for _ in range(SERVERS)]
    routes = [free_port() for _ in range(SERVERS)]
    running = Cluster(clients, keys)
    for number in range(SERVERS):
        place = folder / f"nats-{number}"
        place.mkdir()
        config = (FOLDER / "nats.conf").read_text()
        config = config.replace("0.0.0.0:4222", f"127.0.0.1:{clients[number]}").replace('"/data"', f'"{place}/js"')
        config = config.replace('http: "0.0.0.0:8222"', "").replace("/tmp/nats.pid", f"{place}/nats.pid")
        neighbours = (ROOT / "k8s" / "overlays" / "cluster" / "cluster.conf").read_text()
        neighbours = neighbours.replace("0.0.0.0:6222", f"127.0.0.1:{routes[number]}")
        for other in range(SERVERS):
            neighbours = neighbours.replace(f"nats-{other}.nats-cluster:6222", f"127.0.0.1:{routes[other]}")
        (place / "nats.conf").write_text(config)
        (place / "users.conf").write_text((FOLDER / "users.conf").read_text())
        (place / "cluster.conf").write_text(neighbours)
        with (place / "nats.log").open("wb") as log:
            running.processes[place.name] = await asyncio.create_subprocess_exec(
                binary(),
                "-c",
                str(place / "nats.conf"),
                env={**os.environ, **public, "NATS_SERVER_NAME": place.name},
                stdout=log,
                stderr=log,
            )
    try:
        yield running
    finally:
        for process in running.processes.values():
            if process.returncode is None:
                process.kill()
                await process.wait()


async def test_three_servers_keep_every_message_when_the_leader_dies(tmp_path: Path) -> None:
    async with cluster(tmp_path) as servers:
        operator = await servers.connect("operator")
        async with asyncio.timeout(DEADLINE_S):
            await declare(operator, Topology(replicas=SERVERS))
        spotify = await servers.connect("spotify")
        for number in range(10):
            await _publish(spotify, number)
        info = await operator.jetstream(timeout=5).stream_info(EVENTS.name)
        assert info.config.num_replicas == SERVERS
        assert info.cluster is not None
        leader = servers.processes[str(info.cluster.leader)]
        leader.kill()
        await leader.wait()
        for number in range(10, 20):
            await _publish(spotify, number)
        async with asyncio.timeout(DEADLINE_S):
            while True:
                with contextlib.suppress(TimeoutError, nats.errors.Error, APIError):
                    left = await operator.jetstream(timeout=2).stream_info(EVENTS.name)
                    assert left.state.messages == 20
                    break
        await spotify.close()
        await operator.close()


async def _publish(client: nats.NATS, number: int) -> None:
    """Until it is stored; the id makes a repetition harmless."""
    js = client.jetstream(timeout=2)
    async with asyncio.timeout(DEADLINE_S):
        while True:
            with contextlib.suppress(TimeoutError, nats.errors.Error, NoStreamResponseError, APIError):
                await js.publish(
                    "navaar.evt.item.sighted.main", b"{}", stream=EVENTS.name, headers={"Nats-Msg-Id": f"n{number}"}
                )
                return
            await asyncio.sleep(0.1)
