"""The adapter to the chats: sends, edits, answers buttons. Every error is translated beside its call."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BufferedInputFile,
    LinkPreviewOptions,
    ReplyParameters,
)

from navaar_bot.view import ChatMessage, keyboard
from navaar_runtime.failures import RateLimited
from navaar_telegram_session.error_mapping import FAILING, Refusal, meaning_of, refusal_of, translated

T = TypeVar("T")

_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
LONGEST_WAIT_S = 30.0
"""A pause that Telegram asks for is sat out up to this before an answer to a person."""
LONGEST_TOAST = 200
"""Characters of an answer to a button."""


class Gone(Exception):
    """The message to change, or to reply to, is not there any more."""


class Unwelcome(Exception):
    """Nobody has opened this chat with the bot, or it was blocked there."""


class Sender:
    """One bot, speaking HTML. Every method raises the failures of navaar_runtime."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def say(
        self,
        chat_id: int | str,
        reply: ChatMessage,
        *,
        reply_to: int | None = None,
        quiet: bool = False,
        once: bool = False,
    ) -> int:
        """Send a message; its id.

        Args:
            once: rather not at all than twice, so that an unclear end is told from a failure.

        Raises:
            Gone: the message to reply to is not there.
            OutcomeUnknown: with `once`, it may have been sent.
            Unwelcome: the chat does not take messages of the bot.
        """
        answer = ReplyParameters(message_id=reply_to) if reply_to is not None else None
        call = self._bot.send_message(
            chat_id,
            reply.text,
            parse_mode="HTML",
            reply_markup=keyboard(reply.buttons),
            reply_parameters=answer,
            link_preview_options=_NO_PREVIEW,
            disable_notification=quiet,
        )
        try:
            return (await call).message_id
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not take the message", writing=once)
        if refusal is Refusal.NO_MESSAGE:
            raise Gone
        if refusal is Refusal.NO_CHAT:
            raise Unwelcome
        raise meaning

    async def change(self, chat_id: int | str, message_id: int, reply: ChatMessage) -> None:
        """Put `reply` in the place of a message of the bot; the same text again is fine.

        Raises:
            Gone: it is not there, or cannot be edited.
        """
        call = self._bot.edit_message_text(
            reply.text,
            chat_id=chat_id,
            message_id=message_id,
            parse_mode="HTML",
            reply_markup=keyboard(reply.buttons),
            link_preview_options=_NO_PREVIEW,
        )
        try:
            await call
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not change the message")
        else:
            return
        if refusal is Refusal.NOT_MODIFIED:
            return
        if refusal in (Refusal.NO_MESSAGE, Refusal.NOT_EDITABLE):
            raise Gone
        raise meaning

    async def take_away(self, chat_id: int | str, message_id: int) -> None:
        """Delete a message of the bot; one that is gone is fine."""
        try:
            await self._bot.delete_message(chat_id, message_id)
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not delete the message")
        else:
            return
        if refusal is not Refusal.NO_MESSAGE:
            raise meaning

    async def show_picture(self, chat_id: int | str, png: bytes, caption: str) -> None:
        call = self._bot.send_photo(chat_id, BufferedInputFile(png, "chart.png"), caption=caption, parse_mode="HTML")
        await translated(call, "does not take the picture")

    async def answer(self, callback_id: str, text: str = "", *, alert: bool = False) -> bool:
        """End a button's waiting, with a short text if any; False: it waited too long, and shows nothing any more."""
        call = self._bot.answer_callback_query(callback_id, text=text[:LONGEST_TOAST] or None, show_alert=alert)
        try:
            await call
        except FAILING as error:
            refusal, meaning = refusal_of(error), meaning_of(error, "does not take the answer to a button")
        else:
            return True
        if refusal in (None, Refusal.FORBIDDEN):
            raise meaning
        return False

    async def offer_commands(self, user_id: int, commands: Sequence[tuple[str, str]]) -> None:
        """Set the command menu in one person's chat with the bot."""
        listed = [BotCommand(command=name, description=about) for name, about in commands]
        call = self._bot.set_my_commands(listed, scope=BotCommandScopeChat(chat_id=user_id))
        await translated(call, "does not take the command menu")

    async def who(self) -> None:
        """A short question to Telegram, to see how long it takes."""
        await translated(self._bot.get_me(), "does not say who the bot is")


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """`call`, once more after a short pause that Telegram asked for. Raises what `call` raises."""
    try:
        return await call()
    except RateLimited as limit:
        if limit.retry_after_s > LONGEST_WAIT_S:
            raise
        wait = limit.retry_after_s
    await asyncio.sleep(wait)
    return await call()
