"""How Navaar does on platforms that behave as the real ones: requests per song, refusals, latency beside what is ill.

    uv run python -m benchmarks.real_accounts [--songs 30] [--first-sync 300] [--grows-back 600] [--page P]

All of Navaar and the sandbox's profile `realistic`, calls delayed as over a home connection. Only waiting is
compressed: a hundred changes of a playlist grow back in minutes instead of an hour, Telegram takes ten times as many
posts a minute, and Navaar changes playlists without pacing itself, or it would never meet a refusal. Every collection
must hold each song once at the end, and nothing may have failed. Takes half an hour.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.support.whole_system import Navaar, Platforms, eventually, exactly, navaar, platforms

SIDES = ("telegram", "youtube", "spotify")
DEADLINE_S = 3600.0
ONE_BY_ONE = 10
"""Songs whose latency is measured, one after the other."""
PAUSE_S = 180
"""Of Spotify; in life hours."""
UNPACED = {
    "NAVAAR_YTMUSIC_REFUSED_PAUSE_S": "5",
    "NAVAAR_YTMUSIC_LONG_PAUSE_S": "20",
    "NAVAAR_ORDER_PATIENCE_SECONDS": "3600",
}
REAL_DELAYS = ("--set", "delay=0.08", "--set", "jitter=0.25", "--messages-per-minute", "200")
Table = list[Sequence[object]]


@dataclass(frozen=True, slots=True)
class Whole:
    world: Platforms
    running: Navaar

    async def until(self, songs: int, *sides: str) -> None:
        """Until these sides hold so many songs, each once and nothing else."""
        wanted = exactly(songs)

        async def agree() -> bool:
            found = await self.world.compare()
            return all(found[side] == wanted[side] for side in sides)

        await eventually(agree, DEADLINE_S)

    def must_not_have_failed(self) -> None:
        log = self.running.log()
        if "step_failed" in log or "Traceback" in log:
            raise SystemExit(f"something failed: {log[-4000:]}")


@contextlib.asynccontextmanager
async def whole(
    songs: int, before: Sequence[tuple[int, str]] = (), grows_back_s: float = 3600.0
) -> AsyncIterator[Whole]:
    """A system on new collections, which hold `before` (song and side) when it starts for the first time."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        async with platforms(folder, "--tracks", str(songs), *REAL_DELAYS) as world:
            await world.settings(youtube_edits=[100, grows_back_s])
            for number, side in before:
                await world.person("add", number=number, side=side)
            async with navaar(world, folder, **UNPACED) as running:
                yield Whole(world, running)


async def at_once(songs: int) -> Table:
    """Songs that come at once, on each side a third of them."""
    async with whole(songs) as system:
        idle = Counter((await system.world.state())["calls"])
        begun = time.monotonic()
        await asyncio.gather(*(system.world.person("add", number=n, side=SIDES[n % len(SIDES)]) for n in range(songs)))
        await system.until(songs, *SIDES)
        seconds = time.monotonic() - begun
        system.must_not_have_failed()
        return await figures(system.world, idle, songs, seconds)


async def first_sync(songs: int, grows_back_s: float) -> Table:
    """A first sync of a Spotify playlist: as many changes of the YouTube Music playlist."""
    async with whole(songs, [(number, "spotify") for number in range(songs)], grows_back_s) as system:
        begun = time.monotonic()
        await system.until(songs, *SIDES)
        seconds = time.monotonic() - begun
        system.must_not_have_failed()
        return await figures(system.world, Counter(), songs, seconds)


async def figures(world: Platforms, idle: Counter[str], songs: int, seconds: float) -> Table:
    """Requests per song, by platform and operation, and what was refused."""
    state = await world.state()
    calls = Counter(state["calls"]) - idle
    edits = await world.calls("youtube", "edit_playlist.add")
    refused = sum(edit["status"] == 400 for edit in edits)
    rows: Table = [("seconds until everything was everywhere", f"{seconds:.0f}", "")]
    for platform in (*SIDES, "media"):
        mine = {name: number for name, number in calls.items() if name.startswith(f"{platform}/")}
        often = sorted((name.partition("/")[2], number / songs) for name, number in mine.items())
        kinds = ", ".join(f"{name} {number:.1f}" for name, number in often if number >= 0.1)
        rows.append((f"requests per song, {platform}", f"{sum(mine.values()) / songs:.1f}", kinds))
    rows.append(("changes of the YouTube Music playlist that were refused for now", refused, f"of {len(edits)}"))
    asked = state["asked_in_pauses"]
    rows.append(("requests during a pause", sum(asked.values()), ""))
    return rows


async def beside_the_ill() -> Table:
    """Latency from Telegram to the platforms that are well: undisturbed, without the session, during a pause."""
    async with whole(5 * ONE_BY_ONE) as system:
        world, rows = system.world, Table()

        def row(what: str, side: str, ill: float, before: float) -> None:
            rows.append((f"{what}: Telegram to {side}", f"{ill:.2f}", f"{before:.2f}", f"{ill / before:.2f}"))

        # What is compared is measured one after the other, so that whatever else the machine does slows both alike.
        to_spotify = await latency(system, 0, "spotify")
        await world.settings(youtube_session_ended=True)
        row("YouTube Music's session has ended", "spotify", await latency(system, ONE_BY_ONE, "spotify"), to_spotify)
        await world.settings(youtube_session_ended=False)
        sign_in = Path(world.environment["NAVAAR_YTMUSIC_AUTH_FILE"])
        await asyncio.to_thread(lambda: sign_in.write_text(sign_in.read_text()))
        await system.until(2 * ONE_BY_ONE, *SIDES)
        to_youtube = await latency(system, 2 * ONE_BY_ONE, "youtube")
        await system.until(3 * ONE_BY_ONE, *SIDES)
        await world.settings(spotify_pause=PAUSE_S)
        row("Spotify asks for a pause", "youtube", await latency(system, 3 * ONE_BY_ONE, "youtube"), to_youtube)
        await system.running.stop()
        await system.running.start()
        await system.running.until_ready()
        restarted = await latency(system, 4 * ONE_BY_ONE, "youtube")
        row("Spotify asks for a pause, after a restart", "youtube", restarted, to_youtube)
        begun = (await world.state())["asked_in_pauses"]["spotify"]
        await system.until(5 * ONE_BY_ONE, *SIDES)
        asked = (await world.state())["asked_in_pauses"]["spotify"] - begun
        rows.append(("requests to Spotify during its pause, after the restart", asked, "", ""))
        system.must_not_have_failed()
        return rows


async def latency(system: Whole, first: int, side: str) -> float:
    """Median seconds from a post in the channel until its song is in the playlist, one song at a time."""
    taken = []
    for number in range(first, first + ONE_BY_ONE):
        before = (await system.world.compare())[side]["present"]
        begun = time.monotonic()
        await system.world.person("add", number=number, side="telegram")
        async with asyncio.timeout(DEADLINE_S):
            while (await system.world.compare())[side]["present"] == before:
                await asyncio.sleep(0.05)
        taken.append(time.monotonic() - begun)
    return statistics.median(taken)


def shown(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    lines = [f"| {' | '.join(head)} |", f"|---|{'---:|' * (len(head) - 1)}"]
    return "\n".join([*lines, *(f"| {' | '.join(map(str, row))} |" for row in rows)])


async def main(wanted: Any) -> None:
    load = os.getloadavg()[0]
    parts = [
        f"# On accounts that behave as the real ones\n\nMeasured on {datetime.now(UTC):%Y-%m-%d} by `just "
        f"bench-real-accounts --page {wanted.page or 'PAGE'}`, which wrote this page.\nOne run on {os.cpu_count()} "
        f"cores, load {load:.1f} when it began{'' if load < 1 else '; something else ran beside it'}.\n",
        (__doc__ or "").split("\n\n")[2].strip() + "\n",
    ]
    sections = (
        (f"{wanted.songs} songs at once, a third on each side", ("", "", "which"), lambda: at_once(wanted.songs)),
        ("Beside one that is ill", ("median seconds of ten songs", "ill", "undisturbed", "ratio"), beside_the_ill),
        (
            f"First sync of {wanted.first_sync} songs from Spotify, a hundred changes in {wanted.grows_back:.0f} s",
            ("", "", "which"),
            lambda: first_sync(wanted.first_sync, wanted.grows_back),
        ),
    )
    for title, head, measure in sections:
        print(f"{title} ...", file=sys.stderr, flush=True)
        parts.append(f"## {title}\n\n{shown(head, await measure())}\n")
        print(parts[-1], flush=True)
        if wanted.page is not None:
            wanted.page.write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--songs", type=int, default=30)
    parser.add_argument("--first-sync", type=int, default=300)
    parser.add_argument(
        "--grows-back", type=float, default=600, help="seconds in which a hundred changes grow back, in life an hour"
    )
    parser.add_argument("--page", type=Path, help="the page of the documentation to write")
    asyncio.run(main(parser.parse_args()))
