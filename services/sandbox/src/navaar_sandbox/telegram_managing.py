"""Bot API methods that change or remove messages, tell about chats and files, and the rest a bot needs."""

from collections.abc import Callable
from typing import Any

from navaar_sandbox.telegram_arguments import Bot, bad_request
from navaar_sandbox.telegram_chats import Chat, Json, Message
from navaar_sandbox.telegram_sending import (
    CAPTION_LIMIT,
    TEXT_LIMIT,
    audio_content,
    document_content,
    formatted,
    keyboard,
    photo_content,
)

DOWNLOAD_LIMIT = 20 * 1024 * 1024  # bytes that getFile hands out
_MEDIA = ("audio", "document", "photo", "voice")


def _to_edit(bot: Bot) -> tuple[Chat, Message]:
    chat = bot.chat()
    message = bot.message(chat, "message to edit not found")
    in_channel = chat.shown["type"] == "channel"
    if (not message.by_bot and not (in_channel and chat.can_edit)) or "forward_origin" in message.shown:
        raise bad_request("message can't be edited")
    return chat, message


def _change(bot: Bot, chat: Chat, message: Message, content: Json, replaced: tuple[str, ...]) -> Json:
    """Put `content` in the place of the fields `replaced`; an edit that changes nothing is an error."""
    before = {key: message.shown[key] for key in replaced if key in message.shown}
    if before == content:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a current "
            "content and reply markup of the message"
        )
    bot.limits.editing(chat)
    for key in replaced:
        message.shown.pop(key, None)
    message.shown.update(content)
    message.shown["edit_date"] = int(bot.telegram.now())
    return message.shown


async def edit_text(bot: Bot) -> Json:
    chat, message = _to_edit(bot)
    if "text" not in message.shown:
        raise bad_request("there is no text in the message to edit")
    content = formatted(bot, "text", TEXT_LIMIT)
    if not content:
        raise bad_request("message text is empty")
    return _change(bot, chat, message, content | keyboard(bot), ("text", "entities", "reply_markup"))


async def edit_caption(bot: Bot) -> Json:
    chat, message = _to_edit(bot)
    if not any(kind in message.shown for kind in _MEDIA):
        raise bad_request("there is no caption in the message to edit")
    content = formatted(bot, "caption", CAPTION_LIMIT) | keyboard(bot)
    return _change(bot, chat, message, content, ("caption", "caption_entities", "reply_markup"))


async def edit_markup(bot: Bot) -> Json:
    chat, message = _to_edit(bot)
    return _change(bot, chat, message, keyboard(bot), ("reply_markup",))


async def edit_media(bot: Bot) -> Json:
    chat, message = _to_edit(bot)
    given: Json = bot.arguments.structure("media") or {}
    source = bot.arguments.referred(str(given.get("media") or ""))
    sha: str | None = None
    if given.get("type") == "audio":
        content, sha = await audio_content(bot, source, given)
    elif given.get("type") == "document":
        content, sha = await document_content(bot, source)
    elif given.get("type") == "photo":
        content = await photo_content(bot, source)
    else:
        raise bad_request("can't parse InputMedia: media type is unsupported")
    bot.arguments.values |= {key: given[key] for key in ("caption", "caption_entities", "parse_mode") if given.get(key)}
    content |= formatted(bot, "caption", CAPTION_LIMIT) | keyboard(bot)
    shown = _change(
        bot, chat, message, content, (*_MEDIA, "text", "entities", "caption", "caption_entities", "reply_markup")
    )
    message.sha256 = sha
    return shown


async def delete_message(bot: Bot) -> bool:
    chat = bot.chat()
    message = bot.message(chat, "message to delete not found")
    in_channel = chat.shown["type"] == "channel"
    too_old = not in_channel and bot.telegram.now() - message.shown["date"] > 48 * 3600
    if too_old or (in_channel and not message.by_bot and not chat.can_delete):
        raise bad_request("message can't be deleted for everyone")
    message.deleted = True
    return True


async def delete_messages(bot: Bot) -> bool:
    chat = bot.chat()
    for one in bot.arguments.structure("message_ids") or []:
        message = bot.telegram.find(chat, int(one))
        if message is not None:
            message.deleted = True
    return True


async def get_file(bot: Bot) -> Json:
    stored = bot.telegram.by_file_id(bot.arguments.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return {
        "file_id": bot.arguments.text("file_id"),
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.served_as,
    }


async def get_chat(bot: Bot) -> Json:
    gifts = dict.fromkeys(
        ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
    )
    return bot.chat().shown | {"accent_color_id": 1, "max_reaction_count": 11, "accepted_gift_types": gifts}


async def get_chat_member(bot: Bot) -> Json:
    chat, user_id = bot.chat(), bot.arguments.number("user_id")
    if user_id == bot.telegram.bot["id"]:
        return bot.telegram.bot_member(chat)
    if user_id in bot.telegram.admins:
        return {"status": "creator", "user": bot.telegram.user(user_id), "is_anonymous": False}
    raise bad_request("member not found")


async def get_chat_administrators(bot: Bot) -> list[Json]:
    chat = bot.chat()
    if chat.shown["type"] == "private":
        raise bad_request("there are no administrators in the private chat")
    owners = [
        {"status": "creator", "user": bot.telegram.user(one), "is_anonymous": False} for one in bot.telegram.admins[:1]
    ]
    return owners + ([bot.telegram.bot_member(chat)] if chat.bot_rights == "administrator" else [])


async def get_chat_member_count(bot: Bot) -> int:
    bot.chat()
    return 42


async def answer_callback(bot: Bot) -> bool:
    callback_id = bot.arguments.text("callback_query_id")
    if callback_id not in bot.telegram.open_callbacks:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    bot.telegram.open_callbacks.discard(callback_id)
    bot.telegram.callback_answers.append(
        {
            "callback_query_id": callback_id,
            "text": bot.arguments.text("text"),
            "show_alert": bot.arguments.flag("show_alert"),
        }
    )
    return True


async def set_commands(bot: Bot) -> bool:
    scope = bot.arguments.structure("scope") or {"type": "default"}
    commands: list[Json] = bot.arguments.structure("commands") or []
    for command in commands:
        if not (1 <= len(command["command"]) <= 32 and command["command"].replace("_", "").isalnum()):
            raise bad_request("BOT_COMMAND_INVALID")
    kept = [(known, listed) for known, listed in bot.telegram.commands if known != scope]
    bot.telegram.commands = [*kept, (scope, commands)]
    return True


async def get_commands(bot: Bot) -> list[Json]:
    scope = bot.arguments.structure("scope") or {"type": "default"}
    return next((listed for known, listed in bot.telegram.commands if known == scope), [])


async def delete_commands(bot: Bot) -> bool:
    scope = bot.arguments.structure("scope") or {"type": "default"}
    bot.telegram.commands = [(known, listed) for known, listed in bot.telegram.commands if known != scope]
    return True


async def get_me(bot: Bot) -> Json:
    return bot.telegram.bot | {
        "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        "can_connect_to_business": False, "has_main_web_app": False,
    }  # fmt: skip


async def chat_action(bot: Bot) -> bool:
    bot.telegram.chat_actions.append({"chat_id": bot.chat().id, "action": bot.arguments.text("action")})
    return True


async def set_webhook(bot: Bot) -> bool:
    bot.telegram.webhook_url = bot.arguments.text("url")
    return True


async def delete_webhook(bot: Bot) -> bool:
    bot.telegram.webhook_url = ""
    if bot.arguments.flag("drop_pending_updates"):
        bot.telegram.drop_updates()
    return True


async def webhook_info(bot: Bot) -> Json:
    waiting = bot.telegram.pending_updates
    return {"url": bot.telegram.webhook_url, "has_custom_certificate": False, "pending_update_count": waiting}


async def react(bot: Bot) -> bool:
    bot.message(bot.chat(), "message to react not found")
    return True


async def pin(bot: Bot) -> bool:
    bot.message(bot.chat(), "message to pin not found")
    return True


async def leave(bot: Bot) -> bool:
    bot.chat().bot_rights = "left"
    return True


METHODS: dict[str, Callable[[Bot], Any]] = {
    "editMessageText": edit_text,
    "editMessageCaption": edit_caption,
    "editMessageReplyMarkup": edit_markup,
    "editMessageMedia": edit_media,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getChatMemberCount": get_chat_member_count,
    "answerCallbackQuery": answer_callback,
    "setMyCommands": set_commands,
    "getMyCommands": get_commands,
    "deleteMyCommands": delete_commands,
    "getMe": get_me,
    "sendChatAction": chat_action,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": webhook_info,
    "setMessageReaction": react,
    "pinChatMessage": pin,
    "leaveChat": leave,
}
