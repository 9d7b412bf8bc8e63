"""The clock is set, hours ahead and back, while songs are on their way: nothing waits for it and nothing is lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.jumping_clock import JumpingClock, library
from tests.support.whole_system import http, navaar, platforms, until_exactly

HOURS = 6 * 3600

pytestmark = [
    pytest.mark.timeout(900),
    pytest.mark.skipif(library() is None, reason="the clock is moved by a library that a C compiler makes"),
]


async def test_songs_go_on_though_the_clock_is_set_ahead_and_back(tmp_path: Path) -> None:
    clock = JumpingClock(tmp_path / "clock")
    async with (
        platforms(tmp_path, "--tracks", "6") as world,
        navaar(world, tmp_path, **clock.variables) as running,
    ):
        await world.person("add", number=0, side="youtube")
        await until_exactly(world, 1, running)
        clock.jump(HOURS)
        # Retries, the waits after an unknown outcome and pauses are all noted by a clock that is ahead.
        await world.fault("spotify", "items.add", effect="status_after", status=502, count=1)
        await world.fault("youtube", "edit_playlist.add", effect="drop_after", count=1)
        await world.fault("telegram", "sendAudio", effect="drop_after", count=1)
        for number, side in enumerate(("telegram", "youtube", "spotify"), start=1):
            await world.person("add", number=number, side=side)
        clock.jump(0)
        await world.person("add", number=4, side="telegram")
        await until_exactly(world, 5, running)
        clock.jump(-HOURS)
        await world.person("add", number=5, side="spotify")
        await until_exactly(world, 6, running)
        assert (await http(f"{running.api}/readyz"))[0] == 200
