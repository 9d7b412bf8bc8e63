"""Tracks, claims and what is derived from documents: each function one transaction on an open connection."""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.projection import Derived, derive, lines
from navaar_ledger.store.sqlite.finding import index_words
from navaar_ledger.store.sqlite.lists import insert_line

SLICE = 500
"""Values in one IN (...), well below SQLite's limit."""


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All or nothing; on disk when it ends, because synchronous is FULL."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    connection.execute("COMMIT")


def next_track_id(connection: sqlite3.Connection) -> int:
    with transaction(connection):
        row = connection.execute(
            "UPDATE sequence SET value = value + 1 WHERE name = 'track' RETURNING value"
        ).fetchone()
        return int(row[0])


def claim(connection: sqlite3.Connection, key: str, track_id: int) -> int:
    row = connection.execute("SELECT track_id FROM claims WHERE key = ?", (key,)).fetchone()
    if row is not None:
        return int(row[0])
    with transaction(connection):
        connection.execute("INSERT INTO claims VALUES (?, ?) ON CONFLICT DO NOTHING", (key, track_id))
        return int(connection.execute("SELECT track_id FROM claims WHERE key = ?", (key,)).fetchone()[0])


def release(connection: sqlite3.Connection, key: str, holders: Sequence[int]) -> None:
    marks = ",".join("?" * len(holders))
    connection.execute(f"DELETE FROM claims WHERE key = ? AND track_id IN ({marks})", [key, *holders])  # noqa: S608


def owners(connection: sqlite3.Connection, keys: Sequence[str]) -> dict[str, int]:
    found: dict[str, int] = {}
    for start in range(0, len(keys), SLICE):
        part = list(keys[start : start + SLICE])
        marks = ",".join("?" * len(part))
        rows = connection.execute(f"SELECT key, track_id FROM claims WHERE key IN ({marks})", part)  # noqa: S608
        found.update(dict(rows))
    return found


def load(connection: sqlite3.Connection, track_id: int) -> Track | None:
    row = connection.execute("SELECT body FROM tracks WHERE id = ?", (track_id,)).fetchone()
    return None if row is None else Track.model_validate_json(row[0])


def save(connection: sqlite3.Connection, track: Track, expected_version: int, entries: Sequence[AuditEntry]) -> bool:
    """The document, its log entries and everything derived from it, in one transaction."""
    derived = derive(track)
    with transaction(connection):
        row = connection.execute("SELECT version, figures, words FROM tracks WHERE id = ?", (track.id,)).fetchone()
        if (0 if row is None else row[0]) != expected_version:
            return False
        counted = Counter(json.loads(row[1])) if row is not None else Counter[str]()
        _write_document(connection, track, derived)
        _write_derived(connection, track, derived, row[2] if row is not None else None)
        _count(connection, track.link, counted, derived.figures)
        for line in lines(track, entries):
            insert_line(connection, line)
        return True


def sharing(
    connection: sqlite3.Connection, link: str, keys: Sequence[str], limit: int, least: int
) -> tuple[Track, ...]:
    if not keys:
        return ()
    marks = ",".join("?" * len(keys))
    rows = connection.execute(
        f"SELECT body FROM (SELECT track_id, COUNT(*) AS common FROM identity_keys WHERE key IN ({marks})"  # noqa: S608
        " GROUP BY track_id HAVING common >= ? ORDER BY common DESC, track_id LIMIT ?)"
        " JOIN tracks ON tracks.id = track_id ORDER BY common DESC, track_id",
        [*(f"{link}|{key}" for key in keys), least, limit],
    )
    return tuple(Track.model_validate_json(body) for (body,) in rows)


def _write_document(connection: sqlite3.Connection, track: Track, derived: Derived) -> None:
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
            json.dumps(derived.figures),
            derived.due_at.timestamp() if derived.due_at else None,
            derived.waiting_since.timestamp() if derived.waiting_since else None,
            track.updated_at.timestamp(),
            int(derived.held),
            " ".join(derived.words),
        ),
    )


def _write_derived(connection: sqlite3.Connection, track: Track, derived: Derived, known_words: str | None) -> None:
    index_words(connection, track.id, known_words, derived.words)
    _replace(connection, "facets", "facet", track.id, set(derived.facets))
    _replace(connection, "identity_keys", "key", track.id, set(derived.keys))
    _replace(connection, "resolving", "collection", track.id, set(derived.resolving))
    connection.execute("DELETE FROM lanes WHERE track_id = ?", (track.id,))
    connection.executemany(
        "INSERT OR REPLACE INTO lanes VALUES (?, ?, ?, ?)",
        [(e.lane, e.order, track.id, e.model_dump_json(exclude_defaults=True)) for e in derived.lanes],
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


def _count(connection: sqlite3.Connection, link: str, before: Counter[str], after: Counter[str]) -> None:
    changes = {name: after[name] - before[name] for name in before.keys() | after.keys()}
    connection.executemany(
        "INSERT INTO figures VALUES (?, ?, ?) ON CONFLICT (link, name) DO UPDATE SET amount = amount + excluded.amount",
        [(link, name, amount) for name, amount in changes.items() if amount],
    )
