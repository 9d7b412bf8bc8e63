"""What a song is called in its post, and the names of files. Pure. Captions are the owner's, in `captions`."""

from __future__ import annotations

import re
import unicodedata

from navaar_contracts.music import AudioReference, Recording

LONGEST_NAME = 200
"""Characters of a title or performer in a post; clients show far fewer."""
LONGEST_FILE_NAME = 120

_CAPTION = re.compile(r"Navaar #([1-9]\d{0,17})")
# Quotation marks and backslashes would end the name inside the multipart header; slashes are folders.
_UNSAFE_IN_NAMES = re.compile(r'[\\/:*?"<>|]+')
_EXTENSIONS = {
    "audio/mp4": ".m4a",
    "audio/x-m4a": ".m4a",
    "audio/aac": ".m4a",
    "audio/mpeg": ".mp3",
    "audio/mp3": ".mp3",
}


def former_caption(track_id: int) -> str:
    """The caption that posts of earlier versions bear."""
    return f"Navaar #{track_id}"


def track_of(text: str | None) -> int | None:
    """The track that a caption of an earlier version names; None for any other text."""
    match = _CAPTION.fullmatch((text or "").strip())
    return int(match.group(1)) if match else None


def title(recording: Recording, audio: AudioReference) -> str | None:
    """The title with its version words, bounded; None when there is none."""
    own = recording.title + "".join(f" ({words})" for words in recording.version) if recording.title else ""
    return bounded(own or audio.title or "", LONGEST_NAME) or None


def performer(recording: Recording, audio: AudioReference) -> str | None:
    return bounded(recording.artist or ", ".join(recording.artists) or audio.artist or "", LONGEST_NAME) or None


def file_name(recording: Recording, audio: AudioReference) -> str:
    """'Artist - Title.m4a', fit for every file system and for a multipart header."""
    extension = _EXTENSIONS.get(audio.mime_type.lower())
    if extension is None:
        _, dot, given = audio.file_name.rpartition(".")
        extension = f".{given.lower()}" if dot and given.isascii() and given.isalnum() and len(given) <= 4 else ".m4a"
    parts = [part for part in (performer(recording, audio), title(recording, audio)) if part]
    stem = " - ".join(parts) or audio.file_name.rpartition(".")[0]
    stem = _UNSAFE_IN_NAMES.sub(" ", _plain(stem))
    stem = " ".join(stem.split())[: LONGEST_FILE_NAME - len(extension)].strip(" .")
    return f"{stem or 'audio'}{extension}"


def bounded(text: str, most: int) -> str:
    """`text` without control characters, on one line, at most `most` characters, never half of a combined one."""
    text = " ".join(_plain(text).split())
    if len(text) <= most:
        return text
    end = most - 1
    while end > 0 and unicodedata.combining(text[end]):
        end -= 1
    return text[:end].rstrip() + "…"


def _plain(text: str) -> str:
    """Without control characters and half surrogates; joiners and direction marks belong to the writing."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in text)
