"""Carries a story out: Navaar's processes over the pretend platforms, killed, held up and lied to."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import random
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from pathlib import Path
from typing import Any, Literal

import nats
from nats.aio.client import Client

from tests.chaos.figures import Figures
from tests.chaos.story import Step
from tests.support.nats_server import NatsServer
from tests.support.ports import free_port
from tests.support.whole_system import Navaar, Platforms, exactly, up_environment

Shape = Literal["each", "pairs", "up"]
SERVICES = ("ledger", "identifier", "downloader", "telegram-gateway", "ytmusic-gateway", "spotify-gateway", "api")
SECOND = "-2"
"""Behind the name of a service's second process."""
SHAPES: dict[Shape, tuple[str, ...]] = {
    "each": (*SERVICES, "nats"),
    "pairs": (*SERVICES, *(f"{name}{SECOND}" for name in SERVICES), "nats"),
    "up": ("group", "alone"),
}
"""What can be killed: every service as a process of its own and their NATS server, the same with two processes of each
service, or `navaar up` with what it starts."""
CALM_S = 5.0
"""After everything is in its place: nothing more may come."""
PATIENCE_S = 600.0
READS_LAG_S = 0.7
"""Longer than the pretend platforms' reads lag behind an addition."""


async def _quiet(error: Exception) -> None:
    """A server that is away is what this is about."""


class Each:
    """Every service in a process of its own, or in two, beside one NATS server."""

    def __init__(self, world: Platforms, folder: Path, shape: Shape) -> None:
        self._folder = folder
        self._names = [name for name in SHAPES[shape] if name != "nats"]
        self.nats = NatsServer(folder / "nats")
        self._world = world
        self._running: dict[str, Navaar] = {}

    async def start(self) -> None:
        (self._folder / "nats").mkdir(parents=True)
        await self.nats.start()
        environment = up_environment(self._world, self._folder, NAVAAR_NATS_URL=self.nats.url)
        for name in self._names:
            ports = {"NAVAAR_HEALTH_PORT": str(free_port()), "NAVAAR_API_PORT": str(free_port())}
            if name == "api":
                ports.pop("NAVAAR_API_PORT")
            service = name.removesuffix(SECOND)
            self._running[name] = Navaar({**environment, **ports}, self._folder / name, "run", service)
            await self._running[name].start()

    @property
    def api(self) -> Navaar:
        return self._running["api"]

    async def kill(self, who: str, away_s: float) -> None:
        if who == "nats":
            await self.nats.kill()
            await asyncio.sleep(away_s)
            await self.nats.start()
            return
        await self._running[who].kill_group()
        await asyncio.sleep(away_s)
        await self._running[who].start()

    def signal(self, who: str, number: signal.Signals) -> None:
        os.kill(self.nats.pid if who == "nats" else self._running[who].pid, number)

    async def connect(self) -> Client:
        return await nats.connect(self.nats.url, max_reconnect_attempts=0, connect_timeout=2, error_cb=_quiet)

    async def revive(self) -> None:
        """Start again what ended by itself."""
        for one in self._running.values():
            if one.returncode is not None:
                await one.start()

    async def stop(self) -> dict[str, int]:
        """What each process ended with."""
        codes = {name: await one.stop() for name, one in self._running.items()}
        self.nats.end()
        return codes

    def logs(self) -> Iterable[tuple[str, str]]:
        return ((name, one.log()) for name, one in self._running.items())


class Up:
    """`navaar up`, with the NATS server that it starts."""

    def __init__(self, world: Platforms, folder: Path) -> None:
        self.api = Navaar(up_environment(world, folder), folder)

    async def start(self) -> None:
        await self.api.start()

    async def kill(self, who: str, away_s: float) -> None:
        await (self.api.kill_group() if who == "group" else self.api.kill_alone())
        await asyncio.sleep(away_s)
        await self.api.start()

    def signal(self, who: str, number: signal.Signals) -> None:
        if who == "group":
            os.killpg(self.api.pid, number)
        else:
            os.kill(self.api.pid, number)

    async def connect(self) -> Client:
        return await self.api.nats()

    async def revive(self) -> None:
        if self.api.returncode is not None:
            await self.api.start()

    async def stop(self) -> dict[str, int]:
        """What the process ended with."""
        return {"up": await self.api.stop()}

    def logs(self) -> Iterable[tuple[str, str]]:
        return (("up", self.api.log()),)


class Run:
    """One story over one installation."""

    def __init__(self, world: Platforms, system: Each | Up, figures: Figures) -> None:
        self._world = world
        self._system = system
        self._figures = figures
        self._dice = random.Random(f"garbage|{figures.seed}")
        self._meanwhile: set[asyncio.Task[None]] = set()
        self._busy: dict[str, asyncio.Lock] = {}

    async def play(self, steps: Iterable[Step]) -> None:
        """All steps, then health for everything."""
        for number, step in enumerate(steps, 1):
            if number % 50 == 0:
                print(f"{number} steps", file=sys.stderr, flush=True)
            self._figures.steps[step.what] += 1
            await self._begin(step)
            await asyncio.sleep(step.pause_s)
        await asyncio.gather(*self._meanwhile)
        await self._heal()
        await self._world.settings(spotify_revoked=False, youtube_session_revoked=False)
        await self._system.revive()

    async def settle(self) -> None:
        """Wait until every collection holds every song once, and a little longer; count whatever it came to.

        Nothing is asserted here: `Figures.is_right` says whether it came right.
        """
        wanted = exactly(self._figures.songs)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and await self._world.compare() != wanted:
            await asyncio.sleep(1)
            await self._system.revive()
        await asyncio.sleep(CALM_S)
        self._figures.compared(await self._world.compare())
        with contextlib.suppress(OSError, KeyError, TypeError):
            self._figures.failed = sum(
                delivery["state"] == "failed"
                for track in await self._system.api.tracks()
                for delivery in track["deliveries"]
            )
        await self._figures.read_streams(await self._system.connect())

    async def _begin(self, step: Step) -> None:
        if step.what == "add":
            self._figures.songs += 1
            await self._world.person("add", side=step.about, **step.details)
        elif step.what == "everywhere":
            self._figures.songs += 1
            playlists = ("youtube", "spotify")
            await asyncio.gather(*(self._world.person("add", side=side, **step.details) for side in playlists))
            # Whoever hears of the post at once must be able to see what was added before it.
            await asyncio.sleep(READS_LAG_S)
            await self._world.person("add", side="telegram", **step.details)
        elif step.what == "kill":
            self._figures.kills[step.about] += 1
            await self._in_turn(
                step.about, lambda: self._system.kill(step.about, step.lasting_s), at_once=not step.lasting_s
            )
        elif step.what == "pause":
            await self._in_turn(step.about, lambda: self._held_up(step), at_once=False)
        elif step.what in ("fault", "storm"):
            await self._lie(step)
        elif step.what == "signed_out":
            self._aside(self._signed_out(step))
        elif step.what == "garbage":
            await self._garbage(bytes.fromhex(step.details["body"]))
        else:
            raise ValueError(f"a story holds no {step.what!r}")

    async def _in_turn(self, who: str, act: Callable[[], Awaitable[None]], *, at_once: bool) -> None:
        """What concerns one process never overlaps; what takes a while goes on beside the story."""
        lock = self._busy.setdefault("up" if who in SHAPES["up"] else who, asyncio.Lock())

        async def alone() -> None:
            async with lock:
                await act()

        if at_once:
            await alone()
        else:
            self._aside(alone())

    async def _held_up(self, step: Step) -> None:
        """Suspended as by a machine that swaps: it goes on as if no time had passed."""
        with contextlib.suppress(ProcessLookupError, RuntimeError):
            self._system.signal(step.about, signal.SIGSTOP)
            await asyncio.sleep(step.lasting_s)
            self._system.signal(step.about, signal.SIGCONT)

    async def _lie(self, step: Step) -> None:
        storm = {"count": None, "probability": 0.5} if step.what == "storm" else {}
        await self._world.fault(step.about, **{"operation": "*", **step.details, **storm})
        if step.what == "storm":
            self._aside(self._healed(step.lasting_s))

    async def _healed(self, after_s: float) -> None:
        await asyncio.sleep(after_s)
        await self._heal()

    async def _heal(self) -> None:
        self._figures.faults_struck += sum(fault["struck"] for fault in (await self._world.state())["faults"])
        await self._world.heal()

    async def _signed_out(self, step: Step) -> None:
        await self._world.settings(**{step.about: True})
        await asyncio.sleep(step.lasting_s)
        await self._world.settings(**{step.about: False})

    async def _garbage(self, body: bytes) -> None:
        """A message that no schema fits, on a subject that somebody listens to."""
        subject = self._dice.choice(
            (
                "navaar.evt.item.sighted.main",
                "navaar.cmd.spotify.place-track.main",
                "navaar.cmd.identifier.identify-track.main",
            )
        )
        kind = self._dice.choice(("ItemSighted", "PlaceTrack", "Unheard"))
        fits = self._dice.random() < 0.5
        data = (
            json.dumps({"link": "main", "track_id": self._dice.choice(("x", -1, None, [[[]]]))}).encode()
            if fits
            else body
        )
        with contextlib.suppress(OSError, TimeoutError, nats.errors.Error):
            async with asyncio.timeout(2):
                client = await self._system.connect()
                await client.publish(subject, data, headers={"Navaar-Type": kind, "Navaar-Version": "1"})
                await client.flush(1)
                await client.close()

    def _aside(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._meanwhile.add(task)


@contextlib.asynccontextmanager
async def installation(shape: Shape, world: Platforms, folder: Path) -> AsyncIterator[Each | Up]:
    """A running installation of that shape; stopped at the end."""
    system: Each | Up = Up(world, folder) if shape == "up" else Each(world, folder, shape)
    await system.start()
    try:
        await system.api.until_ready()
        yield system
    finally:
        await system.stop()
