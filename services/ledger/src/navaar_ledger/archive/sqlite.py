"""The rows of a ledger in SQLite, and a new file made of rows."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from navaar_contracts.queries import LogEntry
from navaar_ledger.archive.rows import Row
from navaar_ledger.domain.track import Track
from navaar_ledger.store.projection import project
from navaar_ledger.store.sqlite.documents import count, insert_line, write_derived, write_document
from navaar_ledger.store.sqlite.schema import migrate, transaction
from navaar_ledger.store.sqlite.store import FILE
from navaar_ledger.store.sqlite.words import fill_words
from navaar_runtime.failures import Permanent

AT_ONCE = 500


def copied(file: Path, folder: Path) -> Path:
    """A copy of one moment of the ledger in `file`, whoever is writing to it, made in `folder` in today's form.

    Raises:
        Permanent: there is no ledger, it is damaged, from a newer Navaar, or there is no room for the copy.
    """
    if not file.is_file():
        raise Permanent(f"there is no ledger at {file}")
    copy = folder / FILE
    try:
        with (
            contextlib.closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=rw", uri=True)) as source,
            contextlib.closing(sqlite3.connect(copy, isolation_level=None)) as target,
        ):
            # https://www.sqlite.org/backup.html
            source.execute("PRAGMA busy_timeout = 20000")
            source.backup(target)
            migrate(target)
            fill_words(target)
            (answer,) = target.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.Error as error:
        raise Permanent(f"{file} cannot be copied: {error}") from error
    if answer != "ok":
        raise Permanent(f"{file} is damaged: {answer}")
    return copy


def rows_of(copy: Path) -> Iterator[Row]:
    """Everything in that file, which nobody writes to."""
    with contextlib.closing(sqlite3.connect(copy)) as connection:
        read = connection.execute
        for name, value in read("SELECT name, value FROM about"):
            yield {"kind": "about", "name": name, "value": value}
        for (value,) in read("SELECT value FROM sequence WHERE name = 'track'"):
            yield {"kind": "number", "value": value}
        for (body,) in read("SELECT body FROM tracks ORDER BY id"):
            yield {"kind": "track", "body": json.loads(body)}
        for key, track_id in read("SELECT key, track_id FROM claims ORDER BY key"):
            yield {"kind": "claim", "key": key, "track_id": track_id}
        for key, body in read("SELECT key, body FROM rulings ORDER BY key"):
            yield {"kind": "override", "key": key, "body": json.loads(body)}
        for link, direction, paused, asked_at in read("SELECT link, direction, paused, asked_at FROM pauses"):
            yield {"kind": "pause", "link": link, "direction": direction, "paused": bool(paused), "at": asked_at}
        for row in read("SELECT link, platform, since, until, reason, refused FROM platform_pauses"):
            names = ("link", "platform", "since", "until", "reason", "refused")
            yield {"kind": "platform_pause", **dict(zip(names, row, strict=True))}
        for row in read("SELECT link, platform, opened_at, items FROM collections"):
            yield {"kind": "collection", **dict(zip(("link", "platform", "opened_at", "items"), row, strict=True))}
        for row in read("SELECT link, direction, number, ended_at FROM cycles"):
            yield {"kind": "cycle", **dict(zip(("link", "direction", "number", "ended_at"), row, strict=True))}
        for once, body in read("SELECT once, body FROM log ORDER BY id"):
            yield {"kind": "line", "once": once, "body": json.loads(body)}


def make(file: Path, rows: Iterable[Row]) -> None:
    """Write a new ledger into `file`. Raises OSError, and Permanent: it cannot be written."""
    try:
        with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as connection:
            # What breaks off in between is thrown away as a whole.
            connection.execute("PRAGMA synchronous = OFF")
            migrate(connection)
            pending = iter(rows)
            while some := list(islice(pending, AT_ONCE)):
                with transaction(connection):
                    for row in some:
                        _write(connection, row)
            connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.Error as error:
        raise Permanent(f"{file} cannot be written: {error}") from error


def _write(connection: sqlite3.Connection, row: Row) -> None:
    def insert(table: str, *values: Any) -> None:
        marks = ", ".join("?" * len(values))
        connection.execute(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", values)  # noqa: S608

    match row["kind"]:
        case "track":
            track = Track.model_validate(row["body"])
            projection = project(track)
            write_document(connection, track, projection)
            write_derived(connection, track, projection, None)
            count(connection, track.link, Counter(), projection.counters)
        case "claim":
            insert("claims", row["key"], row["track_id"])
        case "line":
            insert_line(connection, LogEntry.model_validate(row["body"]), row["once"])
        case "override":
            insert("rulings", row["key"], json.dumps(row["body"], ensure_ascii=False))
        case "pause":
            insert("pauses", row["link"], row["direction"], int(row["paused"]), row["at"])
        case "platform_pause":
            refused = int(row["refused"])
            insert("platform_pauses", row["link"], row["platform"], row["since"], row["until"], row["reason"], refused)
        case "collection":
            insert("collections", row["link"], row["platform"], row["opened_at"], row["items"])
        case "cycle":
            insert("cycles", row["link"], row["direction"], row["number"], row["ended_at"])
        case "number":
            insert("sequence", "track", row["value"])
        case "about":
            insert("about", row["name"], row["value"])
