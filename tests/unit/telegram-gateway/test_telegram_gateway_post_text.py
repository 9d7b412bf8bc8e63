"""Captions, names of posts and of files."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from navaar_contracts.commands import PlaceTrack
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioReference, Recording
from navaar_contracts.platforms.telegram import post_url
from navaar_telegram_gateway import post_text
from navaar_telegram_gateway.idempotency import delivery_key


def audio(**more: object) -> AudioReference:
    return AudioReference.model_validate({"name": "a", "digest": "d", "size_bytes": 1} | more)


@given(st.integers(min_value=1, max_value=10**15))
def test_caption_names_its_track(track_id: int) -> None:
    assert post_text.track_of(post_text.former_caption(track_id)) == track_id


@pytest.mark.parametrize(
    "text", [None, "", "Navaar", "Navaar #0", "Navaar #x", "see Navaar #12", "Navaar #12!", "navaar #12"]
)
def test_other_captions_name_no_track(text: str | None) -> None:
    assert post_text.track_of(text) is None


def test_key_of_a_track_is_the_key_of_its_commands() -> None:
    command = PlaceTrack(link="main", track_id=12, target=Platform.TELEGRAM, recording=Recording(title="Pol"))
    assert delivery_key("main", 12) == command.delivery_key()


def test_names_come_from_the_recording_and_then_from_the_file() -> None:
    recording = Recording(artist="Googoosh", title="Pol", version=("Live", "Remix"))
    assert post_text.title(recording, audio(title="x")) == "Pol (Live) (Remix)"
    assert post_text.performer(recording, audio(artist="x")) == "Googoosh"
    assert post_text.performer(Recording(artists=("A", "B"), title="t"), audio()) == "A, B"
    assert post_text.title(Recording(), audio(title="From the file")) == "From the file"
    assert post_text.title(Recording(title="\n"), audio()) is None
    assert post_text.performer(Recording(), audio()) is None


def test_endless_title_is_bounded() -> None:
    title = post_text.title(Recording(title="ab " * 1000), audio())
    assert title is not None
    assert len(title) <= post_text.LONGEST_NAME
    assert title.endswith("…")


@pytest.mark.parametrize(
    ("artist", "title", "mime", "name"),
    [
        ("Googoosh", "Pol", "audio/mp4", "Googoosh - Pol.m4a"),
        ("Googoosh", "Pol", "audio/mpeg", "Googoosh - Pol.mp3"),
        ("AC/DC", 'T"N"T', "audio/mp4", "AC DC - T N T.m4a"),
        (None, "..", "audio/mp4", "audio.m4a"),
        ("a\r\nContent-Type: evil", "b", "audio/mp4", "a Content-Type evil - b.m4a"),
        ("گوگوش", "پل", "audio/mp4", "گوگوش - پل.m4a"),
        (None, "", "audio/x-unknown", "given.m4a"),
    ],
)
def test_file_is_called_after_the_recording(artist: str | None, title: str, mime: str, name: str) -> None:
    given_audio = audio(mime_type=mime, file_name="given.m4a")
    assert post_text.file_name(Recording(artist=artist, title=title), given_audio) == name


@given(artist=st.text(max_size=300), title=st.text(max_size=300))
def test_no_name_breaks_a_header_or_a_folder(artist: str, title: str) -> None:
    name = post_text.file_name(Recording(artist=artist, title=title), audio())
    assert len(name) <= post_text.LONGEST_FILE_NAME
    assert name.endswith(".m4a")
    assert not set(name) & set('\r\n\x00"\\/')
    name.encode()


@pytest.mark.parametrize(
    ("chat_id", "username", "url"),
    [
        ("-1001234", None, "https://t.me/c/1234/7"),
        ("@radio", None, "https://t.me/radio/7"),
        ("-1001234", "radio", "https://t.me/radio/7"),
        ("-55", None, None),
    ],
)
def test_address_of_a_post(chat_id: str, username: str | None, url: str | None) -> None:
    assert post_url("7", f"@{username}" if username else chat_id) == url
