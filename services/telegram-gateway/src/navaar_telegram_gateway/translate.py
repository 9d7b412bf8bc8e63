"""A channel post as the music it holds. Pure.

What Telegram tells is passed on untouched, except that texts are bounded and hold nothing that JSON cannot carry.
"""

from __future__ import annotations

from datetime import UTC, datetime

from aiogram.types import Audio, Document, Message

from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_contracts.music import ItemMetadata, Kind
from navaar_telegram_gateway.identity import public_name
from navaar_telegram_session.session import PLATFORM

LONGEST_TEXT = 1024
"""Characters; a caption's limit for bots. Longer titles are no titles."""
LONGEST_FILE_NAME = 255

_EXTENSIONS = frozenset(
    {"mp3", "m4a", "m4b", "flac", "ogg", "oga", "opus", "wav", "aac", "wma", "aif", "aiff", "alac", "ape", "wv", "mka"}
)
_NO_SOUND = frozenset({"audio/x-mpegurl", "audio/mpegurl", "audio/x-scpls", "audio/midi", "audio/x-midi"})
"""MIME types of lists and scores."""

VOICE = "A voice message is not music; post the song as an audio file."
UNREADABLE = "Telegram described this post in a way that cannot be read; post it again."
EMPTY = "The audio file is empty."


def fact_of(post: Message, link: str, at: datetime) -> ItemSighted | ItemSkipped | None:
    """What a post of the link's channel means: an item, an entry that cannot be synced, or nothing of ours."""
    if post.voice is not None:
        return _skipped(post, link, at, VOICE)
    file = post.audio or (post.document if post.document is not None and is_audio(post.document) else None)
    if file is None:
        return None
    if file.file_size == 0:
        return _skipped(post, link, at, EMPTY)
    return ItemSighted(
        link=link,
        platform=PLATFORM,
        external_id=str(post.message_id),
        item=_metadata(post, file),
        sighted_at=at,
        edited_at=datetime.fromtimestamp(post.edit_date, UTC) if post.edit_date else None,
    )


def is_audio(document: Document) -> bool:
    """Whether a file sent as a document is audio."""
    return is_audio_file(document.mime_type, document.file_name)


def is_audio_file(mime_type: str | None, name: str | None) -> bool:
    """Whether a file of that MIME type or name is audio."""
    mime = (mime_type or "").lower().partition(";")[0].strip()
    if mime in _NO_SOUND:
        return False
    if mime.startswith("audio/"):
        return True
    # What an app does not know it sends as octet-stream; a video stays a video whatever it is called.
    _, dot, extension = (name or "").rpartition(".")
    return bool(dot) and extension.strip().lower() in _EXTENSIONS and not mime.startswith(("video/", "image/", "text/"))


def clean(text: str | None, most: int = LONGEST_TEXT) -> str | None:
    """`text` without NULs and half surrogates, bounded; None when nothing is left."""
    if text is None:
        return None
    text = text.encode("utf-8", "ignore").decode().replace("\x00", "").strip()
    return text[:most] or None


def _metadata(post: Message, file: Audio | Document) -> ItemMetadata:
    audio = post.audio
    performer = clean(audio.performer) if audio else None
    return ItemMetadata(
        title=(clean(audio.title) if audio else None) or "",
        artists=(performer,) if performer else (),
        duration_s=float(audio.duration) if audio and audio.duration > 0 else None,
        kind=Kind.AUDIO,
        url=PLATFORM.spec.item_url(str(post.message_id), public_name(post.chat) or str(post.chat.id)),
        file_name=clean(file.file_name, LONGEST_FILE_NAME),
        mime_type=clean(file.mime_type, LONGEST_FILE_NAME),
        size_bytes=file.file_size if file.file_size and file.file_size > 0 else None,
        caption=clean(post.caption),
        file_id=file.file_id,
        file_unique_id=file.file_unique_id,
    )


def _skipped(post: Message, link: str, at: datetime, reason: str) -> ItemSkipped:
    return ItemSkipped(
        link=link,
        platform=PLATFORM,
        external_id=str(post.message_id),
        name=clean(post.caption, 100) or f"post {post.message_id}",
        reason=reason,
        seen_at=at,
    )
