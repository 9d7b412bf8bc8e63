"""Medians of every list and figure of the ledger, by the number of tracks in it.

    uv run python -m benchmarks.lists [--tracks 1000,10000,100000] [--stores sqlite,mongodb] [--rounds 100] [--page P]

Prints a table in Markdown for each store, in milliseconds; with --page it writes the page of the documentation. Takes
a quarter of an hour. MongoDB is the test server over the wire, unless NAVAAR_MONGODB_URL names another one; its
databases `navaar-bench-lists-...` are dropped before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.lists.asking import questions, times_of
from benchmarks.lists.filling import SAMPLE, check_sample, fill_mongo, fill_sqlite
from benchmarks.lists.page import Times, page, table
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.settings import load
from tests.support.mongo_server import environment, running_mongo

DATABASE = "navaar-bench-lists"
Disk = dict[int, int]


async def measure_sqlite(sizes: list[int], rounds: int, disk: Disk) -> dict[int, Times]:
    async with contextlib.AsyncExitStack() as stack:
        stores: dict[int, SqliteStore | MongoStore] = {}
        for size in sizes:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            store = SqliteStore(folder)
            await store.open()
            stack.push_async_callback(store.close)
            await fill_sqlite(store, range(1, size + 1), _progress("SQLite", size))
            disk[size] = (folder / FILE).stat().st_size
            stores[size] = store
        return await _ask(stores, rounds)


async def measure_mongodb(sizes: list[int], rounds: int, disk: Disk) -> dict[int, Times]:
    async with contextlib.AsyncExitStack() as stack:
        settings = _mongodb(stack)
        await check_sample(*[await _database(stack, settings, name) for name in ("written", "filled")])
        stores: dict[int, SqliteStore | MongoStore] = {}
        for size in sizes:
            store = await _database(stack, settings, str(size))
            await fill_mongo(store, range(1, size + 1), _progress("MongoDB", size))
            stores[size] = store
        return await _ask(stores, rounds)


async def _database(stack: contextlib.AsyncExitStack, settings: dict[str, str], name: str) -> MongoStore:
    """An empty one; on somebody's own server it is gone afterwards."""
    database = f"{DATABASE}-{name}"
    store = MongoStore(load(LedgerSettings, {**settings, "NAVAAR_MONGODB_DATABASE": database}))
    stack.push_async_callback(store.close)
    if _named():
        await store.client.drop_database(database)
        stack.push_async_callback(store.client.drop_database, database)
    await store.open()
    return store


def _mongodb(stack: contextlib.AsyncExitStack) -> dict[str, str]:
    if _named():
        return {k: v for k, v in os.environ.items() if k.startswith("NAVAAR_MONGODB_")}
    return environment(stack.enter_context(running_mongo()), DATABASE)


def _named() -> bool:
    """Whether a server of somebody's own is used, which must be left clean."""
    return "NAVAAR_MONGODB_URL" in os.environ


async def _ask(stores: dict[int, SqliteStore | MongoStore], rounds: int) -> dict[int, Times]:
    """Each question is put to every size in turn, so that whatever else the machine does slows all alike."""
    asked = {size: questions(store, size) for size, store in stores.items()}
    measured: dict[int, Times] = {size: {} for size in stores}
    for name in asked[min(stores)]:
        medians = await times_of({size: asked[size][name] for size in stores}, rounds)
        for size, median in medians.items():
            measured[size][name] = median
    return measured


def _progress(store: str, size: int):  # type: ignore[no-untyped-def]
    begun = time.perf_counter()

    def tell(number: int) -> None:
        print(f"\r{store}: {number} of {size} tracks, {time.perf_counter() - begun:.0f} s ", end="", file=sys.stderr)

    return tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", default="1000,10000,100000", help="sizes, growing")
    parser.add_argument("--stores", default="sqlite,mongodb")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--page", type=Path, help="the page of the documentation to write")
    wanted = parser.parse_args()
    sizes = sorted(int(size) for size in wanted.tracks.split(","))
    metrics = {"sqlite": ("SQLite", measure_sqlite), "mongodb": ("MongoDB", measure_mongodb)}
    tables: dict[str, dict[int, Times]] = {}
    disk: Disk = {}
    for name in wanted.stores.split(","):
        title, measure = metrics[name]
        tables[title] = asyncio.run(measure(sizes, wanted.rounds, disk))
        print(file=sys.stderr)
        print(table(title, tables[title]) + "\n", flush=True)
    if wanted.page is not None:
        wanted.page.write_text(page(tables, disk, SAMPLE), encoding="utf-8")


if __name__ == "__main__":
    main()
