"""The store port over SQLite: one connection on one thread of its own."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from contextvars import copy_context
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import Any, Concatenate, ParamSpec, TypeVar

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.port import Counters, Found, OpenedCollection, PlatformPause
from navaar_ledger.store.projection import counters_of, lines, list_key, names_of, noted, project, resolving_keys
from navaar_ledger.store.sqlite.about import highest_number, raise_number, read_about, write_about
from navaar_ledger.store.sqlite.documents import count, insert_line, write_derived, write_document
from navaar_ledger.store.sqlite.lock import DirectoryLock
from navaar_ledger.store.sqlite.schema import migrate, transaction
from navaar_ledger.store.sqlite.syncing import Syncing, together
from navaar_ledger.store.sqlite.words import fill_words
from navaar_runtime.failures import Failure, Permanent, Transient, Translation, translate
from navaar_runtime.private_files import make_private
from navaar_text.search_words import fits, indexed, words_of

SLICE = 500
"""Values in one IN (...), well below SQLite's limit."""
LOOKED_AT = 2_000
"""Tracks with the rarest word that one question looks at; the next page continues."""
_LAST = "~"
"""Sorts behind every log id."""

P = ParamSpec("P")
R = TypeVar("R")
S = TypeVar("S", bound="SqliteStore")
FILE = "ledger.sqlite3"

_DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def _of_the_file(error: BaseException) -> Failure:
    """A damaged file is no message's fault: each of them waits until a backup is restored."""
    if getattr(error, "sqlite_errorcode", 0) & 0xFF in _DAMAGED:
        return Transient(f"the ledger's file is damaged: {error}; restore a backup")
    return Permanent(f"the ledger's file refuses this: {error}")


_FAILURES: Translation = {
    sqlite3.OperationalError: lambda error: Transient(f"the ledger's file cannot be used: {error}"),
    sqlite3.DatabaseError: _of_the_file,
    OSError: lambda error: Transient(f"the ledger's data directory cannot be used: {error}"),
}


def in_thread(
    work: Callable[Concatenate[S, P], R],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """Runs a method on the store's one thread, so that nothing blocks the event loop; raises Transient, Permanent."""

    @wraps(work)
    async def run(store: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        context = copy_context()

        def translated() -> R:
            with translate(_FAILURES):
                return work(store, *args, **kwargs)

        return await asyncio.get_running_loop().run_in_executor(store.thread, lambda: context.run(translated))

    return run


class SqliteStore:
    """Implements `port.Store` in `folder`/ledger.sqlite3. One process at a time."""

    def __init__(self, folder: Path, *, durable: bool = True) -> None:
        """Without `durable` a power cut may lose the file: for what can be made again."""
        self._folder = folder
        self._syncing = Syncing(folder / FILE, durable=durable)
        self._lock = DirectoryLock(folder)
        self.thread = ThreadPoolExecutor(1, thread_name_prefix="ledger-sqlite")
        self._opened: sqlite3.Connection | None = None

    @in_thread
    def open(self) -> None:
        """Open or create the file, and bring its schema up to date.

        Raises:
            Transient: another process uses the directory, it cannot be written, or the file is damaged.
            Permanent: the file is from a newer Navaar.
        """
        if self._opened is not None:
            return
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._lock.acquire()
        try:
            make_private(self._folder / FILE)
            for left in self._folder.glob(f"{FILE}-*"):
                # Of a crash: SQLite goes on with them as they are.
                make_private(left)
            connection = sqlite3.connect(self._folder / FILE, isolation_level=None, check_same_thread=False)
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute(f"PRAGMA synchronous = {self._syncing.mode}")
            connection.execute("PRAGMA busy_timeout = 5000")
            migrate(connection)
            fill_words(connection)
            raise_number(connection, highest_number(connection))
        except BaseException:
            self._lock.release()
            raise
        self._opened = connection

    @in_thread
    def close(self) -> None:
        if self._opened is not None:
            self._opened.close()
            self._opened = None
            self._lock.release()

    @property
    def connection(self) -> sqlite3.Connection:
        """For the store's own thread; raises Transient."""
        if self._opened is None:
            raise Transient("the ledger's file is not open")
        return self._opened

    def together(self) -> AbstractAsyncContextManager[None]:
        return together(self._sync)

    @in_thread
    def _sync(self) -> None:
        self._syncing.sync()

    @in_thread
    def problem(self) -> str | None:
        self.connection.execute("SELECT 1").fetchone()
        return None

    @in_thread
    def about(self) -> dict[str, str]:
        return read_about(self.connection)

    @in_thread
    def keep_about(self, values: Mapping[str, str]) -> None:
        with self._syncing.commit(self.connection, at_once=False), transaction(self.connection):
            write_about(self.connection, values)

    @in_thread
    def highest_number(self) -> int:
        return highest_number(self.connection)

    @in_thread
    def raise_number(self, floor: int) -> bool:
        return raise_number(self.connection, floor)

    @in_thread
    def next_track_id(self) -> int:
        with self._syncing.commit(self.connection, at_once=False), transaction(self.connection):
            row = self.connection.execute(
                "UPDATE sequence SET value = value + 1 WHERE name = 'track' RETURNING value"
            ).fetchone()
            return int(row[0])

    @in_thread
    def claim(self, key: str, track_id: int, *, at_once: bool = True) -> int:
        row = self.connection.execute("SELECT track_id FROM claims WHERE key = ?", (key,)).fetchone()
        if row is not None:
            return int(row[0])
        with self._syncing.commit(self.connection, at_once=at_once), transaction(self.connection):
            self.connection.execute("INSERT INTO claims VALUES (?, ?) ON CONFLICT DO NOTHING", (key, track_id))
            return int(self.connection.execute("SELECT track_id FROM claims WHERE key = ?", (key,)).fetchone()[0])

    @in_thread
    def owners(self, keys: Sequence[str]) -> dict[str, int]:
        found: dict[str, int] = {}
        for start in range(0, len(keys), SLICE):
            part = list(keys[start : start + SLICE])
            marks = ",".join("?" * len(part))
            question = f"SELECT key, track_id FROM claims WHERE key IN ({marks})"  # noqa: S608
            found.update(dict(self.connection.execute(question, part)))
        return found

    @in_thread
    def release(self, key: str, holders: Sequence[int]) -> None:
        marks = ",".join("?" * len(holders))
        order = f"DELETE FROM claims WHERE key = ? AND track_id IN ({marks})"  # noqa: S608
        self.connection.execute(order, [key, *holders])

    @in_thread
    def load(self, track_id: int) -> Track | None:
        row = self.connection.execute("SELECT body FROM tracks WHERE id = ?", (track_id,)).fetchone()
        return None if row is None else Track.model_validate_json(row[0])

    @in_thread
    def save(self, track: Track, expected_version: int, entries: Sequence[AuditEntry] = ()) -> bool:
        """The document, its log entries and everything derived from it, in one transaction."""
        projection = project(track)
        with self._syncing.commit(self.connection), transaction(self.connection):
            row = self.connection.execute(
                "SELECT version, figures, words FROM tracks WHERE id = ?", (track.id,)
            ).fetchone()
            if (0 if row is None else row[0]) != expected_version:
                return False
            counted = Counter(json.loads(row[1])) if row is not None else Counter[str]()
            write_document(self.connection, track, projection)
            write_derived(self.connection, track, projection, row[2] if row is not None else None)
            count(self.connection, track.link, counted, projection.counters)
            for line in lines(track, entries):
                insert_line(self.connection, line)
            return True

    @in_thread
    def sharing(self, link: str, keys: Sequence[str], limit: int, least: int = 1) -> tuple[Track, ...]:
        if not keys:
            return ()
        marks = ",".join("?" * len(keys))
        rows = self.connection.execute(
            "SELECT body FROM (SELECT track_id, COUNT(*) AS common FROM identity_keys "  # noqa: S608
            f"WHERE key IN ({marks})"
            " GROUP BY track_id HAVING common >= ? ORDER BY common DESC, track_id LIMIT ?)"
            " JOIN tracks ON tracks.id = track_id ORDER BY common DESC, track_id",
            [*(f"{link}|{key}" for key in keys), least, limit],
        )
        return tuple(Track.model_validate_json(body) for (body,) in rows)

    @in_thread
    def queue(self, wanted: DeliveryQueue | AdmissionQueue, limit: int) -> tuple[QueueEntry, ...]:
        rows = self.connection.execute(
            "SELECT entry FROM lanes WHERE lane = ? ORDER BY place LIMIT ?", (wanted.key, limit)
        )
        return tuple(QueueEntry.model_validate_json(entry) for (entry,) in rows)

    @in_thread
    def unsettled(
        self,
        link: str,
        platform: Platform,
        since: datetime,
        limit: int,
        paused: frozenset[Direction] = frozenset(),
    ) -> tuple[int, ...]:
        keys = resolving_keys(link, platform, paused)
        rows = self.connection.execute(
            "SELECT DISTINCT track_id FROM resolving JOIN tracks ON tracks.id = track_id "  # noqa: S608
            f"WHERE collection IN ({','.join('?' * len(keys))}) AND tracks.updated_at > ? "
            "ORDER BY track_id DESC LIMIT ?",
            [*keys, since.timestamp(), limit],
        )
        return tuple(track_id for (track_id,) in rows)

    @in_thread
    def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        rows = self.connection.execute(
            "SELECT id FROM tracks WHERE due_at <= ? ORDER BY due_at LIMIT ?", (now.timestamp(), limit)
        )
        return tuple(track_id for (track_id,) in rows)

    @in_thread
    def newest(self) -> datetime | None:
        (at,) = self.connection.execute("SELECT MAX(updated_at) FROM tracks").fetchone()
        return datetime.fromtimestamp(at, UTC) if at is not None else None

    @in_thread
    def waiting(self, before: datetime, limit: int) -> tuple[int, ...]:
        rows = self.connection.execute(
            "SELECT id FROM tracks WHERE waiting_since < ? ORDER BY waiting_since LIMIT ?", (before.timestamp(), limit)
        )
        return tuple(track_id for (track_id,) in rows)

    @in_thread
    def held(self, link: str, after: int, limit: int) -> tuple[Track, ...]:
        rows = self.connection.execute(
            "SELECT body FROM tracks WHERE held = 1 AND link = ? AND id > ? ORDER BY id LIMIT ?", (link, after, limit)
        )
        return tuple(Track.model_validate_json(body) for (body,) in rows)

    @in_thread
    def tracks(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        limit: int,
        before: int | None = None,
    ) -> tuple[Track, ...]:
        rows = self.connection.execute(
            "SELECT body FROM tracks WHERE id IN (SELECT track_id FROM facets WHERE facet = ? AND track_id < ? "
            "ORDER BY track_id DESC LIMIT ?) ORDER BY id DESC",
            (list_key(link, direction, state), before if before is not None else 2**62, limit),
        )
        return tuple(Track.model_validate_json(body) for (body,) in rows)

    @in_thread
    def in_state(self, link: str | None, state: DeliveryState, limit: int, after: int = 0) -> tuple[Track, ...]:
        rows = self.connection.execute(
            "SELECT body FROM tracks WHERE id IN (SELECT track_id FROM facets WHERE facet = ? AND track_id > ? "
            "ORDER BY track_id LIMIT ?) ORDER BY id",
            (list_key(link, None, state), after, limit),
        )
        return tuple(Track.model_validate_json(body) for (body,) in rows)

    @in_thread
    def find(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        asked: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> Found:
        first, *others = indexed(tuple(asked))
        below = before if before is not None else 2**62
        looked_at = self.connection.execute(
            "SELECT track_id FROM beginnings WHERE beginning = ? AND track_id < ? "
            "ORDER BY track_id DESC LIMIT 1 OFFSET ?",
            (first, below, LOOKED_AT),
        ).fetchone()
        until = looked_at[0] if looked_at is not None else 0
        also = "".join(
            " AND EXISTS (SELECT 1 FROM beginnings AS b WHERE b.beginning = ? AND b.track_id = w.track_id)"
            for _ in others
        )
        rows = self.connection.execute(
            "SELECT body FROM tracks WHERE id IN "  # noqa: S608
            "(SELECT w.track_id FROM beginnings AS w WHERE w.beginning = ? AND w.track_id < ? AND w.track_id > ? "
            f"AND EXISTS (SELECT 1 FROM facets AS f WHERE f.facet = ? AND f.track_id = w.track_id){also} "
            "ORDER BY w.track_id DESC LIMIT ?) ORDER BY id DESC",
            [first, below, until, list_key(link, direction, state), *others, limit + 1],
        )
        tracks = [Track.model_validate_json(body) for (body,) in rows]
        more = tracks[limit - 1].id if len(tracks) > limit else (until + 1 if until else None)
        return Found(tuple(track for track in tracks[:limit] if fits(words_of(names_of(track)), asked)), more)

    @in_thread
    def keep_overrides(self, overrides: Sequence[tuple[str, Override | None]]) -> None:
        for key, override in overrides:
            if override is None:
                self.connection.execute("DELETE FROM rulings WHERE key = ?", (key,))
            else:
                self.connection.execute(
                    "INSERT INTO rulings VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET body = excluded.body",
                    (key, override.model_dump_json(exclude_defaults=True)),
                )

    @in_thread
    def overrides(self, keys: Sequence[str]) -> dict[str, Override]:
        found: dict[str, Override] = {}
        for key in keys:
            row = self.connection.execute("SELECT body FROM rulings WHERE key = ?", (key,)).fetchone()
            if row is not None:
                found[key] = Override.model_validate_json(row[0])
        return found

    @in_thread
    def pause(self, link: str, direction: Direction, paused: bool, at: datetime) -> None:
        self.connection.execute(
            "INSERT INTO pauses VALUES (?, ?, ?, ?) ON CONFLICT (link, direction) DO UPDATE SET "
            "paused = excluded.paused, asked_at = excluded.asked_at WHERE excluded.asked_at >= asked_at",
            (link, direction, int(paused), at.timestamp()),
        )

    @in_thread
    def paused(self, link: str) -> frozenset[Direction]:
        rows = self.connection.execute("SELECT direction FROM pauses WHERE link = ? AND paused = 1", (link,))
        return frozenset(Direction(direction) for (direction,) in rows)

    @in_thread
    def pause_platform(self, pause: PlatformPause) -> bool:
        until = pause.until.timestamp() if pause.until is not None else None
        written = self.connection.execute(
            "INSERT INTO platform_pauses VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (link, platform) DO UPDATE SET "
            "since = excluded.since, until = excluded.until, reason = excluded.reason, refused = excluded.refused "
            "WHERE excluded.since > since",
            (pause.link, pause.platform, pause.since.timestamp(), until, pause.reason, int(pause.refused)),
        )
        return written.rowcount > 0

    @in_thread
    def paused_platforms(self, link: str) -> tuple[PlatformPause, ...]:
        rows = self.connection.execute(
            "SELECT platform, since, until, reason, refused FROM platform_pauses WHERE link = ?", (link,)
        )
        return tuple(
            PlatformPause(
                link,
                Platform(platform),
                datetime.fromtimestamp(since, UTC),
                datetime.fromtimestamp(until, UTC) if until is not None else None,
                reason,
                bool(refused),
            )
            for platform, since, until, reason, refused in rows
            if platform in tuple(Platform)
        )

    @in_thread
    def note(self, entry: LogEntry, once: str) -> bool:
        return insert_line(self.connection, noted(entry, once), once)

    @in_thread
    def log(
        self, link: str | None, track_id: int | None, limit: int, before: str | None = None
    ) -> tuple[LogEntry, ...]:
        last = before or _LAST
        if track_id is not None:
            rows = self.connection.execute(
                "SELECT body FROM log WHERE track_id = ? AND id < ? ORDER BY id DESC LIMIT ?", (track_id, last, limit)
            )
        elif link is not None:
            rows = self.connection.execute(
                "SELECT body FROM log WHERE link = ? AND id < ? ORDER BY id DESC LIMIT ?", (link, last, limit)
            )
        else:
            rows = self.connection.execute("SELECT body FROM log WHERE id < ? ORDER BY id DESC LIMIT ?", (last, limit))
        return tuple(LogEntry.model_validate_json(body) for (body,) in rows)

    @in_thread
    def counters(self, link: str) -> Counters:
        rows = self.connection.execute("SELECT name, amount FROM figures WHERE link = ?", (link,))
        return counters_of(dict(rows))

    @in_thread
    def open_collection(self, opened: OpenedCollection) -> bool:
        cursor = self.connection.execute(
            "INSERT INTO collections VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
            (opened.link, opened.platform, opened.opened_at.isoformat(), opened.items),
        )
        return cursor.rowcount == 1

    @in_thread
    def collection(self, link: str, platform: Platform) -> OpenedCollection | None:
        row = self.connection.execute(
            "SELECT opened_at, items FROM collections WHERE link = ? AND platform = ?", (link, platform)
        ).fetchone()
        return None if row is None else OpenedCollection(link, platform, datetime.fromisoformat(row[0]), row[1])

    @in_thread
    def record_cycle(self, link: str, direction: Direction, number: int, at: datetime) -> None:
        self.connection.execute(
            "INSERT INTO cycles VALUES (?, ?, ?, ?) ON CONFLICT (link, direction) DO UPDATE SET "
            "number = excluded.number, ended_at = excluded.ended_at WHERE excluded.ended_at > ended_at",
            (link, direction, number, at.isoformat()),
        )

    @in_thread
    def cycles(self, link: str) -> dict[Direction, datetime]:
        rows = self.connection.execute("SELECT direction, ended_at FROM cycles WHERE link = ?", (link,))
        return {Direction(direction): datetime.fromisoformat(ended_at) for direction, ended_at in rows}
