"""What `navaar doctor` asks about listening: whether fingerprints can be made here."""

from __future__ import annotations

import asyncio
import math
import struct
import tempfile
import wave
from collections.abc import Mapping
from pathlib import Path

from navaar_identifier.audio.fingerprint import fingerprint
from navaar_runtime.diagnostics import Diagnostic, Level

_RATE = 11025
_SECONDS = 12


async def check_sound(environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """One fingerprint of a tune made here; without Chromaprint, songs are told apart by their names alone."""
    return (await asyncio.to_thread(_fingerprint),)


def _fingerprint() -> Diagnostic:
    with tempfile.TemporaryDirectory(prefix="navaar-doctor-") as folder:
        path = Path(folder) / "tune.wav"
        _tune(path)
        if fingerprint(path):
            return Diagnostic("Fingerprints", Level.OK, "Chromaprint makes them")
    return Diagnostic(
        "Fingerprints",
        Level.WARNING,
        "nothing makes them here: songs are recognised by their names alone",
        "install Chromaprint's fpcalc, or name an ffmpeg that has it in IMAGEIO_FFMPEG_EXE",
    )


def _tune(path: Path) -> None:
    notes = [220 * 2 ** (step * 5 % 12 / 12) for step in range(_SECONDS * 4)]
    samples = (int(9000 * math.sin(2 * math.pi * hertz * k / _RATE)) for hertz in notes for k in range(_RATE // 4))
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(b"".join(struct.pack("<h", sample) for sample in samples))
