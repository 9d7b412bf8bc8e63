"""Reads a ledger's file from outside, while its owner may be writing it: one consistent moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from navaar_ledger.domain.track import Track
from navaar_runtime.failures import Permanent


@contextmanager
def snapshot(file: Path) -> Iterator[sqlite3.Connection]:
    """A connection that sees the file as it is now, and cannot change it.

    Raises:
        Permanent: there is no such file, or it is no ledger.
    """
    if not file.is_file():
        raise Permanent(f"there is no ledger at {file}")
    connection = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True, isolation_level=None)
    try:
        connection.execute("PRAGMA busy_timeout = 5000")
        connection.execute("BEGIN")
        yield connection
    except sqlite3.Error as error:
        raise Permanent(f"{file} cannot be read: {error}") from error
    finally:
        connection.close()


def tracks(connection: sqlite3.Connection) -> Iterator[Track]:
    """Every document, merged and deleted ones too, by number."""
    for (body,) in connection.execute("SELECT body FROM tracks ORDER BY id"):
        yield Track.model_validate_json(body)


def claims(connection: sqlite3.Connection) -> Iterator[tuple[str, int]]:
    """Every claim with its owner."""
    yield from connection.execute("SELECT key, track_id FROM claims")
