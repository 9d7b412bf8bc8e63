"""Navaar takes over from the first implementation: nothing that it did is done again, what it left undone is done."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import forked
from tests.support.forked import plain_environment
from tests.support.legacy_database import LegacyDatabase
from tests.support.whole_system import (
    Navaar,
    Platforms,
    eventually,
    exactly,
    platforms,
    until_exactly,
    up_environment,
)

pytestmark = pytest.mark.timeout(900)

ALL = ("telegram", "youtube", "spotify")


async def command(environment: dict[str, str], folder: Path, *arguments: str) -> tuple[int, str, str]:
    variables = {**plain_environment(), **environment}
    return await forked.run("navaar_launcher", *arguments, environment=variables, folder=folder)


async def import_it(environment: dict[str, str], folder: Path, *options: str) -> dict[str, Any]:
    code, out, err = await command(environment, folder, "import", "legacy", "navaar.db", "--json", *options)
    assert code == 0, err
    assert "Traceback" not in err
    return json.loads(out)  # type: ignore[no-any-return]


class Predecessor:
    """Leaves songs in the collections and rows about them in a database."""

    def __init__(self, world: Platforms, path: Path) -> None:
        self._world = world
        self._database = LegacyDatabase(path, wal=True)

    async def put(self, number: int, *sides: str) -> dict[str, Any]:
        """Song `number` on `sides`: its columns, names included."""
        ids: dict[str, Any] = {}
        columns = {"telegram": "tg_message_id", "youtube": "yt_video_id", "spotify": "sp_track_id"}
        for side in sides:
            ids[columns[side]] = (await self._world.person("add", number=number, side=side))["id"]
        shown = next(side for side in ("youtube", "spotify") if side in sides)
        entry: str = (await self._world.state())["collections"][shown][-1]
        artist, _, title = entry.partition(" ")[2].partition(": ")
        return {**ids, "artist": artist, "title": title}

    def row(self, direction: str, status: str, song: dict[str, Any], *columns: str, **more: Any) -> None:
        named = {name: song[name] for name in ("artist", "title", *columns)}
        self._database.track(direction, status, **named, **more)

    async def leave(self) -> None:
        """Seven songs: three done, one half done, one failed, one with an echo, one without any row."""
        tg, yt, sp = "tg_message_id", "yt_video_id", "sp_track_id"
        song = await self.put(0, *ALL)
        self.row("tg_to_yt", "synced", song, tg, yt, tg_file_id="F0")
        self.row("tg_to_sp", "duplicate", song, sp, tg_file_id="F0")
        song = await self.put(1, *ALL)
        self.row("yt_to_tg", "synced", song, yt, tg)
        self.row("yt_to_sp", "synced", song, yt, sp)
        song = await self.put(2, *ALL)
        self.row("sp_to_tg", "synced", song, sp, tg, yt_video_id="another-upload")
        self.row("sp_to_yt", "synced", song, sp, yt)
        song = await self.put(3, "telegram", "youtube")
        self.row("tg_to_yt", "synced", song, tg, yt, tg_file_id="F3")
        self.row("tg_to_sp", "searching", song, tg_file_id="F3")
        song = await self.put(4, "youtube")
        self.row("yt_to_tg", "failed", song, yt, failure_reason="download_failed: Sign in to confirm")
        self.row("yt_to_sp", "failed", song, yt, failure_reason="no_sp_match")
        song = await self.put(5, *ALL)
        self.row("sp_to_yt", "synced", song, sp, yt)
        self.row("sp_to_tg", "synced", song, sp, tg)
        self.row("yt_to_tg", "pending", song, yt)
        song = await self.put(6, *ALL)
        self._database.state("yt_playlist_snapshot", [song[yt]])
        self._database.state("sp_playlist_snapshot", [song[sp]])
        self._database.close()


async def test_a_takeover_doubles_nothing_and_finishes_what_was_open(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "8") as world:
        await Predecessor(world, tmp_path / "navaar.db").leave()
        environment = up_environment(world, tmp_path)

        planned = await import_it(environment, tmp_path, "--dry-run")
        assert (planned["items"], planned["rows"], planned["dry_run"]) == (9, 13, True)
        assert not (tmp_path / "data").exists()

        done = await import_it(environment, tmp_path)
        assert done["not_taken_over"] == 0
        assert done["deliveries"] == {"synced": 8, "duplicate": 1, "pending": 2, "failed": 2}

        # One more, added while no program was running.
        await world.person("add", number=7, side="youtube")
        running = Navaar(environment, tmp_path)
        await running.start()
        try:
            await running.until_ready()
            one_missing = {side: {**exactly(8)[side], "present": 7, "missing": 1} for side in ("telegram", "spotify")}

            async def all_but_the_failed() -> bool:
                return await world.compare() == {**exactly(8), **one_missing}

            await eventually(all_but_the_failed)
            code, _, err = await command(environment, tmp_path, "retry", "all")
            assert code == 0, err
            await until_exactly(world, 8, running)

            before = await running.tracks()
            again = await import_it(environment, tmp_path)
            assert again["not_taken_over"] == 0
            assert await running.tracks() == before
            assert await world.compare() == exactly(8)

            first = next(track for track in before if track["items"].get("telegram") == "1")
            lines = (await running.track(first["id"]))["logs"]
            assert "imported" in {line["event"] for line in lines}
            assert min(line["created_at"] for line in lines) < "2025-03-02", "the old lines keep their dates"
            await only_songs_are_in_the_channel(world)
            code, out, err = await command(environment, tmp_path, "rebuild", "--check", "--json")
            assert (code, json.loads(out)["differences"]) == (0, []), out + err
        finally:
            await running.stop()
        assert "Traceback" not in running.log()


async def only_songs_are_in_the_channel(world: Platforms) -> None:
    """Nothing but songs is in public, however long ago they were posted."""
    posts = await world.person("read", chat_id=int(world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"]))
    assert ["audio" in post for post in posts] == [True] * 8
