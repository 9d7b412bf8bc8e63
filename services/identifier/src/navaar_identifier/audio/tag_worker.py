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

CPU_S = 4
"""Processor seconds for one file."""
MEMORY_BYTES = 768 * 1024 * 1024
LONGEST = 500
"""Characters kept of one tag."""

_KEYS = {
    "title": ("TIT2", "\xa9nam", "title", "Title", "WM/Title"),
    "artist": ("TPE1", "\xa9ART", "artist", "Author", "Artist", "TPE2", "aART"),
    "album": ("TALB", "\xa9alb", "album", "WM/AlbumTitle", "Album"),
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
        tags = audio.tags
        for name, keys in _KEYS.items():
            text = _first(tags, keys) if tags is not None else None
            if text:
                found[name] = text
        length = getattr(audio.info, "length", None)
        if isinstance(length, int | float) and 0 < length < 86400:
            found["duration_s"] = round(float(length), 3)
        return found
    finally:
        source.close()


def _first(tags: Any, keys: tuple[str, ...]) -> str | None:
    for key in keys:
        try:
            value = tags[key]
        except (KeyError, ValueError, TypeError):
            continue
        parts = value if isinstance(value, list) else getattr(value, "text", None) or [value]
        texts = [p.decode("utf-8", "replace") if isinstance(p, bytes) else str(p) for p in parts[:4]]
        text = ", ".join(t.replace("\0", ", ").strip() for t in texts if t.strip())
        if text:
            return text[:LONGEST]
    return None


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
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
