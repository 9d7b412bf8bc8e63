"""Files that are not what they seem, or are made to be dear: opened by one reader or none, and for little."""

from __future__ import annotations

import os
import resource
import struct
import subprocess
from dataclasses import replace
from pathlib import Path

import imageio_ffmpeg
import pytest

from navaar_contracts.commands import IdentifyTrack
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_identifier.audio import fingerprint as fingerprinting
from navaar_identifier.audio.container import reader
from navaar_identifier.audio.fingerprint import LIMITS, SAME, fingerprint, similarity
from navaar_identifier.audio.probe import FileProbe
from navaar_identifier.audio.tag_worker import CPU_S
from navaar_identifier.audio.tags import TagReader
from navaar_identifier.handlers import identify_track

NOTES = (
    "aevalsrc='0.3*sin(2*PI*t*(220+40*floor(mod(t*2.5,12))))+0.2*sin(2*PI*t*(330+55*floor(mod(t*1.7,9))))':s=44100:d=24"
)
SECRET = "a-secret-of-the-environment"


def ffmpeg(*arguments: str) -> None:
    subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-y", *arguments], check=True)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("audio")
    ffmpeg("-f", "lavfi", "-i", NOTES, str(path / "one.wav"))
    ffmpeg("-i", str(path / "one.wav"), "-b:a", "64k", str(path / "one.mp3"))
    return path


@pytest.fixture(scope="module")
def sound(folder: Path) -> str:
    found = fingerprint(folder / "one.wav")
    assert found is not None
    return found


@pytest.mark.parametrize(
    "text",
    [
        "ffconcat version 1.0\nfile one.mp3\n",
        "ffconcat version 1.0\n" + "file one.mp3\n" * 80_000,
        "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\none.mp3\n#EXT-X-ENDLIST\n",
        "v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=audio 9 RTP/AVP 14\n",
        "<?xml version='1.0'?><MPD xmlns='urn:mpeg:dash:schema:mpd:2011'><BaseURL>one.mp3</BaseURL></MPD>",
        ";FFMETADATA1\ntitle=x\n",
        "WEBVTT\n\n00:00.000 --> 00:10.000\none.mp3\n",
    ],
    ids=["concat", "long concat", "hls", "sdp", "dash", "ffmetadata", "subtitles"],
)
def test_a_list_of_files_or_a_text_in_disguise_is_opened_by_nothing(folder: Path, text: str) -> None:
    # Beside the file that it names: ffmpeg takes names without a folder for safe.
    path = folder / "song.mp3"
    path.write_text(text)
    assert reader(path) is None
    assert fingerprint(path) is None


def test_a_list_behind_a_tag_is_opened_by_nothing(folder: Path) -> None:
    path = folder / "tagged-list.mp3"
    path.write_bytes(b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\0" * 10 + b"ffconcat version 1.0\nfile one.mp3\n")
    assert fingerprint(path) is None


def test_a_list_among_sound_is_read_as_sound(folder: Path, sound: str) -> None:
    """Whatever of it looks like a list: one reader is chosen, and it opens nothing."""
    path = folder / "both.mp3"
    path.write_bytes(b"ffconcat version 1.0\nfile one.wav\n#" + (folder / "one.mp3").read_bytes())
    assert reader(path) == "mp3"
    assert similarity(fingerprint(path) or "", sound) >= SAME


def test_the_name_of_a_file_says_nothing(folder: Path, sound: str) -> None:
    for name in ("one.jpg", "one.m3u8", "one.ffconcat", "%d.mp3"):
        path = folder / name
        path.write_bytes((folder / "one.wav").read_bytes())
        assert fingerprint(path) == sound


@pytest.mark.parametrize(
    ("suffix", "options", "expected"),
    [
        (".mp3", ["-b:a", "64k"], "mp3"),
        (".m4a", ["-b:a", "96k"], "mov"),
        (".flac", [], "flac"),
        (".ogg", ["-c:a", "libopus"], "ogg"),
        (".aac", ["-c:a", "aac"], "aac"),
        (".mka", ["-c:a", "libopus"], "matroska"),
        (".webm", ["-c:a", "libopus"], "matroska"),
        (".wma", ["-c:a", "wmav2"], "asf"),
        (".aiff", [], "aiff"),
        (".wv", [], "wv"),
        (".tta", [], "tta"),
        (".caf", ["-c:a", "alac"], "caf"),
        (".ts", ["-c:a", "aac"], "mpegts"),
        (".au", [], "au"),
        (".ac3", ["-c:a", "ac3"], "ac3"),
        (".flv", ["-c:a", "aac"], "flv"),
        (".avi", ["-c:a", "mp3"], "avi"),
        (".mp4", ["-c:a", "aac", "-movflags", "frag_keyframe+empty_moov"], "mov"),
    ],
)
def test_every_kind_of_music_file_is_heard_by_its_own_reader(
    folder: Path, sound: str, tmp_path: Path, suffix: str, options: list[str], expected: str
) -> None:
    path = tmp_path / f"song{suffix}"
    ffmpeg("-i", str(folder / "one.wav"), *options, str(path))
    assert reader(path) == expected
    assert similarity(fingerprint(path) or "", sound) >= SAME


def test_a_tag_or_padding_before_the_sound_is_passed_over(folder: Path, sound: str) -> None:
    tagged = folder / "tagged.bin"
    ffmpeg("-i", str(folder / "one.wav"), str(folder / "one.flac"))
    tagged.write_bytes(b"ID3\x04\x00\x00\x00\x00\x02\x00" + b"\0" * 256 + (folder / "one.flac").read_bytes())
    assert fingerprint(tagged) == sound
    padded = folder / "padded.bin"
    padded.write_bytes(b"\0" * 3000 + (folder / "one.mp3").read_bytes())
    assert similarity(fingerprint(padded) or "", sound) >= SAME


async def test_a_small_file_costs_ten_seconds_of_processor_at_most_and_the_song_goes_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert LIMITS.cpu_s is not None
    assert LIMITS.cpu_s + CPU_S <= 10
    monkeypatch.setattr(fingerprinting, "LIMITS", replace(LIMITS, cpu_s=1))
    path = tmp_path / "dear.flac"
    path.write_bytes(_much_silence(seconds=120))
    assert path.stat().st_size < 1_200_000
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    probe = FileProbe()
    audio = await probe(path)
    await probe.close()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime < 5
    assert audio.fingerprint is None
    told = identify_track(
        IdentifyTrack(
            link="main", track_id=1, platform=Platform("telegram"), item=ItemMetadata(file_name="Artist - Song.flac")
        ),
        audio,
    )
    assert told.recording.display == "Artist - Song"
    assert any("more than 1 s of processor time" in reason for reason in told.reasons)


def _much_silence(seconds: int) -> bytes:
    """FLAC of eight channels at 655,350 Hz, in which a frame of 65,535 samples is a few bytes. RFC 9639."""
    rate, block = 655_350, 65_535
    info = struct.pack(">HH", block, block) + b"\0" * 6
    info += ((rate << 44) | (7 << 41) | (15 << 36)).to_bytes(8, "big") + b"\0" * 16
    data = bytearray(b"fLaC" + b"\x80" + len(info).to_bytes(3, "big") + info)
    for number in range(seconds * rate // block):
        coded = chr(number).encode()  # The same form as UTF-8.
        # Block size from 16 bits, rate and sample size from the head of the file, eight independent channels.
        head = b"\xff\xf8\x70\x70" + coded + (block - 1).to_bytes(2, "big")
        body = head + _crc(head, 8, 0x07) + b"\0\0\0" * 8
        data += body + _crc(body, 16, 0x8005)
    return bytes(data)


def _crc(data: bytes, bits: int, polynomial: int) -> bytes:
    value, top = 0, 1 << (bits - 1)
    for byte in data:
        value ^= byte << (bits - 8)
        for _ in range(8):
            value = ((value << 1) ^ (polynomial if value & top else 0)) & ((1 << bits) - 1)
    return value.to_bytes(bits // 8, "big")


@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="this system does not show environments")
def test_the_process_that_opens_files_inherits_no_secret(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NAVAAR_TELEGRAM_BOT_TOKEN", SECRET)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    fresh = TagReader(wall_s=10)
    try:
        assert fresh.read(folder / "one.mp3").duration_s is not None
        workers = [
            process
            for process in Path("/proc").glob("[0-9]*")
            if b"navaar_identifier.audio.tag_worker" in _content(process / "cmdline")
            and f"PPid:\t{os.getpid()}\n".encode() in _content(process / "status")
        ]
        assert workers
        assert not [process for process in workers if SECRET.encode() in _content(process / "environ")]
    finally:
        fresh.close()


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""
