"""What a home server trusts the file with: one process at a time, kill -9 at any moment, and newer schemas."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.schema import MIGRATIONS, migrate
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.failures import Permanent, Transient

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DEADLINE_S = 120.0

WRITER = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.domain.track import Track

async def main():
    store = SqliteStore(Path(sys.argv[1]))
    await store.open()
    at = datetime.now(UTC)
    while True:
        number = await store.next_track_id()
        await store.claim(f"main|telegram|{number}", number)
        track = Track(id=number, link="main", version=1, origin=Platform.TELEGRAM, origin_external_id=str(number),
                      item=ItemMetadata(title="a"), changed_at=at, created_at=at, updated_at=at)
        assert await store.save(track, 0, [AuditEntry("track_discovered", "Found.")])
        print(number, flush=True)

asyncio.run(main())
"""


def a_track(track_id: int) -> Track:
    return Track(
        id=track_id,
        link="main",
        version=1,
        origin=Platform.TELEGRAM,
        origin_external_id=str(track_id),
        item=ItemMetadata(title="a"),
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


async def start_writer(folder: Path) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, "-c", WRITER, str(folder), stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )


async def test_kill_9_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    writer = await start_writer(tmp_path)
    assert writer.stdout is not None
    acknowledged = 0
    async with asyncio.timeout(DEADLINE_S):
        while acknowledged < 50:
            acknowledged = int(await writer.stdout.readline())
    writer.send_signal(signal.SIGKILL)
    await writer.wait()
    store = SqliteStore(tmp_path)
    await store.open()
    try:
        assert all([await store.load(number) is not None for number in range(1, acknowledged + 1)])
        log = await store.log("main", None, 500)
        counters = await store.counters("main")
        tracks = await store.tracks(None, None, None, 500)
        assert len(tracks) >= acknowledged
        assert counters.tracks == len(tracks) == len(log)
        assert await store.next_track_id() > tracks[0].id
    finally:
        await store.close()


async def test_the_file_and_what_lies_beside_it_are_for_their_owner_only(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        folder = tmp_path / "new" / "data"
        for left in ("", "-wal", "-shm"):
            store = SqliteStore(folder)
            await store.open()
            await store.claim(f"isrc:{left}", 1)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.glob(f"{FILE}*")}
            assert modes == {FILE: 0o600, f"{FILE}-wal": 0o600, f"{FILE}-shm": 0o600}
            assert stat.S_IMODE(folder.stat().st_mode) == 0o700
            await store.close()
            # As an earlier version, or a crash of it, left them.
            (folder / f"{FILE}{left}").touch()
            (folder / f"{FILE}{left}").chmod(0o644)
    finally:
        os.umask(before)


async def test_a_second_process_is_refused_with_the_way_out(tmp_path: Path) -> None:
    writer = await start_writer(tmp_path)
    assert writer.stdout is not None
    try:
        async with asyncio.timeout(DEADLINE_S):
            await writer.stdout.readline()
        store = SqliteStore(tmp_path)
        with pytest.raises(Transient, match=rf"process {writer.pid}.*NAVAAR_DATA_DIR"):
            await store.open()
    finally:
        writer.kill()
        await writer.wait()
    await store.open()
    await store.close()


async def test_an_older_file_is_brought_forward_with_its_data(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite3", isolation_level=None)
    migrate(connection)
    connection.execute("INSERT INTO claims VALUES ('main|youtube|a', 7)")
    migrate(connection, (*MIGRATIONS, "ALTER TABLE claims ADD COLUMN note TEXT;"))
    assert connection.execute("SELECT * FROM claims").fetchall() == [("main|youtube|a", 7, None)]
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    connection.close()


async def test_tracks_of_a_file_without_an_index_of_words_are_indexed_once(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE, isolation_level=None)
    migrate(connection, MIGRATIONS[:1])
    track = a_track(1).changed(item=ItemMetadata(title="پل", artists=("Googoosh",)))
    connection.execute(
        "INSERT INTO tracks VALUES (1, 1, 'main', ?, '{}', NULL, NULL, 0, 0)", (track.model_dump_json(),)
    )
    connection.execute("INSERT INTO facets VALUES ('*|*|*', 1)")
    connection.close()
    for _ in range(2):
        store = SqliteStore(tmp_path)
        await store.open()
        assert (await store.find(None, None, None, ("goog", "پل"), 10)).tracks == (track,)
        await store.close()


async def test_a_failed_migration_changes_nothing(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / "old.sqlite3", isolation_level=None)
    migrate(connection)
    with pytest.raises(sqlite3.OperationalError):
        migrate(connection, (*MIGRATIONS, "CREATE TABLE fresh (a); INSERT INTO nowhere VALUES (1);"))
    connection.rollback()
    assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
    assert connection.execute("SELECT name FROM sqlite_master WHERE name = 'fresh'").fetchall() == []
    connection.close()


async def test_a_file_of_a_newer_navaar_is_refused(tmp_path: Path) -> None:
    connection = sqlite3.connect(tmp_path / FILE)
    connection.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    connection.close()
    with pytest.raises(Permanent, match="newer Navaar"):
        await SqliteStore(tmp_path).open()


async def test_a_damaged_file_says_so(tmp_path: Path) -> None:
    (tmp_path / FILE).write_bytes(b"this is no database, " * 500)
    with pytest.raises(Transient, match="damaged"):
        await SqliteStore(tmp_path).open()


async def test_a_file_that_is_damaged_while_it_is_in_use_fails_no_message_for_good(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    for number in range(1, 200):
        await store.save(a_track(number), 0)
    await store.close()
    file = tmp_path / FILE
    content = file.read_bytes()
    # The schema is whole, what is in the tables is not.
    file.write_bytes(content[: len(content) // 2] + b"x" * (len(content) - len(content) // 2))
    with pytest.raises(Transient, match="damaged"):
        await store.open()
        for number in range(1, 200):
            await store.load(number)
            await store.save(a_track(number), 1)


async def test_a_directory_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a directory")
    with pytest.raises(Transient, match="data directory cannot be used"):
        await SqliteStore(blocked / "data").open()


async def test_saving_is_durable_before_it_returns(tmp_path: Path) -> None:
    store = SqliteStore(tmp_path)
    await store.open()
    try:
        await store.save(a_track(1), 0, [AuditEntry("track_discovered", "Found.")])
        other = sqlite3.connect(f"file:{tmp_path / FILE}?mode=ro", uri=True)
        assert other.execute("SELECT version FROM tracks").fetchall() == [(1,)]
        other.close()
    finally:
        await store.close()
