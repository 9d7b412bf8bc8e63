"""A plan writes nothing until it is approved; what is cleared out and added again comes back. Over the sandbox."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.whole_system import Platforms, eventually, http, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(900)


async def test_a_song_that_is_cleared_out_everywhere_and_added_again_is_everywhere_again(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "3") as world:
        async with navaar(world, tmp_path) as running:
            await world.person("add", number=0, side="telegram")
            await until_exactly(world, 1, running)
            for side in ("telegram", "youtube", "spotify"):
                await world.person("clear_out", side=side)
            await world.person("add", number=0, side="telegram")
            await until_exactly(world, 1, running)
            for side in ("youtube", "telegram"):
                await world.person("clear_out", side=side)
            await until_looked_at(world, "youtube")
            await world.person("add", number=0, side="youtube")
            await until_exactly(world, 1, running)
        async with navaar(world, tmp_path) as running:
            await until_exactly(world, 1, running)


async def until_looked_at(world: Platforms, side: str) -> None:
    """Its gateway has looked several times since."""

    async def calls() -> int:
        return sum(count for name, count in (await world.state())["calls"].items() if name.startswith(f"{side}/"))

    before = await calls()

    async def looked() -> bool:
        return await calls() > before + 4

    await eventually(looked)


async def test_while_a_plan_stands_nothing_is_written_and_then_all_of_it_is(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world:
        await world.person("add", number=1, side="youtube")
        wanted = {"NAVAAR_CARDS": "admins"}
        async with navaar(world, tmp_path, NAVAAR_FIRST_SYNC="plan", **wanted) as running:
            await world.person("add", number=0, side="telegram")
            await world.person("add", number=2, side="spotify")

            async def all_wait() -> bool:
                found = [each for track in await running.tracks() for each in track["deliveries"]]
                return len(found) == 6 and all(each["cause"] == "plan" for each in found)

            await eventually(all_wait)
            _, stats = await http(f"{running.api}/api/stats")
            assert stats["waiting_for_approval"] == 6
            present = {side: found["present"] for side, found in (await world.compare()).items()}
            assert present == {"telegram": 1, "youtube": 1, "spotify": 1}
        async with navaar(world, tmp_path, NAVAAR_FIRST_SYNC="sync", **wanted) as running:
            await until_exactly(world, 3, running)
