"""What an audio file is, by its content."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from mutagen import File as open_audio
from mutagen.mp3 import MP3
from mutagen.mp4 import MP4

Shape = Literal["m4a", "mp3", "other"]


@dataclass(frozen=True, slots=True)
class AudioFile:
    shape: Shape
    """m4a is AAC in MP4, which Telegram's player takes like mp3; everything else must be converted."""
    duration_s: float | None
    kbps: float | None


def probe(path: Path) -> AudioFile:
    """Look into a file. One that is not understood is of shape "other" without a duration."""
    try:
        audio = open_audio(path)
    except Exception:  # noqa: BLE001 - hostile files raise anything, RecursionError and IndexError included
        return AudioFile("other", None, None)
    info = getattr(audio, "info", None)
    duration = getattr(info, "length", None) or None
    bitrate = getattr(info, "bitrate", None)
    return AudioFile(_shape(audio), duration, bitrate / 1000 if bitrate else None)


def _shape(audio: object) -> Shape:
    if isinstance(audio, MP3):
        return "mp3"
    if isinstance(audio, MP4) and str(getattr(audio.info, "codec", "")).startswith("mp4a.40"):
        return "m4a"
    return "other"
