"""`navaar run` of every service as its own process, over one nats-server: what the containers do."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from tests.support.nats_server import NatsServer
from tests.support.ports import free_port
from tests.support.whole_system import Navaar, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(900)

SERVICES = (
    "api",
    "ledger",
    "identifier",
    "downloader",
    "telegram-gateway",
    "ytmusic-gateway",
    "spotify-gateway",
)


async def test_seven_processes_sync_six_ways_and_survive_the_loss_of_each(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    async with platforms(tmp_path, "--tracks", "8") as world, contextlib.AsyncExitStack() as stack:
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=nats_server.url)
        running: dict[str, Navaar] = {}
        for name in SERVICES:
            variables = {**environment, "NAVAAR_HEALTH_PORT": str(free_port())}
            running[name] = Navaar(variables, tmp_path / name, "run", name)
            await running[name].start()
            stack.push_async_callback(running[name].stop)
        await running["api"].until_ready()
        await world.person("play", count=2)
        for number, name in enumerate(SERVICES[1:], start=2):
            await world.person("add", number=number)
            await running[name].kill_group()
            await running[name].start()
        await until_exactly(world, 8, running["ledger"])
        for name in SERVICES:
            assert await running[name].stop() == 0, running[name].log()[-2000:]
