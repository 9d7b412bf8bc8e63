"""Whether a yt-dlp works here: a download process is started with it and fetches a small file from this machine."""

from __future__ import annotations

import io
import math
import tempfile
import threading
import wave
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from navaar_downloader.error_mapping import failure_of
from navaar_downloader.jobs import FetchOptions, Job, Trouble
from navaar_downloader.libraries import Libraries
from navaar_downloader.worker_process import WorkerProcess
from navaar_downloader.workspace import Workspace
from navaar_downloader.ytdlp_versions import UpdateRefused
from navaar_runtime.failures import Failure

_LENGTH_S = 2
_RATE_HZ = 8000
_TIMEOUT_S = 60.0


async def check(folder: Path, workspace: Workspace) -> None:
    """Try the yt-dlp in `folder`: it is imported, its YouTube extractor too, and a download is made into shape.

    Raises:
        UpdateRefused: it does not work, and why.
    """
    try:
        await _check(folder, workspace)
    except Failure as failure:
        raise UpdateRefused(f"it does not work here: {failure.reason}") from failure


async def _check(folder: Path, workspace: Workspace) -> None:
    libraries = Libraries(folder=folder, plugins=workspace.plugins, whole=True)
    process = await WorkerProcess.start(workspace.bytecode, libraries)
    try:
        where = process.tools.where if process.tools else None
        if where is None or Path(where).resolve() != (folder / "yt_dlp").resolve():
            raise UpdateRefused("it does not work here: another yt-dlp is found before it")
        with tempfile.TemporaryDirectory(prefix=".new-check-", dir=folder.parent) as work, _served(_tone()) as address:
            outcome = await process.work(_job(address, work), lambda progress: None, _TIMEOUT_S)
    finally:
        await process.kill()
    if isinstance(outcome, Trouble):
        raise failure_of(outcome, youtube=False)


def _job(address: str, folder: str) -> Job:
    return Job(
        video_id="check",
        url=address,
        folder=folder,
        expected_duration_s=_LENGTH_S,
        limit_bytes=10_000_000,
        timeout_s=_TIMEOUT_S,
        options=FetchOptions(generic=True, proxy=""),  # the file is on this machine
    )


def _tone() -> bytes:
    """A WAV file of 440 Hz."""
    waves = (math.sin(2 * math.pi * 440 * n / _RATE_HZ) for n in range(_LENGTH_S * _RATE_HZ))
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE_HZ)
        file.writeframes(array("h", (int(16_000 * height) for height in waves)).tobytes())
    return buffer.getvalue()


@contextmanager
def _served(body: bytes) -> Iterator[str]:
    """The address of a file with these bytes, on this machine alone."""

    class Handler(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._head()

        def do_GET(self) -> None:
            self._head()
            self.wfile.write(body)

        def _head(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "audio/wav")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Nobody reads it."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/check.wav"
    finally:
        server.shutdown()
        server.server_close()
