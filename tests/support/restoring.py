"""One life with a restore in it: songs are added, a backup is made amid them, more are added, Navaar is killed, the
backup is put back, and more are added. Everything is drawn from a seed."""

from __future__ import annotations

import asyncio
import contextlib
import pickle
import random
import sqlite3
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pymongo import MongoClient

from tests.integration.test_launcher_commands import navaar as command
from tests.support.whole_system import Navaar, Platforms, eventually, until_exactly, up_environment

SIDES = ("telegram", "youtube", "spotify")
MOST_TRIES = 40
How = Literal["command", "hand"]
"""With `navaar backup` and `navaar restore`, or by copying the file, or dumping the database, and putting that back."""


@dataclass(frozen=True)
class Figures:
    """What a life came to."""

    seed: int
    how: How
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
    world: Platforms, folder: Path, seed: int, songs: int, store: Mapping[str, str], *, how: How | None = None
) -> Figures:
    """Live it; raises AssertionError unless each collection then holds each song once.

    Args:
        songs: how many there are in all, at least 3.
        store: the settings of the ledger's store.
        how: drawn from the seed where it is not said.
    """
    begun, chance = time.monotonic(), random.Random(seed)
    drawn: How = chance.choice(("command", "hand"))
    how = how or drawn
    before = chance.randint(1, songs - 2)
    after = chance.randint(1, songs - before - 1)
    numbers = iter(range(songs))
    running = Navaar(up_environment(world, folder, **store), folder)
    file = folder / "navaar.backup"
    await running.start()
    try:
        await running.until_ready()
        await add(world, chance, numbers, before)
        at_backup = await until_placed(world, chance.randint(0, 3 * before))
        refused = await (backed_up(running, file) if how == "command" else copied(running, file))
        await add(world, chance, numbers, after)
        at_kill = await until_placed(world, chance.randint(at_backup, 3 * (before + after)))
        await running.kill_group()
        await (put_back(running, file) if how == "command" else put_by_hand(running, file))
        await running.start()
        await running.until_ready()
        await add(world, chance, numbers, songs - before - after)
        await until_exactly(world, songs, running)
        assert "Traceback" not in running.log()
    finally:
        await running.stop()
    told = next((line for line in running.log().splitlines() if '"reconciled"' in line or "reconciled " in line), "")
    return Figures(
        seed, how, songs, before, at_backup, at_kill, refused, round(time.monotonic() - begun, 1), told[-300:]
    )


async def add(world: Platforms, chance: random.Random, numbers: Iterator[int], count: int) -> None:
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


async def tried(environment: Mapping[str, str], folder: Path, *arguments: str) -> tuple[int, str]:
    """(exit code, all that it says) of a command."""
    code, out, err = await command(*arguments, environment=environment, folder=folder)
    return code, out + err


async def backed_up(running: Navaar, file: Path) -> int:
    """Back up while it runs; how often it was refused because the store has no moment to give."""
    for refused in range(MOST_TRIES):
        code, out, err = await command("backup", str(file), environment=running.environment, folder=running.folder)
        if code == 0:
            return refused
        assert "has no snapshots" in err, out + err
    raise AssertionError("a backup was always refused")


async def put_back(running: Navaar, file: Path) -> None:
    code, out, err = await command(
        "restore", str(file), "--yes", environment=running.environment, folder=running.folder
    )
    assert code == 0, out + err


async def copied(running: Navaar, file: Path) -> int:
    """What a person copies who does not know of the command."""
    await asyncio.to_thread(_copy, running, file)
    return 0


async def put_by_hand(running: Navaar, file: Path) -> None:
    await asyncio.to_thread(_put, running, file)


def _copy(running: Navaar, file: Path) -> None:
    if "NAVAAR_MONGODB_URL" in running.environment:
        # As dumps are made: one collection after the other, while others write.
        with _database(running) as database:
            names = sorted(database.list_collection_names(), reverse=True)
            file.write_bytes(pickle.dumps({name: list(database[name].find({})) for name in names}))
        return
    with (
        contextlib.closing(sqlite3.connect(_ledger(running))) as source,
        contextlib.closing(sqlite3.connect(file)) as copy,
    ):
        source.backup(copy)


def _put(running: Navaar, file: Path) -> None:
    if "NAVAAR_MONGODB_URL" in running.environment:
        with _database(running) as database:
            for name, documents in pickle.loads(file.read_bytes()).items():
                database[name].delete_many({})
                if documents:
                    database[name].insert_many(documents)
        return
    ledger = _ledger(running)
    for end in ("-wal", "-shm"):
        ledger.with_name(ledger.name + end).unlink(missing_ok=True)
    ledger.write_bytes(file.read_bytes())


def _ledger(running: Navaar) -> Path:
    return Path(running.environment["NAVAAR_DATA_DIR"]) / "ledger.sqlite3"


@contextlib.contextmanager
def _database(running: Navaar) -> Iterator[Any]:
    url = running.environment["NAVAAR_MONGODB_URL"]
    client: MongoClient[Any] = MongoClient(url, directConnection=True, retryWrites=False, maxPoolSize=1, tz_aware=True)
    try:
        yield client[running.environment["NAVAAR_MONGODB_DATABASE"]]
    finally:
        client.close()
