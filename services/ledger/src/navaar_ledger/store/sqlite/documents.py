"""Writes a track's document and everything derived from it, within the caller's transaction."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter

from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.projection import Projection
from navaar_ledger.store.sqlite.words import index_words


def write_document(connection: sqlite3.Connection, track: Track, projection: Projection) -> None:
    connection.execute(
        "INSERT INTO tracks VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET "
        "version = excluded.version, body = excluded.body, figures = excluded.figures, due_at = excluded.due_at, "
        "waiting_since = excluded.waiting_since, updated_at = excluded.updated_at, "
        "held = excluded.held, words = excluded.words",
        (
            track.id,
            track.version,
            track.link,
            track.model_dump_json(exclude_defaults=True),
            json.dumps(projection.counters),
            projection.due_at.timestamp() if projection.due_at else None,
            projection.waiting_since.timestamp() if projection.waiting_since else None,
            track.updated_at.timestamp(),
            int(projection.held),
            " ".join(projection.words),
        ),
    )


def write_derived(
    connection: sqlite3.Connection, track: Track, projection: Projection, known_words: str | None
) -> None:
    index_words(connection, track.id, known_words, projection.words)
    _replace(connection, "facets", "facet", track.id, set(projection.list_keys))
    _replace(connection, "identity_keys", "key", track.id, set(projection.keys))
    _replace(connection, "resolving", "collection", track.id, set(projection.resolving))
    connection.execute("DELETE FROM lanes WHERE track_id = ?", (track.id,))
    connection.executemany(
        "INSERT OR REPLACE INTO lanes VALUES (?, ?, ?, ?)",
        [
            (e.queue, e.order, track.id, e.model_dump_json(by_alias=True, exclude_defaults=True))
            for e in projection.queues
        ],
    )


def _replace(connection: sqlite3.Connection, table: str, column: str, track_id: int, wanted: set[str]) -> None:
    rows = connection.execute(f"SELECT {column} FROM {table} WHERE track_id = ?", (track_id,))  # noqa: S608
    there = {value for (value,) in rows}
    connection.executemany(
        f"DELETE FROM {table} WHERE {column} = ? AND track_id = ?",  # noqa: S608
        [(value, track_id) for value in there - wanted],
    )
    connection.executemany(
        f"INSERT INTO {table} ({column}, track_id) VALUES (?, ?)",  # noqa: S608
        [(value, track_id) for value in wanted - there],
    )


def count(connection: sqlite3.Connection, link: str, before: Counter[str], after: Counter[str]) -> None:
    changes = {name: after[name] - before[name] for name in before.keys() | after.keys()}
    connection.executemany(
        "INSERT INTO figures VALUES (?, ?, ?) ON CONFLICT (link, name) DO UPDATE SET amount = amount + excluded.amount",
        [(link, name, amount) for name, amount in changes.items() if amount],
    )


def insert_line(connection: sqlite3.Connection, line: LogEntry, once: str | None = None) -> bool:
    cursor = connection.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (line.id, once, line.link, line.track_id, line.model_dump_json(exclude_none=True)),
    )
    return cursor.rowcount == 1
