"""How long songs that arrive together take to their places: Navaar as a process of its own over pretend platforms.

    uv run python -m benchmarks.burst [--songs 30] [--repeats 5] [--other CHECKOUT] [--out FILE] [--page FILE]

Every request of a platform takes as long as told (`--delay youtube=0.35`). After one song that warms everything up a
person adds one song alone, then all at once: to the channel only (`telegram`), or in turn to all three (`mixed`).
Seconds count from the moment at which the person had added the last of them to the ledger's word that one is placed.

With `--other` the runs alternate between this checkout and that one, whose code is run with this one's packages: two
trees are only ever compared within one call. Prints JSON, one line a run and then the medians.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

from tests.support.whole_system import Navaar, Platforms, eventually, exactly, navaar, platforms

HERE = Path(__file__).parents[1]
DELAYS = {"telegram": 0.12, "spotify": 0.2, "youtube": 0.35}
"""Seconds that each request takes."""
SHAPES = {"telegram": ("telegram",), "mixed": ("telegram", "youtube", "spotify")}
"""Where the person adds songs, in turn."""
WARM_UP = 3
"""Songs before anything is measured: one on each side."""


@dataclass(frozen=True, slots=True)
class Times:
    """Seconds from the addition to the word that it is placed, over some deliveries."""

    first: float
    median: float
    last: float

    @classmethod
    def of(cls, seconds: Iterable[float]) -> Times:
        some = sorted(seconds)
        return cls(round(some[0], 2), round(median(some), 2), round(some[-1], 2))


@dataclass(frozen=True, slots=True)
class Run:
    """One burst: times by target, and by where the songs came from; 'all' is everything."""

    tree: str
    shape: str
    songs: int
    seed: int
    load: float
    """The machine's, over the last minute, as the burst began."""
    times: Mapping[str, Times]
    in_order: bool
    """Whether what came from one side stands in each target in the order in which it was added."""


def code_of(checkout: Path) -> str:
    """A PYTHONPATH under which Python finds the members of `checkout` before those that are installed."""
    members = [checkout / "contracts", *(checkout / "shared").iterdir(), *(checkout / "services").iterdir()]
    return os.pathsep.join(str(member / "src") for member in members if (member / "src").is_dir())


async def burst(running: Navaar, world: Platforms, numbers: Sequence[int], sides: Sequence[str]) -> dict[str, Any]:
    """Add these songs, wait until each is everywhere; times and order."""
    before = {platform: tally["present"] for platform, tally in (await world.compare()).items()}
    load = os.getloadavg()[0]
    added = await world.person("add_together", numbers=list(numbers), sides=list(sides))
    begun = datetime.now(UTC)

    async def everywhere() -> bool:
        state = (await world.state())["collections"]
        return all(len(state[platform]) >= count + len(numbers) for platform, count in before.items())

    await eventually(everywhere, 60 + 10 * len(numbers))
    wanted = {(each["side"], str(each["id"])): place for place, each in enumerate(added)}
    return {"load": load, **await measured(running, wanted, begun)}


async def measured(running: Navaar, wanted: Mapping[tuple[str, str], int], begun: datetime) -> dict[str, Any]:
    """What the ledger says of the songs once all of their deliveries are done."""
    found: list[dict[str, Any]] = []

    async def told() -> bool:
        found[:] = [t for t in await running.tracks() if (t["origin"], t["origin_external_id"]) in wanted]
        return len(found) == len(wanted) and all(d["synced_at"] for t in found for d in t["deliveries"])

    await eventually(told)
    seconds: dict[str, list[float]] = {}
    lists: dict[tuple[str, str], list[tuple[int, float]]] = {}
    for track in found:
        origin = track["origin"]
        place = wanted[origin, track["origin_external_id"]]
        for delivery in track["deliveries"]:
            took = (datetime.fromisoformat(delivery["synced_at"]) - begun).total_seconds()
            for name in ("all", f"to {delivery['target']}", f"from {origin}"):
                seconds.setdefault(name, []).append(took)
            lists.setdefault((origin, delivery["target"]), []).append((place, took))
    ordered = all([took for _, took in sorted(each)] == sorted(took for _, took in each) for each in lists.values())
    return {"times": {name: Times.of(some) for name, some in sorted(seconds.items())}, "in_order": ordered}


async def run(tree: str, code: str, shape: str, songs: int, seed: int, delays: Mapping[str, float]) -> list[Run]:
    """One song alone and then `songs` at once, on platforms and a Navaar of their own."""
    sides = SHAPES[shape]
    total = WARM_UP + 1 + songs
    with tempfile.TemporaryDirectory(prefix="navaar-burst-") as name:
        folder = Path(name)
        options = ("--tracks", str(total), "--seed", str(seed), "--messages-per-minute", "6000")
        async with platforms(folder, *options) as world:
            for platform, seconds in delays.items():
                await world.fault(platform, effect="delay", seconds=seconds, count=None)
            async with navaar(world, folder, PYTHONPATH=code) as running:
                await burst(running, world, range(WARM_UP), SHAPES["mixed"])
                results = []
                for numbers in (range(WARM_UP, WARM_UP + 1), range(WARM_UP + 1, total)):
                    got = await burst(running, world, numbers, sides)
                    results.append(Run(tree, shape, len(numbers), seed, **got))
                tallies = await world.compare()
                if tallies != exactly(total):
                    raise SystemExit(f"{tree}, seed {seed}: the collections differ: {tallies}")
                return results


def medians(runs: Sequence[Run]) -> list[dict[str, Any]]:
    """The median of each figure over the runs of one tree, shape and number of songs."""
    groups: dict[tuple[str, int, str], list[Run]] = {}
    for each in runs:
        groups.setdefault((each.shape, each.songs, each.tree), []).append(each)
    return [
        {
            "tree": tree,
            "shape": shape,
            "songs": songs,
            "runs": len(some),
            "in_order": all(each.in_order for each in some),
            "load": [min(each.load for each in some), max(each.load for each in some)],
            "times": {
                name: {
                    figure: round(median(getattr(each.times[name], figure) for each in some), 2)
                    for figure in ("first", "median", "last")
                }
                for name in some[0].times
            },
        }
        for (shape, songs, tree), some in sorted(groups.items())
    ]


def page(rows: Sequence[Mapping[str, Any]]) -> str:
    """The medians as a table in Markdown."""
    lines = ["| songs | added to | tree | placed | first | median | last |", "|---:|---|---|---|---:|---:|---:|"]
    for row in rows:
        for name, times in row["times"].items():
            figures = " | ".join(f"{times[figure]:.2f}" for figure in ("first", "median", "last"))
            lines.append(f"| {row['songs']} | {row['shape']} | {row['tree']} | {name} | {figures} |")
    return "\n".join(lines) + "\n"


async def main(arguments: argparse.Namespace) -> None:
    delays = {**DELAYS, **dict(arguments.delay)}
    trees = {"here": HERE} if arguments.other is None else {"other": arguments.other.resolve(), "here": HERE}
    runs: list[Run] = []
    for seed in range(arguments.seed, arguments.seed + arguments.repeats):
        for shape in arguments.shape or SHAPES:
            for tree, checkout in trees.items():
                got = await run(tree, code_of(checkout), shape, arguments.songs, seed, delays)
                runs += got
                for each in got:
                    print(json.dumps(asdict(each)), file=sys.stderr, flush=True)
    summary = medians(runs)
    result = {"delays": delays, "seeds": arguments.repeats, "medians": summary, "runs": [asdict(each) for each in runs]}
    text = json.dumps({**result, "runs": len(runs)} if arguments.out else result)
    print(text)
    if arguments.out:
        arguments.out.write_text(json.dumps(result, indent=1))
    if arguments.page:
        arguments.page.write_text(page(summary))


def delay(text: str) -> tuple[str, float]:
    """'youtube=0.35' as ("youtube", 0.35)."""
    platform, _, seconds = text.partition("=")
    return platform, float(seconds)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=30, help="how many come at once")
    parser.add_argument("--repeats", type=int, default=5, help="runs of each kind, each with the next seed")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--shape", choices=sorted(SHAPES), action="append", help="where they are added; both by default"
    )
    parser.add_argument("--delay", type=delay, action="append", default=[], metavar="PLATFORM=SECONDS")
    parser.add_argument("--other", type=Path, metavar="CHECKOUT", help="compare with this tree, run by run")
    parser.add_argument("--out", type=Path, help="every run and the medians, as JSON")
    parser.add_argument("--page", type=Path, help="the medians as a table")
    asyncio.run(main(parser.parse_args()))
