"""Medians of every list and figure of the ledger, by the number of tracks in it.

    uv run python -m benchmarks.lists [--tracks 1000,10000,100000] [--stores sqlite,mongodb] [--rounds 100]

Prints a table in Markdown for each store, in milliseconds. MongoDB is the test server over the wire, unless
NAVAAR_MONGODB_URL names another one; its databases `navaar-bench-lists-...` are dropped before and after.
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
from benchmarks.lists.filling import fill_mongo, fill_sqlite
from navaar_ledger.mongo import MongoStore
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.sqlite import SqliteStore
from navaar_shared.settings import load
from tests.support.mongo_server import running_mongo

DATABASE = "navaar-bench-lists"
Times = dict[str, float]


async def measure_sqlite(sizes: list[int], rounds: int) -> dict[int, Times]:
    async with contextlib.AsyncExitStack() as stack:
        stores: dict[int, SqliteStore | MongoStore] = {}
        for size in sizes:
            store = SqliteStore(Path(stack.enter_context(tempfile.TemporaryDirectory())))
            await store.open()
            stack.push_async_callback(store.close)
            await fill_sqlite(store, range(1, size + 1), _progress("SQLite", size))
            stores[size] = store
        return await _ask(stores, rounds)


async def measure_mongodb(sizes: list[int], rounds: int) -> dict[int, Times]:
    async with contextlib.AsyncExitStack() as stack:
        stores: dict[int, SqliteStore | MongoStore] = {}
        with contextlib.ExitStack() as servers:
            environment = _mongodb(servers)
            for size in sizes:
                store = MongoStore(
                    load(LedgerSettings, {**environment, "NAVAAR_MONGODB_DATABASE": f"{DATABASE}-{size}"})
                )
                stack.push_async_callback(store.close)
                if _named():
                    await store._client.drop_database(f"{DATABASE}-{size}")
                await store.open()
                await fill_mongo(store, range(1, size + 1), _progress("MongoDB", size))
                stores[size] = store
            measured = await _ask(stores, rounds)
            if _named():
                for size, store in stores.items():
                    await store._client.drop_database(f"{DATABASE}-{size}")  # type: ignore[union-attr]
            return measured


def _mongodb(servers: contextlib.ExitStack) -> dict[str, str]:
    if _named():
        return {k: v for k, v in os.environ.items() if k.startswith("NAVAAR_MONGODB_")}
    address = servers.enter_context(running_mongo())
    return {
        "NAVAAR_MONGODB_URL": address,
        "NAVAAR_MONGODB_DIRECT": "true",
        "NAVAAR_MONGODB_RETRY_WRITES": "false",
        "NAVAAR_MONGODB_POOL_SIZE": "1",
    }


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


def table(store: str, measured: dict[int, Times]) -> str:
    sizes = list(measured)
    lines = [f"| {store}, median ms | " + " | ".join(f"{size:,}" for size in sizes) + " |"]
    lines.append("|---|" + "---:|" * len(sizes))
    for name in measured[sizes[0]]:
        lines.append(f"| {name} | " + " | ".join(f"{measured[size][name]:.2f}" for size in sizes) + " |")
    return "\n".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--tracks", default="1000,10000", help="sizes, growing")
    parser.add_argument("--stores", default="sqlite,mongodb")
    parser.add_argument("--rounds", type=int, default=100)
    wanted = parser.parse_args()
    sizes = sorted(int(size) for size in wanted.tracks.split(","))
    measures = {"sqlite": ("SQLite", measure_sqlite), "mongodb": ("MongoDB", measure_mongodb)}
    for name in wanted.stores.split(","):
        title, measure = measures[name]
        measured = asyncio.run(measure(sizes, wanted.rounds))
        print(file=sys.stderr)
        print(table(title, measured) + "\n", flush=True)


if __name__ == "__main__":
    main()
