"""Kills and faults of every kind while songs are on their way: is each of them in each collection once?

    uv run python -m tests.chaos [--shape each|pairs|up|cluster|mongo] [--seeds 1,2] [--kills 150] [--songs 60]
        [--page FILE]

Every run is a story that its seed tells (`story`): which songs a person adds where, which process is killed or held
up, which platform refuses, forgets, lies or answers after it has already done what it was asked. The same seed tells
the same story; at which instruction a kill strikes differs. At the end everything is healed and nothing is asked for by
hand.

Prints the figures of each run as JSON. Ends with 1 if anything is lost, twice or crossed, or a service does not become
ready again or was forbidden something by NATS, and keeps that run's folder.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

from tests.chaos.figures import Figures
from tests.chaos.installations import SHAPES, Shape, installation
from tests.chaos.stage import Run
from tests.chaos.story import story
from tests.support.whole_system import platforms


async def run(shape: Shape, seed: int, *, songs: int, kills: int, folder: Path) -> Figures:
    """One story, from the first song to the last look.

    Args:
        shape: what runs: see `installations.SHAPES`.
        seed: of the story.
        songs: how many are added.
        kills: how many processes are killed.
        folder: an empty one, for data and logs.
    """
    figures = Figures(seed, shape)
    begun = time.monotonic()
    options = ("--tracks", str(songs), "--seed", str(seed), "--messages-per-minute", "6000")
    async with platforms(folder, *options) as world, installation(shape, world, folder) as system:
        # What overuse earns on the real platforms is another story: here many refusals are the plan.
        await world.settings(spotify_patience=1_000_000, youtube_edits=[1_000_000, 3600])
        playing = Run(world, system, figures)
        await playing.play(story(seed, songs=songs, kills=kills, processes=SHAPES[shape]))
        await playing.settle()
        figures.codes = await system.stop()
        figures.seconds = time.monotonic() - begun
        if not figures.is_right:
            (folder / "state.json").write_text(json.dumps(await world.state(), ensure_ascii=False, indent=1))
        return figures


def table(runs: Sequence[Figures]) -> str:
    """The runs as a table in Markdown."""
    lines = [
        "| shape | seed | songs | kills | other faults | garbage | messages | delivered again "
        "| found instead of placed again | lost | twice | crossed |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for each in runs:
        counted = ("add", "everywhere", "kill", "garbage")
        others = sum(number for what, number in each.steps.items() if what not in counted)
        lines.append(
            f"| {each.shape} | {each.seed} | {each.songs} | {sum(each.kills.values())} | {others} "
            f"| {sum(each.garbage.values()):,} | {each.messages:,} "
            f"| {each.repeated:,} | {each.found_instead} | {each.missing} | {each.twice} | {each.wrong} |"
        )
    return "\n".join(lines)


async def main(options: argparse.Namespace) -> int:
    """The exit code."""
    runs: list[Figures] = []
    for seed in options.seeds:
        for shape in options.shape or get_args(Shape):
            folder = Path(tempfile.mkdtemp(prefix=f"navaar-chaos-{shape}-{seed}-"))
            figures = await run(shape, seed, songs=options.songs, kills=options.kills, folder=folder)
            print(json.dumps(figures.told()), flush=True)
            runs.append(figures)
            if figures.is_right:
                shutil.rmtree(folder, ignore_errors=True)
            else:
                print(f"seed {seed}, {shape}: not right; what there was is in {folder}", file=sys.stderr)
    if options.page is not None:
        text = options.page.read_text(encoding="utf-8")
        marks = re.compile(r"(<!-- measured -->\n).*(\n<!-- end -->)", re.DOTALL)
        measured = f"Run on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(runs)}"
        options.page.write_text(marks.sub(lambda found: f"{found[1]}{measured}{found[2]}", text), encoding="utf-8")
    return 0 if all(each.is_right for each in runs) else 1


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--shape", action="append", choices=get_args(Shape), help="default: each of them")
    parser.add_argument("--seeds", type=lambda text: [int(seed) for seed in text.split(",")], default=[1])
    parser.add_argument("--kills", type=int, default=150)
    parser.add_argument("--songs", type=int, default=60)
    parser.add_argument("--page", type=Path, help="put the table between this page's marks")
    sys.exit(asyncio.run(main(parser.parse_args())))
