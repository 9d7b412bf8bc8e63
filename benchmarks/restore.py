"""Lives with a restore in them, one after another: what is lost, what comes twice.

    uv run python -m benchmarks.restore [--seeds 50] [--from 1] [--songs 6] [--store sqlite|mongodb|both]
        [--out FILE]

Each seed is a fresh Navaar over fresh pretend platforms that behave as the real ones: a person adds songs on any side,
a backup is made while Navaar works on them, more are added, Navaar is killed, the backup is put back over the folder
that it has left, and the rest is added. A life is right when each collection then holds each song once and nothing
else. Prints JSON, one line a life, then how many were right; ends with 1 unless all were.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from tests.support.mongo_server import environment, running_mongo
from tests.support.restoring import live
from tests.support.whole_system import platforms


async def one(seed: int, songs: int, store: str) -> dict[str, object]:
    with tempfile.TemporaryDirectory(prefix="navaar-restore-") as name:
        folder = Path(name)
        try:
            async with platforms(folder, "--tracks", str(songs)) as world:
                if store == "sqlite":
                    figures = await live(world, folder, seed, songs, {})
                else:
                    with running_mongo() as url:
                        figures = await live(world, folder, seed, songs, environment(url, "restored"))
        except (AssertionError, TimeoutError) as error:
            return {"seed": seed, "store": store, "right": False, "why": str(error)[:3000] or type(error).__name__}
    return {"store": store, "right": True, **asdict(figures)}


async def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seeds", type=int, default=50)
    options.add_argument("--from", dest="first", type=int, default=1)
    options.add_argument("--songs", type=int, default=6)
    options.add_argument("--store", choices=("sqlite", "mongodb", "both"), default="sqlite")
    options.add_argument("--out", type=Path)
    asked = options.parse_args()
    right = lives = 0
    with asked.out.open("a") if asked.out is not None else sys.stdout as out:
        for seed in range(asked.first, asked.first + asked.seeds):
            for store in ("sqlite", "mongodb") if asked.store == "both" else (asked.store,):
                told = await one(seed, asked.songs, store)
                lives += 1
                right += told["right"] is True
                out.write(json.dumps(told, ensure_ascii=False) + "\n")
                out.flush()
        out.write(json.dumps({"lives": lives, "right": right}) + "\n")
    return 0 if right == lives else 1


if __name__ == "__main__":
    raise SystemExit(asyncio.run(main()))
