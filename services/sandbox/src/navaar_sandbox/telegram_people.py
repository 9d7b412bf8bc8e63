"""What people do on Telegram's side: post, edit, delete, write to the bot, press its buttons."""

import secrets
from typing import Any

from navaar_sandbox.files import PostedFile
from navaar_sandbox.telegram_chats import Chat, Json, Message, Telegram
from navaar_sandbox.telegram_text import parse


def media(telegram: Telegram, posted: PostedFile) -> tuple[Json, str]:
    """The message content for a file as an app sends it, and the sha256 of its bytes."""
    stored = telegram.store(posted.path, posted.kind, posted.file_name or posted.path.name)
    shown: Json = {
        "file_id": telegram.new_file_id(stored),
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "mime_type": posted.mime_type,
    }
    if posted.kind in ("audio", "voice"):
        shown["duration"] = posted.duration
    if posted.kind != "voice" and posted.file_name:
        shown["file_name"] = posted.file_name
    if posted.kind == "audio":
        if posted.performer:
            shown["performer"] = posted.performer
        if posted.title:
            shown["title"] = posted.title
    return {posted.kind: shown}, stored.sha256


def post(telegram: Telegram, posted: PostedFile | None, text: str = "") -> Message:
    """An administrator posts to the channel; the bot gets a channel_post if it is there."""
    content: Json = {}
    sha = None
    if posted is not None:
        content, sha = media(telegram, posted)
    if text:
        content |= {"caption": text} if posted is not None else {"text": text}
    message = telegram.put(telegram.channel, content, sender=None, by_bot=False, sha256=sha)
    if telegram.channel.bot_rights not in ("left", "kicked"):
        telegram.announce("channel_post", message.shown)
    return message


def forward_to_bot(telegram: Telegram, user_id: int, message_id: int) -> Message:
    """A person forwards a channel post to the bot in private."""
    origin = telegram.channel.messages[message_id]
    content = {**content_of(origin), "forward_origin": forward_origin(telegram.channel, origin)}
    message = telegram.put(
        telegram.private_chat(user_id), content, sender=telegram.user(user_id), by_bot=False, sha256=origin.sha256
    )
    telegram.announce("message", message.shown)
    return message


def edit_post(
    telegram: Telegram, message_id: int, posted: PostedFile | None = None, caption: str | None = None
) -> Message:
    """An administrator edits a post. For a post that the bot made, the bot hears nothing of it."""
    message = telegram.channel.messages[message_id]
    if posted is not None:
        content, message.sha256 = media(telegram, posted)
        for kind in ("audio", "document", "voice"):
            message.shown.pop(kind, None)
        message.shown.update(content)
    if caption is not None:
        message.shown["caption"] = caption
    message.shown["edit_date"] = int(telegram.now())
    if not message.by_bot and telegram.channel.bot_rights not in ("left", "kicked"):
        telegram.announce("edited_channel_post", message.shown)
    return message


def delete_post(telegram: Telegram, message_id: int) -> None:
    """An administrator deletes a post. No bot ever hears of a deletion."""
    telegram.channel.messages[message_id].deleted = True


def change_rights(telegram: Telegram, **rights: Any) -> None:
    """The owner changes what the bot is and may do in the channel: bot_rights, can_post, can_edit, can_delete."""
    chat = telegram.channel
    before = telegram.bot_member(chat)
    for name, value in rights.items():
        setattr(chat, name, value)
    after = telegram.bot_member(chat)
    if after != before:
        change: Json = {"chat": chat.shown, "from": telegram.user(telegram.admins[0] if telegram.admins else 1)}
        change |= {"date": int(telegram.now()), "old_chat_member": before, "new_chat_member": after}
        telegram.announce("my_chat_member", change)


def rename_channel(telegram: Telegram, username: str | None) -> None:
    """The owner gives the channel another public name, or makes it private; no bot hears of it."""
    if username is None:
        telegram.channel.shown.pop("username", None)
    else:
        telegram.channel.shown["username"] = username


def write(telegram: Telegram, user_id: int, text: str) -> Message:
    """A person writes to the bot in private, commands included."""
    plain, entities = parse(text, None)
    content: Json = {"text": plain}
    if entities:
        content["entities"] = entities
    message = telegram.put(telegram.private_chat(user_id), content, sender=telegram.user(user_id), by_bot=False)
    telegram.announce("message", message.shown)
    return message


def press(telegram: Telegram, user_id: int, chat: Chat, message_id: int, button: str) -> str:
    """A person presses an inline button, named by its callback data or its text; the callback's id."""
    message = chat.messages[message_id]
    rows: list[list[dict[str, Any]]] = message.shown.get("reply_markup", {}).get("inline_keyboard", [])
    pressed = next(
        (
            one
            for row in rows
            for one in row
            if "callback_data" in one and button in (one["callback_data"], one["text"])
        ),
        None,
    )
    if pressed is None:
        raise LookupError(f"message {message_id} has no button {button!r}")
    callback_id = str(secrets.randbelow(10**18))
    telegram.open_callbacks.add(callback_id)
    telegram.announce(
        "callback_query",
        {
            "id": callback_id,
            "from": telegram.user(user_id),
            "message": message.shown,
            "chat_instance": str(chat.id),
            "data": pressed["callback_data"],
        },
    )
    return callback_id


def forward_origin(chat: Chat, message: Message) -> Json:
    """Where a forwarded message came from, a MessageOrigin."""
    if chat.shown["type"] == "channel":
        return {"type": "channel", "date": message.shown["date"], "chat": chat.shown, "message_id": message.id}
    return {"type": "user", "date": message.shown["date"], "sender_user": message.shown.get("from", {})}


_ENVELOPE = frozenset(
    {
        "message_id",
        "date",
        "chat",
        "sender_chat",
        "from",
        "edit_date",
        "reply_markup",
        "reply_to_message",
        "forward_origin",
    }
)


def content_of(message: Message) -> Json:
    """What a message says, without the envelope of where and when."""
    return {key: value for key, value in message.shown.items() if key not in _ENVELOPE}
