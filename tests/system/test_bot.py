"""A person runs everything from the chat with the bot: the real ledger and platforms' clients behind it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from navaar_sandbox.catalogue import Catalogue
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(300)

Json = dict[str, Any]


async def ask(world: Platforms, text: str) -> Json:
    """Write to the bot; its answer."""
    sent = await world.person("write", text=text)
    answer: Json = await world.person("await_reply", after=sent["message_id"], timeout=20)
    return answer


async def press(world: Platforms, message: Json, button: str, then: str) -> Json:
    """Press a button; the message once it holds `then`."""
    await world.person("press", message_id=message["message_id"], button=button)
    return await shown(world, then, message["message_id"])


async def shown(world: Platforms, words: str, message_id: int | None = None) -> Json:
    """The newest message of the bot's chat (or that one) that holds these words, once there is one."""
    found: list[Json] = []

    async def there() -> bool:
        found[:] = [
            message
            for message in await world.person("read")
            if words in message.get("text", "") and message_id in (None, message["message_id"])
        ]
        return bool(found)

    await eventually(there, 30)
    return found[-1]


async def until_answer(world: Platforms, command: str, fits: Callable[[str], bool]) -> None:
    """Ask until the answer fits; seldom enough for Telegram's limits in one chat."""
    async with asyncio.timeout(40):
        while not fits((await ask(world, command))["text"]):
            await asyncio.sleep(2)


async def until_synced(running: Navaar, songs: int) -> None:
    async def synced() -> bool:
        tracks = await running.tracks()
        states = [delivery["state"] for track in tracks for delivery in track["deliveries"]]
        return len(states) == 2 * songs and all(state in ("synced", "duplicate") for state in states)

    await eventually(synced, 90)


async def test_a_wrong_match_is_taken_out_asked_about_and_put_right_from_the_chat(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "2") as world, navaar(world, tmp_path) as running:
        await world.settings(messages_per_minute=1000)
        await world.person("add", number=0, side="telegram")
        await until_synced(running, 1)
        message = await ask(world, "/track 1")
        message = await press(world, message, "Wrong match: SP", "Take it out of Spotify")
        await press(world, message, "Wrong match", "Taken out of Spotify")
        question = await shown(world, "Which of these is it on Spotify?")
        assert (await world.compare())["spotify"]["present"] == 0
        await press(world, question, "None of these", "None of them")

        await until_answer(world, "/failed tg", lambda said: "Proposals turned down" in said)
        assert "reported by admin" in (await ask(world, "/why 1"))["text"]
        assert (await world.compare())["spotify"]["present"] == 0


async def test_what_is_found_and_added_in_the_chat_goes_everywhere_and_gets_one_card(tmp_path: Path) -> None:
    song = Catalogue(2).original("youtube", 1)
    async with platforms(tmp_path, "--tracks", "2") as world, navaar(world, tmp_path) as running:
        await world.settings(messages_per_minute=1000)
        found = await ask(world, f"/search {song.title} {' '.join(song.artists)}")
        number = next(line for line in found["text"].splitlines() if song.id in line).split()[0]
        await world.person("press", message_id=found["message_id"], button=f"Add {number}")
        await ask(world, "/sync yt")
        await until_synced(running, 1)
        assert [track["origin"] for track in await running.tracks()] == ["youtube"]

        async def one_card() -> bool:
            channel = int(world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"])
            cards = [m for m in await world.person("read", chat_id=channel) if "#1" in m.get("text", "")]
            return [("✅ Telegram" in c["text"], "✅ Spotify" in c["text"]) for c in cards] == [(True, True)]

        await eventually(one_card, 30)
        assert "Traceback" not in running.log()


async def test_pause_holds_everything_back_until_resume(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "2") as world, navaar(world, tmp_path) as running:
        await world.settings(messages_per_minute=1000)
        assert "Holding back everything" in (await ask(world, "/pause"))["text"]

        await until_answer(world, "/status", lambda said: said.count("paused") == 6)
        await world.person("add", number=0, side="youtube")

        async def waits() -> bool:
            states = [d["state"] for track in await running.tracks() for d in track["deliveries"]]
            return states == ["pending", "pending"]

        await eventually(waits, 40)
        assert "On the way: 2" in (await ask(world, "/queue"))["text"]
        assert (await world.compare())["spotify"]["present"] == 0
        await ask(world, "/resume")
        await until_exactly(world, 1, running)
