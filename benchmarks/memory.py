"""What each service needs in memory: every one as its own process, while a person plays songs on pretend platforms.

    uv run python -m benchmarks.memory [--tracks 12]

Prints a table: resident memory after the start and its highest point, in MiB, children (ffmpeg, yt-dlp, tag readers)
apart. Read from /proc, so on Linux only.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import tempfile
from pathlib import Path

from tests.support.nats_server import running_nats
from tests.support.whole_system import (
    Navaar,
    Platforms,
    eventually,
    exactly,
    free_port,
    navaar,
    platforms,
    up_environment,
)

SERVICES = (
    "ledger",
    "identifier",
    "downloader",
    "telegram-gateway",
    "ytmusic-gateway",
    "spotify-gateway",
    "api",
)
EVERY_S = 0.1


def resident(pid: int, field: str = "VmRSS") -> float:
    """MiB of a process, 0 when it is gone."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith(f"{field}:")), 0.0)


def children(pid: int) -> list[int]:
    """All descendants."""
    found = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += [int(child), *children(int(child))]
    return found


async def sample(pids: dict[str, int], most_below: dict[str, float]) -> None:
    while True:
        for name, pid in pids.items():
            most_below[name] = max(most_below[name], sum(resident(child) for child in children(pid)))
        await asyncio.sleep(EVERY_S)


async def apart(tracks: int) -> None:
    """Every service as its own process."""
    async with running_nats() as nats, contextlib.AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        world = await stack.enter_async_context(platforms(folder, "--tracks", str(tracks)))
        environment = up_environment(world, folder, NAVAAR_NATS_URL=nats.url)
        running = {}
        for name in SERVICES:
            variables = {**environment, "NAVAAR_HEALTH_PORT": str(free_port())}
            running[name] = Navaar(variables, folder / name, "run", name)
            await running[name].start()
            stack.push_async_callback(running[name].stop)
        await running["api"].until_ready()
        await measure(world, {name: one.pid for name, one in running.items()} | {"nats-server": nats.pid}, tracks)


async def together(tracks: int) -> None:
    """`navaar up`: one process, with the embedded NATS server among its children."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with platforms(folder, "--tracks", str(tracks)) as world, navaar(world, folder) as running:
            await measure(world, {"navaar up": running.pid}, tracks)


async def measure(world: Platforms, pids: dict[str, int], tracks: int) -> None:
    started = {name: resident(pid) for name, pid in pids.items()}
    most_below = dict.fromkeys(pids, 0.0)
    sampling = asyncio.create_task(sample(pids, most_below))
    await world.person("play", count=tracks)

    async def done() -> bool:
        return await world.compare() == exactly(tracks)

    await eventually(done, 60 + 10 * tracks)
    sampling.cancel()
    for name, pid in pids.items():
        below = f"{most_below[name]:.0f}" if most_below[name] else ""
        print(f"| {name} | {started[name]:.0f} | {resident(pid, 'VmHWM'):.0f} | {below} |")


async def main(tracks: int) -> None:
    print(f"| service | after the start | at most, {tracks} songs | its children at most |\n|---|---:|---:|---:|")
    await apart(tracks)
    await together(tracks)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tracks", type=int, default=12)
    asyncio.run(main(parser.parse_args().tracks))
