"""Stories of one system on platforms that behave as the real ones: refused changes, ended sessions, pauses, other ids.

They follow one another on the same collections; figures are small where the real ones are hours.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio

from tests.support.whole_system import Navaar, Platforms, eventually, exactly, http, navaar, platforms, until_exactly

pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

SIDES = ("telegram", "youtube", "spotify")
AT_ONCE, HELD_BACK, AMID = 15, 12, 2
SONGS = AT_ONCE + HELD_BACK + 4 * AMID
ADMIN = 5550001
SETTINGS = {
    "NAVAAR_ORDER_PATIENCE_SECONDS": "3600",
    "NAVAAR_YTMUSIC_REFUSED_PAUSE_S": "1",
    "NAVAAR_YTMUSIC_LONG_PAUSE_S": "2",
}


@dataclass
class Whole:
    world: Platforms
    running: Navaar
    credentials: Path
    added: int = 0

    async def add(self, count: int, *sides: str) -> None:
        """The next songs, at once, on these sides in turn."""
        first, self.added = self.added, self.added + count
        await asyncio.gather(
            *(self.world.person("add", number=n, side=sides[n % len(sides)]) for n in range(first, self.added))
        )

    async def until_everywhere(self) -> None:
        await until_exactly(self.world, self.added, self.running)
        assert "step_failed" not in self.running.log()

    async def until_on(self, *sides: str) -> None:
        """Until all songs are on these sides, whatever the others hold."""
        wanted = exactly(self.added)

        async def agree() -> bool:
            found = await self.world.compare()
            return all(found[side] == wanted[side] for side in sides)

        await eventually(agree)

    async def alerted(self, *words: str) -> str:
        """The alert with all these words, once the administrator got it."""
        found: list[str] = []

        async def told() -> bool:
            said = await self.world.person("read", chat_id=ADMIN)
            found[:] = [m["text"] for m in said if all(word in m.get("text", "") for word in words)]
            return bool(found)

        await eventually(told)
        return found[-1]

    async def edits(self, status: int) -> int:
        """How many additions to the YouTube Music playlist were answered with this status."""
        calls = await self.world.calls("youtube", "edit_playlist.add")
        return sum(call["status"] == status for call in calls)

    async def until_edits(self, status: int, count: int) -> None:
        async def are_made() -> bool:
            return await self.edits(status) >= count

        await eventually(are_made)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    folder = tmp_path_factory.mktemp("realistic")
    async with (
        platforms(folder, "--tracks", str(SONGS), "--messages-per-minute", "1000") as world,
        navaar(world, folder, **SETTINGS) as running,
    ):
        yield Whole(world, running, folder / "credentials")
        assert "Traceback" not in running.log()


async def test_songs_at_once_from_three_sides_are_once_everywhere_and_none_is_taken_for_another(whole: Whole) -> None:
    await whole.add(AT_ONCE, *SIDES)
    await whole.until_everywhere()
    # One in five is listed by YouTube Music under another id than the one that was added.
    status, _ = await http(f"{whole.running.api}/api/tracks/{AT_ONCE + 1}")
    assert status == 404
    assert not any((await whole.world.state())["asked_in_pauses"].values())


async def test_songs_beyond_what_may_be_changed_at_once_arrive_when_it_may(whole: Whole) -> None:
    refused, made = await whole.edits(400), await whole.edits(200)
    # Nothing may be changed for an hour.
    await whole.world.settings(youtube_edits=[0, 3600])
    await whole.add(HELD_BACK // 2, "telegram", "spotify")
    await whole.until_edits(400, refused + 1)
    # Then one change, of however many songs.
    await whole.world.settings(youtube_edits=[1, 3600])
    await whole.until_edits(200, made + 1)
    refused = await whole.edits(400)
    await whole.add(HELD_BACK // 2, "telegram", "spotify")
    await whole.until_edits(400, refused + 1)
    await whole.world.settings(youtube_edits=[None, 1])
    await whole.until_everywhere()


async def test_a_session_that_ends_amid_work_is_told_and_what_waits_arrives_with_the_new_one(whole: Whole) -> None:
    await whole.add(AMID, "telegram", "spotify")
    await whole.world.settings(youtube_session_ended=True)
    await whole.add(AMID, "telegram", "spotify")
    alert = await whole.alerted("YouTube Music refuses the sign-in")
    assert "navaar auth ytmusic" in alert
    await whole.world.settings(youtube_session_ended=False)
    sign_in = whole.credentials / "ytmusic-auth.json"
    await asyncio.to_thread(lambda: sign_in.write_text(sign_in.read_text()))
    await whole.until_everywhere()
    await whole.alerted("Over: YouTube Music refuses the sign-in")


async def test_a_pause_outlasts_a_restart_keeps_nobody_else_waiting_and_ends_without_a_command(whole: Whole) -> None:
    running = whole.running
    await whole.world.settings(spotify_pause=15)
    await whole.add(AMID, "telegram", "youtube")

    async def asked() -> int:
        found: int = (await whole.world.state())["asked_in_pauses"]["spotify"]
        return found

    async def is_met() -> bool:
        return await asked() > 0

    await eventually(is_met)
    assert await running.stop() == 0
    met = await asked()
    await running.start()
    await running.until_ready()
    await whole.until_on("telegram", "youtube")
    await whole.until_everywhere()
    assert await asked() == met


async def test_a_pause_of_a_day_is_told_with_its_end(whole: Whole) -> None:
    await whole.world.settings(spotify_pause=86_400)
    await whole.add(AMID, "telegram", "youtube")
    alert = await whole.alerted("Spotify asks for a pause", "UTC")
    assert "the others go on" in alert
    await whole.until_on("telegram", "youtube")
