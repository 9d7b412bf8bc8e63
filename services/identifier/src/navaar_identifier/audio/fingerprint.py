"""Fingerprints: whether two audio files sound alike, whatever their tags say.

Chromaprint comes from the ffmpeg binary that the project installs (its chromaprint muxer), run as a child process
with limits of time, processor, memory and what it may read. The wheel for macOS has none: there fpcalc is used, if it
is installed. Comparing is done here: the compressed form is unpacked and the rows of 32-bit frames are laid over each
other at every offset within ten seconds.
"""

from __future__ import annotations

import base64
import binascii
import math
import os
import shutil
import tempfile
from collections import Counter
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import imageio_ffmpeg

from navaar_identifier.audio.container import reader
from navaar_runtime.child_process import Ended, Limits, child_environment, run_limited

SECONDS = 120
"""Audio looked at; Chromaprint's usual length."""
WALL_S = 30.0
LIMITS = Limits(cpu_s=8, memory_bytes=1024 * 1024 * 1024, written_bytes=16 * 1024 * 1024)
"""Two minutes of sound take half a second of a desktop's processor, and some of a small board's; decoded they are 3 MB.
"""
MOST_BYTES = 256 * 1024
SAME = 0.84
"""From this similarity two files are one recording: re-encodings reach 0.95, shifted or remastered ones 0.85; another
voice over the same music stays at 0.8, see docs/quality/sound.md."""
DIFFERENT = 0.3
"""Below it they are not; 99 of 100 unrelated pairs stay under 0.2."""
OFFSET_S = 10.0
"""How much later one may begin than the other."""
_FRAMES_PER_S = 8.0
_FEWEST_FRAMES = 40
_MOST_FRAMES = 4096


@dataclass(frozen=True, slots=True)
class Heard:
    """What listening to a file gave."""

    fingerprint: str | None = None
    """Chromaprint in URL-safe base64."""
    problem: str | None = None
    """Why there is none, where that lies in the file."""


def fingerprint(path: str | os.PathLike[str], wall_s: float = WALL_S) -> str | None:
    """The compressed Chromaprint of a file's first two minutes; see `hear`."""
    return hear(path, wall_s).fingerprint


def hear(path: str | os.PathLike[str], wall_s: float = WALL_S) -> Heard:
    """Listen to a file's first two minutes.

    Args:
        path: an audio or video file.
        wall_s: seconds before the work is given up.

    Returns:
        Its fingerprint, or none when it is no audio, cannot be decoded, is too short, or needs more than its limits,
        and where there is no program that makes fingerprints.
    """
    try:
        ffmpeg, kind = imageio_ffmpeg.get_ffmpeg_exe(), reader(path)
    except (RuntimeError, OSError):
        return Heard()
    if kind is None:
        return Heard(problem="its sound was not listened to: it is no audio of a known kind")
    decode = [
        ffmpeg, "-v", "error", "-nostdin",
        # A list of files in disguise must not make ffmpeg open other files or addresses: one reader, one file.
        "-protocol_whitelist", "file,pipe", "-format_whitelist", kind, "-f", kind,
        "-threads", "1", "-t", str(SECONDS), "-i", f"file:{os.fspath(path)}",
        "-vn", "-sn", "-dn", "-map", "0:a:0", "-ac", "1", "-ar", "11025", "-threads", "1", "-t", str(SECONDS),
    ]  # fmt: skip
    if _has_chromaprint(ffmpeg):
        return _heard(_run([*decode, "-f", "chromaprint", "-fp_format", "base64", "-"], wall_s))
    fpcalc = shutil.which("fpcalc")
    if fpcalc is None:
        return Heard()
    with tempfile.TemporaryDirectory(prefix="navaar-sound-") as folder:
        decoded = Path(folder) / "decoded.wav"
        ended = _run([*decode, "-f", "wav", str(decoded)], wall_s)
        if ended.problem is not None:
            return _heard(ended)
        said = _run([fpcalc, "-plain", "-length", str(SECONDS), str(decoded)], wall_s)
        # Some versions of fpcalc fail at the end of the file, having said all there is.
        return _heard(replace(said, problem=None) if said.out else said)


@lru_cache(maxsize=8)
def _has_chromaprint(ffmpeg: str) -> bool:
    return b" chromaprint " in _run([ffmpeg, "-hide_banner", "-muxers"], WALL_S).out


def _heard(ended: Ended) -> Heard:
    if ended.problem is not None:
        return Heard(problem=f"its sound could not be read: {ended.problem}")
    text = ended.out.decode("ascii", "ignore").strip()
    return Heard(text if len(frames(text)) >= _FEWEST_FRAMES else None)


def _run(command: list[str], wall_s: float) -> Ended:
    environment = child_environment(os.environ)
    return run_limited(command, limits=LIMITS, wall_s=wall_s, most_bytes=MOST_BYTES, environment=environment)


@lru_cache(maxsize=256)
def frames(text: str) -> tuple[int, ...]:
    """Unpacks a compressed fingerprint into its 32-bit frames; () when it is damaged.

    The format: one byte algorithm, three bytes number of frames; then for every frame the distances between its set
    bits in 3-bit numbers, ended by 0, with 5-bit extensions of the sevens behind; each frame XORed with the one before.
    """
    try:
        data = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except (binascii.Error, ValueError):
        return ()
    if len(data) < 5:
        return ()
    size = min(int.from_bytes(data[1:4], "big"), _MOST_FRAMES)
    bits = int.from_bytes(data[4:], "little")
    end = 8 * (len(data) - 4)
    at = 0
    distances: list[int] = []
    zeros = 0
    while zeros < size:
        if at + 3 > end:
            return ()
        value = (bits >> at) & 7
        at += 3
        distances.append(value)
        zeros += value == 0
    at = (at + 7) // 8 * 8
    rows: list[int] = []
    before = frame = position = 0
    for value in distances:
        if value == 0:
            before ^= frame
            rows.append(before)
            frame = position = 0
            continue
        position += value
        if value == 7:
            if at + 5 > end:
                return ()
            position += (bits >> at) & 31
            at += 5
        if position > 32:
            return ()
        frame |= 1 << (position - 1)
    return tuple(rows)


@lru_cache(maxsize=256)
def heard(text: str) -> float:
    """How much a fingerprint heard: the number of different frames, each by how often it comes (its perplexity).

    Returns:
        As many as there are frames where every one is another; about 1 for silence or one tone, however long. A file
        of a few sounds in much silence stays small.
    """
    rows = frames(text)
    if not rows:
        return 0.0
    shares = [count / len(rows) for count in Counter(rows).values()]
    return math.exp(-sum(share * math.log(share) for share in shares))


def similarity(a: str, b: str, offset_s: float = OFFSET_S) -> float:
    """How alike two fingerprints are, 0..1: 1 for the same bits, about 0 for unrelated audio. Symmetric.

    Args:
        a: one, compressed.
        b: the other.
        offset_s: by how much one may begin later than the other, in seconds.
    """
    left, right = frames(a), frames(b)
    if min(len(left), len(right)) < _FEWEST_FRAMES:
        return 0.0
    if left > right:
        # The search below is the same either way; the order makes it so to the last digit.
        left, right = right, left
    packed_left, packed_right = _packed(left), _packed(right)
    best = 1.0
    most = int(offset_s * _FRAMES_PER_S)
    # Where few frames overlap, some offset fits by chance.
    fewest = max(_FEWEST_FRAMES, min(len(left), len(right)) // 3)
    for offset in range(-most, most + 1):
        if offset >= 0:
            x, y, overlap = packed_left >> (32 * offset), packed_right, min(len(left) - offset, len(right))
        else:
            x, y, overlap = packed_left, packed_right >> (-32 * offset), min(len(left), len(right) + offset)
        if overlap < fewest:
            continue
        wrong = ((x ^ y) & ((1 << (32 * overlap)) - 1)).bit_count() / (32 * overlap)
        best = min(best, wrong)
    return max(0.0, 1 - 2 * best)


def _packed(rows: tuple[int, ...]) -> int:
    return int.from_bytes(b"".join(row.to_bytes(4, "little") for row in rows), "little")
