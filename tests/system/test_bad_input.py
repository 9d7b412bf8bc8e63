"""Whatever is posted or added, nothing stops the rest, and a person can read why something was not synced."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.support.whole_system import Navaar, eventually, http, navaar, platforms, until_exactly

pytestmark = pytest.mark.timeout(900)


async def log_of(running: Navaar) -> list[dict[str, Any]]:
    """The whole audit log: every track's, and what belongs to none."""
    from navaar_contracts.queries import ListLog
    from navaar_launcher.connection import ledger_client

    entries: list[dict[str, Any]] = []
    async with ledger_client(running.environment) as client:
        cursor = None
        while True:
            reply = await client.ask(ListLog(limit=500, cursor=cursor))
            entries += [entry.model_dump(mode="json") for entry in reply.entries]
            cursor = reply.next_cursor
            if cursor is None:
                return entries


async def until_logged(running: Navaar, *words: str) -> None:
    """Wait until one entry of the audit log has all these words."""

    async def there() -> bool:
        return any(all(word.lower() in entry["details"].lower() for word in words) for entry in await log_of(running))

    try:
        await eventually(there)
    except TimeoutError:
        shown = "\n".join(f"{e['event']}: {e['details']}" for e in await log_of(running))
        raise AssertionError(f"no entry has {words}:\n{shown}") from None


async def test_odd_posts_do_not_stop_the_others_and_say_why(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "8") as world, navaar(world, tmp_path) as running:
        await world.person("post_text", text="good morning, nothing to play here")
        await world.person("post", number=6, form="voice")
        # Text that calls itself a song of somebody: the name is all there is to go by, so the song is synced.
        await world.person("post", number=6, form="not_audio")
        await world.person("post", number=6, form="empty_title")
        await world.person("post", number=0, form="document")
        await world.person("post", number=1, form="big")
        await world.person("post", number=2, form="hostile_tags")
        await world.person("post", number=3, form="file_name_only")
        await world.person("post", number=4, form="long_title")
        await world.person("add", number=5, side="spotify")
        await until_logged(running, "voice")

        async def others_arrive() -> bool:
            tally = await world.compare()
            return tally["youtube"]["present"] == 5 and tally["spotify"]["present"] == 6

        # Three thousand characters in five scripts are no title that a catalogue knows, but the file has its ISRC, by
        # which Spotify finds it.
        await eventually(others_arrive)
        tally = await world.compare()
        assert all(tally[p]["duplicates"] == 0 and tally[p]["wrong"] <= 1 for p in tally), tally
        await until_logged(running, "nothing to search for")
        await until_logged(running, "not found on youtube")
        assert "Traceback" not in running.log()


async def test_odd_playlist_entries_do_not_stop_the_others_and_say_why(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world, navaar(world, tmp_path) as running:
        await world.person("add_odd", side="spotify", kind="local", item="Me - My own tape")
        await world.person("add_odd", side="spotify", kind="episode", item="A podcast, part 7")
        await world.person("add_odd", side="spotify", kind="null", item="")
        video = (await world.person("add", number=0, side="youtube"))["id"]
        await world.person("add", number=1, side="spotify")
        await until_logged(running, "local file")
        await until_logged(running, "episode")

        async def seen() -> bool:
            return any(track["origin"] == "youtube" for track in await running.tracks())

        # What was taken down before anybody looked was never there.
        await eventually(seen)
        await world.person("take_down", video_id=video, how="private")
        await world.person("add", number=2, side="youtube")
        await world.person("add", number=3, side="telegram")

        async def arrived() -> bool:
            tally = await world.compare()
            return tally["spotify"]["missing"] == 0 and tally["youtube"]["missing"] == 0

        await eventually(arrived)
        tally = await world.compare()
        assert all(t["duplicates"] == 0 and t["wrong"] == 0 for t in tally.values()), tally


async def test_a_video_that_went_away_before_it_was_fetched_says_so(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "3") as world:
        await world.fault("media", "*", effect="status", status=404, count=None)
        async with navaar(world, tmp_path) as running:
            await world.person("add", number=0, side="youtube")
            await world.person("add", number=1, side="telegram")

            async def the_rest_arrives() -> bool:
                tally = await world.compare()
                return tally["youtube"]["missing"] == 0 and tally["spotify"]["missing"] == 0

            await eventually(the_rest_arrives)

            async def stopped() -> bool:
                return any(
                    d["direction"] == "yt_to_tg" and d["reason"]
                    for t in await running.tracks()
                    for d in t["deliveries"]
                )

            await eventually(stopped)
            await until_logged(running, "video")


async def test_a_playlist_that_does_not_exist_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "2") as world,
        navaar(world, tmp_path, ready=False, NAVAAR_SPOTIFY_PLAYLIST_ID="0000000000000000000000") as running,
    ):
        await world.person("add", number=0, side="telegram")
        await world.person("add", number=1, side="youtube")

        async def two_of_three() -> bool:
            tally = await world.compare()
            return tally["youtube"]["missing"] == 0 and tally["telegram"]["missing"] == 0

        await eventually(two_of_three)

        async def named() -> bool:
            _, health = await http(f"{running.api}/readyz")
            return "0000000000000000000000" in str(health["services"]["spotify"])

        await eventually(named)


async def test_a_message_that_no_schema_fits_goes_to_the_dead_and_nothing_stops(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "3") as world, navaar(world, tmp_path) as running:
        client = await running.nats()
        js = client.jetstream()
        await js.publish("navaar.evt.item.sighted.main", b'{"link": "main", "platform": "gramophone"}')
        await js.publish("navaar.cmd.telegram.place-track.main", b"\x00\x01")
        await world.person("play", count=3)
        await until_exactly(world, 3, running)
        info = await js.stream_info("NAVAAR_DEAD")
        assert info.state.messages == 2
        subjects = set((await js.stream_info("NAVAAR_DEAD", subjects_filter=">")).state.subjects or {})
        assert subjects == {
            "navaar.dead.ledger.item-sighted.main",
            "navaar.dead.telegram.telegram-place-track.main",
        }
        await client.close()
