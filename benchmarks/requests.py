"""How many requests a song costs on each platform, whatever its playlists hold already, and in a first sync.

    uv run python -m benchmarks.requests [--sizes 50,3000] [--first-sync 300] [--page docs/quality/requests.md]

Everything runs as in life over the pretend platforms: the real client libraries, the default intervals, snapshots that
Spotify shows half a minute late. Every request that a pretend platform gets is counted, polls and refused ones as well.
`--page` puts the tables into that page, between its marks.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms

ADDED = 10
"""Songs that a person adds on each side."""
PACE_S = 1.0
"""Between two of them."""
SIDES = ("telegram", "youtube", "spotify")
DEFAULT_INTERVALS = {
    f"NAVAAR_SYNC_INTERVAL_{direction}": seconds
    for direction, seconds in {
        **dict.fromkeys(("TG_TO_YT", "TG_TO_SP"), "60"),
        **dict.fromkeys(("YT_TO_TG", "SP_TO_TG", "YT_TO_SP", "SP_TO_YT"), "120"),
    }.items()
}
ASIDE = frozenset({"telegram/getUpdates"})
"""A question that waits for news and costs nothing; it is told apart."""
DEADLINE_S = 3600.0
TOKEN = "a-token-for-the-benchmark-only"  # noqa: S105 - of a server that lives for a minute


async def calls(world: Platforms) -> Counter[str]:
    return Counter((await world.state())["calls"])


def by_platform(counted: Counter[str]) -> dict[str, int]:
    """Requests on each side; what waits for news is no request."""
    return {
        side: sum(number for name, number in counted.items() if name.startswith(f"{side}/") and name not in ASIDE)
        for side in SIDES
    }


@asynccontextmanager
async def world_of(songs: int) -> AsyncIterator[tuple[Platforms, Path]]:
    with tempfile.TemporaryDirectory() as name:
        async with platforms(Path(name), "--tracks", str(songs), "--messages-per-minute", "100000") as world:
            await world.settings(spotify_snapshot_lag=30)
            yield world, Path(name)


async def everywhere(world: Platforms, posts: int, entries: int) -> None:
    """Wait until the channel holds so many posts and each playlist so many entries."""

    async def there() -> bool:
        state = await world.state()
        held = {side: len(state["playlists"][side]) for side in SIDES[1:]}
        return state["calls"].get("telegram/sendAudio", 0) >= posts and set(held.values()) == {entries}

    await eventually(there, DEADLINE_S)


async def at_rest(running: Navaar, songs: int) -> None:
    """Wait until the ledger knows so many songs and nothing waits in any queue."""
    waiting = re.compile(r"^navaar_queue_(?:waiting|in_hand)\{.*\} ([\d.e+]+)$", re.MULTILINE)
    known = re.compile(r"^navaar_songs\{.*\} ([\d.e+]+)$", re.MULTILINE)

    async def resting() -> bool:
        page = (await asyncio.to_thread(_text, f"{running.api}/metrics")) or ""
        return sum(map(float, known.findall(page))) >= songs and not sum(map(float, waiting.findall(page)))

    async def twice() -> bool:
        first = await resting()
        await asyncio.sleep(1)
        return first and await resting()

    await eventually(twice, DEADLINE_S)


def _text(url: str) -> str:
    with urlopen(url, timeout=60) as answer:  # noqa: S310 - an address of our own
        return str(answer.read().decode())


async def daily(size: int) -> dict[str, float]:
    """Requests a song where both playlists hold `size` songs and ten more are added on each side."""
    added = ADDED * len(SIDES)
    async with world_of(size + added) as (world, folder):
        for number in range(size):
            for side in SIDES[1:]:
                await world.person("add_variant", number=number, side=side, kind="original")
        settings = {**DEFAULT_INTERVALS, "NAVAAR_FIRST_SYNC": "baseline", "NAVAAR_SETTLE_SECONDS": "10"}
        async with navaar(world, folder, **settings) as running:
            await at_rest(running, size)
            before = await calls(world)
            for number in range(added):
                await world.person("add", number=size + number, side=SIDES[number % len(SIDES)])
                await asyncio.sleep(PACE_S)
            await everywhere(world, 2 * ADDED, size + added)
            await at_rest(running, size + added)
            made = await calls(world) - before
    print(size, dict(made), flush=True)
    return {side: number / added for side, number in by_platform(made).items()}


async def first_sync(songs: int) -> dict[str, float]:
    """Requests a song of a first sync between the playlists: half of the songs are in one, half in the other.

    The directions to the channel are held back: each song costs one post there, and the downloads would take hours.
    """
    async with world_of(songs) as (world, folder):
        for number in range(songs):
            await world.person("add_variant", number=number, side=SIDES[1 + number % 2], kind="original")
        settings = {**DEFAULT_INTERVALS, "NAVAAR_SETTLE_SECONDS": "10", "NAVAAR_API_TOKEN": TOKEN}
        begun = time.monotonic()
        async with navaar(world, folder, **settings) as running:
            for direction in ("yt_to_tg", "sp_to_tg"):
                await asyncio.to_thread(_post, f"{running.api}/api/pause", {"paused": True, "direction": direction})
            await everywhere(world, 0, songs)
            made = await calls(world)
    print("first sync", dict(made), f"{time.monotonic() - begun:.0f} s", flush=True)
    return {side: number / songs for side, number in by_platform(made).items() if side != "telegram"}


def _post(url: str, body: dict[str, object]) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    asked = Request(url, json.dumps(body).encode(), headers)  # noqa: S310 - an address of our own
    with urlopen(asked, timeout=60) as answer:  # noqa: S310
        assert answer.status == 202


def table(rows: dict[str, dict[str, float]]) -> str:
    lines = ["| requests a song | Telegram | YouTube Music | Spotify |", "|---|---:|---:|---:|"]
    lines += [
        f"| {name} | {' | '.join(f'{costs[side]:.1f}' if side in costs else '' for side in SIDES)} |"
        for name, costs in rows.items()
    ]
    return "\n".join(lines)


async def main(sizes: list[int], songs: int, page: Path | None) -> None:
    rows = {f"both playlists hold {size:,} songs": await daily(size) for size in sizes}
    if songs:
        rows[f"first sync of {songs:,} songs"] = await first_sync(songs)
    measured = f"Measured on {datetime.now(UTC):%Y-%m-%d}.\n\n{table(rows)}"
    print(measured)
    if page is not None:
        text = page.read_text(encoding="utf-8")
        marks = re.compile(r"(<!-- measured -->\n).*(\n<!-- end -->)", re.DOTALL)
        page.write_text(marks.sub(lambda found: f"{found[1]}{measured}{found[2]}", text), encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="50,500,3000")
    parser.add_argument("--first-sync", type=int, default=300, help="0 leaves it out")
    parser.add_argument("--page", type=Path)
    asked = parser.parse_args()
    asyncio.run(main([int(size) for size in asked.sizes.split(",") if size], asked.first_sync, asked.page))
