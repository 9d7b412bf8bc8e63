"""A ledger as rows that belong to no store: what is derived from documents is left out and made again. Pure.

Each row is a JSON object with its `kind`, one of KINDS.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from navaar_runtime.failures import Permanent

Row = dict[str, Any]
KINDS = (
    "track",
    "claim",
    "line",
    "override",
    "pause",
    "platform_pause",
    "collection",
    "cycle",
    "number",
    "about",
)


@dataclass
class Tally:
    """How many rows of each kind went by, and the highest number among them."""

    rows: Counter[str] = field(default_factory=Counter)
    highest: int = 0
    counter: int = 0

    def counted(self, rows: Iterable[Row]) -> Iterator[Row]:
        for row in rows:
            self.rows[row["kind"]] += 1
            if row["kind"] == "number":
                self.counter = int(row["value"])
            elif row["kind"] == "track":
                self.highest = max(self.highest, int(row["body"]["id"]))
            elif row["kind"] == "claim":
                self.highest = max(self.highest, int(row["track_id"]))
            yield row


def written(rows: Iterable[Row]) -> Iterator[bytes]:
    """One line for each."""
    for row in rows:
        yield json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def read(lines: Iterable[bytes]) -> Iterator[Row]:
    """Raises Permanent: a line is none of ours."""
    for line in lines:
        try:
            row = json.loads(line)
        except ValueError:
            row = None
        if not isinstance(row, dict) or row.get("kind") not in KINDS:
            raise Permanent(
                "the backup holds a line that this Navaar does not know: it is damaged, or from a newer one"
            )
        yield row
