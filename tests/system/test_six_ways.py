"""The main job over the sandbox, through the real client libraries, NATS and store."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from tests.support.forked import plain_environment
from tests.support.whole_system import (
    Navaar,
    eventually,
    exactly,
    http,
    navaar,
    platforms,
    until_exactly,
    up_environment,
)

pytestmark = pytest.mark.timeout(900)


async def test_the_demo_says_that_three_collections_agree() -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-m", "navaar_launcher", "demo", "--tracks", "6", "--exit-when-synced", "--json"),
        env=plain_environment(),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    assert process.returncode == 0, err.decode()[-4000:]
    (line,) = out.decode().splitlines()
    result = json.loads(line)
    assert result["collections"] == exactly(6)
    assert result["seconds"] > 0


async def test_what_is_in_the_playlists_before_the_first_start_is_synced_once(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6") as world:
        for number in range(4):
            await world.person("add", number=number, side="youtube" if number % 2 else "spotify")
        async with navaar(world, tmp_path) as running:
            await world.person("add", number=4, side="telegram")
            await world.person("add", number=5, side="spotify")
            await until_exactly(world, 6, running)
            posts = await world.person("read", chat_id=int(world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"]))
            assert not any("Navaar" in post.get("caption", "") for post in posts), "in public a post is the song alone"
            assert await running.stop() == 0
            assert "Traceback" not in running.log()


async def test_the_same_song_on_three_sides_at_once_ends_up_once_on_each(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world, navaar(world, tmp_path) as running:
        await asyncio.gather(
            *(world.person("add", number=n, side=s) for n in range(4) for s in ("telegram", "youtube", "spotify"))
        )
        await until_exactly(world, 4, running)


async def test_a_second_start_on_the_same_data_says_who_holds_it(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "1") as world, navaar(world, tmp_path) as running:
        second = Navaar(up_environment(world, tmp_path), tmp_path / "second")
        await second.start()

        async def ended() -> bool:
            return second.returncode is not None

        await eventually(ended)
        assert second.returncode == 2
        assert f"in use by another `navaar up` (process {running.pid})" in second.log()


async def test_writes_that_took_effect_and_then_failed_are_not_repeated(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6") as world, navaar(world, tmp_path) as running:
        await world.fault("telegram", "sendAudio", effect="status_after", status=502)
        await world.fault("telegram", "sendAudio", effect="drop_after", skip=1)
        await world.fault("spotify", "items.add", effect="status_after", status=503)
        await world.fault("youtube", "edit_playlist.add", effect="drop_after")
        await world.person("play", count=6)
        await until_exactly(world, 6, running)


async def test_late_reads_double_nothing(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6", "--lag", "3") as world, navaar(world, tmp_path) as running:
        await world.person("play", count=6)
        await until_exactly(world, 6, running)


async def test_refused_sign_ins_pause_and_resume_without_a_loss(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "6") as world, navaar(world, tmp_path) as running:
        await world.settings(spotify_revoked=True, youtube_session_revoked=True)
        await world.person("play", count=6)

        async def degraded() -> bool:
            status, answer = await http(f"{running.api}/readyz")
            parts = answer["services"]
            return status == 503 and bool(parts["youtube"]["parts"].get("sign-in"))

        await eventually(degraded)
        await world.settings(spotify_revoked=False, youtube_session_revoked=False)
        await until_exactly(world, 6, running)


async def test_one_way_fills_the_channel_and_writes_to_no_playlist(tmp_path: Path) -> None:
    wanted = {"NAVAAR_DIRECTIONS": "*->telegram", "NAVAAR_CAPTION": "{artist} – {title}"}
    async with platforms(tmp_path, "--tracks", "4") as world, navaar(world, tmp_path, **wanted) as running:
        for number, side in enumerate(("youtube", "spotify", "telegram")):
            await world.person("add", number=number, side=side)

        async def all_posted() -> bool:
            return (await world.compare())["telegram"]["present"] == 3

        await eventually(all_posted)
        present = {side: found["present"] for side, found in (await world.compare()).items()}
        assert present == {"telegram": 3, "youtube": 1, "spotify": 1}
        posts = await world.person("read", chat_id=int(world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"]))
        assert sum(" – " in post.get("caption", "") for post in posts) == 2
        tracks = await running.tracks()
        assert {each["direction"] for track in tracks for each in track["deliveries"]} == {"yt_to_tg", "sp_to_tg"}
