"""A channel's past comes in by an export: every song is in its place once, and the channel hears nothing of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.support import forked, telegram_export
from tests.support.forked import plain_environment
from tests.support.whole_system import Platforms, exactly, navaar, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(900)

SONGS = 15
IN_YOUTUBE, IN_SPOTIFY = range(4), range(2, 6)
"""Songs of the channel's past that somebody has put into the playlists by hand."""


async def import_it(environment: dict[str, str], folder: Path, *options: str) -> dict[str, Any]:
    variables = {**plain_environment(), **environment}
    arguments = ("import", "telegram-export", "export", "--json", *options)
    code, out, err = await forked.run("navaar_launcher", *arguments, environment=variables, folder=folder)
    assert code == 0, err
    assert "Traceback" not in err
    return json.loads(out)  # type: ignore[no-any-return]


async def past(world: Platforms) -> list[dict[str, Any]]:
    """The channel has songs from before the bot came, and a few are in the playlists; the channel's messages."""
    await world.settings(bot_rights="left")
    for number in range(SONGS):
        await world.person("add", number=number, side="telegram")
    await world.person("post_text", text="هفتهٔ آینده برمی‌گردیم")
    await world.settings(bot_rights="administrator")
    for number in IN_YOUTUBE:
        await world.person("add", number=number, side="youtube")
    for number in IN_SPOTIFY:
        await world.person("add", number=number, side="spotify")
    return await channel(world)


async def channel(world: Platforms) -> list[dict[str, Any]]:
    """Its living messages."""
    number = int(world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"])
    return await world.person("read", chat_id=number)  # type: ignore[no-any-return]


async def test_a_channels_past_is_in_its_places_once(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", str(SONGS)) as world:
        posts = await past(world)
        layouts = telegram_export.LAYOUTS
        messages = [telegram_export.of_post(post, layout=layouts[n % 3]) for n, post in enumerate(posts)]
        telegram_export.write(tmp_path / "export", telegram_export.account(telegram_export.chat(messages)))

        # Before the first start: the command brings the ledger that it needs, which makes a plan and no more.
        planning = up_environment(world, tmp_path, NAVAAR_FIRST_SYNC="plan")
        looked = await import_it(planning, tmp_path, "--dry-run")
        assert (looked["songs"], looked["known_before"], looked["dry_run"]) == (SONGS, None, True)
        assert not (tmp_path / "data").exists()
        done = await import_it(planning, tmp_path)
        assert (done["songs"], done["not_taken_over"], done["left_out"]) == (SONGS, 0, [])
        assert {place: tally["present"] for place, tally in (await world.compare()).items()} == before_navaar()

        async with navaar(world, tmp_path) as running:
            await until_exactly(world, SONGS, running)
            before = await running.tracks()
            again = await import_it(running.environment, tmp_path)
            assert (again["known_before"], again["not_taken_over"]) == (SONGS, 0)
            assert await running.tracks() == before
            assert await world.compare() == exactly(SONGS)
            assert len(await channel(world)) == len(posts), "nothing was posted to the channel"
        assert "Traceback" not in running.log()


def before_navaar() -> dict[str, int]:
    return {"telegram": SONGS, "youtube": len(IN_YOUTUBE), "spotify": len(IN_SPOTIFY)}
