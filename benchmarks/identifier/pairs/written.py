"""All pairs: the generated kinds by a seed, and those written by hand, in two halves."""

from __future__ import annotations

from pathlib import Path
from random import Random

from benchmarks.identifier.pairs import (
    different_titles,
    different_versions,
    different_witnesses,
    same_names,
    same_releases,
)
from benchmarks.identifier.pairs.rows import DEVELOPED, HELD, Fields, Pair

SEED = 20261129
EACH = 24
"""Pairs of every generated kind, half of them for either half."""
KINDS = {
    **different_titles.KINDS,
    **different_versions.KINDS,
    **different_witnesses.KINDS,
    **same_names.KINDS,
    **same_releases.KINDS,
}
BY_HAND = Path(__file__).with_name("by_hand.txt")


def generated(seed: int = SEED, each: int = EACH) -> list[Pair]:
    """So many pairs of every kind; the same for the same seed."""
    found: list[Pair] = []
    for kind, make in KINDS.items():
        dice = Random(f"{seed} {kind}")
        for index in range(each):
            right, a, b = make(dice)
            found.append(Pair(kind, right, a, b, HELD if index % 2 else DEVELOPED))
    return found


def by_hand() -> list[Pair]:
    """The pairs of `by_hand.txt`, which says how it is written."""
    found: list[Pair] = []
    kind, right = "", ""
    for line in BY_HAND.read_text(encoding="utf-8").splitlines():
        if line.startswith("## "):
            kind, right = line.removeprefix("## ").split(" | ")
        elif line.strip() and not line.startswith("#"):
            a, b = (_fields(side) for side in line.split(" || "))
            found.append(Pair(kind, right, a, b, HELD if len(found) % 2 else DEVELOPED))  # type: ignore[arg-type]
    return found


def _fields(text: str) -> Fields:
    artist, title, seconds, album = (*(piece.strip() for piece in text.split(";;")), "", "", "")[:4]
    fields: Fields = {
        "artist": artist,
        "title": title,
        "duration_s": float(seconds or 0),
        "album": album,
        "kind": "song",
    }
    return {name: value for name, value in fields.items() if value}
