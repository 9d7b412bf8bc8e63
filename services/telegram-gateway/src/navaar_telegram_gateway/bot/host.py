"""What every command and button of the bot has at hand."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from aiogram.types import CallbackQuery, Message

from navaar_telegram_gateway.bot.buttons import Act, Show
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.ports import Remembers
from navaar_telegram_gateway.bot.questions import Questions
from navaar_telegram_gateway.bot.screen import Reply, Screen, rendered
from navaar_telegram_gateway.bot.voice import LONGEST_TOAST, Gone, Voice, patiently
from navaar_telegram_gateway.bot.wording.markup import plain

Build = Callable[[Desk, str], Awaitable[Screen]]
"""Makes a screen anew for an argument, e.g. a track's number. Raises Misunderstood, Missing, Transient."""


@dataclass(frozen=True, slots=True)
class Host:
    """The desk to ask at, the voice to speak with, and the screens that buttons lead to."""

    desk: Desk
    voice: Voice
    screens: Mapping[str, Build]
    questions: Questions
    records: Remembers

    async def open(self, message: Message, name: str, argument: str = "") -> None:
        """Answer a command with the first page of a screen."""
        show = Show(name=name, argument=argument)
        reply = rendered(await self.screens[name](self.desk, argument), show)
        await self.say(message, reply)

    async def turn_to(self, callback: CallbackQuery, show: Show) -> None:
        """Put a screen in the place of the message whose button was pressed."""
        screen = self.screens.get(show.name)
        if screen is None:
            await self.voice.answer(callback.id, "This button is out of date.")
            return
        await self.replace(callback, rendered(await screen(self.desk, show.argument), show))

    async def say(self, message: Message, reply: Reply) -> None:
        await patiently(lambda: self.voice.say(message.chat.id, reply))

    async def replace(self, callback: CallbackQuery, reply: Reply, toast: str = "") -> None:
        """Edit the message whose button was pressed; one that is gone is sent anew."""
        await self.voice.answer(callback.id, toast)
        if callback.message is None:
            return
        chat_id, message_id = callback.message.chat.id, callback.message.message_id
        try:
            await patiently(lambda: self.voice.change(chat_id, message_id, reply))
        except Gone:
            await patiently(lambda: self.voice.say(chat_id, reply))

    async def toast(self, callback: CallbackQuery, text: str, *, alert: bool = False) -> None:
        """Say what a press came to; as a message where the press is too old to show anything."""
        shown = await self.voice.answer(callback.id, text, alert=alert)
        if not shown and callback.message is not None:
            chat_id = callback.message.chat.id
            await patiently(lambda: self.voice.say(chat_id, Reply(plain(text, LONGEST_TOAST))))


def argument_of(callback: CallbackQuery) -> str:
    """The argument of an Act button; empty when there is none."""
    with contextlib.suppress(ValueError, TypeError):
        return Act.unpack(callback.data or "").argument
    return ""


def by(callback: CallbackQuery) -> str:
    """Who pressed, for the audit log."""
    return f"admin {callback.from_user.id}"
