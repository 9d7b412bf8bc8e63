"""What people have settled: rulings about recordings, and directions that are held back."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime

from navaar_contracts.identifiers import Direction
from navaar_ledger.domain.overrides import Override


def rule(connection: sqlite3.Connection, rulings: Sequence[tuple[str, Override | None]]) -> None:
    for key, ruling in rulings:
        if ruling is None:
            connection.execute("DELETE FROM rulings WHERE key = ?", (key,))
        else:
            connection.execute(
                "INSERT INTO rulings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
                (key, ruling.model_dump_json(exclude_defaults=True)),
            )


def rulings(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for key in keys:
        row = connection.execute("SELECT body FROM rulings WHERE key = ?", (key,)).fetchone()
        if row is not None:
            found[key] = Override.model_validate_json(row[0])
    return found


def pause(connection: sqlite3.Connection, link: str, direction: Direction, paused: bool, at: datetime) -> None:
    connection.execute(
        "INSERT INTO pauses VALUES (?, ?, ?, ?) ON CONFLICT (link, direction) DO UPDATE SET paused = excluded.paused, "
        "asked_at = excluded.asked_at WHERE excluded.asked_at >= asked_at",
        (link, direction, int(paused), at.timestamp()),
    )


def paused(connection: sqlite3.Connection, link: str) -> frozenset[Direction]:
    rows = connection.execute("SELECT direction FROM pauses WHERE link = ? AND paused = 1", (link,))
    return frozenset(Direction(direction) for (direction,) in rows)
