"""Carries a story out on an installation: whoever it concerns is killed, held up, lied to or sent garbage."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from pathlib import Path
from typing import Any, TypeVar

import nats

from tests.chaos.figures import Figures
from tests.chaos.garbage import Garbage, flood
from tests.chaos.installations import SHAPES, THREE, Each, Shape, Up
from tests.chaos.story import EXPIRED, SIGN_INS, Step
from tests.chaos.surroundings import Surroundings
from tests.support.whole_system import Platforms, exactly, http

T = TypeVar("T")
CALM_S = 5.0
"""After everything is in its place: nothing more may come."""
PATIENCE_S = 600.0
READY_S = 120.0
"""So long every service has to be ready again after that."""
READS_LAG_S = 0.7
"""Longer than the pretend platforms' reads lag behind an addition."""
FLOOD_S = 180.0
"""So long a flood is tried again where there is no server to take it."""
AT_ONCE = 50
BACKUP_S = 120.0
"""So long a backup is tried again: NATS may be away, and a MongoDB without snapshots refuses while somebody writes."""
DISK = "disk"
"""The turn of those that must not meet a full disk, beside those of `installations`."""


class Run:
    """One story over one installation."""

    def __init__(
        self, world: Platforms, around: Surroundings, system: Each | Up, shape: Shape, figures: Figures
    ) -> None:
        self._world = world
        self._around = around
        self._system = system
        self._figures = figures
        self._figures.left_out = around.left_out
        self._everybody = sorted({DISK, *(system.turn(who) for who in SHAPES[shape])})
        self._meanwhile: set[asyncio.Task[Any]] = set()
        self._busy: dict[str, asyncio.Lock] = {}
        self._backups: dict[int, asyncio.Task[Path | None]] = {}

    async def play(self, steps: Iterable[Step]) -> None:
        """All steps, then health for everything."""
        for number, step in enumerate(steps, 1):
            if number % 50 == 0:
                print(f"{number} steps", file=sys.stderr, flush=True)
            self._figures.steps[step.what] += 1
            await self._begin(step)
            await asyncio.sleep(step.pause_s)
        await asyncio.gather(*self._meanwhile)
        if self._around.clock is not None:
            self._around.clock.jump(0)
        await self._heal()
        await self._world.settings(**dict.fromkeys(SIGN_INS, False))
        await self._revive()

    async def settle(self) -> None:
        """Wait until every collection holds every song once, and a little longer; count whatever it came to.

        Nothing is asserted here: `Figures.is_right` says whether it came right.
        """
        wanted = exactly(self._figures.songs)
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline and await self._world.compare() != wanted:
            await asyncio.sleep(1)
            await self._revive()
        await asyncio.sleep(CALM_S)
        self._figures.compared(await self._world.compare())
        with contextlib.suppress(OSError, KeyError, TypeError):
            self._figures.failed = sum(
                delivery["state"] == "failed"
                for track in await self._system.api.tracks()
                for delivery in track["deliveries"]
            )
        self._figures.unready = await self._unready()
        self._figures.refused = self._system.refused()
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
            # Until a cluster is whole again takes a while even where the server comes back at once.
            at_once = not step.lasting_s and step.about not in THREE
            await self._in_turn(step.about, lambda: self._system.kill(step.about, step.lasting_s), at_once=at_once)
        elif step.what == "away":
            await self._in_turn("nats", lambda: self._system.gone(step.lasting_s), at_once=False)
        elif step.what == "pause":
            await self._in_turn(step.about, lambda: self._system.hold_up(step.about, step.lasting_s), at_once=False)
        elif step.what in ("fault", "storm"):
            await self._lie(step)
        elif step.what == "signed_out":
            self._aside(self._signed_out(step))
        elif step.what == "garbage":
            self._aside(self._garbage(**step.details))
        elif step.what == "jump":
            self._jump(**step.details)
        elif step.what == "full":
            self._aside(self._full(step.lasting_s))
        elif step.what == "backup":
            self._backups[step.details["number"]] = self._aside(self._backup(**step.details))
        elif step.what == "restore":
            self._aside(self._restore(**step.details))
        else:
            raise ValueError(f"a story holds no {step.what!r}")

    async def _in_turn(self, who: str, act: Callable[[], Awaitable[None]], *, at_once: bool) -> None:
        """What concerns one turn never overlaps; what takes a while goes on beside the story."""

        async def alone() -> None:
            async with self._turns(self._system.turn(who)):
                await act()

        if at_once:
            await alone()
        else:
            self._aside(alone())

    @contextlib.asynccontextmanager
    async def _turns(self, *names: str) -> AsyncIterator[None]:
        """Nobody else has them meanwhile. Several are taken in order, so that no two wait for each other."""
        async with contextlib.AsyncExitStack() as stack:
            for name in sorted(names):
                await stack.enter_async_context(self._busy.setdefault(name, asyncio.Lock()))
            yield

    async def _revive(self) -> None:
        """Start again what ended by itself, as a supervisor does."""
        for who in self._system.ended():
            async with self._turns(self._system.turn(who)):
                await self._system.again(who)

    def _jump(self, off_s: int) -> None:
        if self._around.clock is not None:
            self._around.clock.jump(off_s)
            self._figures.jumps.append(off_s)

    async def _full(self, for_s: float) -> None:
        if not self._around.is_small:
            return
        # A server of NATS alone does not start on a full disk; services are killed and started beside this.
        async with self._turns(DISK, *({"nats"} & set(self._everybody))):
            self._figures.full_disks += 1
            try:
                await asyncio.to_thread(self._around.fill)
                await asyncio.sleep(for_s)
            finally:
                self._around.make_room()
            await self._system.room_again()
        await self._revive()

    async def _backup(self, number: int) -> Path | None:
        """Back up amid whatever is going on; None if that was never possible."""
        file = self._around.folder / f"{number}.backup"
        deadline = time.monotonic() + BACKUP_S
        while time.monotonic() < deadline:
            self._figures.backups_tried += 1
            code, _ = await self._system.command("backup", str(file))
            if code == 0:
                return file
            await asyncio.sleep(0.5)
        return None

    async def _restore(self, number: int) -> None:
        file = await self._backups[number]
        if file is None:
            self._figures.left_out.append(f"restore {number}: no backup could be made")
            return
        async with self._turns(*self._everybody):
            await self._system.restore(file)
            self._figures.restores += 1

    async def _lie(self, step: Step) -> None:
        self._figures.faults[_kind(step)] += 1
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
        if step.about == EXPIRED:
            return
        await asyncio.sleep(step.lasting_s)
        await self._world.settings(**{step.about: False})

    async def _garbage(self, seed: int, count: int) -> None:
        """Put a flood into the streams, however long it takes until they take it."""
        messages = await asyncio.to_thread(list, flood(seed, count))
        deadline = time.monotonic() + FLOOD_S
        while messages and time.monotonic() < deadline:
            with contextlib.suppress(OSError, TimeoutError, nats.errors.Error):
                async with asyncio.timeout(20):
                    client = await self._system.connect()
                    try:
                        js = client.jetstream(timeout=10)
                        while messages:
                            some = messages[:AT_ONCE]
                            await asyncio.gather(*(self._sent(js, each) for each in some))
                            self._figures.garbage.update(each.what for each in some)
                            del messages[:AT_ONCE]
                    finally:
                        await client.close()
            await asyncio.sleep(0.5)

    async def _sent(self, js: Any, one: Garbage) -> None:
        await js.publish(one.subject, one.body, headers=dict(one.headers) or None)

    async def _unready(self) -> list[str]:
        """Who is not ready, and keeps being so."""
        deadline = time.monotonic() + READY_S
        while True:
            found = ["api"]
            with contextlib.suppress(OSError, KeyError, TypeError, ValueError):
                status, answer = await http(f"{self._system.api.api}/readyz")
                if status == 200:
                    return []
                services = answer["services"].items()
                found = [*(name for name, state in services if not state["ready"]), *answer["stale"]]
            if time.monotonic() > deadline:
                return found
            await asyncio.sleep(1)

    def _aside(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._meanwhile.add(task)
        return task


def _kind(step: Step) -> str:
    """What a fault does, in a word or two."""
    effect, status = step.details["effect"], step.details.get("status")
    return f"{step.what}: {effect}{f' {status}' if status is not None else ''}"
