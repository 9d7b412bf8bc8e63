"""Each command and each button of the bot through the whole system; only the platforms are pretended.

One system serves all tests; each has songs of its own. The playlists are looked at every ten minutes, so that what a
test syncs by hand did not come by itself.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from navaar_sandbox.catalogue import Catalogue, Recording
from tests.support.bot_chat import DEADLINE_S, Chat, Json, buttons
from tests.support.whole_system import Navaar, Platforms, eventually, navaar, platforms

pytestmark = [pytest.mark.timeout(900), pytest.mark.asyncio(loop_scope="module")]

NOT_ON_SPOTIFY = (2, 3)
SONGS = 18
SETTINGS = {
    **{f"NAVAAR_SYNC_INTERVAL_{d}": "600" for d in ("YT_TO_TG", "YT_TO_SP", "SP_TO_TG", "SP_TO_YT")},
    "NAVAAR_TELEGRAM_POSTS_PER_MINUTE": "100",
    "NAVAAR_CARDS": "admins",
}
DONE = {"synced", "duplicate"}
STRANGER = 666


@dataclass
class Whole:
    world: Platforms
    running: Navaar
    chat: Chat
    songs: tuple[Recording, ...]

    async def find(self, number: int) -> Json | None:
        """The track of a song."""
        title = self.songs[number].title
        return next((track for track in await self.running.tracks() if title in track["display"]), None)

    async def until(self, number: int, **states: str) -> Json:
        """A song's track, once its deliveries (by target) are in these states; 'synced' means there."""
        found: list[Json] = []

        async def there() -> bool:
            track = await self.find(number)
            found[:] = [track] if track is not None else []
            now = {d["target"]: d["state"] for d in track["deliveries"]} if track is not None else {}
            return all(now.get(t) in (DONE if state == "synced" else {state}) for t, state in states.items())

        try:
            await eventually(there, DEADLINE_S)
        except TimeoutError:
            raise AssertionError(f"song {number} is not {states}: {found}") from None
        return found[0]

    async def posted(self, number: int, **states: str) -> Json:
        """Post a song to the channel; its track, once it is everywhere or as `states` says."""
        await self.world.person("add", number=number, side="telegram")
        return await self.until(number, **{"youtube": "synced", "spotify": "synced", **states})

    async def present(self, platform: str, external_id: str) -> bool:
        """Whether that item is in the playlist."""
        return await self.times(platform, external_id) > 0

    async def times(self, platform: str, external_id: str) -> int:
        """How often that item is in the playlist."""
        items: list[str] = (await self.world.state())["playlists"][platform]
        return items.count(external_id)

    async def noted(self, track_id: int, event: str) -> int:
        """How often an event is in a track's log."""
        return sum(entry["event"] == event for entry in (await self.running.track(track_id))["logs"])


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Whole]:
    folder = tmp_path_factory.mktemp("bot")
    absent = [argument for number in NOT_ON_SPOTIFY for argument in ("--absent", f"spotify:{number}")]
    async with (
        platforms(folder, "--tracks", str(SONGS), *absent) as world,
        navaar(world, folder, ready=True, **SETTINGS) as running,
    ):
        # A person who adds a song and asks for a look at once is slower than reads lag behind.
        await world.settings(messages_per_minute=1000, messages_per_minute_to_a_person=1000, lag=0)
        yield Whole(world, running, Chat(world), Catalogue(SONGS).recordings)
        assert "Traceback" not in running.log()


async def test_every_list_and_figure_is_shown_and_its_buttons_turn_it(whole: Whole) -> None:
    chat = whole.chat
    track = await whole.posted(0)
    name = whole.songs[0].title
    assert "/search_sp" in (await chat.ask("/start", "keeps your channel"))["text"]
    message = await chat.ask("/help", "keeps your channel")
    await chat.turns(message, "Questions", "No question waits")
    message = await chat.ask("/help", "keeps your channel")
    message = await chat.turns(message, "Status", "Status", "Up for", "TG → YT: ✅")
    assert "All parts are well." in message["text"]
    await chat.turns(message, "Stats", "Figures", "Success: ")
    message = await chat.ask("/status", "All parts are well.")
    await chat.turns(message, "Failed", "Failed: ")
    message = await chat.ask("/status", "All parts are well.")
    assert await chat.press(message, "Refresh") == ""
    message = await chat.ask("/stats", "Figures")
    picture = await chat.said("by direction", after=message["message_id"])
    assert picture["photo"]
    await chat.turns(message, "Status", "All parts are well.")
    assert "On the way: " in (await chat.ask("/queue", "On the way"))["text"]
    assert f"#{track['id']} " in (await chat.ask("/recent 50", "The newest"))["text"]
    message = await chat.ask("/logs 50", "What happened last", name)
    assert buttons(message)[-1] == "Refresh"
    await chat.press(message, "Refresh")


async def test_ping_and_config_ask_every_part(whole: Whole) -> None:
    shown = (await whole.chat.ask("/ping", "Pong"))["text"].splitlines()
    for part in ("Bot", "NATS", "Store", "YouTube Music", "Spotify"):
        [line] = [line for line in shown if line.startswith(f"{part}: ")]
        assert line.endswith(" ms")
    message = await whole.chat.ask("/config", "Settings in force")
    said = message["text"]
    page = 1
    while "More ›" in buttons(message):
        page += 1
        message = await whole.chat.turns(message, "More ›", f"Page {page} of")
        said += message["text"]
    for name in ("TELEGRAM_BOT_TOKEN", "SPOTIFY_CLIENT_SECRET"):
        assert f"NAVAAR_{name} = ***" in said
        assert whole.world.environment[f"NAVAAR_{name}"] not in said
    assert whole.world.environment["NAVAAR_SPOTIFY_PLAYLIST_ID"] in said
    assert "does not answer" not in said


async def test_a_track_tells_everything_and_why(whole: Whole) -> None:
    track = await whole.posted(1)
    number = track["id"]
    message = await whole.chat.ask(f"/track {number}", whole.songs[1].title)
    assert f"Trace: {track['trace_id']}" in message["text"]
    assert "Placed on spotify" in message["text"]
    assert {"Open on Telegram", "Open on YouTube Music", "Open on Spotify", "Refresh"} <= set(buttons(message))
    message = await whole.chat.turns(message, "Why", "How it was decided", "candidates for")
    await whole.chat.turns(message, f"#{number}", "Last events")
    assert "title agrees" in (await whole.chat.ask(f"/why #{number}", "How it was decided"))["text"]
    assert (await whole.chat.ask("/track 999", "There is no track"))["text"] == "There is no track #999."


async def test_what_failed_is_listed_by_cause_and_tried_again(whole: Whole) -> None:
    chat = whole.chat
    one = await whole.posted(2, spotify="failed")
    other = await whole.posted(3, spotify="failed")
    message = await chat.ask("/failed tg", "No match found", f"#{one['id']} ", f"#{other['id']} ")
    assert "Nothing has failed" in (await chat.ask("/failed yt", "Failed"))["text"]

    def tried(times: int, *tracks: Json) -> Any:
        async def all_of_them() -> bool:
            return all([await whole.noted(track["id"], "retry_asked") == times for track in tracks])

        return all_of_them

    [all_of_it] = [label for label in buttons(message) if label.startswith("Retry all")]
    await chat.turns(message, all_of_it, "Trying again: 2 deliveries.")
    await eventually(tried(1, one, other), DEADLINE_S)
    for number in NOT_ON_SPOTIFY:
        await whole.until(number, spotify="failed")

    await chat.ask(f"/retry {one['id']}", f"Trying #{one['id']} again")
    await eventually(tried(2, one), DEADLINE_S)
    await whole.until(2, spotify="failed")
    message = await chat.ask(f"/track {one['id']}", "Not found on spotify")
    assert await chat.press(message, "Retry") == f"🔁 Trying #{one['id']} again."
    await eventually(tried(3, one), DEADLINE_S)
    await whole.until(2, spotify="failed")
    await chat.ask("/retry tg_to_sp", "Trying again: 2 deliveries.")
    await eventually(tried(4, one), DEADLINE_S)
    await eventually(tried(2, other), DEADLINE_S)
    assert "Nothing has failed there" in (await chat.ask("/retry yt_to_sp", "failed"))["text"]


@pytest.mark.parametrize(
    ("command", "number", "platform", "other", "word"),
    [("/search", 4, "youtube", "spotify", "yt"), ("/search_sp", 5, "spotify", "youtube", "sp")],
)
async def test_what_is_found_and_added_goes_everywhere_and_gets_one_card(
    whole: Whole, command: str, number: int, platform: str, other: str, word: str
) -> None:
    chat = whole.chat
    song = Catalogue(SONGS).original(platform, number)  # type: ignore[arg-type]

    async def add() -> None:
        found = await chat.ask(f"{command} {song.title} {' '.join(song.artists)}", song.id)
        assert len([label for label in buttons(found) if label.startswith("Add ")]) <= 5
        [line] = [line for line in found["text"].splitlines() if song.id in line]
        assert "Being added" in await chat.press(found, f"Add {line.split()[0]}")

    async def is_added() -> bool:
        return await whole.present(platform, song.id)

    await add()
    await eventually(is_added, DEADLINE_S)
    await add()  # Once more changes nothing, see below.
    await chat.ask(f"/sync {word}", "Syncing")
    track = await whole.until(number, telegram="synced", **{other: "synced"})
    assert track["origin"] == platform

    card = await chat.said(f"· #{track['id']}\n", "✅ Telegram", "✅ Spotify", "✅ YouTube Music")
    assert [m for m in await chat.messages() if f" UTC · #{track['id']}\n" in m.get("text", "")] == [card]
    assert set(buttons(card)) == {"Spotify", "YouTube Music"}
    await chat.ask(f"/card {track['id']}", "is being made")

    channel = Chat(whole.world, int(whole.world.environment["NAVAAR_TELEGRAM_CHANNEL_ID"]))
    said = await channel.messages()
    assert [one for one in said if "audio" not in one and "document" not in one] == [], "songs, and nothing else"
    assert not any("Navaar" in one.get("caption", "") for one in said)
    assert await whole.times(platform, song.id) == 1


async def test_a_sync_button_looks_at_the_playlist_at_once(whole: Whole) -> None:
    await whole.world.person("add", number=6, side="spotify")
    message = await whole.chat.ask("/status", "Up for")
    assert "SP → YT" in await whole.chat.press(message, "Sync SP → YT")
    await whole.until(6, youtube="synced")


async def wrong(whole: Whole, number: int, target: str, short: str) -> tuple[Json, Json]:
    """Report a song's match as wrong from the chat; its track and the question that follows."""
    chat = whole.chat
    track = await whole.posted(number)
    placed = track["items"][target]
    message = await chat.ask(f"/track {track['id']}", whole.songs[number].title)
    message = await chat.turns(message, f"Wrong match: {short}", "never choose it for this track again")
    message = await chat.turns(message, "Keep it", "Last events")
    assert await whole.present(target, placed)
    message = await chat.turns(message, f"Wrong match: {short}", "never choose it for this track again")
    assert await chat.press(message, "Wrong match") == "Noted"
    question = await chat.said("Which of these is it", f"#{track['id']} ", after=message["message_id"])

    async def is_out() -> bool:
        return not await whole.present(target, placed)

    await eventually(is_out, DEADLINE_S)
    return track, question


async def test_a_wrong_match_is_undone_and_another_one_picked(whole: Whole) -> None:
    track, question = await wrong(whole, 7, "youtube", "YT")
    assert "title agrees" in question["text"]
    listed = await whole.chat.ask("/review", "Questions: ")
    listed = await whole.chat.turns(listed, f"#{track['id']} YT", "Which of these is it on YouTube Music?")
    before = (await whole.running.track(track["id"]))["deliveries"]
    [proposed] = [d["alternatives"][0]["candidate"]["id"] for d in before if d["target"] == "youtube"]
    assert await whole.chat.press(listed, "Pick 1") == "Noted"
    track = await whole.until(7, youtube="synced")
    assert track["items"]["youtube"] == proposed
    assert await whole.present("youtube", proposed)
    # The message that asked shows the answer too, and takes no second one.
    await whole.chat.shows(question, "answered by")
    assert "reported by admin" in (await whole.chat.ask(f"/why {track['id']}", "How it was decided"))["text"]


@pytest.mark.parametrize(
    ("number", "button", "said", "cause"),
    [
        (8, "None of these", "None of them", "Proposals turned down"),
        (9, "Never", "Never to be placed there", "Never to be placed there"),
    ],
)
async def test_a_question_is_turned_down(whole: Whole, number: int, button: str, said: str, cause: str) -> None:
    track, question = await wrong(whole, number, "spotify", "SP")
    await whole.chat.turns(question, button, said, "answered by")
    await whole.until(number, spotify="failed")
    await whole.chat.ask("/failed tg", cause, f"#{track['id']} ")
    assert not await whole.present("spotify", track["items"]["spotify"])


async def test_a_question_is_searched_again(whole: Whole) -> None:
    track, question = await wrong(whole, 10, "youtube", "YT")
    await whole.chat.turns(question, "Search again", "Being searched again", "answered by")

    async def is_searched() -> bool:
        entries = (await whole.running.track(track["id"]))["journey"]
        answered = next((n for n, entry in enumerate(entries) if entry["event"] == "review_answered"), len(entries))
        return any(entry["event"] == "candidates_found" for entry in entries[answered:])

    await eventually(is_searched, DEADLINE_S)


async def test_a_track_is_deleted_after_a_question_and_stays_where_it_is(whole: Whole) -> None:
    track = await whole.posted(11)
    number = track["id"]
    message = await whole.chat.ask(f"/delete {number}", "Stop working on it")
    message = await whole.chat.turns(message, "Keep", "Last events")
    message = await whole.chat.turns(message, "Delete", "Stop working on it")
    await whole.chat.turns(message, "Delete", "is dropped")

    async def is_gone() -> bool:
        return await whole.find(11) is None

    await eventually(is_gone, DEADLINE_S)
    assert await whole.present("spotify", track["items"]["spotify"])
    await whole.chat.said("No longer kept in step", f"#{number}")
    await whole.chat.ask(f"/track {number}", f"There is no track #{number}.")


async def test_pause_holds_everything_back_until_resume(whole: Whole) -> None:
    chat = whole.chat
    await chat.ask("/pause", "Holding back everything")

    async def status(paused: int) -> bool:
        shown: str = (await chat.ask("/status", "Up for"))["text"]
        return shown.count("paused") == paused

    await eventually(lambda: status(6), DEADLINE_S)
    await whole.world.person("add", number=12, side="telegram")
    await whole.until(12, youtube="pending", spotify="pending")
    shown = (await chat.ask("/queue", "On the way: 2"))["text"]
    assert whole.songs[12].title in shown
    await chat.ask("/resume tg_to_yt", "TG → YT goes on")
    await whole.until(12, youtube="synced", spotify="pending")
    await chat.ask("/resume", "Everything goes on")
    await whole.until(12, spotify="synced")
    await eventually(lambda: status(0), DEADLINE_S)


async def test_a_forwarded_post_that_is_known_makes_no_second_track(whole: Whole) -> None:
    track = await whole.posted(13)
    forwarded = await whole.world.person("forward", message_id=int(track["items"]["telegram"]))
    await whole.chat.said("known already", after=forwarded["message_id"])
    same = [one for one in await whole.running.tracks() if whole.songs[13].title in one["display"]]
    assert [one["id"] for one in same] == [track["id"]]


async def test_wrong_words_change_nothing_and_are_answered_with_what_was_meant(whole: Whole) -> None:
    assert "Did you mean /sync sp?" in (await whole.chat.ask("/sync spotfy", "Usage: /sync"))["text"]
    assert "Did you mean /status?" in (await whole.chat.ask("/statuss", "/help"))["text"]


async def test_strangers_get_silence_and_may_press_nothing(whole: Whole) -> None:
    stranger = Chat(whole.world, STRANGER)
    track = await whole.posted(14)
    for text in ("/start", "/status", f"/delete {track['id']}", "/sync", "hello"):
        await whole.world.person("write", text=text, user_id=STRANGER)
    message = await whole.chat.ask(f"/delete {track['id']}", "Stop working on it")
    assert await stranger.press(message, "Delete") == "Not allowed"
    # Whoever asks after them has an answer, so they had their turn.
    await whole.chat.ask("/status", "Up for")
    assert await stranger.messages() == []
    assert await whole.find(14) is not None


async def test_a_direction_in_which_every_song_fails_is_told_and_so_is_its_recovery(whole: Whole) -> None:
    await whole.world.fault("spotify", "items.add", effect="status", status=400, count=None)
    for number in (15, 16):
        await whole.world.person("add", number=number, side="telegram")
        await whole.until(number, youtube="synced")
    alert = await whole.chat.said("⚠️ Nothing gets through Telegram → Spotify", "Placing did not succeed (2)")
    await whole.chat.turns(alert, "Failed", "Failed: ")
    await whole.world.heal()
    for number in (15, 16):
        track = await whole.find(number)
        assert track is not None
        await whole.chat.ask(f"/retry {track['id']}", f"#{track['id']}")
        await whole.until(number, spotify="synced")
    await whole.chat.said("✅ Over: Nothing gets through Telegram → Spotify", after=alert["message_id"])
