"""Exports as Telegram Desktop writes them: one chat or a whole account, in the layouts of several years."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Literal

Layout = Literal["2018", "2021", "2024"]
LAYOUTS: tuple[Layout, ...] = ("2018", "2021", "2024")
Json = dict[str, Any]

CHANNEL = -1001700000001
"""As the Bot API calls it; the pretend platforms' channel."""
NOT_INCLUDED = "(File not included. Change data exporting settings to download.)"
BEGUN = datetime(2019, 3, 1, 12, tzinfo=UTC)
_CONTROL = re.compile(r"\\u00([01][0-9a-f])")


def bare(channel: int, layout: Layout) -> int:
    """A channel's id in an export of that year."""
    number = int(str(channel).removeprefix("-100"))
    return number + (2 << 32) if layout == "2018" else number


def audio(number: int, performer: str | None, title: str | None, *, layout: Layout = "2024", **more: Any) -> Json:
    """A post with an audio file; `more` replaces fields, None leaves one out."""
    name = f"{performer} - {title}.mp3" if performer and title else f"audio_{number}.mp3"
    fields: Json = {
        **_head(number, layout),
        "file": NOT_INCLUDED,
        **({"file_name": name, "file_size": 4_000_000 + number} if layout == "2024" else {}),
        "thumbnail": NOT_INCLUDED,
        "media_type": "audio_file",
        "performer": performer,
        "title": title,
        "mime_type": "audio/mpeg",
        "duration_seconds": 200 + number % 60,
        "text": "",
        **({} if layout == "2018" else {"text_entities": []}),
        **more,
    }
    return {name: value for name, value in fields.items() if value is not None}


def words(number: int, text: Any, *, layout: Layout = "2024") -> Json:
    return {**_head(number, layout), "text": text}


def _head(number: int, layout: Layout) -> Json:
    at = BEGUN + timedelta(hours=number)
    unix = {} if layout == "2018" else {"date_unixtime": str(int(at.timestamp()))}
    edited = {"edited": "1970-01-01T01:00:00"} if layout == "2018" else {}
    author = {"from": "Radio", "from_id": 4389402929 if layout == "2018" else "channel1700000001"}
    return {
        "id": number,
        "type": "message",
        "date": at.astimezone().strftime("%Y-%m-%dT%H:%M:%S"),
        **unix,
        **edited,
        **author,
    }


def chat(messages: Sequence[Json], *, channel: int = CHANNEL, layout: Layout = "2024", **more: Any) -> Json:
    """One chat's export."""
    return {
        "name": "Sandbox Radio",
        "type": "public_channel",
        "id": bare(channel, layout),
        "messages": [{"id": 1, "type": "service", "action": "create_channel", "title": "Radio", "text": ""}, *messages],
        **more,
    }


def account(*chats: Json, left: Iterable[Json] = ()) -> Json:
    """A whole account's export, with what else it holds."""
    friend = {"name": None, "type": "personal_chat", "id": 555, "messages": [words(1, "salut"), audio(2, "A", "B")]}
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 1, "first_name": "Ada", "bio": '{"messages": [', "phone_number": "+1"},
        "contacts": {"about": "...", "list": [{"user_id": 2, "first_name": "Bo", "date": "2018-01-01T00:00:00"}]},
        "sessions": {"about": "...", "list": [{"application_name": "Navaar", "messages": []}]},
        "chats": {"about": "...", "list": [friend, *chats]},
        "left_chats": {"about": "...", "list": [*left]},
    }


def text_of(document: Any) -> str:
    """As Telegram Desktop writes it: one blank a level, every language as it is, control characters as no JSON has."""
    return _CONTROL.sub(
        lambda found: f"\\x{found.group(1).upper()}", json.dumps(document, indent=1, ensure_ascii=False)
    )


def write(folder: Path, document: Any, name: str = "result.json") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / name
    file.write_text(text_of(document), encoding="utf-8")
    return file


def of_post(shown: Mapping[str, Any], *, layout: Layout = "2024") -> Json:
    """A message of the pretend platforms' channel as an export tells it."""
    number = int(shown["message_id"])
    sound, document = shown.get("audio"), shown.get("document")
    caption = shown.get("caption", "")
    if sound is not None:
        name = sound.get("file_name")
        named = {"file_name": name} if layout == "2024" else {"file": f"files/{name}"} if name else {}
        return audio(
            number,
            sound.get("performer"),
            sound.get("title"),
            layout=layout,
            duration_seconds=sound["duration"],
            mime_type=sound["mime_type"],
            text=caption,
            **named,
        )
    if document is not None:
        name = document.get("file_name")
        return audio(
            number,
            None,
            None,
            layout=layout,
            media_type=None,
            duration_seconds=None,
            file_name=name if layout == "2024" else None,
            file=f"files/{name}" if name else NOT_INCLUDED,
            mime_type=document["mime_type"],
            text=caption,
        )
    return words(number, shown.get("text", ""), layout=layout)
