"""A database as the first implementation left it behind: its three tables, written by hand."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

SCHEMA = """
CREATE TABLE tracks (
    id INTEGER NOT NULL PRIMARY KEY,
    direction VARCHAR(20) NOT NULL,
    status VARCHAR(20) NOT NULL,
    artist VARCHAR(500),
    title VARCHAR(500) {title},
    identification_method VARCHAR(20),
    tg_message_id INTEGER UNIQUE,
    tg_file_id VARCHAR(200),
    tg_file_unique_id VARCHAR(200) UNIQUE,
    yt_video_id VARCHAR(20),
    sp_track_id VARCHAR(30),
    yt_set_video_id VARCHAR(100),
    duration_seconds INTEGER,
    card_message_id INTEGER,
    failure_reason TEXT,
    retry_count INTEGER,
    max_retries INTEGER,
    created_at DATETIME,
    updated_at DATETIME,
    synced_at DATETIME
);
CREATE TABLE sync_state (key VARCHAR(100) PRIMARY KEY, value TEXT NOT NULL, updated_at DATETIME);
CREATE TABLE sync_log (
    id INTEGER PRIMARY KEY, track_id INTEGER REFERENCES tracks (id), event VARCHAR(50) NOT NULL,
    direction VARCHAR(20), details TEXT, created_at DATETIME
);
"""
OLD_COLUMNS = ("sp_track_id", "card_message_id")
"""They came later: a file that was never opened by a newer version lacks them."""


class LegacyDatabase:
    """A file to write rows into; `close` leaves the write-ahead log beside it when asked to."""

    def __init__(self, path: Path, *, old: bool = False, wal: bool = False, strict: bool = True) -> None:
        self.path = path
        self.wal = wal
        self._connection = sqlite3.connect(path, isolation_level=None)
        if wal:
            self._connection.execute("PRAGMA journal_mode = WAL")
            self._connection.execute("PRAGMA wal_autocheckpoint = 0")
        self._connection.executescript(SCHEMA.format(title="NOT NULL" if strict else ""))
        if old:
            for column in OLD_COLUMNS:
                self._connection.execute(f"ALTER TABLE tracks DROP COLUMN {column}")

    def track(self, direction: str, status: str, title: Any = "Pol", artist: Any = "Googoosh", **columns: Any) -> int:
        row = {
            "direction": direction,
            "status": status,
            "title": title,
            "artist": artist,
            "retry_count": 0,
            "max_retries": 3,
            "created_at": "2025-03-01 10:00:00",
            "updated_at": "2025-03-01 10:05:00",
            "synced_at": "2025-03-01 10:05:00.123456" if status == "synced" else None,
            **columns,
        }
        return self._insert("tracks", row)

    def log(self, track_id: int | None, event: str, details: Any = None, **columns: Any) -> int:
        text = details if isinstance(details, str) or details is None else json.dumps(details)
        row = {"track_id": track_id, "event": event, "details": text, "created_at": "2025-03-01 10:05:00", **columns}
        return self._insert("sync_log", row)

    def state(self, key: str, value: Any) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        self._insert("sync_state", {"key": key, "value": text, "updated_at": "2025-06-01 00:00:00"})

    def close(self) -> Path:
        """With `wal`, everything stays in the log file, as after a killed process."""
        if self.wal:
            kept = {each: each.read_bytes() for each in (self.path, Path(f"{self.path}-wal"))}
            self._connection.close()
            for path, content in kept.items():
                path.write_bytes(content)
        else:
            self._connection.close()
        return self.path

    def _insert(self, table: str, row: dict[str, Any]) -> int:
        marks = ", ".join("?" * len(row))
        statement = f"INSERT INTO {table} ({', '.join(row)}) VALUES ({marks})"
        return int(self._connection.execute(statement, list(row.values())).lastrowid or 0)
