"""Real audio, cheap to make, in which every recording can be told by ear alone.

A recording is a melody of pure notes that its key determines. Each note is encoded once, as AAC and as MP3; a song is
then the joined frames of its notes, so minutes of audio cost milliseconds. Recognition decodes the first seconds,
counts zero crossings per note and looks for the nearest melody: it survives re-encoding, remuxing and new tags.
"""

from __future__ import annotations

import array
import math
import os
import random
import subprocess
import tempfile
import threading
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Literal

import imageio_ffmpeg

Container = Literal["m4a", "mp3", "ogg"]

RATE = 16_000  # samples a second
NOTE_SAMPLES = 9_216  # 0.576 s: nine AAC frames, and sixteen MP3 frames
NOTE_SECONDS = NOTE_SAMPLES / RATE
_TONES = 24  # semitones from 220 Hz upwards
_FRAMES_PER_NOTE = {"aac": 9, "mp3": 16}
_HEARD_NOTES = 20  # how much of a melody recognition listens to
_ENOUGH_NOTES = 15
_DECODED_RATE = 4_000

FFMPEG = imageio_ffmpeg.get_ffmpeg_exe()


def melody(sound: str, notes: int) -> list[int]:
    """The first `notes` notes (0 to 23) of the recording whose key is `sound`."""
    dice = random.Random(f"melody|{sound}")
    return [dice.randrange(_TONES) for _ in range(notes)]


def stream(sound: str, seconds: float, codec: Literal["aac", "mp3"]) -> bytes:
    """The recording as a bare ADTS or MPEG stream of about `seconds` seconds."""
    notes = _notes(codec)
    frames = [frame for note in melody(sound, math.ceil(seconds / NOTE_SECONDS)) for frame in notes[note]]
    return b"".join(frames[: math.ceil(seconds / NOTE_SECONDS * _FRAMES_PER_NOTE[codec])])


def write(sound: str, seconds: float, path: Path) -> None:
    """Write the recording to `path`; its suffix (.m4a, .mp3 or .ogg) chooses the container. No tags inside."""
    if path.suffix == ".mp3":
        path.write_bytes(stream(sound, seconds, "mp3"))
    elif path.suffix == ".ogg":
        # What Telegram calls a voice message: Opus in Ogg.
        ffmpeg(
            "-f", "aac", "-i", "pipe:0", "-c:a", "libopus", "-b:a", "16k", str(path), data=stream(sound, seconds, "aac")
        )
    else:
        copy = ("-c", "copy", "-bsf:a", "aac_adtstoasc", "-movflags", "+faststart")
        ffmpeg("-f", "aac", "-i", "pipe:0", *copy, str(path), data=stream(sound, seconds, "aac"))


class Ear:
    """Recognises recordings among a known set."""

    def __init__(self, sounds: Iterable[str]) -> None:
        self._melodies = {sound: melody(sound, _HEARD_NOTES) for sound in sounds}

    def recognise(self, path: Path) -> str | None:
        """The key of the recording that the audio file holds, or None if it is none of the known ones."""
        try:
            samples = _decode(path)
        except subprocess.CalledProcessError:
            return None
        best, best_score = None, 0
        for late in (0.0, 0.05, 0.1, 0.15):
            heard = list(_heard(samples, late))
            if len(heard) < _HEARD_NOTES:
                return None
            for sound, notes in self._melodies.items():
                score = sum(map(int.__eq__, heard, notes))
                if score > best_score:
                    best, best_score = sound, score
        return best if best_score >= _ENOUGH_NOTES else None


def _decode(path: Path) -> array.array[int]:
    listened = (_HEARD_NOTES + 1) * NOTE_SECONDS
    raw = ffmpeg(
        "-t",
        f"{listened:.2f}",
        "-i",
        str(path),
        "-map",
        "0:a:0",
        "-ac",
        "1",
        "-ar",
        str(_DECODED_RATE),
        "-f",
        "s16le",
        "pipe:1",
    )
    return array.array("h", raw[: len(raw) // 2 * 2])


def _heard(samples: array.array[int], late: float) -> Iterator[int]:
    """The notes as heard, if the melody began `late` seconds into the decoded samples."""
    for number in range(_HEARD_NOTES):
        # Only the middle half of a note is listened to: encoders delay and smear its edges.
        start = int((late + (number + 0.25) * NOTE_SECONDS) * _DECODED_RATE)
        middle = samples[start : start + int(NOTE_SECONDS / 2 * _DECODED_RATE)]
        if len(middle) < NOTE_SECONDS / 2 * _DECODED_RATE - 1:
            return
        signs = [sample >= 0 for sample in middle]
        crossings = sum(map(bool.__ne__, signs, signs[1:]))
        frequency = crossings / (2 * len(middle) / _DECODED_RATE)
        yield round(12 * math.log2(max(frequency, 1) / 220))


_encoding = threading.Lock()


def _notes(codec: Literal["aac", "mp3"]) -> list[list[bytes]]:
    with _encoding:  # two threads must not both pay for the first song
        return _encode_notes(codec)


@cache
def _encode_notes(codec: Literal["aac", "mp3"]) -> list[list[bytes]]:
    """Each note's frames, taken from the middle of a note three times as long, where the encoder is steady."""
    pcm = b"".join(_wave(note) * 3 for note in range(_TONES))
    raw_input = ("-f", "s16le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0")
    if codec == "aac":
        encoder: tuple[str, ...] = ("-c:a", "aac", "-b:a", "24k", "-f", "adts")
    else:
        # Without the bit reservoir no frame leans on an earlier one, so frames may be joined freely.
        encoder = (
            "-c:a",
            "libmp3lame",
            "-b:a",
            "24k",
            "-reservoir",
            "0",
            "-write_xing",
            "0",
            "-id3v2_version",
            "0",
            "-f",
            "mp3",
        )
    frames = list(_frames(ffmpeg(*raw_input, *encoder, "pipe:1", data=pcm), codec))
    per_note = _FRAMES_PER_NOTE[codec]
    return [frames[(3 * note + 1) * per_note + 1 : (3 * note + 2) * per_note + 1] for note in range(_TONES)]


def _wave(note: int) -> bytes:
    # A whole number of cycles per note, so that repeating the samples leaves no click.
    cycles = round(220 * 2 ** (note / 12) * NOTE_SECONDS)
    step = 2 * math.pi * cycles / NOTE_SAMPLES
    return array.array(
        "h", [int(11_000 * math.sin(step * k) + 2_200 * math.sin(2 * step * k)) for k in range(NOTE_SAMPLES)]
    ).tobytes()


def _frames(data: bytes, codec: Literal["aac", "mp3"]) -> Iterator[bytes]:
    position = 0
    while position + 7 <= len(data):
        if codec == "aac":  # ADTS: 13 bits of length
            length = (data[position + 3] & 3) << 11 | data[position + 4] << 3 | data[position + 5] >> 5
        else:  # MPEG-2 layer III
            bitrate = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)[data[position + 2] >> 4] * 1000
            length = 72 * bitrate // RATE + (data[position + 2] >> 1 & 1)
        yield data[position : position + length]
        position += length


def ffmpeg(*arguments: str, data: bytes | None = None) -> bytes:
    """Run ffmpeg; its standard output. Raises CalledProcessError when it fails."""
    command = [FFMPEG, "-nostdin", "-y", "-v", "error", "-threads", "1", *arguments]
    # Of this process's variables, which may hold secrets, it needs none but where programs are.
    environment = {"PATH": os.environ.get("PATH", os.defpath)}
    return subprocess.run(command, input=data, capture_output=True, check=True, env=environment).stdout


def cover(key: str) -> bytes:
    """A 640 by 640 JPEG in a colour of its own."""
    colour = random.Random(f"cover|{key}").randrange(0x202020, 0xFFFFFF)
    source = f"gradients=s=640x640:c0=0x{colour:06x}:c1=0x101010:d=1:r=1:seed=1"
    return ffmpeg("-f", "lavfi", "-i", source, "-frames:v", "1", "-q:v", "6", "-f", "mjpeg", "pipe:1")


class Shelf:
    """Untagged audio files of recordings, made when first asked for and kept until `close`."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="navaar-sandbox-audio-")
        self.folder = Path(self._folder.name)
        self._locks: dict[str, threading.Lock] = {}

    def file(self, sound: str, seconds: int, container: Container = "m4a") -> Path:
        """The recording as a file; blocks for the first caller, so call it from a worker thread."""
        path = self.folder / f"{sound.replace('/', '-')}-{seconds}.{container}"
        with self._locks.setdefault(path.name, threading.Lock()):
            if not path.exists():
                write(sound, seconds, path)
        return path

    def close(self) -> None:
        """Delete every file."""
        self._folder.cleanup()
