"""Bot API methods that put a message into a chat."""

import asyncio
import struct
from collections.abc import Callable
from typing import Any

import mutagen
from mutagen import mp3, mp4

from navaar_sandbox.telegram_arguments import Bot, TelegramError, Upload, bad_request
from navaar_sandbox.telegram_chats import Chat, Json, Message, StoredFile
from navaar_sandbox.telegram_people import content_of, forward_origin
from navaar_sandbox.telegram_text import BadMarkup, parse, utf16_length

UPLOAD_LIMIT = 50 * 1024 * 1024  # bytes
PHOTO_LIMIT = 10 * 1024 * 1024
THUMBNAIL_LIMIT = 200 * 1000
TEXT_LIMIT = 4096  # UTF-16 code units, after entities are parsed
CAPTION_LIMIT = 1024


def formatted(bot: Bot, name: str, limit: int) -> Json:
    """`name` ("text" or "caption") with its entities, as message content."""
    arguments = bot.arguments
    raw = arguments.text(name)
    given = arguments.structure("entities" if name == "text" else "caption_entities")
    try:
        plain, entities = (raw, given) if given else parse(raw, arguments.text("parse_mode") or None)
    except BadMarkup as refusal:
        raise bad_request(str(refusal)) from None
    plain = plain.strip()
    if utf16_length(plain) > limit:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    if not plain:
        return {}
    return {name: plain} | ({("entities" if name == "text" else "caption_entities"): entities} if entities else {})


def keyboard(bot: Bot) -> Json:
    """The inline keyboard as message content; other keyboards are not part of a message."""
    markup = bot.arguments.structure("reply_markup")
    if not markup or "inline_keyboard" not in markup:
        return {}
    for row in markup["inline_keyboard"]:
        for button in row:
            if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
                raise bad_request("BUTTON_DATA_INVALID")
            if not button.get("text"):
                raise bad_request("inline keyboard button text must be non-empty")
    return {"reply_markup": {"inline_keyboard": markup["inline_keyboard"]}} if markup["inline_keyboard"] else {}


def put(bot: Bot, chat: Chat, content: Json, sha256: str | None = None) -> Json:
    """Count, place and show a message of the bot."""
    reply = _reply(bot, chat)
    markup = keyboard(bot)
    bot.limits.sending(chat)
    sender = None if chat.shown["type"] == "channel" else bot.telegram.bot
    message = bot.telegram.put(chat, content | reply | markup, sender=sender, by_bot=True, sha256=sha256)
    if bot.telegram.echo_own_posts and chat.shown["type"] == "channel":
        bot.telegram.announce("channel_post", message.shown)
    return message.shown


def _reply(bot: Bot, chat: Chat) -> Json:
    parameters = bot.arguments.structure("reply_parameters") or {}
    target = parameters.get("message_id") or bot.arguments.number("reply_to_message_id")
    if not target:
        return {}
    origin = bot.telegram.find(chat, int(target))
    if origin is None:
        if parameters.get("allow_sending_without_reply") or bot.arguments.flag("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {key: value for key, value in origin.shown.items() if key != "reply_to_message"}}


async def send_message(bot: Bot) -> Json:
    chat = bot.chat_to_post_in()
    content = formatted(bot, "text", TEXT_LIMIT)
    if not content:
        raise bad_request("message text is empty")
    return put(bot, chat, content)


async def send_audio(bot: Bot) -> Json:
    chat = bot.chat_to_post_in()
    content, sha = await audio_content(bot, bot.arguments.upload("audio"), bot.arguments.values)
    return put(bot, chat, content | formatted(bot, "caption", CAPTION_LIMIT), sha)


async def send_document(bot: Bot) -> Json:
    chat = bot.chat_to_post_in()
    content, sha = await document_content(bot, bot.arguments.upload("document"))
    return put(bot, chat, content | formatted(bot, "caption", CAPTION_LIMIT), sha)


async def send_voice(bot: Bot) -> Json:
    chat = bot.chat_to_post_in()
    stored, name = await resolve(bot, bot.arguments.upload("voice"), "voice")
    shown = described(bot, stored, name) | {"duration": bot.arguments.number("duration"), "mime_type": "audio/ogg"}
    return put(bot, chat, {"voice": shown} | formatted(bot, "caption", CAPTION_LIMIT), stored.sha256)


async def send_photo(bot: Bot) -> Json:
    chat = bot.chat_to_post_in()
    content = await photo_content(bot, bot.arguments.upload("photo"))
    return put(bot, chat, content | formatted(bot, "caption", CAPTION_LIMIT))


async def audio_content(bot: Bot, given: Upload | str | None, fields: dict[str, Any]) -> tuple[Json, str]:
    """What sendAudio makes of a file: music if it is MP3 or M4A, else a plain document.

    `fields` may name duration (seconds), performer, title and thumbnail.
    """
    stored, name = await resolve(bot, given, "audio")
    probed = await asyncio.to_thread(_probe, stored)
    if probed is None:
        return {"document": described(bot, stored, name)}, stored.sha256
    shown = described(bot, stored, name) | {"duration": int(fields.get("duration") or probed["duration"])}
    for field in ("performer", "title"):
        value = str(fields.get(field) or probed.get(field) or "")
        if value:
            shown[field] = value
    thumbnail = bot.arguments.uploads.get("thumbnail") or bot.arguments.referred(str(fields.get("thumbnail") or ""))
    if isinstance(thumbnail, Upload):
        shown |= _thumbnail(bot, thumbnail)
    return {"audio": shown}, stored.sha256


async def document_content(bot: Bot, given: Upload | str | None) -> tuple[Json, str]:
    stored, name = await resolve(bot, given, "document")
    return {"document": described(bot, stored, name)}, stored.sha256


async def photo_content(bot: Bot, given: Upload | str | None) -> Json:
    if isinstance(given, Upload) and given.size > PHOTO_LIMIT:
        raise TelegramError(413, "Request Entity Too Large")
    stored, name = await resolve(bot, given, "photo")
    data = stored.path.read_bytes()
    size = _jpeg_size(data) or _png_size(data)
    if size is None:
        raise bad_request("IMAGE_PROCESS_FAILED")
    shown = described(bot, stored, name)
    return {
        "photo": [
            {key: shown[key] for key in ("file_id", "file_unique_id", "file_size")}
            | {"width": size[0], "height": size[1]}
        ]
    }


async def resolve(bot: Bot, given: Upload | str | None, kind: str) -> tuple[StoredFile, str]:
    """The file that an argument means, and its name. Web addresses are not fetched: reported as failed."""
    if given is None:
        raise bad_request(f"there is no {kind} in the request")
    if isinstance(given, Upload):
        if given.size > UPLOAD_LIMIT:
            raise TelegramError(413, "Request Entity Too Large")
        if given.size == 0:
            raise bad_request("file must be non-empty")
        return await asyncio.to_thread(bot.telegram.store, given.path, kind, given.name), given.name
    if given.startswith(("http://", "https://")):
        raise bad_request("failed to get HTTP URL content")
    stored = bot.telegram.by_file_id(given)
    if stored is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return stored, stored.path.name


def described(bot: Bot, stored: StoredFile, name: str) -> Json:
    """The part that Audio, Document and Voice have in common."""
    mime = {".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".ogg": "audio/ogg", ".jpg": "image/jpeg"}.get(
        stored.path.suffix
    )
    return {
        "file_id": bot.telegram.new_file_id(stored),
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_name": name,
        "mime_type": mime or "application/octet-stream",
    }


def _probe(stored: StoredFile) -> Json | None:
    """What Telegram reads out of music: None if the file is not for its music player."""
    try:
        opened = mutagen.File(stored.path, easy=True)
    except Exception:  # noqa: BLE001 - mutagen raises whatever a broken file provokes
        opened = None
    if opened is None or not isinstance(opened.info, mp3.MPEGInfo | mp4.MP4Info):
        return {"duration": 0} if stored.path.suffix in (".mp3", ".m4a") else None
    tags = opened.tags or {}
    return {
        "duration": int(opened.info.length),
        "performer": ", ".join(tags.get("artist", [])),
        "title": ", ".join(tags.get("title", [])),
    }


def _thumbnail(bot: Bot, upload: Upload) -> Json:
    """Telegram ignores a thumbnail that is no JPEG, 200 kB or more, or larger than 320 pixels."""
    size = _jpeg_size(upload.path.read_bytes())
    if size is None or upload.size >= THUMBNAIL_LIMIT or max(size) > 320:
        return {}
    stored = bot.telegram.store(upload.path, "thumbnail", "thumbnail.jpg")
    shown = {"file_id": bot.telegram.new_file_id(stored), "file_unique_id": stored.unique_id, "file_size": stored.size}
    return {"thumbnail": shown | {"width": size[0], "height": size[1]}}


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, None if it is not a JPEG."""
    position = 2
    if data[:2] != b"\xff\xd8":
        return None
    while position + 9 < len(data) and data[position] == 0xFF:
        marker, length = struct.unpack(">BH", data[position + 1 : position + 4])
        if 0xC0 <= marker <= 0xC3:
            height, width = struct.unpack(">HH", data[position + 5 : position + 9])
            return width, height
        position += 2 + length
    return None


def _png_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels, None if it is not a PNG."""
    if len(data) < 24 or data[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack(">II", data[16:24])
    return width, height


async def forward_message(bot: Bot) -> Json:
    target, origin = _origin(bot, "forward")
    source = bot.chat("from_chat_id")
    content = content_of(origin) | {
        "forward_origin": origin.shown.get("forward_origin") or forward_origin(source, origin)
    }
    return put(bot, target, content, origin.sha256)


async def copy_message(bot: Bot) -> Json:
    target, origin = _origin(bot, "copy")
    content = content_of(origin)
    if "caption" in bot.arguments.values:
        content = {key: value for key, value in content.items() if not key.startswith("caption")}
        content |= formatted(bot, "caption", CAPTION_LIMIT)
    return {"message_id": put(bot, target, content, origin.sha256)["message_id"]}


def _origin(bot: Bot, verb: str) -> tuple[Chat, Message]:
    target, source = bot.chat_to_post_in(), bot.chat("from_chat_id")
    return target, bot.message(source, f"message to {verb} not found")


async def forward_messages(bot: Bot) -> list[Json]:
    return _many(bot, copy=False)


async def copy_messages(bot: Bot) -> list[Json]:
    return _many(bot, copy=True)


def _many(bot: Bot, *, copy: bool) -> list[Json]:
    """Messages that cannot be found are left out; at most a hundred ids."""
    target, source = bot.chat_to_post_in(), bot.chat("from_chat_id")
    wanted: list[int] = bot.arguments.structure("message_ids") or []
    if not 1 <= len(wanted) <= 100:
        raise bad_request("message identifiers are not specified" if not wanted else "too many message identifiers")
    found = [message for one in wanted if (message := bot.telegram.find(source, int(one))) is not None]
    if not found:
        raise bad_request(f"there are no messages to {'copy' if copy else 'forward'}")
    placed = []
    for origin in found:
        content = content_of(origin)
        if not copy:
            content["forward_origin"] = origin.shown.get("forward_origin") or forward_origin(source, origin)
        placed.append({"message_id": put(bot, target, content, origin.sha256)["message_id"]})
    return placed


METHODS: dict[str, Callable[[Bot], Any]] = {
    "sendMessage": send_message,
    "sendAudio": send_audio,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendPhoto": send_photo,
    "forwardMessage": forward_message,
    "copyMessage": copy_message,
    "forwardMessages": forward_messages,
    "copyMessages": copy_messages,
}
