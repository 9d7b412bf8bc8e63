"""What the file says about the ledger as a whole: its epoch, how far it has read the history, the numbers it gave."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping


def read_about(connection: sqlite3.Connection) -> dict[str, str]:
    return dict(connection.execute("SELECT name, value FROM about"))


def write_about(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    connection.executemany(
        "INSERT INTO about VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", values.items()
    )


def highest_number(connection: sqlite3.Connection) -> int:
    """Of all that bears a track's number; 0 where nothing does."""
    (highest,) = connection.execute(
        "SELECT max(coalesce((SELECT max(id) FROM tracks), 0), coalesce((SELECT max(track_id) FROM claims), 0), "
        "coalesce((SELECT max(track_id) FROM log), 0))"
    ).fetchone()
    return int(highest)


def raise_number(connection: sqlite3.Connection, floor: int) -> bool:
    """Whether the counter was below `floor`; it is not any more."""
    changed = connection.execute(
        "UPDATE sequence SET value = ? WHERE name = 'track' AND value < ?", (floor, floor)
    ).rowcount
    return changed > 0
