"""The adapter to the Bot API: the only module that calls aiogram. Every error is translated beside its call."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import Any

from aiogram import Bot
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramForbiddenError
from aiogram.methods import SendAudio
from aiogram.types import BufferedInputFile, ChatMemberAdministrator, ChatMemberOwner, Message, Update
from pydantic import ValidationError

from navaar_shared.failures import Permanent, Transient
from navaar_shared.logs import get_logger
from navaar_telegram_gateway import covers
from navaar_telegram_gateway.errors import FAILING, meaning_of, translated
from navaar_telegram_gateway.ports import AudioPost, CannotLook, SeenPost, Sent
from navaar_telegram_gateway.settings import MEGABYTE, TelegramSettings
from navaar_telegram_gateway.uploads import Disk, FileOnDisk, OneCallSession

log = get_logger(__name__)

UPDATES = ["channel_post", "edited_channel_post", "message", "callback_query"]
_MARKER = "…"
# What an edit is answered where no post with a caption of the bot is.
_NOT_OURS = ("message to edit not found", "can't be edited", "no caption in the message", "message_id_invalid")


@dataclass(frozen=True, slots=True)
class BadUpdate:
    """An update that aiogram cannot read; `raw` is what Telegram sent."""

    update_id: int
    raw: dict[str, Any]


class TelegramBot:
    """One bot on one Bot API server: updates and files. `channel` gives its view of one channel."""

    def __init__(self, settings: TelegramSettings) -> None:
        self.settings = settings
        server = TelegramAPIServer.from_base(settings.telegram_api_base, is_local=settings.telegram_api_local)
        self.disk = Disk()
        self.bot = Bot(
            settings.telegram_bot_token.get_secret_value(),
            session=AiohttpSession(api=server, timeout=settings.telegram_timeout_s),
        )
        self.uploads = OneCallSession(api=server, timeout=settings.telegram_transfer_timeout_s)

    def channel(self, chat_id: str) -> TelegramChannel:
        return TelegramChannel(self, chat_id)

    async def close(self) -> None:
        await asyncio.gather(self.bot.session.close(), self.uploads.close())
        self.disk.close()

    async def check(self) -> None:
        """Raises AuthRejected when the token is refused, Transient when the server does not answer."""
        await translated(self.bot.get_me(), "does not say who the bot is")

    async def end_webhook(self) -> None:
        """Make polling possible, keeping the updates that wait."""
        await translated(self.bot.delete_webhook(drop_pending_updates=False), "does not end the webhook")

    async def updates(self, offset: int | None, *, wait: bool = True) -> list[Update | BadUpdate]:
        """The updates from `offset` on, which confirms all before; None confirms nothing.

        Args:
            wait: for news, if there are none.
        """
        seconds = self.settings.telegram_poll_seconds if wait else 0
        call = self.bot.get_updates(
            offset=offset,
            timeout=seconds,
            allowed_updates=UPDATES,
            request_timeout=ceil(seconds + self.settings.telegram_timeout_s),
        )
        try:
            return list(await call)
        except FAILING as error:
            one_by_one = _readable_parts(error, self.bot)
            meaning = meaning_of(error, "does not give the updates")
        if one_by_one is not None:
            return one_by_one
        raise meaning

    async def download(self, file_id: str, destination: Path) -> None:
        """Bring a posted file to disk.

        Raises:
            Permanent: it is too large for a bot, or gone.
        """
        file = await translated(self.bot.get_file(file_id), "does not give the file")
        limit = self.settings.max_download_bytes
        if file.file_path is None or (limit is not None and (file.file_size or 0) > limit):
            raise too_large_to_fetch(file.file_size)
        if self.settings.telegram_api_local:
            await translated(self.disk.copy(Path(file.file_path), destination), "does not share the file")
            return
        url = self.bot.session.api.file_url(self.bot.token, file.file_path)
        blocks = self.bot.session.stream_content(url, timeout=ceil(self.settings.telegram_transfer_timeout_s))
        size = await translated(self.disk.write(destination, blocks), "does not hand out the file")
        if file.file_size is not None and size != file.file_size:
            raise Transient("Telegram handed out only a part of the file")


class TelegramChannel:
    """One channel of the bot, for writing and for finding out; satisfies ports.Channel."""

    def __init__(self, telegram: TelegramBot, chat_id: str) -> None:
        self._telegram = telegram
        self._bot = telegram.bot
        self.chat_id = chat_id

    async def send_audio(self, post: AudioPost) -> Sent:
        """Post. Raises OutcomeUnknown when Telegram did not say what became of it; any Failure means: not posted."""
        thumbnail = await self._thumbnail(post.thumbnail)
        try:
            return await self._send(post, thumbnail)
        except Permanent as refusal:
            if thumbnail is None or not _about_a_picture(refusal.reason):
                raise
        return await self._send(post, None)

    async def _send(self, post: AudioPost, thumbnail: bytes | None) -> Sent:
        telegram = self._telegram
        call = SendAudio(
            chat_id=self.chat_id,
            audio=FileOnDisk(telegram.disk, post.path, post.file_name),
            title=post.title,
            performer=post.performer,
            duration=post.duration_s,
            caption=post.caption,
            parse_mode=None,
            thumbnail=BufferedInputFile(thumbnail, "cover.jpg") if thumbnail else None,
        )
        message = await translated(telegram.uploads(self._bot, call), "does not take the post", writing=True)
        return Sent(message.message_id, seen(message).file_unique_id)

    async def _thumbnail(self, path: Path | None) -> bytes | None:
        if path is None:
            return None
        try:
            picture: bytes = await self._telegram.disk.run(path.read_bytes)
        except OSError:
            return None
        if covers.fits(picture):
            return picture
        log.info("cover_left_out", bytes=len(picture))
        return None

    async def look_by_forwarding(self, message_id: int) -> SeenPost | None:
        """What is at an id, seen through a copy in the staging chat that is deleted at once; None: nothing.

        Raises:
            CannotLook: there is no staging chat, or posts cannot be forwarded there.
        """
        staging = self._telegram.settings.staging_chat
        if staging is None:
            raise CannotLook("No staging chat and no administrator is configured to show the bot a copy of a post.")
        call = self._bot.forward_message(
            chat_id=staging, from_chat_id=self.chat_id, message_id=message_id, disable_notification=True
        )
        doing = "does not show the post"
        try:
            copy = await call
        except (TelegramBadRequest, TelegramForbiddenError) as error:
            answer = error.message.lower()
            meaning = meaning_of(error, doing)
        except FAILING as error:
            answer, meaning = "", meaning_of(error, doing)
        else:
            await self._delete(staging, copy.message_id)
            return seen(copy)
        if ("not found" in answer and "message" in answer) or "message_id_invalid" in answer:
            return None
        if "message can't be forwarded" in answer and not await self._is_protected():
            return SeenPost()  # a service message
        if answer:
            raise CannotLook(f"Copies cannot be shown in the staging chat: {getattr(meaning, 'reason', '')}")
        raise meaning

    async def look_by_editing(self, message_id: int, caption: str) -> bool:
        """Whether the bot's post at an id has exactly this caption.

        Gives the caption to a post of the bot that has another one: ask only where no other can be.

        Raises:
            CannotLook: the bot may edit what others posted, so that asking could change their posts.
        """
        if await self._may_edit_others():
            raise CannotLook("The bot may edit other people's posts, so that probing by edits could change them.")
        try:
            await self._bot.edit_message_caption(
                chat_id=self.chat_id, message_id=message_id, caption=caption, parse_mode=None
            )
        except TelegramBadRequest as error:
            answer = error.message.lower()
            meaning = meaning_of(error, "does not compare the post")
        except FAILING as error:
            answer, meaning = "", meaning_of(error, "does not compare the post")
        else:
            log.warning("caption_changed_by_probe", message_id=message_id)
            return False
        if "not modified" in answer:
            return True
        if any(words in answer for words in _NOT_OURS):
            return False
        if answer:
            raise CannotLook(f"Probing by edits does not work: {getattr(meaning, 'reason', '')}")
        raise meaning

    async def newest_id(self) -> int:
        """The id of the channel's newest message, found by posting a silent line and deleting it."""
        call = self._bot.send_message(self.chat_id, _MARKER, disable_notification=True)
        marker = await translated(call, "does not take a test line")
        await self._delete(self.chat_id, marker.message_id)
        return marker.message_id

    async def access_problem(self) -> str | None:
        """Why the bot cannot post in the channel, for a person; None when it can.

        Raises:
            Failure: Telegram does not say.
        """
        try:
            member = await translated(
                self._bot.get_chat_member(self.chat_id, self._bot.id), "does not name the bot's rights"
            )
        except Permanent as refusal:
            return refusal.reason
        if isinstance(member, ChatMemberOwner):
            return None
        if isinstance(member, ChatMemberAdministrator) and member.can_post_messages:
            return None
        return "The bot is no administrator of the channel that may post messages: give it that right."

    async def _may_edit_others(self) -> bool:
        member = await translated(
            self._bot.get_chat_member(self.chat_id, self._bot.id), "does not name the bot's rights"
        )
        return not (isinstance(member, ChatMemberAdministrator) and not member.can_edit_messages)

    async def _is_protected(self) -> bool:
        chat = await translated(self._bot.get_chat(self.chat_id), "does not describe the channel")
        return bool(chat.has_protected_content)

    async def _delete(self, chat_id: str, message_id: int) -> None:
        try:
            await self._bot.delete_message(chat_id, message_id)
        except FAILING as error:
            log.info("copy_left_behind", message_id=message_id, reason=str(meaning_of(error, "does not delete it")))


def seen(message: Message) -> SeenPost:
    """What a message shows of itself."""
    file = message.audio or message.document
    if file is None:
        return SeenPost(caption=message.caption)
    return SeenPost(
        caption=message.caption,
        title=message.audio.title if message.audio else None,
        performer=message.audio.performer if message.audio else None,
        size_bytes=file.file_size,
        file_unique_id=file.file_unique_id,
    )


def too_large_to_fetch(size: int | None) -> Permanent:
    much = f"{size / MEGABYTE:.0f} MB" if size else "larger than 20 MB"
    return Permanent(
        f"The file is {much}; Telegram lets a bot download at most 20 MB. A local Bot API server lifts the limit."
    )


def _about_a_picture(reason: str) -> bool:
    lowered = reason.lower()
    return any(word in lowered for word in ("thumb", "image", "photo"))


def _readable_parts(error: BaseException, bot: Bot) -> list[Update | BadUpdate] | None:
    """One update that aiogram cannot read spoils its whole batch: read the batch one by one."""
    data = error.data if isinstance(error, ClientDecodeError) else None
    if not isinstance(data, dict) or not isinstance(data.get("result"), list):
        return None
    return [
        _update(raw, bot) for raw in data["result"] if isinstance(raw, dict) and isinstance(raw.get("update_id"), int)
    ]


def _update(raw: dict[str, Any], bot: Bot) -> Update | BadUpdate:
    try:
        return Update.model_validate(raw, context={"bot": bot})
    except ValidationError:
        return BadUpdate(raw["update_id"], raw)
