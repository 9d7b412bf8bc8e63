"""Each command and each button of the bot, through aiogram, against the sandbox's Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest
import pytest_asyncio

from navaar_bot import intake
from navaar_contracts.commands import (
    AddItem,
    AnswerReview,
    DeleteTrack,
    PartTrack,
    PollPlaylist,
    ReportWrongMatch,
    RetryDeliveries,
    ReviewAnswer,
    RunCycle,
    SetPause,
)
from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import JoinedTrack
from navaar_sandbox.telegram_text import utf16_length
from tests.support.bot import (
    DEADLINE_S,
    STRANGER,
    Stage,
    World,
    delivery,
    found,
    scored,
    staged,
    texts,
    track,
    until,
)
from tests.support.nats_server import running_nats

pytestmark = pytest.mark.asyncio(loop_scope="module")

D, S = Direction, DeliveryState


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def whole(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stage]:
    folder = tmp_path_factory.mktemp("bot")
    async with running_nats() as server:
        variables = {"NAVAAR_NATS_URL": server.url, "NAVAAR_DATA_DIR": str(folder / "data")}
        async with staged(variables, folder) as stage:
            yield stage


@pytest_asyncio.fixture(loop_scope="module")
async def stage(whole: Stage) -> Stage:
    """The one stage, with nothing on it."""
    fresh = World()
    for name in vars(fresh):
        setattr(whole.world, name, getattr(fresh, name))
    whole.published.clear()
    return whole


async def test_start_and_help_list_every_command(stage: Stage) -> None:
    for command in ("/start", "/help"):
        shown = (await stage.ask(command))["text"]
        for name in ("/status", "/review", "/search_sp", "/pause"):
            assert name in shown


async def test_menu_is_set_for_each_administrator_only(stage: Stage) -> None:
    telegram = stage.sandbox.world.telegram
    await until(lambda: bool(telegram.commands))
    [(scope, listed)] = telegram.commands
    assert scope == {"type": "chat", "chat_id": stage.admin}
    assert {"status", "why", "review"} <= {command["command"] for command in listed}


async def test_status_is_refreshed_in_place_and_its_buttons_sync(stage: Stage) -> None:
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), delivery(D.TG_TO_SP, S.FAILED)))
    message = await stage.ask("/status")
    assert "TG → YT: ✅ 1" in message["text"]
    assert "TG → SP: ✅ 0 · ❌ 1" in message["text"]
    assert "Identifier: the identifier service is not running" in message["text"]
    stage.world.put(track(2, "Lab", delivery(D.TG_TO_YT, S.SYNCED)))
    await stage.press(message, "Refresh")
    await stage.shows(message, "2 tracks", "TG → YT: ✅ 2")
    assert "Syncing YT → SP" in await stage.press(message, "Sync YT → SP")
    [cycle] = await stage.ordered(RunCycle)
    assert (cycle.direction, cycle.forced) == (D.YT_TO_SP, True)
    await stage.press(message, "Failed")
    await stage.shows(message, "Failed: 1", "#1 Pol")
    await stage.press(message, "Status" if "Status" in texts(message) else "Refresh")


async def test_stats_come_with_a_picture(stage: Stage) -> None:
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED), delivery(D.TG_TO_SP, S.FAILED)))
    message = await stage.ask("/stats")
    assert "Success: ▰▰▰▰▰▰▱▱▱▱▱▱ 50 %" in message["text"]
    await until(lambda: any("photo" in one for one in stage.messages(stage.admin, message["message_id"])))
    await stage.press(message, "Status")
    await stage.shows(message, "Status")


async def test_queue_shows_what_is_on_its_way_oldest_first(stage: Stage) -> None:
    stage.world.put(track(1, "First", delivery(D.TG_TO_YT, S.SEARCHING)))
    stage.world.put(track(2, "Second", delivery(D.TG_TO_YT, S.PENDING), delivery(D.TG_TO_SP, S.SYNCED)))
    stage.world.paused = (D.TG_TO_YT,)
    shown = (await stage.ask("/queue"))["text"]
    assert "On the way: 2 · paused: TG → YT" in shown
    assert shown.index("#1 First · TG → YT: being searched") < shown.index("#2 Second · TG → YT: waits")


async def test_recent_and_logs_take_a_number(stage: Stage) -> None:
    for number in range(1, 8):
        stage.world.put(track(number, f"Song {number}", delivery(D.YT_TO_SP, S.SYNCED)), f"step of {number}")
    shown = (await stage.ask("/recent 3"))["text"]
    assert "#7 Song 7 · from YT: ✅ SP" in shown
    assert "#4 " not in shown
    assert "step of 1" in (await stage.ask("/logs 2"))["text"]
    assert "Usage: /recent [how many]" in (await stage.ask("/recent many"))["text"]


async def test_fifty_long_titles_are_paged_in_place(stage: Stage) -> None:
    for number in range(1, 51):
        stage.world.put(track(number, "آهنگ <b>&\u202e🎵" * 150, delivery(D.YT_TO_SP, S.SYNCED)))
    message = await stage.ask("/recent 50")
    seen = 0
    for page in range(1, 10):
        assert utf16_length(message["text"]) <= 4096
        seen += message["text"].count("from YT")
        if "More ›" not in texts(message):
            break
        await stage.press(message, "More ›")
        message = await stage.shows(message, f"Page {page + 1} of")
    assert seen == 50
    await stage.press(message, "‹ Back")


async def test_track_shows_everything_and_retries(stage: Stage) -> None:
    stage.world.put(
        track(
            3,
            "Googoosh - <Pol>",
            delivery(D.TG_TO_YT, S.SYNCED, chosen=scored("abcdefghijk", "Pol", 0.97)),
            delivery(D.TG_TO_SP, S.FAILED, reason="Not found on spotify", cause="no_match", retries=3),
            items={Platform.TELEGRAM: "3", Platform.YOUTUBE: "abcdefghijk"},
            trace_id="0af7651916cd43dd8448eb211c80319c",
        ),
        "Found on telegram.",
    )
    message = await stage.ask("/track #3")
    for words in (
        "Googoosh - <Pol>",
        "97%",
        "Not found on spotify",
        "retry 3 of 3",
        "0af7651916cd",
        "Found on telegram",
    ):
        assert words in message["text"]
    assert {"Retry", "Why", "Delete", "Wrong match: YT", "Open on YouTube Music"} <= set(texts(message))
    assert "Trying #3 again" in await stage.press(message, "Retry")
    [order] = await stage.ordered(RetryDeliveries)
    assert (order.track_id, order.link) == (3, "main")


async def test_a_joined_track_shows_the_one_it_was_joined_into(stage: Stage) -> None:
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.SYNCED)))
    stage.world.put(track(2, "Pol", merged_into=1))
    shown = (await stage.ask("/track 2"))["text"]
    assert "#1 Pol" in shown
    assert "#2 was found to be the same recording" in shown


async def test_a_joined_post_is_told_of_and_parted_after_a_question(stage: Stage) -> None:
    other = JoinedTrack(
        track_id=22,
        origin=Platform.SPOTIFY,
        origin_external_id="x" * 22,
        said="Pol (Live)",
        joined_at=datetime(2026, 11, 22, 12, tzinfo=UTC),
        why="same ISRC",
    )
    stage.world.put(track(21, "Pol", delivery(D.TG_TO_YT, S.SYNCED), posts=2, joined=(other,)))
    stage.world.put(track(22, "Pol (Live)", merged_into=21))
    assert "2 posts, one song" in (await stage.ask("/recent"))["text"]
    message = await stage.ask("/track 21")
    for words in ("2 posts, one song", "#22 Pol (Live)", "joined 22 Nov 12:00 UTC: same ISRC"):
        assert words in message["text"]
    await stage.press(message, "Part #22")
    message = await stage.shows(message, "Make #22 a song of its own again")
    assert not stage.orders(PartTrack)
    await stage.press(message, "Part #22")
    [order] = await stage.ordered(PartTrack)
    assert (order.track_id, order.joined_to, order.by) == (22, 21, f"admin {stage.admin}")
    assert "Which one is another song?" in (await stage.ask("/part 21"))["text"]
    assert "Make #22 a song of its own again" in (await stage.ask("/part 22"))["text"]
    stage.world.put(track(23, "Lab"))
    assert "There is nothing to part: #23" in (await stage.ask("/part 23"))["text"]


async def test_wrong_match_asks_first(stage: Stage) -> None:
    stage.world.put(track(3, "Pol", delivery(D.TG_TO_SP, S.SYNCED, chosen=scored("x" * 22, "Pol (Live)"))))
    message = await stage.ask("/track 3")
    await stage.press(message, "Wrong match: SP")
    message = await stage.shows(message, "Take it out of Spotify", "Pol (Live)")
    assert not stage.orders(ReportWrongMatch)
    await stage.press(message, "Wrong match")
    [order] = await stage.ordered(ReportWrongMatch)
    assert (order.track_id, order.target, order.by) == (3, Platform.SPOTIFY, f"admin {stage.admin}")


async def test_why_tells_the_trail_from_its_beginning(stage: Stage) -> None:
    stage.world.put(track(4, "Pol", delivery(D.TG_TO_YT, S.SYNCED)), "Found.", "7 candidates.", "Placed.")
    shown = (await stage.ask("/why 4"))["text"]
    assert shown.index("Found.") < shown.index("7 candidates.") < shown.index("Placed.")


async def test_delete_asks_first(stage: Stage) -> None:
    stage.world.put(track(5, "Pol", delivery(D.TG_TO_YT, S.FAILED)))
    message = await stage.ask("/delete 5")
    await stage.press(message, "Keep")
    message = await stage.shows(message, "#5 Pol", "From Telegram")
    await stage.press(message, "Delete")
    message = await stage.shows(message, "Stop working on it")
    assert not stage.orders(DeleteTrack)
    await stage.press(message, "Delete")
    await stage.shows(message, "is dropped")
    [order] = await stage.ordered(DeleteTrack)
    assert (order.track_id, order.by) == (5, f"admin {stage.admin}")


@pytest.mark.parametrize("command", ["track", "why", "delete", "retry", "card"])
async def test_a_track_that_is_not_there(stage: Stage, command: str) -> None:
    assert (await stage.ask(f"/{command} 77"))["text"] == "There is no track #77."


@pytest.mark.parametrize(
    ("said", "directions", "polls"),
    [
        ("/sync", set(D), {Platform.YOUTUBE, Platform.SPOTIFY}),
        ("/sync all", set(D), {Platform.YOUTUBE, Platform.SPOTIFY}),
        ("/sync sp", {D.SP_TO_TG, D.SP_TO_YT}, {Platform.SPOTIFY}),
        ("/sync tg", {D.TG_TO_YT, D.TG_TO_SP}, set()),
        ("/force_sync yt_to_sp", {D.YT_TO_SP}, {Platform.YOUTUBE}),
    ],
)
async def test_sync_runs_what_was_named(
    stage: Stage, said: str, directions: set[Direction], polls: set[Platform]
) -> None:
    assert "Syncing" in (await stage.ask(said))["text"]
    await until(lambda: len(stage.orders(RunCycle)) == len(directions))
    assert {order.direction for order in stage.orders(RunCycle)} == directions
    assert {order.platform for order in stage.orders(PollPlaylist)} == polls


async def test_a_misspelt_direction_syncs_nothing_and_is_answered_with_a_suggestion(stage: Stage) -> None:
    shown = (await stage.ask("/sync spotfy"))["text"]
    assert "Did you mean /sync sp?" in shown
    assert "Usage: /sync [link] [tg|yt|sp|all|direction]" in shown
    assert not stage.orders(RunCycle)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("/track", "A track's number is missing. | Usage: /track <number>"),
        ("/track Pol", "“Pol” is no track number. | Usage: /track <number>"),
        ("/why #", "“#” is no track number. | Usage: /why <number>"),
        ("/delete 0", "“0” is no track number. | Usage: /delete <number>"),
        ("/card -1", "“-1” is no track number. | Usage: /card [number]"),
        ("/recent 0", "“0” is no number from 1 to 50. | Usage: /recent [how many]"),
        ("/logs ten", "“ten” is no number from 1 to 50. | Usage: /logs [how many]"),
        ("/failed spotfy", "Did you mean /failed sp? | Usage: /failed [tg|yt|sp|direction]"),
        ("/list_failed tg_to_ty", "Did you mean /list_failed tg_to_yt? | Usage: /failed"),
        ("/retry al", "Did you mean /retry all? | Usage: /retry <number|all|tg|yt|sp|direction>"),
        ("/retry", "What shall be tried again? | Usage: /retry"),
        ("/sync yt to sy", "Usage: /sync [link] [tg|yt|sp|all|direction]"),
        ("/force_sync telegrm", "Did you mean /force_sync tg? | Usage: /sync"),
        ("/pause youtub", "Did you mean /pause yt? | Usage: /pause [link] [direction]"),
        ("/resume tg_to_spp", "Did you mean /resume tg_to_sp? | Usage: /resume [link] [direction]"),
        ("/search", "What shall I search for? | Usage: /search <words>"),
        ("/search_sp   ", "What shall I search for? | Usage: /search_sp <words>"),
        ("/SYNC <b>", "I do not know “<b>”. | Usage: /sync"),
    ],
)
async def test_a_wrong_argument_changes_nothing_and_is_answered_with_usage(stage: Stage, said: str, words: str) -> None:
    shown = (await stage.ask(said))["text"]
    for part in words.split(" | "):
        assert part in shown
    assert not stage.published


async def test_two_quick_presses_do_it_once(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED, cause="no_match")))
    message = await stage.ask("/track 1")
    said = await asyncio.gather(*(stage.press(message, "Retry") for _ in range(3)))
    assert sorted(said) == ["", "", "🔁 Trying #1 again."]
    await stage.ordered(RetryDeliveries)
    message = await stage.ask("/delete 1")
    await asyncio.gather(*(stage.press(message, "Delete") for _ in range(2)))
    await stage.shows(message, "is dropped")
    await stage.ask("/ping")
    assert len(stage.orders(DeleteTrack)) == 1


async def test_a_press_that_telegram_has_forgotten_is_carried_out_and_answered_in_the_chat(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED, cause="no_match")))
    message = await stage.ask("/track 1")
    stage.sandbox.fault("telegram", "answerCallbackQuery", effect="status", status=400, count=1)
    await stage.sandbox.person.press(message["message_id"], "Retry")
    await stage.ordered(RetryDeliveries)
    await until(lambda: any("Trying #1 again" in one.get("text", "") for one in stage.messages(stage.admin)))


async def test_unknown_commands_and_words_are_answered(stage: Stage) -> None:
    assert "Did you mean /status?" in (await stage.ask("/statuss"))["text"]
    assert "/help" in (await stage.ask("hello"))["text"]


async def test_pause_and_resume(stage: Stage) -> None:
    assert "Holding back TG → YT" in (await stage.ask("/pause tg_to_yt"))["text"]
    [order] = await stage.ordered(SetPause)
    assert (order.direction, order.paused, order.by) == (D.TG_TO_YT, True, f"admin {stage.admin}")
    assert "Everything goes on" in (await stage.ask("/resume"))["text"]
    [order] = await stage.ordered(SetPause)
    assert (order.direction, order.paused) == (None, False)


async def test_failed_is_grouped_by_cause_and_filtered(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED, cause="no_match", reason="Not found")))
    stage.world.put(track(2, "Two", delivery(D.TG_TO_SP, S.FAILED, cause="no_match")))
    stage.world.put(track(3, "Three", delivery(D.YT_TO_TG, S.FAILED, cause="download_failed")))
    shown = (await stage.ask("/failed"))["text"]
    assert "Failed: 3" in shown
    assert "No match found (2)" in shown
    assert "The download did not succeed (1)" in shown
    shown = (await stage.ask("/list_failed yt"))["text"]
    assert "from YouTube Music: 1" in shown
    assert "#1" not in shown


async def test_retry_all_retries_exactly_what_is_shown(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED, cause="no_match")))
    stage.world.put(track(2, "Two", delivery(D.TG_TO_SP, S.FAILED, cause="no_match")))
    stage.world.put(track(3, "Three", delivery(D.YT_TO_TG, S.FAILED, cause="download_failed")))
    message = await stage.ask("/failed tg")
    later = datetime.now(UTC) + timedelta(minutes=1)
    stage.world.put(track(4, "Four", delivery(D.TG_TO_YT, S.FAILED, cause="no_match", updated_at=later)))
    assert "2 deliveries" in await stage.press(message, "Retry all 2")
    orders = await stage.ordered(RetryDeliveries, 2)
    assert {(order.track_id, order.target) for order in orders} == {(1, Platform.YOUTUBE), (2, Platform.SPOTIFY)}


async def test_one_cause_is_retried_alone(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED, cause="no_match")))
    stage.world.put(track(3, "Three", delivery(D.YT_TO_TG, S.FAILED, cause="download_failed")))
    message = await stage.ask("/failed")
    [button] = [text for text in texts(message) if text.startswith("Retry The download")]
    await stage.press(message, button)
    [order] = await stage.ordered(RetryDeliveries)
    assert order.track_id == 3


async def test_retry_by_word(stage: Stage) -> None:
    stage.world.put(track(1, "One", delivery(D.TG_TO_YT, S.FAILED)))
    stage.world.put(track(2, "Two", delivery(D.TG_TO_YT, S.SYNCED)))
    assert "Trying #1 again" in (await stage.ask("/retry 1"))["text"]
    assert "#2 has not failed" in (await stage.ask("/retry 2"))["text"]
    assert "Nothing has failed there" in (await stage.ask("/retry yt"))["text"]
    await stage.ordered(RetryDeliveries)
    assert "1 delivery" in (await stage.ask("/retry tg"))["text"]
    [order] = await stage.ordered(RetryDeliveries)
    assert (order.track_id, order.origin, order.target) == (None, Platform.TELEGRAM, None)
    assert "1 delivery" in (await stage.ask("/retry all"))["text"]
    assert "Usage: /retry" in (await stage.ask("/retry"))["text"]


@pytest.mark.parametrize(("command", "platform"), [("/search", Platform.YOUTUBE), ("/search_sp", Platform.SPOTIFY)])
async def test_search_results_can_be_added(stage: Stage, command: str, platform: Platform) -> None:
    ids = [f"{n}" * (11 if platform is Platform.YOUTUBE else 22) for n in range(7)]
    results = tuple(found(one, f"Result {number}") for number, one in enumerate(ids))
    stage.world.youtube = stage.world.spotify = results
    message = await stage.ask(f"{command} pol & googoosh")
    assert "Result 4" in message["text"]
    assert "Result 5" not in message["text"]
    assert "Being added" in await stage.press(message, "Add 2")
    [order] = await stage.ordered(AddItem)
    assert (order.platform, order.external_id, order.link) == (platform, ids[1], "main")


async def test_a_search_for_nothing_and_one_that_finds_nothing(stage: Stage) -> None:
    assert "Usage: /search <words>" in (await stage.ask("/search"))["text"]
    assert "Nothing was found" in (await stage.ask("/search zzz"))["text"]


@pytest.mark.parametrize(
    ("button", "answer", "picked"),
    [
        ("Pick 2", ReviewAnswer.PICK, "b" * 22),
        ("None of these", ReviewAnswer.NONE, None),
        ("Never", ReviewAnswer.NEVER, None),
        ("Search again", ReviewAnswer.SEARCH_AGAIN, None),
    ],
)
async def test_open_questions_are_listed_and_answered(
    stage: Stage, button: str, answer: ReviewAnswer, picked: str | None
) -> None:
    alternatives = tuple(scored(letter * 22, f"Pol {letter}") for letter in "abc")
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=alternatives)))
    message = await stage.ask("/review")
    assert "Questions: 1" in message["text"]
    await stage.press(message, "#6 SP")
    message = await stage.shows(message, "Which of these is it on Spotify?", "Pol a", "Pol c")
    assert await stage.press(message, button) == "Noted"
    [order] = await stage.ordered(AnswerReview)
    assert (order.track_id, order.target, order.answer, order.external_id) == (6, Platform.SPOTIFY, answer, picked)
    await stage.shows(message, f"answered by Person {stage.admin}")


async def test_an_answered_question_is_not_answered_again(stage: Stage) -> None:
    alternatives = (scored("a" * 22, "Pol"),)
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.REVIEW, alternatives=alternatives)))
    message = await stage.ask("/review")
    await stage.press(message, "#6 SP")
    message = await stage.shows(message, "Which of these")
    stage.world.put(track(6, "Pol", delivery(D.TG_TO_SP, S.SYNCED)))
    assert "answered already" in await stage.press(message, "Pick 1")
    await stage.shows(message, "answered already")
    assert not stage.orders(AnswerReview)


async def test_config_masks_secrets(stage: Stage) -> None:
    message = await stage.ask("/config")
    shown = message["text"]
    page = 1
    while "More ›" in texts(message):
        await stage.press(message, "More ›")
        page += 1
        message = await stage.shows(message, f"Page {page} of")
        shown += message["text"]
    assert "NAVAAR_TELEGRAM_BOT_TOKEN = ***" in shown
    assert stage.environment["NAVAAR_TELEGRAM_BOT_TOKEN"] not in shown
    assert "NAVAAR_ALERT_COOLDOWN_SECONDS = 1800" in shown
    assert stage.environment["NAVAAR_TELEGRAM_CHANNEL_ID"] in shown


async def test_ping_measures_every_part(stage: Stage) -> None:
    shown = (await stage.ask("/ping"))["text"]
    for part in ("Bot", "NATS", "Store", "YouTube Music", "Spotify"):
        [line] = [line for line in shown.splitlines() if line.startswith(f"{part}: ")]
        assert line.endswith(" ms")


async def test_a_silent_ledger_is_named(stage: Stage) -> None:
    stage.world.problem = "the disk is full"
    assert "the disk is full" in (await stage.ask("/recent"))["text"]


async def test_status_shows_the_health_also_without_the_ledger(stage: Stage) -> None:
    stage.world.problem = "the disk is full"
    shown = (await stage.ask("/status"))["text"]
    assert "⚠️ Downloader" in shown
    assert "TG → YT" not in shown


@pytest.fixture
def one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is forwarded is answered by a message of its own."""
    monkeypatch.setattr(intake, "RUN_S", 0.0)


@pytest.mark.usefixtures("one_by_one")
async def test_a_forwarded_caption_is_no_command(stage: Stage) -> None:
    stage.world.put(track(1, "Pol", delivery(D.TG_TO_YT, S.FAILED)))
    posted = await stage.sandbox.person.post(2, "tagged_mp3", caption="/retry 1")
    await stage.ordered(ItemSighted)
    forwarded = await stage.sandbox.person.forward(posted["message_id"])
    answer = await stage.sandbox.person.await_reply(forwarded["message_id"])
    assert "Taken in" in answer["text"]
    assert not stage.orders(RetryDeliveries)


async def test_strangers_get_silence(stage: Stage) -> None:
    stage.sandbox.world.telegram.private_chat(STRANGER)
    for text in ("/start", "/status", "/config", "/sync", "hello", "/delete 1"):
        await stage.sandbox.person.write(text, user_id=STRANGER)
    # An administrator's later messages are answered, so theirs have had their turn.
    for _ in range(4):
        await stage.ask("/help")
    assert not stage.messages(STRANGER)
    assert not stage.orders(RunCycle)


async def test_strangers_presses_are_not_allowed(stage: Stage) -> None:
    stage.sandbox.world.telegram.private_chat(STRANGER)
    message = await stage.ask("/status")
    assert await stage.press(message, "Sync YT → SP", user_id=STRANGER) == "Not allowed"
    assert not stage.orders(RunCycle)


@pytest.mark.parametrize("data", ["s|nowhere||0", "a|nothing|1", "rubbish", "a|pick|x", "a|shown|all.*.x", "a|add|yt"])
async def test_buttons_of_another_time_do_no_harm(stage: Stage, data: str) -> None:
    message = await stage.ask("/help")
    chat = stage.sandbox.world.telegram.chats[stage.admin]
    chat.messages[message["message_id"]].shown["reply_markup"] = {
        "inline_keyboard": [[{"text": "Old", "callback_data": data}]]
    }
    assert "out of date" in await stage.press(message, "Old")
    assert not stage.published


@pytest.mark.usefixtures("one_by_one")
async def test_a_post_forwarded_from_the_channel_is_taken_in(stage: Stage) -> None:
    posted = await stage.sandbox.person.post(0, "tagged_mp3")
    await stage.ordered(ItemSighted)
    forwarded = await stage.sandbox.person.forward(posted["message_id"])
    answer = await stage.sandbox.person.await_reply(forwarded["message_id"])
    assert "Taken in" in answer["text"]
    [sighted] = await stage.ordered(ItemSighted)
    assert sighted.external_id == str(posted["message_id"])
    assert sighted.item.file_unique_id == posted["audio"]["file_unique_id"]
    assert sighted.item.url == f"https://t.me/sandbox_radio/{posted['message_id']}"


async def test_any_number_of_forwarded_posts_is_told_in_one_message(stage: Stage) -> None:
    posts = [await stage.sandbox.person.post(number, "tagged_mp3") for number in (0, 1)]
    posts.append(await stage.sandbox.person.post_text("a programme"))
    await stage.ordered(ItemSighted, 2)
    numbers = [post["message_id"] for post in posts]
    stage.world.known_posts.add(str(numbers[1]))
    sent = [await stage.sandbox.person.forward(numbers[n % 3]) for n in range(270)]
    first = await stage.sandbox.person.await_reply(sent[0]["message_id"], timeout=DEADLINE_S)
    told = await stage.shows(first, "270 posts", "Known already", "Nothing to sync in: 90")
    assert [message["message_id"] for message in stage.messages(stage.admin, first["message_id"] - 1)] == [
        told["message_id"]
    ]
    assert {one.external_id for one in stage.orders(ItemSighted)} == {str(number) for number in numbers[:2]}


async def test_files_from_elsewhere_are_refused_with_words(stage: Stage) -> None:
    telegram = stage.sandbox.world.telegram
    posted = await stage.sandbox.person.post(1, "tagged_mp3")
    await stage.ordered(ItemSighted)
    origin = {"type": "channel", "chat": {"id": -1009, "type": "channel", "title": "Elsewhere"}, "message_id": 4}
    sent = {"audio": posted["audio"], "forward_origin": {**origin, "date": 1}}
    message = telegram.put(telegram.private_chat(stage.admin), sent, sender=telegram.user(stage.admin), by_bot=False)
    telegram.announce("message", message.shown)
    await until(
        lambda: any("Elsewhere" in one.get("text", "") for one in stage.messages(stage.admin)) or _refused(stage)
    )
    assert not stage.orders(ItemSighted)


def _refused(stage: Stage) -> bool:
    return any("that you forward from the channel" in one.get("text", "") for one in stage.messages(stage.admin))


async def test_what_a_stranger_forwards_is_not_taken_in(stage: Stage) -> None:
    stage.sandbox.world.telegram.private_chat(STRANGER)
    posted = await stage.sandbox.person.post(1, "tagged_mp3")
    await stage.ordered(ItemSighted)
    await stage.sandbox.person.forward(posted["message_id"], user_id=STRANGER)
    await stage.ask("/ping")
    assert not stage.orders(ItemSighted)
