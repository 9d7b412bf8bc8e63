"""Tracks by the beginnings of their words: an index of their own, filled in once where an older file lacks it."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_ledger.domain.track import Track
from navaar_ledger.domain.words import beginnings, fits, indexed
from navaar_ledger.store.port import Found
from navaar_ledger.store.projection import derive, facet, words_of

LOOKED_AT = 2_000
"""Tracks with the rarest word that one question looks at; the next page goes on."""
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


def find(
    connection: sqlite3.Connection,
    link: str | None,
    direction: Direction | None,
    state: DeliveryState | None,
    asked: Sequence[str],
    limit: int,
    before: int | None,
) -> Found:
    first, *others = indexed(tuple(asked))
    below = before if before is not None else 2**62
    looked_at = connection.execute(
        "SELECT track_id FROM beginnings WHERE beginning = ? AND track_id < ? ORDER BY track_id DESC LIMIT 1 OFFSET ?",
        (first, below, LOOKED_AT),
    ).fetchone()
    until = looked_at[0] if looked_at is not None else 0
    also = "".join(
        " AND EXISTS (SELECT 1 FROM beginnings AS b WHERE b.beginning = ? AND b.track_id = w.track_id)" for _ in others
    )
    rows = connection.execute(
        "SELECT body FROM tracks WHERE id IN (SELECT w.track_id FROM beginnings AS w WHERE w.beginning = ? "  # noqa: S608
        "AND w.track_id < ? AND w.track_id > ? "
        f"AND EXISTS (SELECT 1 FROM facets AS f WHERE f.facet = ? AND f.track_id = w.track_id){also} "
        "ORDER BY w.track_id DESC LIMIT ?) ORDER BY id DESC",
        [first, below, until, facet(link, direction, state), *others, limit + 1],
    )
    tracks = [Track.model_validate_json(body) for (body,) in rows]
    return page(tracks, tuple(asked), limit, until)


def page(tracks: Sequence[Track], asked: tuple[str, ...], limit: int, until: int) -> Found:
    """At most `limit` of `tracks`, and where to go on: after the last one, or else where the look ended."""
    more = tracks[limit - 1].id if len(tracks) > limit else (until + 1 if until else None)
    return Found(tuple(track for track in tracks[:limit] if fits(words_of(track), asked)), more)


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
            words = derive(Track.model_validate_json(body)).words
            index_words(connection, track_id, None, words)
            connection.execute("UPDATE tracks SET words = ? WHERE id = ?", (" ".join(words), track_id))
        connection.execute("COMMIT")
