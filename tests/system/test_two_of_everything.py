"""Two of every service on one NATS: one of each acts, whoever is killed is replaced, and everything is there once."""

from __future__ import annotations

import contextlib
import os
import signal
from pathlib import Path
from time import monotonic

import pytest

from navaar_contracts.identifiers import Platform
from tests.support.nats_server import NatsServer
from tests.support.ports import free_port
from tests.support.whole_system import (
    Navaar,
    Platforms,
    eventually,
    exactly,
    http,
    platforms,
    until_exactly,
    up_environment,
)

pytestmark = pytest.mark.timeout(900)

SECONDS = 15.0
"""Within which another acts; measured and printed, on a busy machine it may be more."""
TAKING_TURNS = ("ledger", Platform.TELEGRAM.spec.gateway, Platform.YOUTUBE.spec.gateway, Platform.SPOTIFY.spec.gateway)
SERVICES = ("api", "identifier", "downloader", *TAKING_TURNS)


async def ready(running: Navaar) -> tuple[int, str]:
    """(status, whom it stands by for) as the process says of itself; (0, '') while it does not answer."""
    with contextlib.suppress(OSError):
        status, answer = await http(f"http://127.0.0.1:{running.environment['NAVAAR_HEALTH_PORT']}/readyz")
        return status, answer.get("details", {}).get("lease", "")
    return 0, ""


async def until_standing_by(running: Navaar) -> None:
    async def stands_by() -> bool:
        status, told = await ready(running)
        return status == 200 and told.startswith("standing by for ") and told.endswith(" is active")

    await eventually(stands_by)


async def until_acting(running: Navaar) -> None:
    async def acts() -> bool:
        return await ready(running) == (200, "")

    await eventually(acts)


async def test_two_of_every_service_and_one_of_each_killed(nats_server: NatsServer, tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "8") as world, contextlib.AsyncExitStack() as stack:
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=nats_server.url)
        acting: dict[str, Navaar] = {}
        standby: dict[str, Navaar] = {}
        for number, group in enumerate((acting, standby)):
            for name in SERVICES[number:]:
                variables = {**environment, "NAVAAR_HEALTH_PORT": str(free_port())}
                group[name] = Navaar(variables, tmp_path / f"{name}-{number}", "run", name)
                await group[name].start()
                stack.push_async_callback(group[name].stop)
            await acting["api"].until_ready()
        for name in TAKING_TURNS:
            await until_standing_by(standby[name])
        await world.person("play", count=2)
        # One hangs, as if its machine slept: nobody can tell that from outside, and its time has to run out.
        asleep = acting[SERVICES[-1]]
        os.killpg(asleep.pid, signal.SIGSTOP)
        slept = monotonic()
        for number, name in enumerate(SERVICES[1:-1], start=2):
            await world.person("add", number=number)
            await acting[name].kill_group()
            if name in TAKING_TURNS:
                begun = monotonic()
                await until_acting(standby[name])
                print(f"another {name} acted after {monotonic() - begun:.1f} s of at most {SECONDS:.0f}")
        await until_acting(standby[SERVICES[-1]])
        print(f"another {SERVICES[-1]} acts {monotonic() - slept:.1f} s after the first was stopped")
        # It wakes up, finds that another acts, and stands by.
        os.killpg(asleep.pid, signal.SIGCONT)
        await world.person("add", number=7)
        await until_standing_by(asleep)
        await until_exactly(world, 8, standby["ledger"])
        _, health = await http(f"{acting['api'].api}/readyz")
        told = {name for name, state in health["services"].items() if "standby" in state["details"]}
        assert told == {Platform.SPOTIFY.value}
        for name in SERVICES[1:]:
            assert await standby[name].stop() == 0, standby[name].log()[-2000:]
        assert await _conflicts(world) == 0


async def test_two_launchers_on_one_nats_and_two_on_one_data_folder(nats_server: NatsServer, tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6") as world, contextlib.AsyncExitStack() as stack:
        first, second = (
            Navaar(up_environment(world, tmp_path / name, NAVAAR_NATS_URL=nats_server.url), tmp_path / name)
            for name in ("first", "second")
        )
        await first.start()
        stack.push_async_callback(first.stop)
        await first.until_ready()
        await world.person("play", count=2)
        await second.start()
        stack.push_async_callback(second.stop)
        await second.until_ready()

        async def says_so() -> bool:
            _, health = await http(f"{second.api}/readyz")
            told = {name: state["details"].get("standby", "") for name, state in health["services"].items()}
            mine = [one for one in told.values() if one.startswith("standing by for ")]
            return len(mine) == len(TAKING_TURNS) and all(f"process {first.pid} on" in one for one in mine)

        await eventually(says_so)
        # A third one on the folder of the first is refused with the reason.
        third = Navaar(first.environment, tmp_path / "third")
        await third.start()
        await eventually(lambda: _ended(third))
        assert third.returncode == 2
        assert f"in use by another `navaar up` (process {first.pid})" in third.log()
        await world.person("add", number=2)
        await first.kill_group()
        begun = monotonic()
        await world.person("add", number=3)
        await eventually(lambda: _holds(world, 4))
        print(f"in step again {monotonic() - begun:.1f} s after the first was killed")
        # The first comes again, stands by, and takes over from the second at its orderly end.
        await first.start()
        await first.until_ready()
        await world.person("add", number=4)
        assert await second.stop() == 0, second.log()[-2000:]
        await world.person("add", number=5)
        await until_exactly(world, 6, first)
        assert await first.stop() == 0, first.log()[-2000:]
        assert await _conflicts(world) == 0


async def _holds(world: Platforms, songs: int) -> bool:
    return await world.compare() == exactly(songs)


async def _ended(running: Navaar) -> bool:
    return running.returncode is not None


async def _conflicts(world: Platforms) -> int:
    """How often Telegram had two readers at once."""
    return sum(call["status"] == 409 for call in await world.calls("telegram", "getUpdates"))
