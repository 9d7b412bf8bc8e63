"""The adapter to one channel: posting into it, and finding out what is in it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiogram.methods import SendAudio
from aiogram.types import BufferedInputFile, InlineKeyboardButton, InlineKeyboardMarkup, Message

from navaar_runtime.failures import Permanent
from navaar_runtime.logs import get_logger
from navaar_telegram_gateway import covers, metrics
from navaar_telegram_gateway.ports import AudioPost, CannotLook, SeenPost, Sent
from navaar_telegram_gateway.telegram import TelegramBot
from navaar_telegram_gateway.uploads import FileOnDisk
from navaar_telegram_session.error_mapping import (
    FAILING,
    Refusal,
    meaning_of,
    refusal_of,
    translated,
    unread_result,
)

log = get_logger(__name__)

_MARKER = "…"


class CoverRefused(Exception):
    """Telegram does not take the picture; the post itself was not made."""


class TelegramChannel:
    """One channel of the bot, for writing and for finding out; satisfies ports.Channel."""

    def __init__(self, telegram: TelegramBot, address: str | Callable[[], str]) -> None:
        self._telegram = telegram
        self._bot = telegram.bot
        self._address = address

    @property
    def chat_id(self) -> str:
        """As calls name the channel now: by its number as soon as that is known."""
        return self._address if isinstance(self._address, str) else self._address()

    async def send_audio(self, post: AudioPost) -> Sent:
        """Post. Raises OutcomeUnknown when Telegram did not say what became of it; any Failure means: not posted."""
        thumbnail = await self._thumbnail(post.thumbnail)
        with metrics.uploading():
            try:
                return await self._send(post, thumbnail)
            except CoverRefused:
                return await self._send(post, None)

    async def _send(self, post: AudioPost, thumbnail: bytes | None) -> Sent:
        telegram = self._telegram
        call = SendAudio(
            chat_id=self.chat_id,
            audio=FileOnDisk(telegram.disk, post.path, post.file_name),
            title=post.title,
            performer=post.performer,
            duration=post.duration_s,
            caption=post.caption or None,
            parse_mode=None,
            reply_markup=keyboard(post.buttons),
            thumbnail=BufferedInputFile(thumbnail, "cover.jpg") if thumbnail else None,
        )
        try:
            message = await telegram.uploads(self._bot, call)
        except FAILING as error:
            unread, refusal = unread_result(error), refusal_of(error)
            meaning = meaning_of(error, "does not take the post", writing=True)
        else:
            return Sent(message.message_id, seen(message).file_unique_id)
        if refusal is Refusal.PICTURE and thumbnail is not None:
            raise CoverRefused
        if isinstance(unread, dict) and isinstance(unread.get("message_id"), int):
            return Sent(unread["message_id"])
        raise meaning

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

    async def delete(self, message_id: int) -> None:
        """Take a post of the bot out of the channel; one that is gone is fine."""
        try:
            await self._bot.delete_message(self.chat_id, message_id)
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not delete the post")
        else:
            return
        if refusal is not Refusal.NO_MESSAGE:
            raise meaning

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
        try:
            copy = await call
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not show the post")
        else:
            await self._tidy(staging, copy.message_id)
            return seen(copy)
        if refusal is Refusal.NO_MESSAGE:
            return None
        if refusal is Refusal.NOT_FORWARDABLE and not await self._is_protected():
            return SeenPost()  # a service message
        if refusal is not None:
            raise CannotLook(f"Copies cannot be shown in the staging chat: {meaning.reason}")
        raise meaning

    async def look_by_editing(self, message_id: int, caption: str, buttons: tuple[tuple[str, str], ...] = ()) -> bool:
        """Whether the bot's post at an id has exactly this caption, or none where this is empty, and these buttons.

        Gives the caption to a post of the bot that has another one: ask only where no other can be.

        Raises:
            CannotLook: the bot may edit what others posted, so that asking could change their posts.
        """
        if await self._may_edit_others():
            raise CannotLook("The bot may edit other people's posts, so that probing by edits could change them.")
        try:
            await self._bot.edit_message_caption(
                chat_id=self.chat_id,
                message_id=message_id,
                caption=caption or None,
                parse_mode=None,
                reply_markup=keyboard(buttons),
            )
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not compare the post")
        else:
            log.warning("caption_changed_by_probe", message_id=message_id)
            return False
        match refusal:
            case Refusal.NOT_MODIFIED:
                return True
            case Refusal.NO_MESSAGE | Refusal.NOT_EDITABLE:
                return False
            case None | Refusal.FORBIDDEN:
                raise meaning
            case _:
                raise CannotLook(f"Probing by edits does not work: {meaning.reason}")

    async def newest_id(self) -> int:
        """The id of the channel's newest message, found by posting a silent line and deleting it."""
        call = self._bot.send_message(self.chat_id, _MARKER, disable_notification=True)
        marker = await translated(call, "does not take a test line")
        await self._tidy(self.chat_id, marker.message_id)
        return marker.message_id

    async def access_problem(self) -> str | None:
        """Why the bot cannot post in the channel, for a person; None when it can.

        Raises:
            Failure: Telegram does not say.
        """
        try:
            rights = await self._rights()
        except Permanent as refusal:
            return refusal.reason
        if rights.get("status") == "creator" or rights.get("can_post_messages"):
            return None
        return "The bot is no administrator of the channel that may post messages: give it that right."

    async def _may_edit_others(self) -> bool:
        rights = await self._rights()
        return rights.get("status") != "administrator" or bool(rights.get("can_edit_messages", True))

    async def _rights(self) -> dict[str, Any]:
        """The bot's ChatMember object."""
        try:
            member = await self._bot.get_chat_member(self.chat_id, self._bot.id)
        except FAILING as error:
            unread = unread_result(error)
            meaning = meaning_of(error, "does not name the bot's rights")
        else:
            return member.model_dump()
        if isinstance(unread, dict):
            return unread
        raise meaning

    async def _is_protected(self) -> bool:
        chat = await translated(self._bot.get_chat(self.chat_id), "does not describe the channel")
        return bool(chat.has_protected_content)

    async def _tidy(self, chat_id: str, message_id: int) -> None:
        try:
            await self._bot.delete_message(chat_id, message_id)
        except FAILING as error:
            log.info("copy_left_behind", message_id=message_id, reason=str(meaning_of(error, "does not delete it")))


def keyboard(buttons: tuple[tuple[str, str], ...]) -> InlineKeyboardMarkup | None:
    """Buttons in one row, each leading somewhere."""
    row = [InlineKeyboardButton(text=text, url=url) for text, url in buttons]
    return InlineKeyboardMarkup(inline_keyboard=[row]) if row else None


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
        file_name=file.file_name,
    )
