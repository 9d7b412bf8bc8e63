"""The pretend Bot API, met with the real aiogram."""

import asyncio
import io
import json
from pathlib import Path

import aiohttp
import pytest
from aiogram import Bot
from aiogram.exceptions import (
    TelegramBadRequest,
    TelegramConflictError,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramUnauthorizedError,
)
from aiogram.types import (
    BotCommand,
    BufferedInputFile,
    ChatMemberAdministrator,
    FSInputFile,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaAudio,
    ReplyParameters,
)

from navaar_sandbox import Sandbox, sound
from navaar_sandbox.files import posted_file
from tests.unit.sandbox.conftest import close, make_bot

KEYBOARD = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="Retry", callback_data="retry:7")]])


@pytest.fixture
def channel(sandbox: Sandbox) -> int:
    return sandbox.world.telegram.channel.id


@pytest.fixture
def admin(sandbox: Sandbox) -> int:
    return sandbox.world.telegram.admins[0]


@pytest.fixture
def song(sandbox: Sandbox, tmp_path: Path) -> Path:
    return posted_file(sandbox.catalogue.recordings[0], "tagged_m4a", sandbox.world.shelf, tmp_path).path


async def test_who_the_bot_is(bot: Bot) -> None:
    me = await bot.get_me()
    assert me.is_bot
    assert str(me.id) == bot.token.split(":")[0]


async def test_a_wrong_token_is_401_and_a_malformed_one_404(variables: dict[str, str]) -> None:
    token = "7000000001:AAFwrong0token0for0tests0only00000000"
    for wrong, error in ((token, TelegramUnauthorizedError), ("1:short", TelegramNotFound)):
        stranger = make_bot(variables | {"NAVAAR_TELEGRAM_BOT_TOKEN": wrong})
        with pytest.raises(error):
            await stranger.get_me()
        await close(stranger)


async def test_an_unknown_method_is_404(sandbox: Sandbox, bot: Bot) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/telegram/bot{bot.token}/nope") as answer:
        assert answer.status == 404
        assert await answer.json() == {"ok": False, "error_code": 404, "description": "Not Found"}


async def test_arguments_may_come_as_query_form_or_json(sandbox: Sandbox, bot: Bot, admin: int) -> None:
    url = f"{sandbox.url}/telegram/bot{bot.token}/sendMessage"
    values = {"chat_id": str(admin), "text": "hello"}
    async with aiohttp.ClientSession() as session:
        for call in (session.get(url, params=values), session.post(url, data=values), session.post(url, json=values)):
            async with call as answer:
                assert (await answer.json())["result"]["text"] == "hello"


async def test_posts_arrive_as_updates_until_they_are_confirmed(sandbox: Sandbox, bot: Bot) -> None:
    for number in range(3):
        await sandbox.person.post(number)
    first = await bot.get_updates(limit=2)
    assert [update.channel_post.message_id for update in first if update.channel_post] == [1, 2]
    assert [update.update_id for update in await bot.get_updates()][:2] == [update.update_id for update in first]
    rest = await bot.get_updates(offset=first[-1].update_id + 1)
    assert [update.channel_post.message_id for update in rest if update.channel_post] == [3]
    assert await bot.get_updates(offset=rest[-1].update_id + 1) == []
    assert sandbox.world.telegram.pending_updates == 0


async def test_a_long_poll_ends_with_the_next_post(sandbox: Sandbox, bot: Bot) -> None:
    poll = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    assert not poll.done()
    await sandbox.person.post_text("now")
    [update] = await asyncio.wait_for(poll, 2)
    assert update.channel_post is not None and update.channel_post.text == "now"
    assert await bot.get_updates(offset=update.update_id + 1, timeout=1) == []


async def test_only_the_allowed_kinds_arrive_and_the_choice_is_remembered(sandbox: Sandbox, bot: Bot) -> None:
    await bot.get_updates(allowed_updates=["message"])
    await sandbox.person.post_text("not this")
    await sandbox.person.write("/start")
    [update] = await bot.get_updates()
    assert update.message is not None and update.message.text == "/start"
    assert update.message.entities is not None and update.message.entities[0].type == "bot_command"


async def test_of_two_pollers_the_older_is_told_to_go(bot: Bot) -> None:
    older = asyncio.create_task(bot.get_updates(timeout=10))
    await asyncio.sleep(0.1)
    newer = asyncio.create_task(bot.get_updates(timeout=1))
    with pytest.raises(TelegramConflictError, match="terminated by other getUpdates"):
        await older
    assert await newer == []


async def test_polling_beside_a_webhook_conflicts(bot: Bot) -> None:
    await bot.set_webhook("https://example.org/hook")
    with pytest.raises(TelegramConflictError, match="webhook is active"):
        await bot.get_updates()
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == []


async def test_a_posted_file_can_be_downloaded_whole(sandbox: Sandbox, bot: Bot, song: Path) -> None:
    await sandbox.person.post(0, "tagged_m4a")
    [update] = await bot.get_updates()
    assert update.channel_post is not None and update.channel_post.audio is not None
    audio, recording = update.channel_post.audio, sandbox.catalogue.recordings[0]
    assert (audio.performer, audio.title, audio.duration) == (
        recording.artists[0],
        recording.title,
        recording.duration,
    )
    target = io.BytesIO()
    await bot.download(audio.file_id, destination=target)
    assert target.getvalue() == song.read_bytes()


async def test_a_file_over_20_mb_cannot_be_downloaded(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person.post(0, "big")
    [update] = await bot.get_updates()
    assert update.channel_post is not None and update.channel_post.audio is not None
    assert update.channel_post.audio.file_size is not None
    assert update.channel_post.audio.file_size > 25_000_000
    with pytest.raises(TelegramBadRequest, match="file is too big"):
        await bot.get_file(update.channel_post.audio.file_id)
    with pytest.raises(TelegramBadRequest, match="invalid file_id"):
        await bot.get_file("nonsense")


async def test_a_voice_message_and_a_document_come_as_such(sandbox: Sandbox, bot: Bot) -> None:
    await sandbox.person.post(0, "voice")
    await sandbox.person.post(1, "document")
    voice, document = [update.channel_post for update in await bot.get_updates()]
    assert voice is not None and voice.voice is not None and voice.voice.mime_type == "audio/ogg"
    assert document is not None and document.document is not None and document.audio is None


async def test_audio_is_posted_with_what_was_said_about_it(
    sandbox: Sandbox, bot: Bot, channel: int, song: Path
) -> None:
    thumbnail = BufferedInputFile(_small_jpeg(), "cover.jpg")
    message = await bot.send_audio(
        channel,
        FSInputFile(song, "Artist - Title.m4a"),
        caption="<b>Hello</b> & welcome".replace("&", "&amp;"),
        parse_mode="HTML",
        performer="Artist",
        title="Title",
        duration=123,
        thumbnail=thumbnail,
    )
    assert message.message_id == 1
    assert message.audio is not None
    assert (message.audio.performer, message.audio.title, message.audio.duration) == ("Artist", "Title", 123)
    assert message.audio.file_name == "Artist - Title.m4a"
    assert message.audio.mime_type == "audio/mp4"
    assert message.audio.thumbnail is not None and message.audio.thumbnail.width == 320
    assert message.caption == "Hello & welcome"
    assert message.caption_entities is not None and message.caption_entities[0].type == "bold"
    assert message.sender_chat is not None and message.sender_chat.id == channel


def _small_jpeg() -> bytes:
    arguments = ("-f", "lavfi", "-i", "color=s=320x320", "-frames:v", "1", "-f", "mjpeg", "pipe:1")
    return sound.ffmpeg(*arguments)


async def test_what_was_not_said_is_read_from_the_tags(sandbox: Sandbox, bot: Bot, channel: int, song: Path) -> None:
    message = await bot.send_audio(channel, FSInputFile(song))
    assert message.audio is not None
    assert message.audio.title == sandbox.catalogue.recordings[0].title
    assert message.audio.duration == sandbox.catalogue.recordings[0].duration


async def test_the_same_bytes_have_one_unique_id_and_may_be_sent_by_file_id(bot: Bot, channel: int, song: Path) -> None:
    one = await bot.send_audio(channel, FSInputFile(song))
    assert one.audio is not None
    two = await bot.send_audio(channel, one.audio.file_id)
    assert two.audio is not None
    assert two.audio.file_unique_id == one.audio.file_unique_id
    assert two.audio.file_id != one.audio.file_id
    assert two.message_id == one.message_id + 1


async def test_an_upload_over_50_mb_is_too_large(bot: Bot, channel: int, sandbox: Sandbox) -> None:
    with pytest.raises(TelegramEntityTooLarge):
        await bot.send_audio(channel, BufferedInputFile(bytes(51 * 1024 * 1024), "big.mp3"))
    assert sandbox.world.telegram.channel.messages == {}


async def test_the_bot_hears_nothing_of_its_own_posts_unless_asked(sandbox: Sandbox, bot: Bot, channel: int) -> None:
    await bot.send_message(channel, "mine")
    assert await bot.get_updates() == []
    sandbox.settings(echo_own_posts=True)
    await bot.send_message(channel, "mine again")
    [update] = await bot.get_updates()
    assert update.channel_post is not None and update.channel_post.text == "mine again"


async def test_text_limits_and_markup(bot: Bot, admin: int) -> None:
    await bot.send_message(admin, "x" * 4096)
    with pytest.raises(TelegramBadRequest, match="message is too long"):
        await bot.send_message(admin, "x" * 4097)
    with pytest.raises(TelegramBadRequest, match="message text is empty"):
        await bot.send_message(admin, " ")
    with pytest.raises(TelegramBadRequest, match="can't parse entities"):
        await bot.send_message(admin, "<b>never closed", parse_mode="HTML")
    with pytest.raises(TelegramBadRequest, match="Unsupported start tag"):
        await bot.send_message(admin, "a <song> b", parse_mode="HTML")
    with pytest.raises(TelegramBadRequest, match="reserved"):
        await bot.send_message(admin, "1.5", parse_mode="MarkdownV2")
    with pytest.raises(TelegramBadRequest, match="chat not found"):
        await bot.send_message(-100123, "x")


async def test_a_message_is_edited_but_not_into_itself(bot: Bot, admin: int) -> None:
    message = await bot.send_message(admin, "one", reply_markup=KEYBOARD)
    with pytest.raises(TelegramBadRequest, match="message is not modified"):
        await bot.edit_message_text("one", chat_id=admin, message_id=message.message_id, reply_markup=KEYBOARD)
    edited = await bot.edit_message_text("two", chat_id=admin, message_id=message.message_id)
    assert not isinstance(edited, bool) and edited.text == "two" and edited.reply_markup is None
    with pytest.raises(TelegramBadRequest, match="message to edit not found"):
        await bot.edit_message_text("three", chat_id=admin, message_id=99)
    marked = await bot.edit_message_reply_markup(chat_id=admin, message_id=message.message_id, reply_markup=KEYBOARD)
    assert not isinstance(marked, bool) and marked.reply_markup is not None
    assert marked.reply_markup.inline_keyboard[0][0].callback_data == "retry:7"


async def test_a_persons_private_message_cannot_be_edited(sandbox: Sandbox, bot: Bot, admin: int) -> None:
    theirs = await sandbox.person.write("hello")
    with pytest.raises(TelegramBadRequest, match="message can't be edited"):
        await bot.edit_message_text("mine now", chat_id=admin, message_id=theirs["message_id"])


async def test_audio_in_a_post_can_be_replaced(sandbox: Sandbox, bot: Bot, channel: int, song: Path) -> None:
    message = await bot.send_audio(channel, FSInputFile(song), caption="was")
    other = await asyncio.to_thread(sandbox.world.shelf.file, "r0001", sandbox.catalogue.recordings[1].duration)
    edited = await bot.edit_message_media(
        InputMediaAudio(media=FSInputFile(other), caption="is", title="Other"),
        chat_id=channel,
        message_id=message.message_id,
    )
    assert not isinstance(edited, bool) and edited.audio is not None
    assert (edited.caption, edited.audio.title) == ("is", "Other")
    caption = await bot.edit_message_caption(chat_id=channel, message_id=message.message_id, caption="now")
    assert not isinstance(caption, bool) and caption.caption == "now"


async def test_deleting_and_probing_for_messages(bot: Bot, channel: int, admin: int) -> None:
    first, second = [await bot.send_message(channel, text) for text in ("one", "two")]
    forwarded = await bot.forward_message(admin, channel, first.message_id)
    assert forwarded.text == "one"
    assert forwarded.forward_origin is not None and forwarded.forward_origin.type == "channel"
    assert (await bot.copy_message(admin, channel, second.message_id)).message_id == forwarded.message_id + 1
    await bot.delete_message(channel, first.message_id)
    with pytest.raises(TelegramBadRequest, match="message to delete not found"):
        await bot.delete_message(channel, first.message_id)
    with pytest.raises(TelegramBadRequest, match="message to forward not found"):
        await bot.forward_message(admin, channel, first.message_id)
    with pytest.raises(TelegramBadRequest, match="message to copy not found"):
        await bot.copy_message(admin, channel, 77)
    assert len(await bot.forward_messages(admin, channel, [first.message_id, second.message_id])) == 1


async def test_replies(bot: Bot, channel: int) -> None:
    post = await bot.send_message(channel, "audio")
    card = await bot.send_message(channel, "card", reply_parameters=ReplyParameters(message_id=post.message_id))
    assert card.reply_to_message is not None and card.reply_to_message.message_id == post.message_id
    with pytest.raises(TelegramBadRequest, match="message to be replied not found"):
        await bot.send_message(channel, "card", reply_parameters=ReplyParameters(message_id=99))
    loose = ReplyParameters(message_id=99, allow_sending_without_reply=True)
    assert (await bot.send_message(channel, "card", reply_parameters=loose)).reply_to_message is None


async def test_buttons_are_pressed_and_answered_once(sandbox: Sandbox, bot: Bot, admin: int) -> None:
    message = await bot.send_message(admin, "failed", reply_markup=KEYBOARD)
    await sandbox.person.press(message.message_id, "Retry")
    [update] = await bot.get_updates()
    assert update.callback_query is not None and update.callback_query.data == "retry:7"
    await bot.answer_callback_query(update.callback_query.id, text="on it")
    assert sandbox.world.telegram.callback_answers[0]["text"] == "on it"
    with pytest.raises(TelegramBadRequest, match="query is too old"):
        await bot.answer_callback_query(update.callback_query.id)
    too_long = InlineKeyboardMarkup(inline_keyboard=[[InlineKeyboardButton(text="x", callback_data="é" * 33)]])
    with pytest.raises(TelegramBadRequest, match="BUTTON_DATA_INVALID"):
        await bot.send_message(admin, "x", reply_markup=too_long)


async def test_a_person_reads_the_bots_reply(sandbox: Sandbox, bot: Bot, admin: int) -> None:
    asked = await sandbox.person.write("/ping")
    await bot.send_message(admin, "pong")
    assert (await sandbox.person.await_reply(asked["message_id"]))["text"] == "pong"


async def test_more_than_20_messages_a_minute_to_a_channel_flood(sandbox: Sandbox, bot: Bot, channel: int) -> None:
    for number in range(20):
        await bot.send_message(channel, str(number))
    with pytest.raises(TelegramRetryAfter) as refusal:
        await bot.send_message(channel, "20")
    assert 1 <= refusal.value.retry_after <= 60
    assert len(sandbox.world.telegram.channel.messages) == 20


async def test_the_rights_of_the_bot(sandbox: Sandbox, bot: Bot, channel: int, admin: int) -> None:
    member = await bot.get_chat_member(channel, bot.id)
    assert isinstance(member, ChatMemberAdministrator) and member.can_post_messages
    assert {one.status for one in await bot.get_chat_administrators(channel)} == {"creator", "administrator"}
    assert (await bot.get_chat(channel)).title == "Sandbox Radio"
    sandbox.settings(bot_can_post=False)
    with pytest.raises(TelegramBadRequest, match="need administrator rights"):
        await bot.send_message(channel, "x")
    sandbox.settings(bot_rights="kicked")
    with pytest.raises(TelegramForbiddenError, match="kicked"):
        await bot.send_message(channel, "x")


async def test_edits_by_people_are_told_only_for_their_own_posts(sandbox: Sandbox, bot: Bot, channel: int) -> None:
    theirs = await sandbox.person.post_text("theirs")
    mine = await bot.send_message(channel, "mine")
    await sandbox.person.edit_post(theirs["message_id"], caption="edited")
    await sandbox.person.edit_post(mine.message_id, caption="edited")
    await sandbox.person.delete_post(theirs["message_id"])
    updates = await bot.get_updates()
    assert [bool(update.edited_channel_post) for update in updates] == [False, True]


async def test_the_command_menu_is_kept_by_scope(bot: Bot) -> None:
    await bot.set_my_commands([BotCommand(command="ping", description="Is it there?")])
    assert (await bot.get_my_commands())[0].command == "ping"
    await bot.delete_my_commands()
    assert await bot.get_my_commands() == []


async def test_an_answer_can_be_compared_on_the_wire(sandbox: Sandbox, bot: Bot, channel: int) -> None:
    with pytest.raises(TelegramBadRequest):
        await bot.send_message(channel, "")
    [call] = sandbox.gate.calls
    assert (call.platform, call.operation, call.status) == ("telegram", "sendMessage", 400)
    assert json.dumps(sandbox.describe())
