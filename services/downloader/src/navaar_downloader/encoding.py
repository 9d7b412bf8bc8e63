"""ffmpeg: any audio into the one form that Telegram's player takes. Runs inside a download process."""

from __future__ import annotations

import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from navaar_downloader.tools import FfmpegMissing, ffmpeg_path
from navaar_runtime.child_process import Limits, child_environment

# A file that calls itself audio may be a playlist that points at other files of this machine: only real containers.
_DEMUXERS = "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,mp3,ogg,flac,wav,aac,mpegts,aiff,asf"
# The job's own time limit ends what takes too long: how much processor a long mix needs depends on the machine.
_LIMITS = Limits(cpu_s=None, memory_bytes=2 * 1024**3, written_bytes=4 * 1024**3)
_SAMPLE_S = "10"
_SAMPLE_RATE = "8000"


class FfmpegFailed(Exception):
    """ffmpeg could not read its input. The text is its last words."""


def convert(
    source: Path, target: Path, *, kbps: int | None, duration_s: float | None, report: Callable[[float | None], None]
) -> None:
    """Write the first audio stream of `source` to `target` (.m4a or .mp3), without tags, pictures or chapters.

    `kbps` None copies the stream as it is, else it is encoded as AAC. `report` gets the share that is done.

    Raises:
        FfmpegFailed: the source is no audio that ffmpeg reads.
        FfmpegMissing: ffmpeg does not start.
    """
    codec = ["-c:a", "copy"] if kbps is None else ["-c:a", "aac", "-b:a", f"{kbps}k"]
    shape = ["-f", "mp3"] if target.suffix == ".mp3" else ["-movflags", "+faststart", "-f", "ipod"]
    arguments = [
        *("-progress", "pipe:1", "-y"),
        *_input(source),
        *("-map", "0:a:0", "-map_metadata", "-1", "-map_chapters", "-1", "-bitexact"),
        *codec,
        *shape,
        str(target),
    ]
    process = _start(arguments)
    words: list[str] = []
    listener = threading.Thread(target=_collect, args=(process, words), daemon=True)
    listener.start()
    assert process.stdout is not None
    for raw in process.stdout:
        key, _, value = raw.decode("ascii", "replace").strip().partition("=")
        if key == "out_time_us" and value.isdigit():
            report(min(1.0, int(value) / 1e6 / duration_s) if duration_s else None)
    code = process.wait()
    listener.join(timeout=5)
    if code != 0:
        raise FfmpegFailed(_last_words(words, code))


def is_audible(path: Path) -> bool:
    """Whether anything can be decoded from the first seconds."""
    process = _start([*_input(path), "-t", _SAMPLE_S, "-ac", "1", "-ar", _SAMPLE_RATE, "-f", "s16le", "pipe:1"])
    samples, _ = process.communicate()
    return bool(samples)


def _input(path: Path) -> list[str]:
    return ["-protocol_whitelist", "file,pipe", "-format_whitelist", _DEMUXERS, "-i", f"file:{path}"]


def _start(arguments: list[str]) -> subprocess.Popen[bytes]:
    command = [ffmpeg_path(), "-hide_banner", "-nostdin", "-v", "error", *arguments]
    try:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env=child_environment(os.environ),
            preexec_fn=_LIMITS.apply,  # noqa: PLW1509 - it calls the kernel only, and takes no lock
        )
    except OSError as error:
        raise FfmpegMissing(
            f"ffmpeg does not start: {error.strerror}; name a working one in IMAGEIO_FFMPEG_EXE"
        ) from error


def _collect(process: subprocess.Popen[bytes], words: list[str]) -> None:
    assert process.stderr is not None
    for raw in process.stderr:
        words.append(raw.decode("utf-8", "replace").strip())
        del words[:-20]


def _last_words(words: list[str], code: int) -> str:
    # The text goes to people: without this machine's paths.
    said = next((w for w in reversed(words) if w), f"it ended with {code}")
    return said.rpartition("file:")[0] + said.rpartition("/")[2] if "file:" in said else said
