"""One life with a restore in it: songs are added, a backup is made amid them, more are added, Navaar is killed, the
backup is put back, and more are added. Everything is drawn from a seed."""

from __future__ import annotations

import random
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.integration.test_launcher_commands import navaar as command
from tests.support.whole_system import Navaar, Platforms, eventually, until_exactly, up_environment

SIDES = ("telegram", "youtube", "spotify")
MOST_TRIES = 40


@dataclass(frozen=True)
class Figures:
    """What a life came to."""

    seed: int
    songs: int
    added_before: int
    placed_at_backup: int
    """Entries of all collections when the backup was begun."""
    placed_at_kill: int
    backups_refused: int
    """A MongoDB without snapshots refuses while somebody writes."""
    seconds: float
    told: str
    """What the ledger said about what it took over."""


async def live(
    world: Platforms, folder: Path, seed: int, songs: int, store: Mapping[str, str], *, first: int = 0
) -> Figures:
    """Live it; raises AssertionError unless each collection then holds each song once.

    Args:
        songs: how many there are in all, at least 3; numbers from `first` on.
        store: the settings of the ledger's store.
    """
    begun, chance = time.monotonic(), random.Random(seed)
    before = chance.randint(1, songs - 2)
    after = chance.randint(1, songs - before - 1)
    numbers = iter(range(first, first + songs))
    running = Navaar(up_environment(world, folder, **store), folder)
    file = folder / "navaar.backup"
    await running.start()
    try:
        await running.until_ready()
        await add(world, chance, numbers, before)
        at_backup = await until_placed(world, chance.randint(0, 3 * before))
        refused = await backed_up(running, file, folder)
        await add(world, chance, numbers, after)
        at_kill = await until_placed(world, chance.randint(at_backup, 3 * (before + after)))
        await running.kill_group()
        code, out, err = await command("restore", str(file), "--yes", environment=running.environment, folder=folder)
        assert code == 0, out + err
        await running.start()
        await running.until_ready()
        await add(world, chance, numbers, songs - before - after)
        await until_exactly(world, first + songs, running)
        assert "Traceback" not in running.log()
    finally:
        await running.stop()
    told = next((line for line in running.log().splitlines() if '"reconciled"' in line or "reconciled " in line), "")
    return Figures(seed, songs, before, at_backup, at_kill, refused, round(time.monotonic() - begun, 1), told[-300:])


async def add(world: Platforms, chance: random.Random, numbers, count: int) -> None:  # type: ignore[no-untyped-def]
    for _ in range(count):
        await world.person("add", number=next(numbers), side=chance.choice(SIDES))


async def until_placed(world: Platforms, entries: int) -> int:
    """Wait until all collections together hold so many entries; how many they hold then."""

    async def are_there() -> bool:
        return await placed(world) >= entries

    await eventually(are_there)
    return await placed(world)


async def placed(world: Platforms) -> int:
    return sum(tally["present"] for tally in (await world.compare()).values())


async def backed_up(running: Navaar, file: Path, folder: Path) -> int:
    """Back up while it runs; how often it was refused because the store has no moment to give."""
    for refused in range(MOST_TRIES):
        code, out, err = await command("backup", str(file), environment=running.environment, folder=folder)
        if code == 0:
            return refused
        assert "has no snapshots" in err, out + err
    raise AssertionError("a backup was always refused")
