"""What a story is played on: Navaar's processes and the servers beside them, each of which can be killed or held up."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
import signal
from collections.abc import AsyncIterator, Callable
from functools import partial
from pathlib import Path
from typing import Literal

import nats
from nats.aio.client import Client

from navaar_contracts.permissions import OPERATOR
from navaar_contracts.streams import COMMANDS, EVENTS, KEY_VALUE_BUCKETS, STREAMS
from navaar_runtime.connection import inbox_of
from navaar_runtime.declare import Topology
from tests.chaos.surroundings import Surroundings
from tests.deployment.nats_cluster import SERVERS, Cluster, cluster
from tests.deployment.restricted import USERS, refused
from tests.support.mongo_server import MongoServer, environment, running
from tests.support.nats_server import NatsServer, binary
from tests.support.ports import free_port
from tests.support.restoring import tried
from tests.support.whole_system import Navaar, Platforms, up_environment

Shape = Literal["each", "pairs", "up", "cluster", "mongo"]
SERVICES = ("ledger", "identifier", "downloader", "telegram-gateway", "ytmusic-gateway", "spotify-gateway", "api")
SECOND = "-2"
"""Behind the name of a service's second process."""
LEADER = "leader"
"""Of the three servers the one that leads the history or the commands, found when it is to be killed."""
THREE = (*(f"nats-{number}" for number in range(SERVERS)), LEADER)
SHAPES: dict[Shape, tuple[str, ...]] = {
    "each": (*SERVICES, "nats"),
    "pairs": (*SERVICES, *(f"{name}{SECOND}" for name in SERVICES), "nats"),
    "up": ("group", "alone"),
    "cluster": (*SERVICES, *THREE),
    "mongo": (*SERVICES, "nats", "mongo"),
}
"""What can be killed: every service as a process of its own and their NATS server, the same with two processes of each
service, `navaar up` with what it starts, every service over three NATS servers that keep every stream together, or over
one NATS server with a MongoDB server for the ledger."""
KEPT = (*(each.name for each in STREAMS), *(f"KV_{each.name}" for each in KEY_VALUE_BUCKETS))
"""What every server of a cluster keeps."""
WHOLE_S = 90.0
"""So long a cluster may take until all its servers have everything again."""


async def _quiet(error: Exception) -> None:
    """A server that is away is what this is about."""


async def _connected(url: str, seed: Path | None = None) -> Client:
    """A plain client, with a seed the operator's, who may do everything that a person may."""
    return await nats.connect(
        url.split(","),
        nkeys_seed=str(seed) if seed is not None else None,
        inbox_prefix=inbox_of(OPERATOR),
        max_reconnect_attempts=0,
        connect_timeout=2,
        error_cb=_quiet,
    )


async def _suspended(send: Callable[[signal.Signals], None], for_s: float) -> None:
    """Held up as by a machine that swaps: it goes on as if no time had passed."""
    with contextlib.suppress(ProcessLookupError):
        send(signal.SIGSTOP)
        await asyncio.sleep(for_s)
        send(signal.SIGCONT)


class One:
    """One NATS server, and a MongoDB server where the shape has one."""

    def __init__(self, server: NatsServer, mongo: MongoServer | None = None) -> None:
        self._nats = server
        self._mongo = mongo

    def settings(self, service: str) -> dict[str, str]:
        """What a service needs to find them."""
        store = environment(self._mongo.url, "navaar_chaos") if self._mongo is not None else {}
        return {"NAVAAR_NATS_URL": self._nats.url, **store}

    async def kill(self, who: str, away_s: float) -> None:
        if who != "mongo" or self._mongo is None:
            await self._nats.kill()
            await asyncio.sleep(away_s)
            await self._nats.start()
            return
        await asyncio.to_thread(self._mongo.kill)
        await asyncio.sleep(away_s)
        await asyncio.to_thread(self._mongo.start)

    async def gone(self, for_s: float) -> None:
        """NATS is away for so long."""
        await self.kill("nats", for_s)

    async def hold_up(self, who: str, for_s: float) -> None:
        found = self._mongo.process if who == "mongo" and self._mongo is not None else self._nats
        if found is not None:
            await _suspended(partial(os.kill, found.pid), for_s)

    async def connect(self) -> Client:
        return await _connected(self._nats.url)

    async def room_again(self) -> None:
        """Start the server again, as whoever watches over it does: a store that once could not write gives up."""
        await self.kill("nats", 0.0)

    def person(self) -> dict[str, str]:
        """What a person's commands need further to sign in."""
        return {}

    def refused(self) -> list[str]:
        """Nothing: nobody signs in."""
        return []


class Three:
    """Three NATS servers as the cluster overlay sets them up, of which at most one is away unless all are."""

    def __init__(self, servers: Cluster) -> None:
        self._servers = servers
        keys = (servers.folder / "keys" / "public.env").read_text().split()
        self._public = dict(line.split("=", 1) for line in keys)
        self._dice = random.Random("leader")

    def settings(self, service: str) -> dict[str, str]:
        """What a service needs to find them and to sign in."""
        return {
            "NAVAAR_NATS_URL": self._servers.url,
            "NAVAAR_NATS_DECLARE": "false",
            "NAVAAR_NATS_REPLICAS": str(SERVERS),
            "NAVAAR_NATS_NKEY_SEED_FILE": str(self._servers.seed(USERS[service])),
        }

    async def kill(self, who: str, away_s: float) -> None:
        """It is back when this returns, and the streams are whole, or WHOLE_S have passed."""
        name = await self._leader() if who == LEADER else who
        await self._end(name)
        await asyncio.sleep(away_s)
        await self._start(name)
        await self._until_whole()

    async def gone(self, for_s: float) -> None:
        """All three are away for so long."""
        for name in self._servers.processes:
            await self._end(name)
        await asyncio.sleep(for_s)
        for name in self._servers.processes:
            await self._start(name)
        await self._until_whole()

    async def hold_up(self, who: str, for_s: float) -> None:
        name = await self._leader() if who == LEADER else who
        await _suspended(partial(os.kill, self._servers.processes[name].pid), for_s)
        await self._until_whole()

    async def connect(self) -> Client:
        return await _connected(self._servers.url, self._servers.seed(OPERATOR))

    async def room_again(self) -> None:
        """Nothing: they have disks of their own."""

    def person(self) -> dict[str, str]:
        """What a person's commands need further to sign in."""
        return {"NAVAAR_NATS_NKEY_SEED_FILE": str(self._servers.seed(OPERATOR))}

    def refused(self) -> list[str]:
        """What the servers forbade whom."""
        return sorted(": ".join(found) for found in refused(*self._servers.logs()))

    async def _leader(self) -> str:
        """Who leads one of the two streams that matter; anybody, if nobody can say."""
        with contextlib.suppress(OSError, TimeoutError, nats.errors.Error):
            async with asyncio.timeout(10):
                operator = await self.connect()
                try:
                    stream = self._dice.choice((EVENTS, COMMANDS)).name
                    info = await operator.jetstream(timeout=5).stream_info(stream)
                finally:
                    await operator.close()
                if info.cluster is not None and info.cluster.leader in self._servers.processes:
                    return info.cluster.leader
        return self._dice.choice(sorted(self._servers.processes))

    async def _end(self, name: str) -> None:
        process = self._servers.processes[name]
        if process.returncode is None:
            process.kill()
        await process.wait()

    async def _start(self, name: str) -> None:
        place = self._servers.folder / name
        with (place / "nats.log").open("ab") as log:
            self._servers.processes[name] = await asyncio.create_subprocess_exec(
                *(binary(), "-c", str(place / "nats.conf")),
                env={**os.environ, **self._public, "NATS_SERVER_NAME": name},
                stdout=log,
                stderr=log,
            )

    async def _until_whole(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WHOLE_S):
                while not await self._is_whole():
                    await asyncio.sleep(0.3)

    async def _is_whole(self) -> bool:
        """Whether every stream has a leader and two replicas that have all it has."""
        with contextlib.suppress(OSError, TimeoutError, nats.errors.Error):
            async with asyncio.timeout(10):
                operator = await self.connect()
                try:
                    js = operator.jetstream(timeout=5)
                    for stream in KEPT:
                        group = (await js.stream_info(stream)).cluster
                        if group is None or not group.leader:
                            return False
                        replicas = group.replicas or []
                        if len(replicas) < SERVERS - 1 or any(each.offline or not each.current for each in replicas):
                            return False
                    return True
                finally:
                    await operator.close()
        return False


class Each:
    """Every service in a process of its own, or in two, beside its servers."""

    def __init__(self, world: Platforms, around: Surroundings, shape: Shape, servers: One | Three) -> None:
        self._around = around
        self._folder = around.folder
        self._names = [name for name in SHAPES[shape] if name.removesuffix(SECOND) in SERVICES]
        self._world = world
        self._servers = servers
        self._running: dict[str, Navaar] = {}

    async def start(self) -> None:
        shared = up_environment(self._world, self._folder, **self._around.variables)
        for name in self._names:
            ports = {"NAVAAR_HEALTH_PORT": str(free_port()), "NAVAAR_API_PORT": str(free_port())}
            if name == "api":
                ports.pop("NAVAAR_API_PORT")
            service = name.removesuffix(SECOND)
            variables = {**shared, **self._servers.settings(service), **ports}
            self._running[name] = Navaar(variables, self._folder / name, "run", service)
            await self._running[name].start()

    @property
    def api(self) -> Navaar:
        return self._running["api"]

    def turn(self, who: str) -> str:
        """Those of one turn are never away at the same time."""
        return "nats" if who in THREE else who

    async def kill(self, who: str, away_s: float) -> None:
        one = self._running.get(who)
        if one is None:
            await self._servers.kill(who, away_s)
            return
        await one.kill_group()
        await asyncio.sleep(away_s)
        await one.start()

    async def gone(self, for_s: float) -> None:
        """NATS is away for so long."""
        await self._servers.gone(for_s)

    async def hold_up(self, who: str, for_s: float) -> None:
        one = self._running.get(who)
        if one is None:
            await self._servers.hold_up(who, for_s)
        else:
            await _suspended(partial(os.kill, one.pid), for_s)

    async def connect(self) -> Client:
        return await self._servers.connect()

    def refused(self) -> list[str]:
        """What NATS forbade whom, so far."""
        return self._servers.refused()

    def ended(self) -> list[str]:
        """Who is not there just now."""
        return [name for name, one in self._running.items() if one.returncode is not None]

    async def again(self, who: str) -> None:
        """Start it, unless it is there."""
        if self._running[who].returncode is not None:
            await self._running[who].start()

    async def room_again(self) -> None:
        """The disk has room again: what a person, or a supervisor, does about the server."""
        await self._servers.room_again()

    async def command(self, *arguments: str) -> tuple[int, str]:
        """(exit code, what it says) of a command of ours that a person gives."""
        ledger = self._running["ledger"]
        return await tried({**ledger.environment, **self._servers.person()}, ledger.folder, *arguments)

    async def restore(self, file: Path) -> None:
        """Kill every service, put the backup back, and start them again. AssertionError: it is refused."""
        for one in self._running.values():
            await one.kill_group()
        code, said = await self.command("restore", str(file), "--yes")
        for one in self._running.values():
            await one.start()
        assert code == 0, said

    async def stop(self) -> dict[str, int]:
        """What each process ended with."""
        return {name: await one.stop() for name, one in self._running.items()}


class Up:
    """`navaar up`, with the NATS server that it starts."""

    def __init__(self, world: Platforms, around: Surroundings) -> None:
        self.api = Navaar(up_environment(world, around.folder, **around.variables), around.folder)

    async def start(self) -> None:
        await self.api.start()

    def turn(self, who: str) -> str:
        return "up"

    async def kill(self, who: str, away_s: float) -> None:
        await (self.api.kill_group() if who == "group" else self.api.kill_alone())
        await asyncio.sleep(away_s)
        await self.api.start()

    async def gone(self, for_s: float) -> None:
        raise ValueError("the launcher starts its server again by itself")

    async def hold_up(self, who: str, for_s: float) -> None:
        await _suspended(partial(os.killpg if who == "group" else os.kill, self.api.pid), for_s)

    async def connect(self) -> Client:
        folder = Path(self.api.environment["NAVAAR_DATA_DIR"]) / "nats"
        return await _connected((folder / "url").read_text().strip(), folder / "keys" / "operator.nk")

    def refused(self) -> list[str]:
        """Not told: the launcher keeps its server's log."""
        return []

    def ended(self) -> list[str]:
        return ["group"] if self.api.returncode is not None else []

    async def again(self, who: str) -> None:
        if self.api.returncode is not None:
            await self.api.start()

    async def room_again(self) -> None:
        """Nothing: the launcher looks after its server."""

    async def command(self, *arguments: str) -> tuple[int, str]:
        return await tried(self.api.environment, self.api.folder, *arguments)

    async def restore(self, file: Path) -> None:
        await self.api.kill_group()
        code, said = await self.command("restore", str(file), "--yes")
        await self.api.start()
        assert code == 0, said

    async def stop(self) -> dict[str, int]:
        """What the process ended with."""
        return {"up": await self.api.stop()}


@contextlib.asynccontextmanager
async def installation(shape: Shape, world: Platforms, around: Surroundings) -> AsyncIterator[Each | Up]:
    """A running installation of that shape; stopped at the end."""
    async with contextlib.AsyncExitStack() as stack:
        system: Each | Up
        if shape == "up":
            system = Up(world, around)
        elif shape == "cluster":
            topology = Topology(replicas=SERVERS)
            three = await stack.enter_async_context(cluster(around.folder / "nats", topology))
            system = Each(world, around, shape, Three(three))
        else:
            mongo = stack.enter_context(running("secantus")) if shape == "mongo" else None
            server = NatsServer(around.nats())
            stack.callback(server.end)
            await server.start()
            system = Each(world, around, shape, One(server, mongo))
        await system.start()
        try:
            await system.api.until_ready()
            yield system
        finally:
            await system.stop()
