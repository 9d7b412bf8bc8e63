"""Where the programs are that yt-dlp and we need: ffmpeg and a JavaScript runtime, both from wheels."""

from __future__ import annotations

import os
import re
import subprocess

import deno  # type: ignore[import-untyped]
import imageio_ffmpeg

from navaar_runtime.child_process import child_environment


class FfmpegMissing(Exception):
    """No ffmpeg that starts. The text says what to do."""


def ffmpeg_path() -> str:
    """The ffmpeg of the imageio-ffmpeg wheel, or the one that IMAGEIO_FFMPEG_EXE names.

    Raises:
        FfmpegMissing: there is none for this platform.
    """
    try:
        return str(imageio_ffmpeg.get_ffmpeg_exe())
    except RuntimeError:
        raise FfmpegMissing("there is no ffmpeg; install one and name it in IMAGEIO_FFMPEG_EXE") from None


def ffmpeg_version() -> str:
    """Its version, by running it.

    Raises:
        FfmpegMissing: it does not start.
    """
    path = ffmpeg_path()
    try:
        answer = subprocess.run(
            [path, "-version"],
            capture_output=True,
            text=True,
            timeout=20,
            check=True,
            env=child_environment(os.environ),
        ).stdout
    except (OSError, subprocess.SubprocessError):
        raise FfmpegMissing(f"ffmpeg at {path} does not start; name a working one in IMAGEIO_FFMPEG_EXE") from None
    found = re.match(r"ffmpeg version (\S+)", answer)
    return found.group(1) if found else "unknown"


def deno_path() -> str | None:
    """The deno of the wheel; None when it has none for this platform."""
    try:
        return str(deno.find_deno_bin())
    except FileNotFoundError:
        return None
