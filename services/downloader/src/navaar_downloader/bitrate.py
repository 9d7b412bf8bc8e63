"""How audio is made to fit Telegram's upload limit: a ladder of bitrates. Pure."""

from __future__ import annotations

import math
from dataclasses import dataclass

LADDER_KBPS = (256, 192, 160, 128, 112, 96, 80, 64, 48)
"""AAC; below 48 kbit/s stereo music is not worth posting."""

GOOD_KBPS = 192
"""What audio is encoded with that must be converted anyway: transparent for YouTube's Opus at 160."""

_SHARE_FOR_AUDIO = 0.98
"""Encoders overshoot, and 'MB' may mean 10^6 or 2^20 bytes; this much of the smaller one is used."""

_CONTAINER_BYTES_PER_S = 200
"""Index tables of an m4a: about four bytes a frame plus chunk offsets, 43 frames a second at most 48 kHz."""


@dataclass(frozen=True, slots=True)
class Fits:
    """Small enough as it is."""


@dataclass(frozen=True, slots=True)
class Encode:
    """Small enough at this bitrate."""

    kbps: int


@dataclass(frozen=True, slots=True)
class CannotFit:
    """Too long for any bitrate worth hearing."""

    reason: str


def limit_bytes(max_upload_mb: float) -> int:
    """The bytes a finished file may have under a limit given in MB."""
    return int(max_upload_mb * 1_000_000 * _SHARE_FOR_AUDIO)


def fit(
    size_bytes: int,
    duration_s: float,
    limit: int,
    *,
    reserved_bytes: int = 0,
    source_kbps: float | None = None,
    below_kbps: int | None = None,
) -> Fits | Encode | CannotFit:
    """What to do with audio of `size_bytes` and `duration_s` so that with `reserved_bytes` more it stays in `limit`.

    `source_kbps` caps the bitrate, since encoding cannot add quality; `below_kbps` is what this file was encoded with.
    """
    room = limit - reserved_bytes
    if 0 < size_bytes <= room:
        return Fits()
    return _highest_rung(duration_s, room, source_kbps, below_kbps) or CannotFit(too_long(duration_s, limit))


def encoding_for(duration_s: float, limit: int, *, reserved_bytes: int = 0) -> Encode | CannotFit:
    """The bitrate for audio that must be converted in any case: a good one, or a lower one that fits."""
    rung = _highest_rung(duration_s, limit - reserved_bytes, GOOD_KBPS, None)
    return rung or CannotFit(too_long(duration_s, limit))


def too_long(duration_s: float, limit: int) -> str:
    """Why it cannot fit, and what to do about it."""
    return (
        f"{math.ceil(duration_s / 60)} minutes of audio do not fit into {limit / 1_000_000:.0f} MB "
        f"even at {LADDER_KBPS[-1]} kbit/s; a local Bot API server lifts the limit (NAVAAR_TELEGRAM_MAX_UPLOAD_MB)"
    )


def _highest_rung(duration_s: float, room: int, cap_kbps: float | None, below_kbps: int | None) -> Encode | None:
    lowest = LADDER_KBPS[-1]
    for kbps in LADDER_KBPS:
        if cap_kbps is not None and kbps > max(cap_kbps, lowest):
            continue
        if below_kbps is not None and kbps >= below_kbps:
            continue
        if duration_s * (kbps * 125 + _CONTAINER_BYTES_PER_S) <= room:
            return Encode(kbps)
    return None
