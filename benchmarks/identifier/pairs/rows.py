"""Rows: one pair of items each, with the kind it stands for and the right answer, as JSON lines."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal, NamedTuple

Fields = dict[str, Any]
"""title, artist, album, duration_s, isrc, explicit, fingerprint, kind (song, video, upload, audio), file_name, caption;
all of them may be missing."""

Right = Literal["same", "different", "not same"]
"""'not same': two recordings, and a person may be asked."""

DEVELOPED, HELD = "developed", "held"
"""The halves: the rules were made with one; the other was looked at when they were done."""


class Pair(NamedTuple):
    kind: str
    right: Right
    a: Fields
    b: Fields
    half: str = DEVELOPED


def load(path: Path) -> list[Pair]:
    """The pairs of a file of JSON lines."""
    return [Pair(**json.loads(line)) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def save(path: Path, pairs: Iterable[Pair]) -> None:
    lines = (json.dumps(pair._asdict(), ensure_ascii=False) for pair in pairs)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
