"""Tables and their forward migrations. A version is never edited once released; a change is a new one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.track import Track
from navaar_ledger.store.earlier_folding import new_keys
from navaar_runtime.failures import Permanent


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


def _fold_again(connection: sqlite3.Connection) -> None:
    """Overrides and words under names as they are folded now; the words are indexed once the file is open."""
    rows = connection.execute("SELECT key, body FROM rulings")
    overrides = {key: Override.model_validate_json(body) for key, body in rows}
    bodies = connection.execute("SELECT body FROM tracks") if overrides else ()
    moved = new_keys((Track.model_validate_json(body) for (body,) in bodies), overrides)
    connection.executemany("DELETE FROM rulings WHERE key = ?", [(key,) for key in moved])
    connection.executemany(
        "INSERT INTO rulings VALUES (?, ?) ON CONFLICT (key) DO NOTHING",
        [(new, overrides[key].model_dump_json(exclude_defaults=True)) for key, keys in moved.items() for new in keys],
    )
    connection.execute("DELETE FROM beginnings")
    connection.execute("UPDATE tracks SET words = NULL")


Migration = str | Callable[[sqlite3.Connection], None]

MIGRATIONS: tuple[Migration, ...] = (
    """
    CREATE TABLE tracks (
        id INTEGER PRIMARY KEY,
        version INTEGER NOT NULL,
        link TEXT NOT NULL,
        body TEXT NOT NULL,
        figures TEXT NOT NULL,
        due_at REAL,
        waiting_since REAL,
        updated_at REAL NOT NULL,
        held INTEGER NOT NULL DEFAULT 0
    ) STRICT;
    CREATE INDEX tracks_due ON tracks (due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX tracks_waiting ON tracks (waiting_since) WHERE waiting_since IS NOT NULL;
    CREATE INDEX tracks_held ON tracks (link, id) WHERE held = 1;

    CREATE TABLE facets (
        facet TEXT NOT NULL,
        track_id INTEGER NOT NULL,
        PRIMARY KEY (facet, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX facets_of_track ON facets (track_id);

    CREATE TABLE resolving (
        collection TEXT NOT NULL,
        track_id INTEGER NOT NULL,
        PRIMARY KEY (collection, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX resolving_of_track ON resolving (track_id);

    CREATE TABLE lanes (
        lane TEXT NOT NULL,
        place INTEGER NOT NULL,
        track_id INTEGER NOT NULL,
        entry TEXT NOT NULL,
        PRIMARY KEY (lane, place, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX lanes_of_track ON lanes (track_id);

    CREATE TABLE identity_keys (
        key TEXT NOT NULL,
        track_id INTEGER NOT NULL,
        PRIMARY KEY (key, track_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX identity_keys_of_track ON identity_keys (track_id);

    CREATE TABLE claims (
        key TEXT PRIMARY KEY,
        track_id INTEGER NOT NULL
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE log (
        id TEXT PRIMARY KEY,
        once TEXT UNIQUE,
        link TEXT NOT NULL,
        track_id INTEGER,
        body TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX log_of_link ON log (link, id);
    CREATE INDEX log_of_track ON log (track_id, id) WHERE track_id IS NOT NULL;

    CREATE TABLE figures (
        link TEXT NOT NULL,
        name TEXT NOT NULL,
        amount INTEGER NOT NULL,
        PRIMARY KEY (link, name)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE collections (
        link TEXT NOT NULL,
        platform TEXT NOT NULL,
        opened_at TEXT NOT NULL,
        items INTEGER NOT NULL,
        PRIMARY KEY (link, platform)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE cycles (
        link TEXT NOT NULL,
        direction TEXT NOT NULL,
        number INTEGER NOT NULL,
        ended_at TEXT NOT NULL,
        PRIMARY KEY (link, direction)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE sequence (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT, WITHOUT ROWID;
    INSERT INTO sequence VALUES ('track', 0);
    """,
    """
    UPDATE resolving SET collection = collection || '|*';

    ALTER TABLE tracks ADD COLUMN words TEXT;
    CREATE INDEX tracks_without_words ON tracks (id) WHERE words IS NULL;

    CREATE TABLE beginnings (
        beginning TEXT NOT NULL,
        track_id INTEGER NOT NULL,
        PRIMARY KEY (beginning, track_id)
    ) STRICT, WITHOUT ROWID;

    CREATE TABLE rulings (key TEXT PRIMARY KEY, body TEXT NOT NULL) STRICT, WITHOUT ROWID;

    CREATE TABLE pauses (
        link TEXT NOT NULL,
        direction TEXT NOT NULL,
        paused INTEGER NOT NULL,
        asked_at REAL NOT NULL,
        PRIMARY KEY (link, direction)
    ) STRICT, WITHOUT ROWID;
    """,
    _fold_again,
    """
    CREATE TABLE platform_pauses (
        link TEXT NOT NULL,
        platform TEXT NOT NULL,
        since REAL NOT NULL,
        until REAL,
        reason TEXT NOT NULL,
        refused INTEGER NOT NULL,
        PRIMARY KEY (link, platform)
    ) STRICT, WITHOUT ROWID;
    """,
    """
    CREATE TABLE about (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    """,
)


def migrate(connection: sqlite3.Connection, migrations: tuple[Migration, ...] = MIGRATIONS) -> None:
    """Bring the file to the newest version, each step in a transaction of its own.

    Raises:
        Permanent: a newer Navaar has written this file.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > len(migrations):
        raise Permanent(
            f"the ledger's file has schema version {version}, this Navaar knows {len(migrations)}: run the newer Navaar"
        )
    for number, step in enumerate(migrations[version:], start=version + 1):
        if isinstance(step, str):
            connection.executescript(f"BEGIN IMMEDIATE;\n{step}\nPRAGMA user_version = {number};\nCOMMIT;")
            continue
        with transaction(connection):
            step(connection)
            connection.execute(f"PRAGMA user_version = {number}")
