"""Tags: what is written inside an audio file, read at arm's length.

The parsing is done by a warm child process with processor and memory limits (see `tag_worker`). A child that dies or
takes too long is replaced; the caller gets empty tags and never an exception.
"""

from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
from pathlib import Path
from time import monotonic

from pydantic import ValidationError

from navaar_contracts.music import AudioTags
from navaar_identifier.text.encoding_repair import repair_together
from navaar_runtime.child_process import PYTHON, child_environment

WALL_S = 5.0
"""Seconds for one file before its worker is killed."""
MOST_BYTES = 64 * 1024
"""How much a worker may answer: some fields of at most 500 characters."""


class TagReader:
    """One child process, used in turn by any number of threads."""

    def __init__(self, wall_s: float = WALL_S) -> None:
        self._wall_s = wall_s
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def read(self, path: str | os.PathLike[str]) -> AudioTags:
        """The tags of a file of any audio format; see `look`."""
        return self.look(path)[0]

    def look(self, path: str | os.PathLike[str]) -> tuple[AudioTags, str | None]:
        """Read the tags of a file of any audio format.

        Args:
            path: the file; a partial download is fine.

        Returns:
            What was found: empty for unknown content, damaged or hostile files, and files that cannot be opened. And
            what kept the reader from answering, if it did.
        """
        with self._lock:
            # The child works in a folder of its own: a relative path would be another file there.
            answer = self._ask(str(Path(path).absolute()))
        if answer is None:
            return AudioTags(), "its tags could not be read: reading them took too long or too much memory"
        written = {f: str(answer[f]) for f in ("title", "artist", "album") if isinstance(answer.get(f), str)}
        mended = repair_together(tuple(written.values()))
        answer.update({f: " ".join(text.split()) for f, text in zip(written, mended, strict=True)})
        try:
            return AudioTags.model_validate(answer), None
        except ValidationError:
            return AudioTags(), None

    def close(self) -> None:
        """Ends the child process; the next `read` starts a new one."""
        with self._lock:
            self._end()

    def _ask(self, path: str) -> dict[str, object] | None:
        try:
            child = self._running()
            assert child.stdin is not None
            assert child.stdout is not None
            child.stdin.write(json.dumps(path).encode() + b"\n")
            child.stdin.flush()
            line = _line(child.stdout.fileno(), self._wall_s)
            answer = json.loads(line) if line else None
        except (OSError, ValueError):
            answer = None
        if not isinstance(answer, dict):
            # Killed by its limits or too slow: its state is unknown, so the next file gets a new one.
            self._end()
            return None
        return answer

    def _running(self) -> subprocess.Popen[bytes]:
        if self._child is None or self._child.poll() is not None:
            self._end()
            self._child = subprocess.Popen(
                [sys.executable, "-m", "navaar_identifier.audio.tag_worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env=child_environment(os.environ, *PYTHON),
                bufsize=0,
                cwd=Path(__file__).parent,
            )
        return self._child

    def _end(self) -> None:
        child, self._child = self._child, None
        if child is None:
            return
        child.kill()
        child.wait()
        for pipe in (child.stdin, child.stdout):
            if pipe is not None:
                pipe.close()


def _line(descriptor: int, wall_s: float) -> bytes:
    """One line from a pipe, or b'' when the time is over, the pipe is closed or the line is too long."""
    found = bytearray()
    ends = monotonic() + wall_s
    with selectors.DefaultSelector() as selector:
        selector.register(descriptor, selectors.EVENT_READ)
        while not found.endswith(b"\n"):
            if not selector.select(max(0.0, ends - monotonic())):
                return b""
            chunk = os.read(descriptor, 65536)
            if not chunk or len(found) + len(chunk) > MOST_BYTES:
                return b""
            found += chunk
    return bytes(found)
