"""A backup of any moment, put back over a Navaar that went on since: each collection still ends with each song once."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.integration.test_launcher_commands import navaar as command
from tests.support.mongo_server import environment as on_mongodb
from tests.support.mongo_server import running_mongo
from tests.support.restoring import live
from tests.support.whole_system import Navaar, eventually, http, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(900)


async def test_a_file_put_back_by_hand_loses_nothing_and_nothing_comes_twice(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "5") as world:
        await live(world, tmp_path, 1, 5, {}, how="hand")


async def test_a_backup_of_mongodb_put_back_loses_nothing_and_nothing_comes_twice(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "5") as world:
        with running_mongo() as url:
            await live(world, tmp_path, 2, 5, on_mongodb(url, "restored"), how="command")


async def test_into_an_empty_folder_nothing_is_posted_twice_before_a_person_says_go(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world:
        running = Navaar(up_environment(world, tmp_path), tmp_path)
        await running.start()
        try:
            await running.until_ready()
            await world.person("add", number=0, side="youtube")
            await until_exactly(world, 1, running)
            file = tmp_path / "navaar.backup"
            code, _, err = await command("backup", str(file), environment=running.environment, folder=tmp_path)
            assert code == 0, err
            await world.person("add", number=1, side="spotify")
            await until_exactly(world, 2, running)
            code, _, err = await command(
                "restore", str(file), "--yes", environment=running.environment, folder=tmp_path
            )
            assert code == 1
            assert "stop it before a restore" in err
            await running.kill_group()

            running.environment["NAVAAR_DATA_DIR"] = str(tmp_path / "new")
            code, out, err = await command(
                "restore", str(file), "--yes", environment=running.environment, folder=tmp_path
            )
            assert code == 0, err
            assert "held back" in out
            code, out, _ = await command("doctor", "--json", environment=running.environment, folder=tmp_path)
            assert "put back from the backup" in out
            await running.start()
            await running.until_ready()
            await world.person("add", number=2, side="telegram")

            async def in_the_playlists() -> bool:
                tallies = await world.compare()
                return all(tallies[side]["present"] == 3 for side in ("youtube", "spotify"))

            await eventually(in_the_playlists)
            assert {
                side: (t["duplicates"], t["wrong"]) for side, t in (await world.compare()).items()
            } == dict.fromkeys(("telegram", "youtube", "spotify"), (0, 0))
            assert (await world.compare())["telegram"]["present"] == 3
            _, ready = await http(f"{running.api}/readyz")
            assert "held back until you resume them" in json.dumps(ready)
        finally:
            await running.stop()
