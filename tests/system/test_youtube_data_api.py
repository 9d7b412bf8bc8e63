"""Six ways with the YouTube Data API: in step, within the day's units, and on when there are units again."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest

from tests.support.whole_system import Navaar, eventually, http, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(600)

SONGS = 6
PRICES = {"items.list": 1, "items.insert": 50, "items.delete": 50, "playlists.list": 1, "videos.list": 1}


async def youtube(running: Navaar) -> dict[str, Any]:
    """What the gateway says of itself."""
    _, answer = await http(f"{running.api}/readyz")
    return answer["services"]["youtube"]  # type: ignore[no-any-return]


async def test_six_ways_wait_for_the_next_days_units_and_lose_nothing(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", str(SONGS), "--youtube-auth", "oauth") as world:
        file = Path(world.environment["NAVAAR_YTMUSIC_AUTH_FILE"])
        # Enough for two additions and what is read meanwhile, whatever the polls take.
        await world.settings(youtube_units=149)
        async with navaar(world, tmp_path) as running:
            await world.person("play", count=SONGS)

            async def waits() -> bool:
                told = (await youtube(running))["notes"].get("pause")
                return bool(told and "midnight in California" in told)

            await eventually(waits)
            said = await youtube(running)
            assert "0 left until" in said["details"]["additions"]
            assert "Data API" in said["details"]["way"]

            def page() -> str:
                with urlopen(running.api, timeout=30) as answer:
                    return str(answer.read().decode())

            async def is_told() -> bool:
                shown = await asyncio.to_thread(page)
                return "Waits for the platform" in shown and "midnight in California" in shown

            await eventually(is_told, 60)

            async def the_others_agree() -> bool:
                found = await world.compare()
                return found["spotify"]["present"] == found["telegram"]["present"] == SONGS

            # Whoever has units left is kept waiting by nobody.
            await eventually(the_others_agree)
            assert "step_failed" not in running.log()
        assert len((await world.state())["playlists"]["youtube"]) < SONGS
        # Google gives the project more.
        await world.settings(youtube_units=100_000)
        async with navaar(world, tmp_path, NAVAAR_YOUTUBE_UNITS_A_DAY="100000") as running:
            await until_exactly(world, SONGS, running)
            assert "Traceback" not in running.log()
        state = await world.state()
        counted = state["youtube_units_spent"]
        requests = {name.removeprefix("youtube/"): made for name, made in state["calls"].items()}
        assert counted["items.insert"] == PRICES["items.insert"] * 4
        assert all(counted[name] <= PRICES[name] * requests[name] for name in counted)
        # What a stop cut off was counted and never asked.
        kept = json.loads(file.with_name(f"{file.name}.quota").read_text())["spent"]
        assert 0 <= kept - sum(counted.values()) <= 2
