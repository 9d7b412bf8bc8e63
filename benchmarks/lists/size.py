"""What a song leaves in the ledger after it came from one platform and was placed on both others.

    uv run python -m benchmarks.lists.size [--songs 200]

The songs go through the ledger itself, message by message, over an SQLite file; the other services are the tests' own.
"""

from __future__ import annotations

import argparse
import asyncio
import sqlite3
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from navaar_contracts.commands import DiscardAudio
from navaar_contracts.events import CollectionOpened
from navaar_contracts.identifiers import Platform
from navaar_ledger.ports import Ports
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import FILE
from tests.support.ledger_world import Song, World


async def sync(store: SqliteStore, songs: int) -> None:
    """Bring `songs` songs from Telegram to both others."""
    world = World()
    world.ports = Ports(store, world, world.policy, lambda: datetime.now(UTC))
    for platform in (Platform.YOUTUBE, Platform.SPOTIFY):
        opened = CollectionOpened(link="main", platform=platform, items=0, opened_at=datetime.now(UTC))
        world.send(await world._handle(opened))
    for number in range(songs):
        world.add(Platform.TELEGRAM, Song(number))
    while world.events or world.commands:
        if world.events:
            world.send(await world._handle(world.events.pop(world.next_event())))
            continue
        command = world.commands.pop(0)
        if not isinstance(command, DiscardAudio):
            world.carry_out(command)
    assert all(world.copies(platform, number) == 1 for platform in Platform for number in range(songs))


def tables(file: Path) -> dict[str, tuple[int, int]]:
    """Rows and bytes of every table with its indexes, from SQLite's own count of pages."""
    with tempfile.TemporaryDirectory() as folder:
        found: dict[str, tuple[int, int]] = {}
        connection = sqlite3.connect(file)
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for name in names:
            (rows,) = connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()  # noqa: S608
            found[name] = (rows, _without(connection, name, Path(folder) / name))
        connection.close()
        return found


def _without(connection: sqlite3.Connection, name: str, copy: Path) -> int:
    """How much smaller a compact copy of the file is without that table."""
    whole, less = sqlite3.connect(copy.with_suffix(".whole")), sqlite3.connect(copy.with_suffix(".less"))
    try:
        for each in (whole, less):
            connection.backup(each)
        less.execute(f'DROP TABLE "{name}"')
        for each in (whole, less):
            each.commit()
            each.execute("VACUUM")
        sizes = [each.execute("PRAGMA page_count").fetchone()[0] for each in (whole, less)]
        return int((sizes[0] - sizes[1]) * whole.execute("PRAGMA page_size").fetchone()[0])
    finally:
        whole.close()
        less.close()


async def measure(songs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder))
        await store.open()
        await sync(store, songs)
        await store.close()
        file = Path(folder) / FILE
        found = tables(file)
        print(f"| {songs} songs synced both ways | rows a song | bytes a song |\n|---|---:|---:|")
        for name, (rows, used) in sorted(found.items(), key=lambda each: -each[1][1]):
            if used / songs >= 1:
                print(f"| {name} | {rows / songs:.1f} | {used / songs:,.0f} |")
        print(f"| the whole file |  | {file.stat().st_size / songs:,.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=200)
    asyncio.run(measure(parser.parse_args().songs))


if __name__ == "__main__":
    main()
