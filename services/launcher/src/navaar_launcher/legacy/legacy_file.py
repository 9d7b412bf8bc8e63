"""Reads the first implementation's SQLite file from a copy: the file itself is never opened, let alone changed."""

from __future__ import annotations

import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from navaar_launcher.legacy.rows import Raw

TABLES = ("tracks", "sync_log", "sync_state")


class Unreadable(Exception):
    """The file cannot be read; the text says what to do."""


@dataclass(frozen=True, slots=True)
class LegacyFile:
    """Every row of the three tables as it is, in the order of their ids. A table that is missing has no rows."""

    name: str
    tables: Mapping[str, tuple[Raw, ...]]

    def rows(self, table: str) -> tuple[Raw, ...]:
        return self.tables.get(table, ())


def read(path: Path) -> LegacyFile:
    """All of `path`, with what is still in the write-ahead log beside it.

    Raises:
        Unreadable: there is no such file, it is not the first implementation's, damaged, or being written.
    """
    if not path.is_file():
        raise Unreadable(f"there is no file {path}")
    with tempfile.TemporaryDirectory(prefix="navaar-import-") as folder:
        copied = _copied(path, Path(folder))
        try:
            with sqlite3.connect(copied) as connection:
                return _read(connection, path)
        except sqlite3.DatabaseError as error:
            raise Unreadable(f"{path} cannot be read as SQLite: {error}") from None


def _copied(path: Path, folder: Path) -> Path:
    parts = [each for each in (path, path.with_name(f"{path.name}-wal")) if each.is_file()]
    try:
        before = [_stamp(part) for part in parts]
        for part in parts:
            shutil.copyfile(part, folder / part.name)
        if before != [_stamp(part) for part in parts]:
            raise Unreadable(f"{path} is being written: stop the first implementation, then import")
    except OSError as error:
        raise Unreadable(f"{path} cannot be read: {error.strerror}") from None
    return folder / path.name


def _stamp(path: Path) -> tuple[int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns


def _read(connection: sqlite3.Connection, path: Path) -> LegacyFile:
    # A title that is no UTF-8 shall not cost the whole file.
    connection.text_factory = lambda value: value.decode("utf-8", "replace")
    connection.row_factory = sqlite3.Row
    (found,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if found != "ok":
        raise Unreadable(f"{path} is damaged ({found}): restore a backup of it, then import that")
    present = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "tracks" not in present:
        raise Unreadable(f"{path} is no database of the first implementation: it has no table 'tracks'")
    columns = {row["name"] for row in connection.execute("PRAGMA table_info(tracks)")}
    if missing := {"id", "direction", "status", "title"} - columns:
        raise Unreadable(
            f"{path} is no database of the first implementation: 'tracks' lacks {', '.join(sorted(missing))}"
        )
    tables = {name: tuple(_rows(connection, name)) for name in TABLES if name in present}
    return LegacyFile(path.name, tables)


def _rows(connection: sqlite3.Connection, table: str) -> list[dict[str, Any]]:
    rows = connection.execute(f"SELECT * FROM {table} ORDER BY rowid").fetchall()  # noqa: S608 - one of TABLES
    return [{key: _plain(row[key]) for key in row.keys()} for row in rows]  # noqa: SIM118 - a Row iterates its values


def _plain(value: Any) -> Any:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else value
