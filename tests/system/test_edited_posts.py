"""A post is edited before and after it has been placed, over the sandbox."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from navaar_contracts.commands import SetPause
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(900)


async def hold_back(running: Navaar, *, paused: bool) -> None:
    client = await running.nats()
    try:
        command = SetPause(link="main", paused=paused, asked_at=datetime.now(UTC))
        await client.jetstream().publish(command.subject(), command.model_dump_json().encode())
    finally:
        await client.close()


async def playlists(world: Platforms) -> dict[str, list[str]]:
    found: dict[str, list[str]] = (await world.state())["playlists"]
    return found


async def said(world: Platforms) -> str:
    """What the bot has said to the administrator."""
    return "\n".join(message.get("text", "") for message in await world.person("read"))


def synced(track: dict[str, Any]) -> bool:
    return bool(track["deliveries"]) and all(each["state"] == "synced" for each in track["deliveries"])


async def test_edit_before_the_placement_is_what_is_placed(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world, navaar(world, tmp_path) as running:
        await hold_back(running, paused=True)
        post = await world.person("post", number=0, form="tagged_mp3")

        async def is_identified() -> bool:
            tracks = await running.tracks()
            return bool(tracks) and tracks[0]["state"] == "identified"

        await eventually(is_identified)
        assert await playlists(world) == {"youtube": [], "spotify": []}
        edited = await world.person("edit_post", message_id=post["message_id"], number=1, form="tagged_mp3")

        async def follows() -> bool:
            track = (await running.tracks())[0]
            return track["state"] == "identified" and track["item"]["title"] == edited["audio"]["title"]

        await eventually(follows)
        await hold_back(running, paused=False)

        async def is_placed() -> bool:
            return synced((await running.tracks())[0])

        await eventually(is_placed)
        await world.person("post", number=2)
        in_step = {"youtube": 2, "spotify": 2}

        async def has_gone_on() -> bool:
            return {side: len(ids) for side, ids in (await playlists(world)).items()} == in_step

        await eventually(has_gone_on)
        found = await world.compare()
        # The song that the post named first is nowhere.
        assert [found[side]["missing"] for side in ("youtube", "spotify")] == [1, 1]


async def test_edit_after_the_placement_is_told_and_a_retry_follows_it(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world, navaar(world, tmp_path) as running:
        post = await world.person("post", number=0, form="tagged_mp3")
        await until_exactly(world, 1, running)
        before = await playlists(world)
        edited = await world.person("edit_post", message_id=post["message_id"], number=1, form="tagged_mp3")

        async def is_told() -> bool:
            return "was edited after it was placed" in await said(world)

        await eventually(is_told)
        words = await said(world)
        assert post["audio"]["title"] in words
        assert edited["audio"]["title"] in words
        assert "/retry 1" in words
        assert await playlists(world) == before
        await world.person("write", text="/retry 1")

        async def is_replaced() -> bool:
            now = await playlists(world)
            replaced = all(len(now[side]) == 1 and now[side] != before[side] for side in ("youtube", "spotify"))
            return replaced and synced((await running.tracks())[0])

        await eventually(is_replaced)
