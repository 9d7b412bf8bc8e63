"""A channel's past is read out of every layout of Telegram Desktop's export, and out of nothing else."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from navaar_runtime.exports import Exported, LeftOut, NotRead
from navaar_telegram_gateway.export.export_file import means, media_of, read_export
from navaar_telegram_gateway.export.json_text import Broken, JsonText
from navaar_telegram_gateway.export.posts import Post, post_of
from tests.support import telegram_export as export
from tests.support.telegram_export import CHANNEL, LAYOUTS, NOT_INCLUDED, Layout

SONGS = (
    ("Googoosh", "من آمده‌ام"),
    ("Кино", "Группа крови"),
    ("王菲", "紅豆"),
    ("فيروز", "زهرة المدائن"),
    ("Sigur Rós", "Hoppípolla"),
)


def read(file: Path, number: int = CHANNEL) -> Exported:
    return read_export(file, number, str(number))


def refused(file: Path, number: int = CHANNEL) -> str:
    with pytest.raises(NotRead) as error:
        read(file, number)
    return str(error.value)


def names(found: Exported) -> list[tuple[str, tuple[str, ...], str]]:
    return [(each.external_id, each.item.artists, each.item.title) for each in found.items]


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize("whole_account", [False, True])
def test_every_layout_tells_the_same_songs(layout: Layout, whole_account: bool, tmp_path: Path) -> None:
    posts = [export.audio(n, *song, layout=layout) for n, song in enumerate(SONGS, 2)]
    one = export.chat([*posts, export.words(90, "هفتهٔ آینده", layout=layout)], layout=layout)
    found = read(export.write(tmp_path, export.account(one) if whole_account else one))
    assert names(found) == [(str(n), (artist,), title) for n, (artist, title) in enumerate(SONGS, 2)]
    assert found.items[0].added_at == datetime(2019, 3, 1, 14, tzinfo=UTC)
    assert (found.title, found.entries, found.left) == ("Sandbox Radio", 7, ())
    assert found.items[0].item.url is not None
    assert found.items[0].item.url.endswith("/2")


def test_a_channel_that_was_left_is_found_in_an_accounts_export(tmp_path: Path) -> None:
    one = export.chat([export.audio(7, "A", "B")])
    assert names(read(export.write(tmp_path, export.account(left=[one])))) == [("7", ("A",), "B")]


def test_a_folder_stands_for_its_result(tmp_path: Path) -> None:
    export.write(tmp_path, export.chat([export.audio(7, "A", "B")]))
    assert len(read(tmp_path).items) == 1


def test_posts_come_in_the_channels_order_and_each_once(tmp_path: Path) -> None:
    posts = [export.audio(n, "A", str(n)) for n in (9, 3, 9, 30, 4)]
    assert [each.external_id for each in read(export.write(tmp_path, export.chat(posts))).items] == [
        "3",
        "4",
        "9",
        "30",
    ]


def test_a_document_before_its_id_is_read_too(tmp_path: Path) -> None:
    one = export.chat([export.audio(7, "A", "B")])
    turned = {name: one[name] for name in reversed(list(one))}
    other = {**turned, "id": 99, "messages": [export.audio(8, "C", "D")]}
    assert names(read(export.write(tmp_path, export.account(other, turned)))) == [("7", ("A",), "B")]


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        ({"file_name": "Кино - Пачка сигарет.mp3"}, "Кино - Пачка сигарет.mp3"),
        ({"file": "files/Abba - SOS.mp3"}, "Abba - SOS.mp3"),
        ({"file": f"Abba - SOS.flac {NOT_INCLUDED}", "mime_type": "application/octet-stream"}, "Abba - SOS.flac"),
        ({"file": "files/audio_3@01-03-2019_15-00-00.mp3"}, None),
        ({"file": NOT_INCLUDED}, None),
        ({"file": "(File exceeds maximum size. Change data exporting settings to download.)"}, None),
        ({"file": "(File unavailable, please try again later)"}, None),
    ],
)
def test_files_sent_as_documents_are_named_by_their_files(fields: dict[str, Any], name: str | None) -> None:
    raw = export.audio(5, None, None, layout="2021", media_type=None, **fields)
    found = post_of(raw, "@radio")
    assert isinstance(found, Post)
    assert found.item.file_name == name


@pytest.mark.parametrize(
    "more",
    [
        {"media_type": "video_file", "mime_type": "video/mp4"},
        {"media_type": "sticker"},
        {"media_type": "animation", "mime_type": "video/mp4"},
        {"media_type": None, "file_name": "list.m3u", "mime_type": "audio/x-mpegurl"},
        {"media_type": None, "file_name": "book.pdf", "mime_type": "application/pdf"},
        {"media_type": None, "file": None, "mime_type": None, "photo": NOT_INCLUDED},
        {"type": "service"},
        {"type": "unsupported"},
    ],
)
def test_what_holds_no_audio_is_none_of_ours(more: dict[str, Any]) -> None:
    assert post_of(export.audio(5, None, None, **{"file_name": None, **more}), "@radio") is None


def test_what_cannot_be_synced_is_left_with_its_reason() -> None:
    voice = post_of(export.audio(5, None, None, media_type="voice_message", text="hello"), "@radio")
    empty = post_of(export.audio(6, "A", "B", file_size=0), "@radio")
    migrated = post_of({**export.audio(7, "A", "B"), "id": -999999996}, "@radio")
    assert [type(each) for each in (voice, empty, migrated)] == [LeftOut] * 3
    assert isinstance(voice, LeftOut)
    assert (voice.external_id, voice.name) == ("5", "hello")
    assert "voice message" in voice.reason


@pytest.mark.parametrize(
    "text",
    [
        "Mon été #jazz",
        ["Mon été ", {"type": "hashtag", "text": "#jazz"}],
        ["Mon ", {"type": "bold", "text": "été"}, {"type": "custom_emoji", "document_id": "x"}, 7, " #jazz", None],
    ],
)
def test_a_caption_is_its_words(text: Any) -> None:
    found = post_of(export.audio(5, "A", "B", text=text), "@radio")
    assert isinstance(found, Post)
    assert found.item.caption == "Mon été #jazz"


@pytest.mark.parametrize(
    ("exported", "number", "same"),
    [
        (1700000001, CHANNEL, True),
        (1700000001 + (2 << 32), CHANNEL, True),
        (-1001700000001, CHANNEL, True),
        ("1700000001", CHANNEL, True),
        (1700000002, CHANNEL, False),
        (True, -1001, False),
        (None, CHANNEL, False),
        (4200000001, -1004200000001, True),
    ],
)
def test_an_export_names_the_channel_by_its_bare_id(exported: Any, number: int, same: bool) -> None:
    assert means(exported, number) is same


def test_a_control_character_is_written_as_no_json_has_it(tmp_path: Path) -> None:
    posts = [export.audio(5, "A\x1fB", "C \\x41", text="\x0b")]
    file = export.write(tmp_path, export.chat(posts))
    assert "\\x1F" in file.read_text()
    assert names(read(file)) == [("5", ("A\x1fB",), "C \\x41")]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_an_editors_byte_order_mark_does_no_harm(encoding: str, tmp_path: Path) -> None:
    file = tmp_path / "result.json"
    file.write_bytes(export.text_of(export.chat([export.audio(5, "A", "žluť")])).encode(encoding))
    assert names(read(file)) == [("5", ("A",), "žluť")]


def test_a_wrong_file_is_refused_with_what_to_do(tmp_path: Path) -> None:
    page = tmp_path / "messages.html"
    page.write_text("<!DOCTYPE html><html>")
    assert "Machine-readable JSON" in refused(page)
    assert "there is no file" in refused(tmp_path / "result.json")
    assert "no list of messages" in refused(export.write(tmp_path / "a", {"tracks": []}))
    assert "no export" in refused(export.write(tmp_path / "b", [1]))
    picture = tmp_path / "picture.json"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert "no export" in refused(picture)
    assert "none of them has audio" in refused(export.write(tmp_path / "c", export.chat([export.words(3, "hi")])))


def test_another_channels_export_is_refused_by_name(tmp_path: Path) -> None:
    said = refused(export.write(tmp_path, export.chat([export.audio(5, "A", "B")])), -1001999999999)
    assert "“Sandbox Radio” (1700000001)" in said
    assert "-1001999999999" in said


def test_a_broken_file_is_refused_with_the_place(tmp_path: Path) -> None:
    whole = export.text_of(export.chat([export.audio(n, "A", str(n)) for n in range(2, 40)]))
    file = tmp_path / "result.json"
    lines = whole.splitlines()
    wrong = next(n for n, line in enumerate(lines) if '"title": "20"' in line)
    file.write_text("\n".join([*lines[:wrong], '   "title": "20,', *lines[wrong + 1 :]]))
    assert f"line {wrong + 1}" in refused(file) or f"line {wrong + 2}" in refused(file)
    file.write_text(whole[: len(whole) // 2])
    assert "cut off" in refused(file)


@pytest.mark.parametrize(
    "told", ["/etc/passwd", "../secret.mp3", "files/../../secret.mp3", "a\0b", "x" * 5000, "files", "files/link.mp3"]
)
def test_no_file_outside_the_export_is_opened(told: str, tmp_path: Path) -> None:
    inside = tmp_path / "export"
    (inside / "files").mkdir(parents=True)
    (tmp_path / "secret.mp3").write_bytes(b"x")
    (inside / "files" / "link.mp3").symlink_to(tmp_path / "secret.mp3")
    assert media_of(told, inside.resolve()) is None


def test_a_file_of_the_export_is_found(tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.mp3").write_bytes(b"x")
    file = export.write(
        tmp_path, export.chat([export.audio(5, "A", "B", file="files/a.mp3"), export.audio(6, "A", "C")])
    )
    assert [each.media and each.media.name for each in read(file).items] == ["a.mp3", None]


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=20,
)
FIELDS = ("id", "type", "date", "date_unixtime", "file", "file_name", "file_size", "media_type", "mime_type")
MORE_FIELDS = ("duration_seconds", "performer", "title", "text", "text_entities")


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.sampled_from(FIELDS + MORE_FIELDS), json_values), st.booleans())
def test_whatever_a_message_says_it_is_read_or_left(fields: dict[str, Any], is_audio: bool) -> None:
    found = post_of({**(export.audio(5, "A", "B") if is_audio else {}), **fields}, "@radio")
    assert found is None or isinstance(found, Post | LeftOut)
    if isinstance(found, Post):
        assert 0 < found.number < 2**31
        json.dumps(found.item.model_dump(mode="json")).encode()


class Dripping(io.BytesIO):
    """Hands out so few bytes at a time that every token is cut somewhere."""

    def read(self, size: int | None = -1) -> bytes:
        return super().read(min(5, size if size is not None and size >= 0 else 5))


@settings(max_examples=150, deadline=None)
@given(json_values, st.integers(0, 3))
def test_in_pieces_a_document_reads_as_at_once(value: Any, indent: int) -> None:
    raw = json.dumps(value, indent=indent or None, ensure_ascii=indent % 2 == 0).encode("utf-8", "replace")
    once = json.loads(raw, parse_int=lambda digits: int(digits) if len(digits) <= 20 else None)
    text = JsonText(Dripping(raw))
    taken = text.value()
    assert repr(taken) == repr(once)
    assert text.peek() == ""
    passed = JsonText(Dripping(raw))
    passed.skip()
    assert passed.peek() == ""


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=60) | st.text('{}[]",:\\x1etn ', max_size=60).map(str.encode))
def test_rubbish_ends_with_its_place_and_nothing_else(raw: bytes) -> None:
    text = JsonText(Dripping(raw))
    try:
        if text.peek() == "{":
            for _ in text.keys():  # noqa: SIM118
                text.skip()
        else:
            text.value()
    except Broken as error:
        assert error.line >= 1


@pytest.mark.parametrize("hostile", ["[" * 100_000, '{"a":' * 100_000, '"' + "x" * 5_000_000, "[" + "1," * 2_200_000])
def test_what_is_too_deep_or_too_long_is_no_message(hostile: str) -> None:
    with pytest.raises(Broken):
        JsonText(io.BytesIO(hostile.encode())).value()
