"""The index of the beginnings of tracks' words, filled in where an older file lacks it."""

from __future__ import annotations

import sqlite3

from navaar_ledger.domain.track import Track
from navaar_ledger.store.projection import project
from navaar_text.search_words import beginnings

FILLED_AT_ONCE = 500


def index_words(connection: sqlite3.Connection, track_id: int, before: str | None, words: tuple[str, ...]) -> None:
    """Bring the index in line with the track's words, which were `before`, joined by spaces."""
    if before == " ".join(words):
        return
    there, wanted = beginnings(tuple((before or "").split())), beginnings(words)
    connection.executemany(
        "DELETE FROM beginnings WHERE beginning = ? AND track_id = ?", [(each, track_id) for each in there - wanted]
    )
    connection.executemany(
        "INSERT OR IGNORE INTO beginnings VALUES (?, ?)", [(each, track_id) for each in sorted(wanted - there)]
    )


def fill_words(connection: sqlite3.Connection) -> None:
    """Index tracks that were written before there was an index. Each part is kept, so that a stop costs little."""
    while True:
        rows = connection.execute(
            "SELECT id, body FROM tracks WHERE words IS NULL LIMIT ?", (FILLED_AT_ONCE,)
        ).fetchall()
        if not rows:
            return
        connection.execute("BEGIN IMMEDIATE")
        for track_id, body in rows:
            words = project(Track.model_validate_json(body)).words
            index_words(connection, track_id, None, words)
            connection.execute("UPDATE tracks SET words = ? WHERE id = ?", (" ".join(words), track_id))
        connection.execute("COMMIT")
