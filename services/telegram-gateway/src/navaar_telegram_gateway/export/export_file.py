"""The link's channel out of an export of Telegram Desktop: `result.json` of one chat, or of a whole account."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from navaar_runtime.exports import Exported, ExportedItem, LeftOut, NotRead
from navaar_telegram_gateway.export.json_text import Broken, JsonText
from navaar_telegram_gateway.export.posts import Post, post_of
from navaar_telegram_gateway.translate import clean

RESULT = "result.json"
HOW = "In Telegram Desktop open the channel, ⋮, Export chat history, and choose the format “Machine-readable JSON”."
BOT_API_PREFIX = "-100"
CHANNELS_BEGIN = 2 << 32
"""What exports before 2021 add to a channel's id (kChatPeerIdShift in export_data_types.cpp)."""
BEGINNING = datetime(2013, 8, 14, tzinfo=UTC)
"""Of Telegram: the date of a first post whose own cannot be read."""
MOST_NAMED = 5


@dataclass(slots=True)
class _Chat:
    """One chat of the export; its posts, unless it is known to be another one."""

    id: object = None
    name: str = ""
    has_messages: bool = False
    entries: int = 0
    posts: dict[int, Post] = field(default_factory=dict)
    left: list[LeftOut] = field(default_factory=list)

    def may_be(self, number: int) -> bool:
        return self.id is None or means(self.id, number)


def means(exported: object, number: int) -> bool:
    """Whether the id of a chat in an export is that of the channel which the Bot API calls `number`."""
    if isinstance(exported, str) and exported.lstrip("-").isdecimal() and len(exported) <= 20:
        exported = int(exported)
    if not isinstance(exported, int) or isinstance(exported, bool):
        return False
    bare = bare_id(number)
    return bare in {exported, exported - CHANNELS_BEGIN, bare_id(exported)}


def bare_id(number: int) -> int:
    """-1001234567890 of the Bot API is 1234567890 everywhere else."""
    text = str(number)
    return int(text.removeprefix(BOT_API_PREFIX)) if text.startswith(BOT_API_PREFIX) and len(text) > 5 else abs(number)


def read_export(path: Path, number: int, channel: str, tell: Callable[[float], None] = lambda share: None) -> Exported:
    """The posts of the channel with that number.

    Args:
        path: `result.json`, or the folder that has it.
        channel: as links to posts name it.
        tell: told how much is read, from 0 to 1.

    Raises:
        NotRead: it is no such file, is broken, is of another channel, or has no audio.
    """
    file = path / RESULT if path.is_dir() else path
    others: list[_Chat] = []
    found: _Chat | None = None
    try:
        size = max(1, file.stat().st_size)
        with file.open("rb") as source:
            text = JsonText(source, lambda read: tell(min(1.0, read / size)))
            _must_be_json(text, file)
            for chat in _chats(text, number, channel):
                if means(chat.id, number):
                    found = _joined(found, chat)
                elif chat.has_messages:
                    others = [*others, chat][:MOST_NAMED]
    except FileNotFoundError:
        raise NotRead(f"there is no file {file}. {HOW}") from None
    except OSError as error:
        raise NotRead(f"{file} cannot be read: {error.strerror}") from None
    except Broken as error:
        advice = "the export was cut off: export again" if error.ended else "export again, and do not edit the file"
        raise NotRead(f"{file} is broken at {error}; {advice}") from None
    if found is None:
        raise NotRead(_not_there(file, others, number, channel))
    return _exported(found, file)


def _must_be_json(text: JsonText, file: Path) -> None:
    first = text.peek()
    if first == "<":
        raise NotRead(f"{file} is the export for people to read (HTML). {HOW}")
    if first != "{":
        raise NotRead(f"{file} is no export of Telegram Desktop. {HOW}")


def _chats(text: JsonText, number: int, channel: str) -> Iterator[_Chat]:
    """Every chat: the document itself, or those of the lists that an account's export has."""
    whole = _Chat()
    for key in text.keys():  # noqa: SIM118 - no dictionary: each key is followed by its value
        if key in ("chats", "left_chats") and text.peek() == "{":
            for part in text.keys():  # noqa: SIM118
                if part != "list" or text.peek() != "[":
                    text.skip()
                    continue
                for _ in text.elements():
                    if text.peek() == "{":
                        yield _chat(text, number, channel)
                    else:
                        text.skip()
        else:
            _take(text, key, whole, number, channel)
    yield whole


def _chat(text: JsonText, number: int, channel: str) -> _Chat:
    chat = _Chat()
    for key in text.keys():  # noqa: SIM118
        _take(text, key, chat, number, channel)
    return chat


def _take(text: JsonText, key: str, chat: _Chat, number: int, channel: str) -> None:
    if key == "id":
        chat.id = text.value()
        if not chat.may_be(number):
            chat.posts.clear()
            chat.left.clear()
    elif key == "name":
        name = text.value()
        chat.name = (clean(name, 100) if isinstance(name, str) else None) or ""
    elif key == "messages" and text.peek() == "[":
        chat.has_messages = True
        if not chat.may_be(number):
            text.skip()
            return
        for _ in text.elements():
            chat.entries += 1
            post = post_of(text.value(), channel)
            if isinstance(post, Post):
                chat.posts.setdefault(post.number, post)
            elif post is not None:
                chat.left.append(post)
    else:
        text.skip()


def _joined(found: _Chat | None, chat: _Chat) -> _Chat:
    """A channel may stand in an account's export twice; what it has there is one."""
    if found is None:
        return chat
    found.posts = {**chat.posts, **found.posts}
    found.left += chat.left
    found.entries += chat.entries
    return found


def _not_there(file: Path, others: list[_Chat], number: int, channel: str) -> str:
    if not others:
        return f"{file} holds no list of messages, so it is no export of a chat. {HOW}"
    names = ", ".join(f"“{chat.name}” ({_shown(chat.id)})" for chat in others)
    wanted = channel if channel == str(number) else f"{channel} ({number})"
    return f"{file} is an export of {names}, and not of the link's channel {wanted}."


def _shown(exported: object) -> str:
    return (clean(str(exported), 30) or "?") if isinstance(exported, int | str) else "no id"


def _exported(chat: _Chat, file: Path) -> Exported:
    if not chat.posts and not chat.left:
        raise NotRead(f"“{chat.name}” has {chat.entries} messages in {file}, and none of them has audio.")
    items: list[ExportedItem] = []
    folder, at = file.parent.resolve(), BEGINNING
    for number in sorted(chat.posts):
        post = chat.posts[number]
        at = post.posted_at or at
        items.append(ExportedItem(str(number), post.item, at, media_of(post.path, folder)))
    return Exported(chat.name, tuple(items), tuple(chat.left), chat.entries)


def media_of(told: str | None, folder: Path) -> Path | None:
    """The file that an export names, if it is there, a plain file, and inside the export's own (resolved) folder."""
    if told is None:
        return None
    try:
        found = (folder / told).resolve()
        return found if found.is_relative_to(folder) and found.is_file() else None
    except (OSError, ValueError, RuntimeError):
        return None
