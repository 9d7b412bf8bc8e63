"""A platform that answers nothing, or asks for a long pause, costs the others nothing; what waits arrives later."""

from __future__ import annotations

import asyncio
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.support.whole_system import Platforms, eventually, http, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(600)

PATIENT = {"NAVAAR_ORDER_PATIENCE_SECONDS": "3600"}
"""Who waits for a search that does not end waits for longer than a test."""
OTHERS = ("telegram", "youtube")
SONGS = 5


async def add_to_the_others(world: Platforms) -> None:
    for number in range(SONGS):
        await world.person("add", number=number, side=OTHERS[number % 2])


async def until_the_others_agree(world: Platforms) -> None:
    async def agree() -> bool:
        found = await world.compare()
        return all(found[each] == {"present": SONGS, "missing": 0, "duplicates": 0, "wrong": 0} for each in OTHERS)

    await eventually(agree)


async def test_one_that_does_not_answer_is_waited_for_and_nothing_fails(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", str(SONGS)) as world,
        navaar(world, tmp_path, NAVAAR_STEP_ATTEMPTS="2", **PATIENT) as running,
    ):
        await world.fault("spotify", "*", status=503, count=None)
        await add_to_the_others(world)

        async def is_known_to_be_away() -> bool:
            _, answer = await http(f"{running.api}/readyz")
            return bool(answer["services"]["spotify"]["parts"].get("sign-in"))

        await eventually(is_known_to_be_away)
        await until_the_others_agree(world)
        await world.heal()
        await until_exactly(world, SONGS, running)
        log = running.log()
        assert "platform_away" in log
        assert "platform_answers" in log
        assert "step_failed" not in log
        assert "Traceback" not in log


async def test_one_that_asks_for_a_pause_of_a_day_keeps_nobody_else_waiting(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", str(SONGS)) as world,
        navaar(world, tmp_path, **PATIENT) as running,
    ):
        await world.fault("spotify", "*", status=429, retry_after=86_400, count=None)
        await add_to_the_others(world)
        await until_the_others_agree(world)

        def page() -> str:
            with urlopen(running.api, timeout=30) as answer:
                return str(answer.read().decode())

        async def is_told() -> bool:
            return "Waits for the platform" in await asyncio.to_thread(page)

        await eventually(is_told, 60)
        assert "step_failed" not in running.log()
