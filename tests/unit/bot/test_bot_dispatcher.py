"""What is written to the bot is answered, or whoever wrote it is told that there was no room; strangers take none."""

from __future__ import annotations

import asyncio
import contextlib
from types import SimpleNamespace
from typing import Any

from aiogram import Bot, Router
from aiogram.types import Message, Update

from navaar_bot.dispatcher import MOST_WAITING, STRANGERS_WAIT, UpdateDispatcher
from navaar_bot.view import ChatMessage

ADMIN, STRANGER = 7, 8


def written(number: int, by: int = ADMIN) -> Update:
    person = {"id": by, "is_bot": False, "first_name": "Ada"}
    chat = {"id": by, "type": "private"}
    message = {"message_id": number, "date": 1, "chat": chat, "from": person, "text": f"/ping {number}"}
    return Update.model_validate({"update_id": number, "message": message})


class Chats:
    def __init__(self) -> None:
        self.said: list[tuple[int, str]] = []
        self.heard: list[int] = []

    async def say(self, chat_id: int, reply: ChatMessage) -> int:
        self.said.append((chat_id, reply.text))
        return 1

    async def answer_all(self, updates: list[Update], expected: int) -> None:
        """Everything is there before the first is answered."""
        router = Router()

        @router.message()
        async def answer(message: Message) -> None:
            self.heard.append(message.message_id)

        anything: Any = SimpleNamespace(sender=self)
        dispatcher = UpdateDispatcher(Bot("1:aaa"), [router], [ADMIN], anything, context=anything)
        for update in updates:
            dispatcher.take(update)
        running = asyncio.create_task(dispatcher.run())
        async with asyncio.timeout(60):
            while len(self.heard) < expected:
                await asyncio.sleep(0)
        running.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await running


async def test_whoever_finds_no_room_is_told_how_many_were_not_answered() -> None:
    chats = Chats()
    await chats.answer_all([written(number) for number in range(MOST_WAITING + 30)], MOST_WAITING)
    [(chat, text)] = chats.said
    assert chat == ADMIN
    assert text.startswith("30 of your messages")


async def test_strangers_leave_room_for_the_administrator() -> None:
    chats, mine = Chats(), MOST_WAITING - STRANGERS_WAIT
    strangers = [written(number, STRANGER) for number in range(1000)]
    await chats.answer_all([*strangers, *(written(2000 + number) for number in range(mine))], mine)
    assert len(chats.heard) == mine
    assert not chats.said
