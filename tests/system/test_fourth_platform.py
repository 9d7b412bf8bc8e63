"""A platform that nobody outside its own folder knows of is kept in step like any other."""

from __future__ import annotations

import asyncio
import json
import sys
import urllib.request
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

from navaar_sandbox.catalogue import Catalogue
from tests.support.forked import plain_environment
from tests.support.whole_system import (
    eventually,
    exactly,
    navaar,
    platforms,
)

FOLDER = Path(__file__).parents[1] / "fourth_platform"
SONGS = 8

pytestmark = pytest.mark.timeout(900)


def pretend(catalogue: Catalogue) -> Any:
    """The fourth platform's pretend service, found as its package registers it."""
    (package,) = distributions(path=[str(FOLDER)])
    (point,) = package.entry_points.select(group="navaar.pretend")
    sys.path.insert(0, str(FOLDER))
    try:
        return point.load()(catalogue)
    finally:
        sys.path.remove(str(FOLDER))


async def described() -> dict[str, Any]:
    """What a process that has the fourth platform installed knows of it and of its directions."""
    asked = """
import json
from navaar_contracts.identifiers import Direction, Platform
last = list(Platform)[-1]
print(json.dumps({"id": last.value, "short": last.short, "directions": list(Direction)}))
"""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", asked),
        env={**plain_environment(), "PYTHONPATH": str(FOLDER)},
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate()
    found: dict[str, Any] = json.loads(out)
    return found


async def exposed(api: str) -> str:
    """The metrics page."""

    def read() -> str:
        with urllib.request.urlopen(f"{api}/metrics", timeout=20) as answer:
            return str(answer.read().decode())

    return await asyncio.to_thread(read)


async def test_four_platforms_sync_twelve_directions_each_song_once(tmp_path: Path) -> None:
    known = await described()
    assert len(known["directions"]) == 12
    async with platforms(tmp_path, "--tracks", str(SONGS)) as world, pretend(Catalogue(SONGS)) as fourth:
        quick = {f"NAVAAR_SYNC_INTERVAL_{way}".upper(): "2" for way in known["directions"]}
        async with navaar(world, tmp_path, **fourth.environment(), **quick, PYTHONPATH=str(FOLDER)) as running:
            for number in range(SONGS):
                side = ("telegram", "youtube", "spotify", known["id"])[number % 4]
                if side == known["id"]:
                    await world.person("expect", number=number)
                    fourth.playlist.add([fourth.song(number)], by="a person")
                else:
                    await world.person("add", number=number, side=side)

            async def in_step() -> bool:
                return await world.compare() == exactly(SONGS) and len(fourth.playlist.entries) >= SONGS

            try:
                await eventually(in_step)
            except TimeoutError:
                state = {"fourth": [entry.item for entry in fourth.playlist.entries], **await world.state()}
                raise AssertionError(f"not in step: {json.dumps(state, indent=1)}\n{running.log()[-6000:]}") from None
            await asyncio.sleep(3)
            assert await world.compare() == exactly(SONGS)
            assert sorted(entry.item for entry in fourth.playlist.entries) == sorted(fourth.songs)
            tracks = await running.tracks()
            methods = {each["identification_method"] for each in tracks if each["origin"] == known["id"]}
            assert methods == {f"{known['short']}_metadata"}
            metrics = await exposed(running.api)
            assert [way for way in known["directions"] if f'direction="{way}"' not in metrics] == []
            assert await running.stop() == 0
            assert "Traceback" not in running.log()


async def test_the_contract_of_playlist_gateways_holds_for_it() -> None:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-n", "0", "-q", "-p", "no:cacheprovider", "-k", (await described())["id"]),
        *sorted(str(path) for path in (FOLDER.parent / "integration").glob("test_playlist_gateways_*.py")),
        cwd=FOLDER.parents[1],
        env={**plain_environment(), "PYTHONPATH": str(FOLDER)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out, _ = await process.communicate()
    assert process.returncode == 0, out.decode()[-6000:]
