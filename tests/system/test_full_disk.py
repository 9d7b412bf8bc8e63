"""A disk that fills up stops everything and loses nothing: once there is room again it goes on by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.small_disk import fill, may_mount, small_disk
from tests.support.whole_system import eventually, navaar, platforms, until_exactly

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(not may_mount(), reason="a small disk is mounted, which only root may do"),
]


async def test_a_disk_that_was_full_loses_nothing_and_needs_nobody(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", "160m") as disk:
        async with (
            platforms(tmp_path, "--tracks", "5") as world,
            navaar(world, tmp_path, NAVAAR_DATA_DIR=str(disk / "data")) as running,
        ):
            await world.person("add", number=0, side="youtube")
            await until_exactly(world, 1, running)
            filling = disk / "everything else"
            fill(filling)
            for number, side in enumerate(("telegram", "youtube", "spotify"), start=1):
                await world.person("add", number=number, side=side)

            async def noticed() -> bool:
                return "nats_cannot_write" in running.log()

            await eventually(noticed)
            filling.unlink()
            await world.person("add", number=4, side="telegram")
            await until_exactly(world, 5, running)
