"""What a person asks for over HTTP happens: the api, the real ledger, the gateways and the pretend platforms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.support.whole_system import eventually, navaar, platforms

TOKEN = "a-token-for-the-tests-only"


@pytest.mark.timeout(900)
async def test_pause_wrong_match_answer_and_delete_over_http(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "2") as world,
        navaar(world, tmp_path, NAVAAR_API_TOKEN=TOKEN) as system,
        httpx.AsyncClient(
            base_url=system.api, headers={"authorization": f"Bearer {TOKEN}"}, trust_env=False, timeout=20
        ) as http,
    ):

        async def get(path: str) -> Any:
            return (await http.get(path)).json()

        async def all_synced() -> bool:
            return bool((await get("/api/stats"))["synced"] == 4)

        async def is_paused() -> bool:
            return bool((await get("/api/pause"))["paused"] == ["sp_to_tg"])

        async def asks() -> bool:
            return len((await get("/api/reviews"))["reviews"]) == 1

        async def asks_no_more() -> bool:
            return not (await get("/api/reviews"))["reviews"]

        async def is_gone() -> bool:
            return [t["id"] for t in (await get("/api/tracks"))["tracks"]] == [2]

        for number in range(2):
            await world.person("add", number=number, side="spotify")
        await eventually(all_synced)
        assert (await http.post("/api/pause", json={"paused": True, "direction": "sp_to_tg"})).status_code == 202
        await eventually(is_paused)

        wrong = await http.post("/api/tracks/2/wrong-match", json={"target": "youtube"})
        assert wrong.status_code == 202, wrong.text
        await eventually(asks)
        answered = await http.post("/api/reviews/2/youtube", json={"answer": "never"})
        assert answered.status_code == 202, answered.text
        await eventually(asks_no_more)

        assert (await http.delete("/api/tracks/1")).status_code == 202
        await eventually(is_gone)
        assert (await http.post("/api/sync", json={"origin": "spotify"})).status_code == 202
        # A log says where the dashboard is; the link that signs in is for a person at a terminal.
        assert system.api in system.log()
        assert "/sign-in?code=" not in system.log()
