"""A person's chat with the bot of a whole running system."""

from __future__ import annotations

from typing import Any

from tests.support.whole_system import Platforms, eventually

Json = dict[str, Any]
DEADLINE_S = 120.0


class Chat:
    """Writes, presses buttons and reads, as the first administrator unless another user is named."""

    def __init__(self, world: Platforms, user_id: int | None = None) -> None:
        self._world = world
        self._user_id = user_id
        # In a channel nobody is named; what is read there is the bot's where it is text.
        self._is_channel = user_id is not None and user_id < 0

    async def ask(self, text: str, *words: str) -> Json:
        """Write to the bot; its first later message that holds all the words."""
        sent = await self._world.person("write", text=text, user_id=self._user_id)
        return await self.said(*words, after=sent["message_id"])

    async def said(self, *words: str, after: int = 0) -> Json:
        """The first message after that one that holds all the words, once there is one."""
        found: list[Json] = []

        async def there() -> bool:
            found[:] = [m for m in await self.messages(after) if all(word in _words(m) for word in words)]
            return bool(found)

        await self._until(there, words)
        return found[0]

    async def press(self, message: Json, button: str, chat_id: int | None = None) -> str:
        """Press a button; the words that the bot answers to that, empty when it only ends the waiting."""
        fields = {"message_id": message["message_id"], "button": button, "user_id": self._user_id}
        pressed = await self._world.person("press", **fields, chat_id=chat_id or message["chat"]["id"])
        found: list[str] = []

        async def answered() -> bool:
            answers = (await self._world.state())["callback_answers"]
            found[:] = [one["text"] or "" for one in answers if one["callback_query_id"] == pressed]
            return bool(found)

        await self._until(answered, (button,))
        return found[0]

    async def turns(self, message: Json, button: str, *words: str) -> Json:
        """Press a button; the message once all the words are in it."""
        await self.press(message, button)
        return await self.shows(message, *words)

    async def shows(self, message: Json, *words: str) -> Json:
        """That message, once all the words are in it."""
        found: list[Json] = []

        async def there() -> bool:
            same = [m for m in await self.messages() if m["message_id"] == message["message_id"]]
            found[:] = [m for m in same if all(word in _words(m) for word in words)]
            return bool(found)

        await self._until(there, words)
        return found[0]

    async def messages(self, after: int = 0) -> list[Json]:
        """The bot's living messages in this chat, oldest first."""
        read = await self._world.person("read", after=after, chat_id=self._user_id)
        return [message for message in read if message.get("from", {}).get("is_bot", self._is_channel)]

    async def _until(self, condition: Any, words: tuple[str, ...]) -> None:
        try:
            await eventually(condition, DEADLINE_S)
        except TimeoutError:
            newest = "\n---\n".join(_words(message) for message in (await self.messages())[-4:])
            raise AssertionError(f"{words} did not come. The newest messages:\n{newest}") from None


def buttons(message: Json) -> list[str]:
    """The labels of a message's buttons."""
    return [button["text"] for row in message.get("reply_markup", {}).get("inline_keyboard", []) for button in row]


def _words(message: Json) -> str:
    return str(message.get("text") or message.get("caption") or "")
