"""Which of tags, Telegram's fields, file name and caption is believed. All names are our own."""

from __future__ import annotations

import pytest

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import AudioTags, ItemMetadata
from navaar_identifier.identification import Identification, identify
from navaar_identifier.names.captions import read_caption
from navaar_identifier.names.machine_names import is_made_by_program
from navaar_identifier.names.parser import read_name

MISREAD = "Тихая гавань".encode("cp1251").decode("latin-1")
TWO_LETTERS = "紅豆".encode("big5").decode("latin-1")
LONG_ARTIST, LONG_TITLE = "The Paper Crown Ensemble of North Harbour", "Letters I Never Sent You Before Winter Began"
RIGHT = ("Paper Crown", "Wide Awake")
FILE = "Paper Crown - Wide Awake.mp3"


def telegram(tags: AudioTags | None = None, **fields: object) -> Identification:
    return identify(ItemMetadata.model_validate(fields), tags, Platform("telegram"))


def named(found: Identification) -> tuple[str | None, str]:
    return found.recording.artist, found.recording.title


@pytest.mark.parametrize(
    ("tags", "fields"),
    [
        # Tags that no table mends.
        (AudioTags(title="\x8e\x85"), {"title": "Wide Awake", "artists": ("Paper Crown",)}),
        (AudioTags(artist="Crown", title="´¸¤Ñ"), {"file_name": FILE}),
        (AudioTags(artist="P\ufffd\ufffder", title="W\ufffd\ufffde"), {"file_name": FILE}),
        (AudioTags(artist="????? ?????", title="??? ?????"), {"file_name": FILE}),
        # Names that programs made.
        (None, {"file_name": "AUD-20260214-WA0007.mp3", "caption": "Paper Crown - Wide Awake"}),
        (None, {"title": "AUD-20260214-WA0007", "caption": "Paper Crown - Wide Awake"}),
        (None, {"file_name": "Recording_20260214_1200.m4a", "caption": "🎵 Paper Crown - Wide Awake\n#new @songs"}),
        (AudioTags(title="2_5309971632882714021"), {"caption": "Title: Wide Awake\nArtist: Paper Crown"}),
        (None, {"file_name": "Somebody - AUD-20260214-WA0007.mp3", "caption": "Paper Crown - Wide Awake"}),
        # Advertisers.
        (AudioTags(artist="Best Music Channel", title="Join @songs"), {"file_name": FILE}),
        (
            AudioTags(artist="کانال موزیک", title="دانلود از songs.ir"),
            {"artists": ("کانال موزیک",), "title": "دانلود از songs.ir", "file_name": FILE},
        ),
        # Two that agree against one.
        (AudioTags(artist="Somebody", title="Else"), {"file_name": FILE, "caption": "Paper Crown - Wide Awake"}),
        (AudioTags(artist="A", title="B"), {"title": "Wide Awake", "artists": ("Paper Crown",), "file_name": FILE}),
        # One tells what the other leaves out.
        (AudioTags(artist="Paper Crown", title="Track 01"), {"file_name": "Wide Awake.mp3"}),
        (AudioTags(title="Paper Crown Wide Awake"), {"file_name": FILE}),
        (None, {"file_name": "Paper%20Crown%20-%20Wide%20Awake.mp3"}),
        (None, {"file_name": "Paper+Crown+-+Wide+Awake%2Emp3"}),
    ],
)
def test_who_is_believed(tags: AudioTags | None, fields: dict[str, object]) -> None:
    assert named(found := telegram(tags, **fields)) == RIGHT, found.reasons


def test_one_misread_field_is_mended_by_what_the_others_say() -> None:
    assert named(telegram(AudioTags(artist="Nobody", title=TWO_LETTERS), caption="紅豆"))[1] == "紅豆"
    assert named(telegram(title=MISREAD, artists=("Берег".encode("cp1251").decode("latin-1"),))) == (
        "Берег",
        "Тихая гавань",
    )


def test_tags_mended_with_a_wrong_table_are_mended_again_by_the_files_name() -> None:
    wrong = "אהבה".encode("cp1255").decode("cp1251")
    assert named(telegram(AudioTags(title=wrong), file_name="אהבה.mp3"))[1] == "אהבה"


def test_a_misread_file_name_is_mended() -> None:
    found = telegram(file_name="Тихая гавань - Берег.mp3".encode("cp866").decode("latin-1"))
    assert named(found) == ("Тихая гавань", "Берег")


@pytest.mark.parametrize(
    "other", [{"file_name": f"{LONG_ARTIST} - {LONG_TITLE}.mp3"}, {"caption": f"{LONG_ARTIST} - {LONG_TITLE}"}]
)
def test_what_id3v1_cut_never_beats_the_whole(other: dict[str, object]) -> None:
    tags = AudioTags(artist=LONG_ARTIST[:30].strip(), title=LONG_TITLE[:30].strip())
    assert named(telegram(tags, **other)) == (LONG_ARTIST, LONG_TITLE)
    # Telegram took its fields from the same tags.
    assert named(telegram(tags, title=tags.title, artists=(tags.artist,), **other)) == (LONG_ARTIST, LONG_TITLE)


def test_a_name_of_cut_length_that_nobody_goes_on_with_stays() -> None:
    assert named(telegram(AudioTags(artist="Paper Crown", title="Exactly Thirty Letters Long Ha")))[1] == (
        "Exactly Thirty Letters Long Ha"
    )


CAPTIONS = [
    "Title: Wide Awake\nArtist: Paper Crown\nAlbum: Harbour\nGenre: Pop",
    "🎵 Title: Wide Awake | 👤 Artist: Paper Crown",
    "🎤 Paper Crown\n🎵 Wide Awake\n💿 Harbour",
    "🎤 Paper Crown 🎵 Wide Awake",
    "▶️ Wide Awake\n👤 Paper Crown\n⏱ 3:20",
    "Title:\nWide Awake\nArtist:\nPaper Crown",
    "Artist - Paper Crown\nTrack - Wide Awake",
    "خواننده: Paper Crown\nنام آهنگ : Wide Awake",
    "الفنان: Paper Crown\nاسم الأغنية: Wide Awake",
    "Исполнитель: Paper Crown\nНазвание: Wide Awake",
    "Sanatçı: Paper Crown\nŞarkı: Wide Awake",
    "Artista: Paper Crown\nCanción: Wide Awake",
    "Artista: Paper Crown\nMúsica: Wide Awake",
    "아티스트: Paper Crown\n제목: Wide Awake",
    "가수: Paper Crown\n노래: Wide Awake",
    "アーティスト：Paper Crown\n曲名：Wide Awake",
    "歌手：Paper Crown 歌名：Wide Awake",
    "Penyanyi: Paper Crown\nJudul: Wide Awake",
    "Artist: #Paper_Crown\nSong: Wide Awake",
    "**Artist:** Paper Crown\n**Title:** Wide Awake",
    "<b>Artist:</b> Paper Crown\n<b>Title:</b> Wide Awake",
    "1. Title: Wide Awake\n2. Artist: Paper Crown",
    "Title ➜ Wide Awake\nArtist ➜ Paper Crown",
    "Artist(s): Paper Crown\nTitle: Wide Awake",
    "#pop #new\nPaper Crown - Wide Awake",
    "@songs Paper Crown - Wide Awake",
    "@songs | Paper Crown - Wide Awake",
    "#Paper_Crown - Wide Awake",
    "New on the channel!\nPaper Crown — Wide Awake\nhttps://example.com/x",
    "[Paper Crown - Wide Awake](https://t.me/songs/1)",
    "https://t.me/songs\nPaper Crown - Wide Awake",
    "Now playing: Paper Crown - Wide Awake",
]


@pytest.mark.parametrize("caption", CAPTIONS)
def test_captions(caption: str) -> None:
    found = telegram(file_name="2_5309971632882714021.mp3", caption=caption)
    assert named(found) == RIGHT, (found.reasons, read_caption(caption))


@pytest.mark.parametrize(
    "caption", ["#pop #new_song", "@songs", "https://t.me/songs/12", "Join our channel @songs", ""]
)
def test_captions_that_name_nothing(caption: str) -> None:
    assert telegram(file_name="AUD-20260214-WA0007.mp3", caption=caption).recording.title == ""


def test_the_album_of_a_caption_is_kept() -> None:
    assert telegram(caption=CAPTIONS[0]).recording.album == "Harbour"


def test_words_of_advertisers_are_titles_too() -> None:
    assert named(telegram(caption="Paper Crown - Follow Me")) == ("Paper Crown", "Follow Me")


@pytest.mark.parametrize(
    "name",
    [
        "AUD-20260214-WA0007.mp3", "2_5309971632882714021.mp3", "PTT-20240101-WA0001.opus", "20260214_123456.mp3",
        "audio_2026-02-14_12-30-05.ogg", "New Recording 5.m4a", "Recording (3).m4a", "videoplayback.mp3", "REC001.mp3",
        "WhatsApp Audio 2026-02-14 at 12.30.05 PM.mp3", "Новая запись 7.m4a", "Nueva grabación 4.m4a", "녹음 003.m4a",
        "ضبط صدا 12.m4a", "新录音3.m4a", "録音_20260214.m4a", "Ses Kaydı 5.m4a", "dQw4w9WgXcQ.mp3", "tmp8fk2.mp3",
        "550e8400-e29b-41d4-a716-446655440000.mp3", "document (2).mp3", "Voice Memo 12.m4a", "file_123.mp3",
    ],
)  # fmt: skip
def test_names_made_by_programs(name: str) -> None:
    assert is_made_by_program(name)
    assert telegram(file_name=name).recording.title == ""


@pytest.mark.parametrize(
    "name",
    [
        "1999.mp3", "911.mp3", "7 rings.mp3", "Song 2.mp3", "New Song.mp3", "R.E.M.mp3", "The Call.mp3", "No Name.mp3",
        "4 Minutes.mp3", "Video Games.mp3", "MCHammer2Legit2Quit.mp3", "24K Magic.mp3", "Песня 1.mp3",
    ],
)  # fmt: skip
def test_names_made_by_people(name: str) -> None:
    assert not is_made_by_program(name)


@pytest.mark.parametrize(
    "raw",
    [
        "Wide Awake (Karaoke Version) [Originally Performed by Paper Crown].mp3",
        "Wide Awake (Originally Performed by Paper Crown) [Karaoke Version].mp3",
        "Wide Awake (Made Famous by Paper Crown) [Instrumental].mp3",
    ],
)
def test_by_in_a_bracket_does_not_cut_the_name(raw: str) -> None:
    name = read_name(raw)
    assert name.artist in (None, "Paper Crown")
    assert name.title.bare == "Wide Awake"


@pytest.mark.parametrize("raw", ["100% Crown - Awake.mp3", "Paper Crown - 50% Off", "Paper Crown - 5%af"])
def test_a_percent_sign_of_a_name_stays(raw: str) -> None:
    name = read_name(raw)
    assert "%" in f"{name.artist}{name.title.bare}"
