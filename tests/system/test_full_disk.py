"""A disk that fills up stops everything and loses nothing: once there is room again it goes on by itself."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.whole_system import eventually, navaar, platforms, until_exactly

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(os.geteuid() != 0, reason="a small disk is mounted, which only root may do"),
]

SIZE = "160m"
BLOCK = bytes(256 * 1024)


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def fill(file: Path) -> None:
    with contextlib.suppress(OSError), file.open("wb", buffering=0) as filling:
        while True:
            filling.write(BLOCK)


async def test_a_disk_that_was_full_loses_nothing_and_needs_nobody(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small") as disk:
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
