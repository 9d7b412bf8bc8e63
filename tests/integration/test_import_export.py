"""`navaar import telegram-export`: what it says of a file, and what each post means to the ledger."""

from __future__ import annotations

import io
import json
import struct
import wave
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.links import Link
from navaar_contracts.music import AudioTags, ItemMetadata
from navaar_launcher.commands import import_export
from navaar_launcher.exports import events_of, with_tags
from navaar_runtime.exports import ExportedItem
from tests.support import telegram_export as export

TG, YT, SP = Platform.TELEGRAM, Platform.YOUTUBE, Platform.SPOTIFY
LINK = Link(name="main", telegram_channel_id=str(export.CHANNEL), ytmusic_playlist_id="PL", spotify_playlist_id="SP")
AT = datetime(2020, 1, 1, tzinfo=UTC)


def invoke(folder: Path, *arguments: str) -> Any:
    app = typer.Typer()
    app.callback()(lambda: None)
    import_export.register_all(app)
    variables = {
        "NAVAAR_TELEGRAM_CHANNEL_ID": str(export.CHANNEL),
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL",
        "NAVAAR_DATA_DIR": str(folder / "data"),
        "NAVAAR_NATS_URL": None,
    }
    return CliRunner().invoke(app, ["telegram-export", *arguments], env=variables)


def riff(title: str, artist: str) -> bytes:
    """A WAV file that names itself in its INFO chunk."""
    sound = io.BytesIO()
    with wave.open(sound, "wb") as writer:
        writer.setparams((1, 2, 8000, 0, "NONE", ""))
        writer.writeframes(b"\0\0" * 8000)
    fields = b""
    for name, text in ((b"INAM", title), (b"IART", artist)):
        value = text.encode() + b"\0"
        fields += name + struct.pack("<I", len(value)) + value + b"\0" * (len(value) % 2)
    chunk = b"LIST" + struct.pack("<I", len(fields) + 4) + b"INFO" + fields
    body = sound.getvalue()[8:] + chunk
    return b"RIFF" + struct.pack("<I", len(body)) + body


def told(result: Any) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_dry_run_counts_and_makes_nothing(tmp_path: Path) -> None:
    posts = [
        export.audio(2, "Кино", "Группа крови"),
        export.audio(3, None, None, media_type="voice_message", text="hello"),
        export.audio(4, None, None, media_type=None, file="files/a.wav", file_name=None, mime_type="audio/wav"),
        export.audio(5, None, None, file_name=None),
    ]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.wav").write_bytes(riff("A title", "Somebody"))
    file = str(export.write(tmp_path, export.chat(posts)))
    found = told(invoke(tmp_path, file, "--dry-run", "--json"))
    assert (found["songs"], found["entries"], found["known_before"], found["targets"]) == (3, 5, None, ["youtube"])
    assert [each["id"] for each in found["left_out"]] == ["3"]
    assert found["nameless"] == 1
    assert told(invoke(tmp_path, file, "--dry-run", "--json", "--remember-only"))["targets"] == []
    shown = invoke(tmp_path, file, "--dry-run", "--media").output
    assert "3 of them songs" in shown
    assert "up to 3 songs" in shown
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "there is no file"),
        ("<html>", "Machine-readable JSON"),
        (export.text_of(export.chat([export.audio(2, "A", "B")], channel=-1009)), "not of the link's channel"),
        (export.text_of(export.chat([export.audio(2, "A", "B")]))[:-80], "cut off"),
        (export.text_of(export.chat([export.words(2, "hi")])), "none of them has audio"),
    ],
)
def test_what_cannot_be_imported_ends_with_one_and_the_reason(content: str | None, said: str, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    if content is not None:
        file.write_text(content)
    result = invoke(tmp_path, str(file), "--dry-run")
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_each_post_is_open_towards_every_playlist() -> None:
    items = [ExportedItem(str(number), ItemMetadata(title=str(number)), AT) for number in (3, 5)]
    events = events_of(items, TG, LINK, "export result.json")
    assert [event.external_id for event in events] == ["3", "5"]
    assert {(each.target, each.origin, each.state) for event in events for each in event.deliveries} == {
        (target, TG, DeliveryState.PENDING) for target in (YT, SP)
    }
    assert events_of(items, TG, LINK, "export result.json")[0].message_id() == events[0].message_id()
    assert not events_of(items, TG, LINK, "export result.json", sync=False)[0].deliveries


def test_tags_add_what_the_post_does_not_say() -> None:
    tags = AudioTags(title="Tagged", artist="Tagged", album="Album", isrc="GBAYE0601498", duration_s=201.5)
    bare = with_tags(ItemMetadata(), tags)
    assert (bare.title, bare.artists, bare.album, bare.isrc) == ("Tagged", ("Tagged",), "Album", "GBAYE0601498")
    named = with_tags(ItemMetadata(title="Post", artists=("Post",), duration_s=200), tags)
    assert (named.title, named.artists, named.album, named.duration_s) == ("Post", ("Post",), "Album", 200)
