"""Kills and faults of every kind while songs are on their way: is each of them in each collection once?

    uv run python -m tests.chaos [--shape each|pairs|up|cluster|mongo] [--seeds 1,2] [--kills 64] [--songs 30]
        [--everywhere 12] [--jumps 6] [--full 2] [--restores 2] [--page FILE]

Every run is a story that its seed tells (`story`): which songs a person adds where, which process is killed or held
up, which platform refuses, forgets, lies or answers after it has already done what it was asked, when the disk is full,
how far the clock is off, when a backup is made and when it is put back. The same seed tells the same story; at which
instruction a kill strikes differs. At the end everything is healed and nothing is asked for by hand.

Prints the figures of each run as JSON. Ends with 1 if anything is lost, twice or crossed, or a service does not become
ready again or was forbidden something by NATS, and keeps that run's folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shlex
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from tests.chaos.figures import Figures
from tests.chaos.installations import SHAPES, Shape, installation
from tests.chaos.stage import Run
from tests.chaos.story import Rare, story
from tests.chaos.surroundings import surroundings
from tests.support.jumping_clock import loaded_again
from tests.support.whole_system import platforms


async def run(shape: Shape, seed: int, *, songs: int, kills: int, folder: Path, rare: Rare | None = None) -> Figures:
    """One story, from the first song to the last look.

    Args:
        shape: what runs: see `installations.SHAPES`.
        seed: of the story.
        songs: how many are added.
        kills: how many processes are killed.
        folder: an empty one, for data and logs.
        rare: see `story`.
    """
    figures = Figures(seed, shape)
    begun = time.monotonic()
    options = ("--tracks", str(songs), "--seed", str(seed), "--messages-per-minute", "6000")
    with surroundings(folder) as around:
        async with platforms(folder, *options) as world, installation(shape, world, around) as system:
            # What overuse earns on the real platforms is another story: here many refusals are the plan.
            await world.settings(spotify_patience=1_000_000, youtube_edits=[1_000_000, 3600])
            playing = Run(world, around, system, shape, figures)
            await playing.play(story(seed, songs=songs, kills=kills, processes=SHAPES[shape], rare=rare))
            await playing.settle()
            figures.codes = await system.stop()
            figures.seconds = time.monotonic() - begun
            if not figures.is_right:
                (folder / "state.json").write_text(json.dumps(await world.state(), ensure_ascii=False, indent=1))
        if not figures.is_right and around.is_small:
            shutil.copytree(around.disk, folder / "was on the disk", symlinks=True)
    return figures


NUMBERS: tuple[tuple[str, Callable[[Figures], int]], ...] = (
    ("songs", lambda run: run.songs),
    ("to all sides at once", lambda run: run.steps["everywhere"]),
    ("kills", lambda run: sum(run.kills.values())),
    ("faults struck", lambda run: run.faults_struck),
    ("suspended", lambda run: run.steps["pause"]),
    ("NATS away", lambda run: run.steps["away"]),
    ("sign-ins ended", lambda run: run.steps["signed_out"]),
    ("clock jumps", lambda run: len(run.jumps)),
    ("full disks", lambda run: run.full_disks),
    ("restores", lambda run: run.restores),
    ("garbage", lambda run: sum(run.garbage.values())),
    ("messages", lambda run: run.messages),
    ("delivered again", lambda run: run.repeated),
    ("found instead of placed again", lambda run: run.found_instead),
    ("lost", lambda run: run.missing),
    ("twice", lambda run: run.twice),
    ("crossed", lambda run: run.wrong),
)
"""The columns of the table."""


def table(runs: Sequence[Figures]) -> str:
    """The runs as a table in Markdown, with their sums, and how often which fault was planned."""
    rows = [[f"{each.shape}, seed {each.seed}", *(f"{number(each):,}" for _, number in NUMBERS)] for each in runs]
    rows.append(["all", *(f"{sum(number(each) for each in runs):,}" for _, number in NUMBERS)])
    head = ["", *(name for name, _ in NUMBERS)]
    turned = ["| " + " | ".join(line) + " |" for line in zip(head, *rows, strict=True)]
    turned.insert(1, "|---|" + "---:|" * len(rows))
    faults = sum((each.faults for each in runs), Counter[str]())
    told = ", ".join(f"{what} {number}" for what, number in sorted(faults.items()))
    left_out = sorted({each for run in runs for each in run.left_out})
    lines = [*turned, "", f"Faults and storms by what they did: {told}."]
    return "\n".join([*lines, *(f"Left out: {each}." for each in left_out)])


async def main(options: argparse.Namespace) -> int:
    """The exit code."""
    runs: list[Figures] = []
    for seed in options.seeds:
        for shape in options.shape or get_args(Shape):
            folder = Path(tempfile.mkdtemp(prefix=f"navaar-chaos-{shape}-{seed}-"))
            rare = Rare(options.everywhere, options.jumps, options.full, options.restores)
            figures = await run(shape, seed, songs=options.songs, kills=options.kills, folder=folder, rare=rare)
            print(json.dumps(figures.told()), flush=True)
            runs.append(figures)
            if figures.is_right:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                print(f"seed {seed}, {shape}: not right; what there was is in {folder}", file=sys.stderr)
    if options.page is not None:
        text = options.page.read_text(encoding="utf-8")
        marks = re.compile(r"(<!-- measured -->\n).*(\n<!-- end -->)", re.DOTALL)
        command = shlex.join(["python", "-m", "tests.chaos", *sys.argv[1:]])
        measured = f"Run on {datetime.now(UTC):%Y-%m-%d} by `{command}`.\n\n{table(runs)}"
        options.page.write_text(marks.sub(lambda found: f"{found[1]}{measured}{found[2]}", text), encoding="utf-8")
    return 0 if all(each.is_right for each in runs) else 1


if __name__ == "__main__":
    loaded_again()
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", action="append", choices=get_args(Shape), help="default: each of them")
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[1])
    parser.add_argument("--kills", type=int, default=64)
    parser.add_argument("--songs", type=int, default=30)
    parser.add_argument("--everywhere", type=int, default=12, help="so many of the songs come to all sides at once")
    parser.add_argument("--jumps", type=int, default=6, help="of the clock")
    parser.add_argument("--full", type=int, default=2, help="disks without room")
    parser.add_argument("--restores", type=int, default=2, help="of backups amid work")
    parser.add_argument("--page", type=Path, help="put the table between this page's marks")
    sys.exit(asyncio.run(main(parser.parse_args())))
