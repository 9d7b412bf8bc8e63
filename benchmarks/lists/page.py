"""What was measured, as a page of the documentation."""

from __future__ import annotations

import os
import platform
import sqlite3
from datetime import UTC, datetime
from importlib.metadata import version

Times = dict[str, float]

_HEAD = """# How long the ledger's lists and figures take

Measured on {day} by `just bench-lists --page docs/quality/lists.md`, which wrote this page. One run on {machine}:
every question that the bot, the API and the dashboard ask, and what the ledger looks up with every message, put to
ledgers of each size in turn. Medians in milliseconds, and how many times longer the largest ledger took.

The ledgers are made up: a song every fifteen minutes, 86 % of the deliveries synced, 5 % duplicates, 4 % failed,
2 % in review, 3 % waiting; four log lines a track. SQLite is filled through the store; MongoDB by bulk inserts of
what its store writes, which a sample of {sample} tracks written both ways proves to be the same.

A list shorter than its page is quicker, so look at the last column: from there on nothing may grow. What the test
server does otherwise than MongoDB, and which figures show it, is in [mongodb.md](mongodb.md).
"""


def page(tables: dict[str, dict[int, Times]], disk: dict[int, int], sample: int) -> str:
    """The whole page; `disk` is the size of SQLite's file in bytes, by tracks."""
    cores = os.cpu_count()
    busy = f"load {os.getloadavg()[2]:.1f} at the end"
    machine = f"{cores} cores ({busy}), Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}"
    if "MongoDB" in tables:
        machine += f", SecantusDB {version('secantusdb')}" if "NAVAAR_MONGODB_URL" not in os.environ else ", a MongoDB"
    parts = [_HEAD.format(day=datetime.now(UTC).date(), machine=machine, sample=sample)]
    parts += [f"## {store}\n\n{table(store, measured)}\n" for store, measured in tables.items()]
    if disk:
        parts.append("## On disk\n\n" + _disk(disk) + "\n")
    return "\n".join(parts)


def table(store: str, measured: dict[int, Times]) -> str:
    sizes = list(measured)
    ratios = [f"{sizes[-1]:,} : {size:,}" for size in sizes[:-1]]
    lines = [f"| {store}, median ms | " + " | ".join([*(f"{size:,}" for size in sizes), *ratios]) + " |"]
    lines.append("|---|" + "---:|" * (len(sizes) + len(ratios)))
    for name in measured[sizes[0]]:
        times = [measured[size][name] for size in sizes]
        cells = [*(f"{each:.2f}" for each in times), *(f"{times[-1] / each:.1f}" for each in times[:-1])]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    return "\n".join(lines)


def _disk(disk: dict[int, int]) -> str:
    lines = ["| tracks | SQLite file, MB | bytes a track |", "|---:|---:|---:|"]
    lines += [f"| {size:,} | {used / 1e6:.1f} | {used / size:,.0f} |" for size, used in disk.items()]
    return "\n".join(lines)
