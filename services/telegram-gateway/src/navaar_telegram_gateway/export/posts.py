"""A message of an export as the music it holds. Pure: what json made of it in, an item or a reason out.

Layouts: Telegram Desktop's export_output_json.cpp from 2018 on. Older ones have no `date_unixtime`, no `text_entities`,
no `file_name` and no `file_size`; instead of a file that was not downloaded there is a sentence in brackets.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any

from navaar_contracts.music import ItemMetadata, Kind
from navaar_runtime.exports import LeftOut
from navaar_telegram_gateway.translate import EMPTY, LONGEST_FILE_NAME, VOICE, clean, is_audio_file
from navaar_telegram_session.session import PLATFORM

NO_NUMBER = "The export gives this post no number that a channel's post can have."
LATEST = 4102444800
"""Seconds: the year 2100. What is later is no date."""
LONGEST_S = 30 * 86400.0
_LARGEST_NUMBER = 2**31 - 1
_ABSENT = re.compile(r"\(File [^()]*\)\s*$")
"""'(File not included. Change data exporting settings to download.)', '(File exceeds maximum size. ...)',
'(File unavailable, please try again later)'; a name may stand before it."""
_GIVEN_BY_PROGRAM = re.compile(r"(?:audio|file|voice|video|music)_\d+(?:@[\d_-]+)?(?:\.\w+)?", re.IGNORECASE)
"""How Telegram Desktop calls a file that has no name."""


@dataclass(frozen=True, slots=True)
class Post:
    """A post with audio."""

    number: int
    item: ItemMetadata
    posted_at: datetime | None
    path: str | None
    """Where the export says that its file is, relative to the export's folder."""


def post_of(raw: object, channel: str) -> Post | LeftOut | None:
    """What a message of an export holds: audio, an entry that cannot be synced, or nothing of ours.

    Args:
        channel: as links to posts name it: '@radio', or the number of a private channel.
    """
    if not isinstance(raw, Mapping) or raw.get("type") != "message":
        return None
    media = raw.get("media_type")
    if media == "voice_message":
        return _left(raw, VOICE)
    told = _text(raw.get("file"))
    name = _file_name(raw, told)
    mime = clean(_text(raw.get("mime_type")), LONGEST_FILE_NAME)
    if media is None:
        # Sent as a document; a photo or a page's preview is none.
        if (told is None and mime is None) or not is_audio_file(mime, name):
            return None
    elif media != "audio_file":
        return None
    size = _number(raw.get("file_size"))
    if size == 0:
        return _left(raw, EMPTY)
    number = _whole(raw.get("id"))
    if number is None:
        return _left(raw, NO_NUMBER)
    performer = clean(_text(raw.get("performer")))
    return Post(
        number=number,
        item=ItemMetadata(
            title=clean(_text(raw.get("title"))) or "",
            artists=(performer,) if performer else (),
            duration_s=_seconds(raw.get("duration_seconds")),
            kind=Kind.AUDIO,
            url=PLATFORM.spec.item_url(str(number), channel),
            file_name=name,
            mime_type=mime,
            size_bytes=int(size) if size else None,
            caption=clean(words_of(raw)),
        ),
        posted_at=_date(raw),
        path=told if told and _ABSENT.search(told) is None else None,
    )


def words_of(raw: Mapping[str, Any]) -> str:
    """The text below a post, without its formatting."""
    parts = raw.get("text") or raw.get("text_entities")
    if isinstance(parts, str):
        return parts
    if not isinstance(parts, list):
        return ""
    words = (part.get("text") if isinstance(part, Mapping) else part for part in parts)
    return "".join(word for word in words if isinstance(word, str))


def _file_name(raw: Mapping[str, Any], told: str | None) -> str | None:
    name = _text(raw.get("file_name"))
    if name is None and told is not None:
        # Before there was `file_name`: from the path, or from before the sentence that says why there is no file.
        name = PurePosixPath(_ABSENT.sub("", told).strip()).name
        if _GIVEN_BY_PROGRAM.fullmatch(name):
            return None
    return clean(name, LONGEST_FILE_NAME)


def _left(raw: Mapping[str, Any], reason: str) -> LeftOut:
    number = _whole(raw.get("id"))
    shown = str(number) if number is not None else (clean(str(raw.get("id")), 20) or "?")
    return LeftOut(shown, clean(words_of(raw), 100) or f"post {shown}", reason)


def _date(raw: Mapping[str, Any]) -> datetime | None:
    """UTC. Older exports tell the local time of the machine that made them: most often this one."""
    seconds = _number(raw.get("date_unixtime"))
    if seconds is not None and 0 < seconds < LATEST:
        return datetime.fromtimestamp(seconds, UTC)
    try:
        found = datetime.fromisoformat(_text(raw.get("date")) or "")
        seconds = found.timestamp()
    except (ValueError, OverflowError, OSError):
        return None
    return datetime.fromtimestamp(seconds, UTC) if 0 < seconds < LATEST else None


def _seconds(value: object) -> float | None:
    found = _number(value)
    return found if found is not None and 0 < found < LONGEST_S else None


def _whole(value: object) -> int | None:
    """A post's number: positive, and one that Telegram's 32 bits hold."""
    found = _number(value)
    return int(found) if found is not None and 0 < found <= _LARGEST_NUMBER and found == int(found) else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str) or len(str(value)) > 20:
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
