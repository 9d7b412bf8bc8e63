"""Bounded reads: lanes, what is due or waits, lists that page by key, figures, and the small states."""

from __future__ import annotations

import sqlite3
from datetime import datetime

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import stamp
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.queue import Lane, LaneEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.port import Collection, Figures
from navaar_ledger.store.projection import facet, figures_of, resolving_keys

_LAST = "~"
"""Sorts behind every log id."""


def lane(connection: sqlite3.Connection, wanted: Lane, limit: int) -> tuple[LaneEntry, ...]:
    rows = connection.execute("SELECT entry FROM lanes WHERE lane = ? ORDER BY place LIMIT ?", (wanted.key, limit))
    return tuple(LaneEntry.model_validate_json(entry) for (entry,) in rows)


def is_resolving(
    connection: sqlite3.Connection, link: str, platform: Platform, since: datetime, paused: frozenset[Direction]
) -> bool:
    keys = resolving_keys(link, platform, paused)
    row = connection.execute(
        "SELECT 1 FROM resolving JOIN tracks ON tracks.id = resolving.track_id "  # noqa: S608
        f"WHERE resolving.collection IN ({','.join('?' * len(keys))}) AND tracks.updated_at > ? LIMIT 1",
        [*keys, since.timestamp()],
    ).fetchone()
    return row is not None


def due(connection: sqlite3.Connection, now: datetime, limit: int) -> tuple[int, ...]:
    rows = connection.execute(
        "SELECT id FROM tracks WHERE due_at <= ? ORDER BY due_at LIMIT ?", (now.timestamp(), limit)
    )
    return tuple(track_id for (track_id,) in rows)


def waiting(connection: sqlite3.Connection, before: datetime, limit: int) -> tuple[int, ...]:
    rows = connection.execute(
        "SELECT id FROM tracks WHERE waiting_since < ? ORDER BY waiting_since LIMIT ?", (before.timestamp(), limit)
    )
    return tuple(track_id for (track_id,) in rows)


def held(connection: sqlite3.Connection, link: str, after: int, limit: int) -> tuple[Track, ...]:
    rows = connection.execute(
        "SELECT body FROM tracks WHERE held = 1 AND link = ? AND id > ? ORDER BY id LIMIT ?", (link, after, limit)
    )
    return tuple(Track.model_validate_json(body) for (body,) in rows)


def tracks(
    connection: sqlite3.Connection,
    link: str | None,
    direction: Direction | None,
    state: DeliveryState | None,
    limit: int,
    before: int | None,
) -> tuple[Track, ...]:
    rows = connection.execute(
        "SELECT body FROM tracks WHERE id IN (SELECT track_id FROM facets WHERE facet = ? AND track_id < ? "
        "ORDER BY track_id DESC LIMIT ?) ORDER BY id DESC",
        (facet(link, direction, state), before if before is not None else 2**62, limit),
    )
    return tuple(Track.model_validate_json(body) for (body,) in rows)


def in_state(
    connection: sqlite3.Connection, link: str | None, state: DeliveryState, limit: int, after: int
) -> tuple[Track, ...]:
    rows = connection.execute(
        "SELECT body FROM tracks WHERE id IN (SELECT track_id FROM facets WHERE facet = ? AND track_id > ? "
        "ORDER BY track_id LIMIT ?) ORDER BY id",
        (facet(link, None, state), after, limit),
    )
    return tuple(Track.model_validate_json(body) for (body,) in rows)


def insert_line(connection: sqlite3.Connection, line: LogEntry, once: str | None = None) -> bool:
    cursor = connection.execute(
        "INSERT INTO log VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (line.id, once, line.link, line.track_id, line.model_dump_json(exclude_none=True)),
    )
    return cursor.rowcount == 1


def note(connection: sqlite3.Connection, entry: LogEntry, once: str) -> bool:
    line = entry.model_copy(update={"id": f"{stamp(entry.created_at):013d}-{once}"})
    return insert_line(connection, line, once)


def log(
    connection: sqlite3.Connection, link: str | None, track_id: int | None, limit: int, before: str | None
) -> tuple[LogEntry, ...]:
    last = before or _LAST
    if track_id is not None:
        rows = connection.execute(
            "SELECT body FROM log WHERE track_id = ? AND id < ? ORDER BY id DESC LIMIT ?", (track_id, last, limit)
        )
    elif link is not None:
        rows = connection.execute(
            "SELECT body FROM log WHERE link = ? AND id < ? ORDER BY id DESC LIMIT ?", (link, last, limit)
        )
    else:
        rows = connection.execute("SELECT body FROM log WHERE id < ? ORDER BY id DESC LIMIT ?", (last, limit))
    return tuple(LogEntry.model_validate_json(body) for (body,) in rows)


def figures(connection: sqlite3.Connection, link: str) -> Figures:
    rows = connection.execute("SELECT name, amount FROM figures WHERE link = ?", (link,))
    return figures_of(dict(rows))


def open_collection(connection: sqlite3.Connection, opened: Collection) -> bool:
    cursor = connection.execute(
        "INSERT INTO collections VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        (opened.link, opened.platform, opened.opened_at.isoformat(), opened.items),
    )
    return cursor.rowcount == 1


def collection(connection: sqlite3.Connection, link: str, platform: Platform) -> Collection | None:
    row = connection.execute(
        "SELECT opened_at, items FROM collections WHERE link = ? AND platform = ?", (link, platform)
    ).fetchone()
    return None if row is None else Collection(link, platform, datetime.fromisoformat(row[0]), row[1])


def record_cycle(connection: sqlite3.Connection, link: str, direction: Direction, number: int, at: datetime) -> None:
    connection.execute(
        "INSERT INTO cycles VALUES (?, ?, ?, ?) ON CONFLICT (link, direction) DO UPDATE SET "
        "number = excluded.number, ended_at = excluded.ended_at WHERE excluded.ended_at > ended_at",
        (link, direction, number, at.isoformat()),
    )


def cycles(connection: sqlite3.Connection, link: str) -> dict[Direction, datetime]:
    rows = connection.execute("SELECT direction, ended_at FROM cycles WHERE link = ?", (link,))
    return {Direction(direction): datetime.fromisoformat(ended_at) for direction, ended_at in rows}
