"""What a channel post means."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from aiogram.types import Message

from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_telegram_gateway.translate import clean, fact_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)
CHANNEL = {"id": -1001234567890, "type": "channel", "title": "Radio"}
AUDIO = {
    "file_id": "CQACAgQAAx0",
    "file_unique_id": "AgADuniq",
    "duration": 215,
    "performer": "Googoosh",
    "title": "Pol",
    "file_name": "pol.mp3",
    "mime_type": "audio/mpeg",
    "file_size": 5_000_000,
}


def post(**content: Any) -> Message:
    shown = {"message_id": 41, "date": 1_790_000_000, "chat": CHANNEL, "sender_chat": CHANNEL} | content
    return Message.model_validate(json.loads(json.dumps(shown)))


def sighted(**content: Any) -> ItemSighted:
    fact = fact_of(post(**content), "main", NOW)
    assert isinstance(fact, ItemSighted)
    fact.model_dump_json().encode()
    return fact


def test_audio_is_an_item_with_what_telegram_told() -> None:
    fact = sighted(audio=AUDIO, caption="hear this")
    assert (fact.link, fact.external_id, fact.sighted_at) == ("main", "41", NOW)
    item = fact.item
    assert (item.title, item.artists, item.duration_s) == ("Pol", ("Googoosh",), 215.0)
    assert (item.file_name, item.mime_type, item.size_bytes) == ("pol.mp3", "audio/mpeg", 5_000_000)
    assert (item.file_id, item.file_unique_id, item.caption) == ("CQACAgQAAx0", "AgADuniq", "hear this")
    assert item.url == "https://t.me/c/1234567890/41"


@pytest.mark.parametrize(
    "content",
    [
        {"media_group_id": "album-1"},
        {"forward_origin": {"type": "hidden_user", "date": 1, "sender_user_name": "Somebody"}},
        {"author_signature": "Sara"},
        {"edit_date": 1_790_000_100},
    ],
)
def test_audio_is_an_item_however_it_got_there(content: dict[str, Any]) -> None:
    assert sighted(audio=AUDIO, **content).external_id == "41"


def test_public_channel_gives_public_addresses() -> None:
    assert sighted(audio=AUDIO, chat=CHANNEL | {"username": "radio"}).item.url == "https://t.me/radio/41"


@pytest.mark.parametrize(
    ("mime", "name"),
    [
        ("audio/flac", "x.flac"),
        ("audio/mpeg", None),
        ("AUDIO/MPEG; charset=binary", "x"),
        ("application/octet-stream", "01 Pol.MP3"),
        (None, "pol.m4a"),
        ("application/ogg", "pol.opus"),
    ],
)
def test_document_that_is_audio_is_an_item(mime: str | None, name: str | None) -> None:
    document = {"file_id": "d", "file_unique_id": "u", "mime_type": mime, "file_name": name, "file_size": 9}
    item = sighted(document={k: v for k, v in document.items() if v is not None}).item
    assert (item.title, item.artists, item.duration_s) == ("", (), None)
    assert item.file_name == name


@pytest.mark.parametrize(
    ("mime", "name"),
    [
        ("audio/x-mpegurl", "list.m3u"),
        ("video/mp4", "clip.mp3"),
        ("text/plain", "lyrics.mp3"),
        ("application/pdf", "a.pdf"),
        (None, "mp3"),
        (None, None),
    ],
)
def test_document_that_is_no_audio_is_nothing(mime: str | None, name: str | None) -> None:
    document = {"file_id": "d", "file_unique_id": "u", "mime_type": mime, "file_name": name}
    assert fact_of(post(document={k: v for k, v in document.items() if v is not None}), "main", NOW) is None


@pytest.mark.parametrize(
    "content",
    [
        {"text": "hello"},
        {"photo": [{"file_id": "p", "file_unique_id": "u", "width": 1, "height": 1}], "caption": "cover"},
        {"new_chat_title": "Radio 2"},
        {"video": {"file_id": "v", "file_unique_id": "u", "width": 1, "height": 1, "duration": 1}},
    ],
)
def test_post_without_audio_is_nothing(content: dict[str, Any]) -> None:
    assert fact_of(post(**content), "main", NOW) is None


def test_voice_message_is_skipped_in_plain_words() -> None:
    fact = fact_of(post(voice={"file_id": "v", "file_unique_id": "u", "duration": 3}), "main", NOW)
    assert isinstance(fact, ItemSkipped)
    assert (fact.external_id, fact.name) == ("41", "post 41")
    assert "voice message" in fact.reason


def test_empty_file_is_skipped() -> None:
    assert isinstance(fact_of(post(audio=AUDIO | {"file_size": 0}), "main", NOW), ItemSkipped)


def test_large_file_is_an_item_with_its_size() -> None:
    assert sighted(audio=AUDIO | {"file_size": 25 * 1024 * 1024}).item.size_bytes == 26_214_400


@pytest.mark.parametrize("title", ["", "   ", None])
def test_missing_title_is_empty(title: str | None) -> None:
    assert sighted(audio=AUDIO | {"title": title, "performer": " "}).item.title == ""
    assert sighted(audio=AUDIO | {"title": title, "performer": " "}).item.artists == ()


def test_endless_title_is_bounded() -> None:
    long = "ترانه song 노래 名前 título " * 200
    fact = sighted(audio=AUDIO | {"title": long, "performer": long, "file_name": long}, caption=long)
    assert len(fact.item.title) == len(fact.item.artists[0]) == 1024
    assert len(fact.model_dump_json().encode()) < 30_000


def test_direction_marks_are_left_as_they_are() -> None:
    assert sighted(audio=AUDIO | {"performer": "\u200fگوگوش\u200f"}).item.artists == ("\u200fگوگوش\u200f",)


@pytest.mark.parametrize(("text", "kept"), [("a\x00b", "ab"), ("half \ud83d", "half"), ("\x00", None), (None, None)])
def test_text_that_json_cannot_carry_is_cleaned(text: str | None, kept: str | None) -> None:
    assert clean(text) == kept


@pytest.mark.parametrize("duration", [0, -5])
def test_duration_that_is_none_is_not_told(duration: int) -> None:
    assert sighted(audio=AUDIO | {"duration": duration}).item.duration_s is None
