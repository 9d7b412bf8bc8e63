"""The arguments of a Bot API call, from whichever of the four ways a client chose to send them, and its errors."""

import json
import tempfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from navaar_sandbox.limits import Pause, Window
from navaar_sandbox.telegram_chats import Chat, Message, Telegram


class TelegramError(Exception):
    """A refusal, as the Bot API words it; `retry_after` is in seconds, `migrated_to` the id that a chat has now."""

    def __init__(
        self, code: int, description: str, retry_after: int | None = None, migrated_to: int | None = None
    ) -> None:
        super().__init__(description)
        self.migrated_to = migrated_to
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(description: str) -> TelegramError:
    """The most common refusal."""
    return TelegramError(400, f"Bad Request: {description}")


@dataclass(frozen=True)
class Upload:
    """A file that came with the call."""

    path: Path
    name: str
    size: int


@dataclass
class Arguments:
    """The named values of one call, and the files that came with it by field name."""

    values: dict[str, Any]
    uploads: dict[str, Upload] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """A string, empty if it was not given."""
        value = self.values.get(name)
        return "" if value is None else str(value)

    def number(self, name: str, default: int = 0) -> int:
        """A whole number."""
        value = self.values.get(name)
        try:
            return default if value in (None, "") else int(value)
        except (TypeError, ValueError):
            raise bad_request(f"can't parse {name}") from None

    def flag(self, name: str) -> bool:
        """A boolean."""
        return str(self.values.get(name, "")).lower() in ("true", "1")

    def structure(self, name: str) -> Any:
        """An object or list, which clients send as JSON text; None if it was not given."""
        value = self.values.get(name)
        if isinstance(value, str) and value:
            try:
                return json.loads(value)
            except ValueError:
                raise bad_request(f"can't parse {name} JSON object") from None
        return value or None

    def upload(self, name: str) -> Upload | str | None:
        """A file: the upload itself, or the file_id or address given in its place."""
        if name in self.uploads:
            return self.uploads[name]
        return self.referred(self.text(name))

    def referred(self, value: str) -> Upload | str | None:
        """Follow "attach://name" to the upload."""
        if value.startswith("attach://"):
            attached = self.uploads.get(value.removeprefix("attach://"))
            if attached is None:
                raise bad_request("wrong file identifier/HTTP URL specified")
            return attached
        return value or None


async def read_arguments(request: web.Request, folder: Path) -> Arguments:
    """Collect query, form, multipart or JSON values; uploaded files are written into `folder`."""
    arguments = Arguments(dict(request.query))
    if request.method != "POST":
        return arguments
    if request.content_type == "application/json":
        body = await request.text()
        try:
            values = json.loads(body or "{}")
        except ValueError:
            raise bad_request("can't parse JSON object") from None
        arguments.values |= values
        return arguments
    for name, value in (await request.post()).items():
        if isinstance(value, web.FileField):
            with tempfile.NamedTemporaryFile(dir=folder, suffix=Path(value.filename).suffix, delete=False) as kept:
                while block := value.file.read(1 << 20):
                    kept.write(block)
            path = Path(kept.name)
            arguments.uploads[name] = Upload(path, value.filename, path.stat().st_size)
        else:
            arguments.values[name] = value
    return arguments


@dataclass
class Limits:
    """Telegram's flood control: messages to one chat, messages over all, and edits; see the Bots FAQ."""

    per_channel: Window
    per_person: Window
    overall: Window
    edits: Window
    flood: Pause  # a longer wait for whatever is sent, as floods earn it

    def sending(self, chat: Chat, messages: int = 1) -> None:
        """Count messages to a chat; raises the 429 that Telegram would."""
        self._refuse(self.flood.refuses())
        for _ in range(messages):
            window = self.per_channel if chat.id < 0 else self.per_person
            self._refuse(window.take(chat.id) or self.overall.take("all"))

    def editing(self, chat: Chat) -> None:
        """Count an edit in a chat."""
        self._refuse(self.flood.refuses())
        self._refuse(self.edits.take(chat.id))

    @staticmethod
    def _refuse(wait: int) -> None:
        if wait:
            raise TelegramError(429, f"Too Many Requests: retry after {wait}", wait)


@dataclass
class Bot:
    """What a method works on: Telegram's state, the limits in force, and the arguments of this call."""

    telegram: Telegram
    limits: Limits
    arguments: Arguments

    def chat(self, name: str = "chat_id") -> Chat:
        """The chat named by an argument, by id or by @username, if the bot may see it."""
        wanted = self.arguments.text(name)
        if not wanted:
            raise bad_request("chat_id is empty")
        for chat in self.telegram.chats.values():
            if wanted in (str(chat.id), f"@{chat.shown.get('username')}"):
                if chat.bot_rights in ("left", "kicked"):
                    word = "was kicked from" if chat.bot_rights == "kicked" else "is not a member of"
                    if chat.shown["type"] == "private":
                        raise TelegramError(403, "Forbidden: bot was blocked by the user")
                    raise TelegramError(403, f"Forbidden: bot {word} the channel chat")
                if chat.migrated_to is not None:
                    words = "Bad Request: group chat was upgraded to a supergroup chat"
                    raise TelegramError(400, words, migrated_to=chat.migrated_to)
                return chat
        raise bad_request("chat not found")

    def chat_to_post_in(self) -> Chat:
        """The chat a message goes to, if the bot may write there."""
        chat = self.chat()
        if chat.shown["type"] == "channel" and not (chat.bot_rights == "administrator" and chat.can_post):
            raise bad_request("need administrator rights in the channel chat")
        return chat

    def message(self, chat: Chat, refusal: str) -> Message:
        """The living message named by message_id, else a refusal in Telegram's words."""
        message = self.telegram.find(chat, self.arguments.number("message_id"))
        if message is None:
            raise bad_request(refusal)
        return message
