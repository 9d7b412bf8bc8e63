"""Medians of every list and figure of the ledger, by the number of tracks in it.

    uv run python -m benchmarks.lists [--tracks 1000,10000,100000] [--stores sqlite,mongodb] [--rounds 100]

Prints a table in Markdown for each store, in milliseconds. MongoDB is the test server over the wire, unless
NAVAAR_MONGODB_URL names another one; its database `navaar-bench-lists` is dropped before and after.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.lists.asking import questions, time_of
from benchmarks.lists.filling import fill_mongo, fill_sqlite
from navaar_ledger.mongo import MongoStore
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.sqlite import SqliteStore
from navaar_shared.settings import load
from tests.support.mongo_server import running_mongo

DATABASE = "navaar-bench-lists"
Times = dict[str, float]


async def measure_sqlite(sizes: list[int], rounds: int) -> dict[int, Times]:
    measured = {}
    with tempfile.TemporaryDirectory() as folder:
        store = SqliteStore(Path(folder))
        await store.open()
        before = 0
        for size in sizes:
            await fill_sqlite(store, range(before + 1, size + 1), _progress("SQLite", size))
            before = size
            measured[size] = await _ask(store, size, rounds)
        await store.close()
    return measured


async def measure_mongodb(sizes: list[int], rounds: int) -> dict[int, Times]:
    measured = {}
    async with _mongodb() as store:
        before = 0
        for size in sizes:
            await fill_mongo(store, range(before + 1, size + 1), _progress("MongoDB", size))
            before = size
            measured[size] = await _ask(store, size, rounds)
    return measured


@contextlib.asynccontextmanager
async def _mongodb() -> AsyncIterator[MongoStore]:
    with contextlib.ExitStack() as stack:
        environment = {k: v for k, v in os.environ.items() if k.startswith("NAVAAR_MONGODB_")}
        if "NAVAAR_MONGODB_URL" not in environment:
            environment["NAVAAR_MONGODB_URL"] = stack.enter_context(running_mongo())
            environment |= {"NAVAAR_MONGODB_DIRECT": "true", "NAVAAR_MONGODB_RETRY_WRITES": "false"}
            environment["NAVAAR_MONGODB_POOL_SIZE"] = "1"
        store = MongoStore(load(LedgerSettings, {**environment, "NAVAAR_MONGODB_DATABASE": DATABASE}))
        await store._client.drop_database(DATABASE)
        await store.open()
        yield store
        await store._client.drop_database(DATABASE)
        await store.close()


async def _ask(store: SqliteStore | MongoStore, size: int, rounds: int) -> Times:
    return {name: await time_of(question, rounds) for name, question in questions(store, size).items()}


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
