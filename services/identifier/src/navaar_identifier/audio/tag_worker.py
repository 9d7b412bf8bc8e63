"""The child process that opens audio files, so that a hostile one harms only this process. Run by `tags`.

It reads one path a line and answers one JSON object a line. A small ID3 tag may inflate to seconds of work, and nested
MP4 boxes may exhaust the stack: the limits below end such a file, the parent starts a new worker, and the file counts
as one without tags.
"""

from __future__ import annotations

import json
import resource
import sys
from pathlib import Path
from typing import Any

import mutagen
import mutagen.apev2
import mutagen.mp3
import mutagen.wave

CPU_S = 2
"""Processor seconds for one file; an ordinary one takes some hundredths."""
MEMORY_BYTES = 768 * 1024 * 1024
LONGEST = 500
"""Characters kept of one tag."""
_MOST_CHUNKS = 64
_LONGEST_INFO = 64 * 1024
_BLANK = " \t\r\n\0"
"""What is no letter in any table: bytes beyond ASCII that Latin-1 calls blanks are letters in others."""

_KEYS = {
    "title": ("TIT2", "\xa9nam", "title", "Title", "WM/Title", "INAM"),
    "artist": ("TPE1", "\xa9ART", "artist", "Author", "Artist", "IART", "TPE2", "aART", "Album Artist"),
    "album": ("TALB", "\xa9alb", "album", "WM/AlbumTitle", "Album", "IPRD"),
    "isrc": ("TSRC", "----:com.apple.iTunes:ISRC", "isrc", "WM/ISRC", "ISRC"),
}


class _Nameless:
    """A file without its name, so that mutagen goes by the content."""

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed by `close`
        self.read = self._file.read
        self.seek = self._file.seek
        self.tell = self._file.tell
        self.close = self._file.close


def read(path: str) -> dict[str, Any]:
    """The tags of one file; raises whatever mutagen raises."""
    source = _Nameless(path)
    try:
        audio = mutagen.File(source)
        if audio is None:
            return {}
        found: dict[str, Any] = {}
        for tags in _all_tags(audio, source):
            for name, keys in _KEYS.items():
                text = None if name in found else _first(tags, keys)
                if text:
                    found[name] = text
        length = getattr(audio.info, "length", None)
        if isinstance(length, int | float) and 0 < length < 86400:
            found["duration_s"] = round(float(length), 3)
        return found
    finally:
        source.close()


def _all_tags(audio: Any, source: _Nameless) -> list[Any]:
    """The file's tags, the most trustworthy first: some formats may hold several kinds."""
    tags = [] if audio.tags is None else [audio.tags]
    if isinstance(audio, mutagen.mp3.MP3):
        try:
            source.seek(0)
            ape = mutagen.apev2.APEv2(source)  # type: ignore[no-untyped-call]
        except mutagen.MutagenError:
            return tags
        # A tag that ID3v1 alone gave is cut at 30 characters.
        oldest = audio.tags is not None and audio.tags.version[0] == 1
        return [ape, *tags] if oldest else [*tags, ape]
    if isinstance(audio, mutagen.wave.WAVE):
        return [*tags, _riff_info(source)]
    return tags


def _riff_info(source: _Nameless) -> dict[str, list[str]]:
    """The fields of a WAV file's LIST INFO chunk, by their four letters. They name no table: UTF-8, or Latin-1."""
    found: dict[str, list[str]] = {}
    at = 12
    for _ in range(_MOST_CHUNKS):
        source.seek(at)
        head = source.read(8)
        if len(head) < 8:
            break
        size = int.from_bytes(head[4:], "little")
        if head[:4] == b"LIST" and source.read(4) == b"INFO":
            _info_fields(source.read(min(size - 4, _LONGEST_INFO)) if size > 4 else b"", found)
        at += 8 + size + size % 2
    return found


def _info_fields(body: bytes, found: dict[str, list[str]]) -> None:
    at = 0
    while at + 8 <= len(body):
        size = int.from_bytes(body[at + 4 : at + 8], "little")
        value = body[at + 8 : at + 8 + size].split(b"\0")[0]
        try:
            text = value.decode("utf-8")
        except UnicodeDecodeError:
            text = value.decode("latin-1")
        if text.strip(_BLANK):
            found.setdefault(body[at : at + 4].decode("latin-1"), [text])
        at += 8 + size + size % 2


def _first(tags: Any, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        try:
            value = tags[key]
        except (KeyError, ValueError, TypeError):
            continue
        if isinstance(value, mutagen.apev2.APETextValue):
            value = list(value)
        parts = value if isinstance(value, list) else getattr(value, "text", None) or [value]
        texts = [p.decode("utf-8", "replace") if isinstance(p, bytes) else str(p) for p in parts[:4]]
        text = ", ".join(t.strip(_BLANK).replace("\0", ", ") for t in texts if t.strip(_BLANK))
        if text:
            return text[:LONGEST]
    return None


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    # It writes to its pipe only, starts nothing, and what it had in memory is nobody's business.
    for what in (resource.RLIMIT_FSIZE, resource.RLIMIT_CORE, resource.RLIMIT_NPROC):
        resource.setrlimit(what, (0, 0))
    for line in sys.stdin:
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + CPU_S
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
        try:
            answer = read(json.loads(line))
        except Exception:  # noqa: BLE001 - a file that cannot be parsed is a file without tags, whatever the parser says
            answer = {}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
