"""Tags and fingerprints of real files, made here with the project's own ffmpeg; and of hostile ones."""

from __future__ import annotations

import math
import struct
import subprocess
import time
import wave
import zlib
from collections.abc import Iterator
from pathlib import Path
from random import Random

import imageio_ffmpeg
import mutagen.apev2
import mutagen.flac
import mutagen.id3
import mutagen.mp4
import pytest

from navaar_contracts.music import AudioTags, Recording, Sameness
from navaar_identifier.audio.fingerprint import DIFFERENT, SAME, fingerprint, frames, similarity
from navaar_identifier.audio.tags import TagReader
from navaar_identifier.compare.verdicts import same_recording
from navaar_identifier.text.encoding_repair import repair_encoding

RATE = 11025


@pytest.fixture(scope="module")
def reader() -> Iterator[TagReader]:
    with_limit = TagReader(wall_s=10)
    yield with_limit
    with_limit.close()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two tunes as WAV, and the first of them in other formats, later, and faster."""
    path = tmp_path_factory.mktemp("audio")
    _tune(path / "one.wav", seed=1)
    _tune(path / "two.wav", seed=2)
    for name, options in {
        "one.mp3": ["-b:a", "64k"],
        "one.m4a": ["-b:a", "96k"],
        "one.flac": [],
        "one.ogg": ["-c:a", "libopus"],
        "late.mp3": ["-af", "adelay=3000"],
        "fast.mp3": ["-af", "atempo=1.2"],
    }.items():
        ffmpeg = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", "-i", str(path / "one.wav"), *options]
        subprocess.run([*ffmpeg, str(path / name)], check=True)
    return path


def _tune(path: Path, seed: int, seconds: int = 24) -> None:
    random = Random(seed)
    samples = bytearray()
    for _ in range(int(seconds / 0.4)):
        notes = [220 * 2 ** (random.randrange(24) / 12) for _ in range(3)]
        length = int(RATE * 0.4)
        for i in range(length):
            level = sum(math.sin(2 * math.pi * note * i / RATE) for note in notes) / 3 * (1 - 0.7 * i / length)
            samples += struct.pack("<h", int(6000 * level))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(bytes(samples))


def test_id3(folder: Path, reader: TagReader) -> None:
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TIT2(encoding=3, text="پل"))
    tags.add(mutagen.id3.TPE1(encoding=3, text=["گوگوش", "Somebody"]))
    tags.add(mutagen.id3.TALB(encoding=3, text="Pol"))
    tags.add(mutagen.id3.TSRC(encoding=3, text="USRC17607839"))
    tags.save(folder / "one.mp3")
    found = reader.read(folder / "one.mp3")
    assert (found.title, found.artist, found.album, found.isrc) == ("پل", "گوگوش, Somebody", "Pol", "USRC17607839")
    assert found.duration_s == pytest.approx(24, abs=0.5)


def test_mp4(folder: Path, reader: TagReader) -> None:
    file = mutagen.mp4.MP4(folder / "one.m4a")
    file["\xa9nam"], file["\xa9ART"], file["\xa9alb"] = "Pol", "Googoosh", "Pol"
    file["----:com.apple.iTunes:ISRC"] = [mutagen.mp4.MP4FreeForm(b"USRC17607839")]
    file.save()
    found = reader.read(folder / "one.m4a")
    assert (found.title, found.artist, found.album, found.isrc) == ("Pol", "Googoosh", "Pol", "USRC17607839")


def test_vorbis_comments(folder: Path, reader: TagReader) -> None:
    file = mutagen.flac.FLAC(folder / "one.flac")
    file["TITLE"], file["ARTIST"], file["ISRC"] = "Pol", "Googoosh", "USRC17607839"
    file.save()
    found = reader.read(folder / "one.flac")
    assert (found.title, found.artist, found.isrc) == ("Pol", "Googoosh", "USRC17607839")


def test_the_content_decides_and_not_the_name(folder: Path, reader: TagReader) -> None:
    misnamed = folder / "misnamed.txt"
    misnamed.write_bytes((folder / "one.ogg").read_bytes())
    assert reader.read(misnamed).duration_s == pytest.approx(24, abs=0.5)


def test_windows_cyrillic_in_latin_tags(folder: Path, reader: TagReader) -> None:
    tags = mutagen.id3.ID3()
    tags.add(mutagen.id3.TPE1(encoding=0, text="Земфира".encode("cp1251").decode("latin-1")))
    path = folder / "cyrillic.mp3"
    path.write_bytes((folder / "late.mp3").read_bytes())
    tags.save(path)
    assert reader.read(path).artist == "Земфира"


def test_ape_tags_of_an_mp3_come_before_a_cut_id3v1(folder: Path, reader: TagReader) -> None:
    path = folder / "ape.mp3"
    path.write_bytes((folder / "late.mp3").read_bytes())
    mutagen.id3.delete(path)
    ape = mutagen.apev2.APEv2()
    ape["Title"], ape["Artist"] = "Wide Awake Until the Harbour Lights", "Paper Crown"
    ape.save(path)
    with path.open("ab") as file:
        file.write(b"TAG" + b"Wide Awake Until the Harbour L" + b"Paper Crown".ljust(30, b"\0") + b"\0" * 65)
    found = reader.read(path)
    assert (found.artist, found.title) == ("Paper Crown", "Wide Awake Until the Harbour Lights")


@pytest.mark.parametrize("table", ["utf-8", "cp1251"])
def test_info_chunk_of_a_wav_file(folder: Path, reader: TagReader, table: str) -> None:
    fields = b""
    for key, value in ((b"IART", "Тихий Берег"), (b"INAM", "Последний поезд")):
        text = value.encode(table) + b"\0"
        fields += key + struct.pack("<I", len(text)) + text + b"\0" * (len(text) % 2)
    path = folder / "info.wav"
    whole = (folder / "one.wav").read_bytes() + b"LIST" + struct.pack("<I", len(fields) + 4) + b"INFO" + fields
    path.write_bytes(whole[:4] + struct.pack("<I", len(whole) - 8) + whole[8:])
    found = reader.read(path)
    assert (found.artist, found.title) == ("Тихий Берег", "Последний поезд")
    assert found.duration_s == pytest.approx(24, abs=0.5)


def test_a_relative_path_is_read(folder: Path, reader: TagReader, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    assert reader.read("two.wav").duration_s == pytest.approx(24, abs=0.5)


BROKEN = [
    b"RIFF\x24\0\0\0WAVELIST\xff\xff\xff\xffINFO",
    b"",
    b"not audio",
    b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f",
    b"fLaC" + b"\xff" * 500,
    b"OggS" + b"\0" * 50,
]


@pytest.mark.parametrize("content", BROKEN)
def test_broken_files_have_no_tags(tmp_path: Path, reader: TagReader, content: bytes) -> None:
    path = tmp_path / "broken.mp3"
    path.write_bytes(content)
    assert reader.read(path) == AudioTags()


def test_a_missing_file_has_no_tags(tmp_path: Path, reader: TagReader) -> None:
    assert reader.read(tmp_path / "nothing.mp3") == AudioTags()


def test_nested_boxes_have_no_tags(tmp_path: Path, reader: TagReader) -> None:
    inner = b""
    for _ in range(2000):
        inner = struct.pack(">I4s", len(inner) + 8, b"moov") + inner
    path = tmp_path / "nested.m4a"
    path.write_bytes(struct.pack(">I4s4sI", 16, b"ftyp", b"M4A ", 0) + inner)
    assert reader.read(path) == AudioTags()


def test_a_hostile_tag_costs_its_time_and_no_more(tmp_path: Path, folder: Path) -> None:
    impatient = TagReader(wall_s=1.0)
    try:
        path = tmp_path / "bomb.mp3"
        path.write_bytes(_inflating_id3(4_000_000))
        start = time.monotonic()
        assert impatient.read(path) == AudioTags()
        assert time.monotonic() - start < 5
        # The next file gets a new worker.
        assert TagReader(wall_s=10).read(folder / "late.mp3").duration_s is not None
    finally:
        impatient.close()


def _inflating_id3(size: int) -> bytes:
    """An ID3v2.4 tag with one compressed TXXX frame that inflates to zeros."""

    def synchsafe(number: int) -> bytes:
        return bytes((number >> shift) & 0x7F for shift in (21, 14, 7, 0))

    body = synchsafe(size) + zlib.compress(b"\x03" + b"\0" * size, 9)
    frame = b"TXXX" + synchsafe(len(body)) + b"\x00\x09" + body
    return b"ID3\x04\x00\x00" + synchsafe(len(frame)) + frame + b"\xff\xfb\x90\x00" * 400


@pytest.mark.parametrize("name", ["one.mp3", "one.m4a", "one.flac", "one.ogg"])
def test_the_same_sound_in_another_format(folder: Path, name: str) -> None:
    original, other = fingerprint(folder / "one.wav"), fingerprint(folder / name)
    assert original is not None
    assert other is not None
    assert similarity(original, other) == similarity(other, original) >= 0.8


def test_the_same_sound_three_seconds_later(folder: Path) -> None:
    original, late = fingerprint(folder / "one.wav"), fingerprint(folder / "late.mp3")
    assert similarity(original or "", late or "") >= SAME


@pytest.mark.parametrize("name", ["two.wav", "fast.mp3"])
def test_another_sound(folder: Path, name: str) -> None:
    original, other = fingerprint(folder / "one.wav"), fingerprint(folder / name)
    assert similarity(original or "", other or "") < DIFFERENT


def test_no_fingerprint_of_what_is_not_audio(tmp_path: Path) -> None:
    path = tmp_path / "text.mp3"
    path.write_text("not audio")
    assert fingerprint(path) is None
    assert fingerprint(tmp_path / "missing.mp3") is None


def test_a_playlist_in_disguise_opens_nothing(tmp_path: Path, folder: Path) -> None:
    path = tmp_path / "list.mp3"
    path.write_text(f"#EXTM3U\n#EXTINF:10,\nhttp://127.0.0.1:9/x.mp3\n#EXTINF:10,\n{folder / 'one.mp3'}\n")
    assert fingerprint(path) is None


def test_a_fingerprint_in_time_or_none(folder: Path) -> None:
    assert fingerprint(folder / "one.wav", wall_s=0.0) is None


def test_the_same_file_under_other_names_is_recognised(folder: Path) -> None:
    sound = fingerprint(folder / "one.wav")
    a = Recording(artist="A", title="One name", fingerprint=sound, duration_s=30)
    b = Recording(artist="Z", title="Quite another", fingerprint=fingerprint(folder / "one.mp3"), duration_s=30)
    assert same_recording(a, b).same is Sameness.YES
    other = Recording(artist="A", title="One name", fingerprint=fingerprint(folder / "two.wav"))
    judgement = same_recording(a, other)
    assert judgement.same is Sameness.NO
    assert "sounds different" in judgement.reasons


@pytest.mark.parametrize("text", ["", "AQAA", "!!!", "AQAAAAAA", "A" * 400])
def test_damaged_fingerprints_have_no_frames(text: str) -> None:
    assert frames(text) in ((), (0,) * len(frames(text)))
    assert similarity(text, text) == 0


@pytest.mark.parametrize(
    ("broken", "whole"),
    [
        ("BeyoncÃ©", "Beyoncé"),
        ("\xd0\x9a\xd0\xb8\xd0\xbd\xd0\xbe", "Кино"),
        ("Ìàêñ", "Макс"),
        ("Êèíî - Ãðóïïà êðîâè", "Кино - Группа крови"),
        ("Sigur Rós", "Sigur Rós"),
        ("Été à Évry", "Été à Évry"),
        ("گوگوش", "گوگوش"),
        ("Queen", "Queen"),
    ],
)
def test_text_read_with_the_wrong_table_is_mended(broken: str, whole: str) -> None:
    assert repair_encoding(broken) == whole
