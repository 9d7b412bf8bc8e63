"""The first implementation's log and its rows, as lines of the audit log. Pure."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from navaar_contracts.events import ImportedLine
from navaar_contracts.identifiers import Direction
from navaar_launcher.legacy.rows import Left, LegacyRow, Raw, moment

MOST_LINES = 450
LONGEST = 1900
MOST_TEXT = 400_000
"""Characters in one event, well below what NATS takes in one message."""


@dataclass(slots=True)
class Lines:
    """Log lines by the row of tracks they are about."""

    by_row: Mapping[int, Sequence[tuple[Raw, ImportedLine]]] = field(default_factory=dict)
    taken: int = 0

    def of(self, rows: Iterable[LegacyRow], source: str) -> tuple[tuple[ImportedLine, ...], list[Left]]:
        """What the log and the rows themselves say, oldest first, and what is too much for one event."""
        rows = list(rows)
        told = [_as_line(row, source) for row in rows]
        room = MOST_TEXT - sum(len(line.details) for line in told)
        logged = sorted(
            (pair for row in rows for pair in self.by_row.get(row.id, ())), key=lambda pair: pair[1].at, reverse=True
        )
        kept: list[ImportedLine] = []
        left: list[Left] = []
        for raw, line in logged:
            room -= len(line.details)
            if room < 0 or len(kept) >= MOST_LINES - len(told):
                left.append(Left("sync_log", raw, "there are too many lines about its item; the newest are taken over"))
            else:
                kept.append(line)
        self.taken += len(kept)
        return tuple(sorted([*told, *kept], key=lambda line: line.at)), left


def lines_by_row(log: Iterable[Raw], known: set[int], otherwise: datetime) -> tuple[Lines, list[Left]]:
    """The log by row; lines that are about no row that is taken over are left."""
    found: dict[int, list[tuple[Raw, ImportedLine]]] = {}
    left: list[Left] = []
    for raw in log:
        about = raw.get("track_id")
        if about not in known:
            why = "it is about no item" if about is None else f"row #{about} of tracks is not there, or is left"
            left.append(Left("sync_log", raw, why, needed=False))
            continue
        found.setdefault(about, []).append((raw, _line(raw, otherwise)))
    return Lines(found), left


def _line(raw: Raw, otherwise: datetime) -> ImportedLine:
    direction = raw.get("direction")
    return ImportedLine(
        at=moment(raw.get("created_at")) or otherwise,
        event=str(raw.get("event") or "line")[:50],
        details=_details(raw.get("details"))[:LONGEST],
        direction=Direction(direction) if direction in tuple(Direction) else None,
    )


def _details(value: object) -> str:
    """JSON as 'name: value' for a person; what is no JSON as it is."""
    text = "" if value is None else str(value)
    try:
        told = json.loads(text)
    except ValueError:
        return text
    if not isinstance(told, dict):
        return text
    return ", ".join(f"{name}: {each}" for name, each in told.items())


def _as_line(row: LegacyRow, source: str) -> ImportedLine:
    """The row itself, with every column that says something."""
    columns = {name: value for name, value in row.raw.items() if value is not None and name != "id"}
    said = ", ".join(f"{name}: {value}" for name, value in columns.items())
    details = f"LegacyRow #{row.id} {source}: {said}"
    return ImportedLine(at=row.updated_at, event="imported_row", details=details[:LONGEST], direction=row.direction)
