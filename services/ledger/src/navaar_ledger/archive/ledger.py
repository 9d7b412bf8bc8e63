"""The ledger of some settings: taken out for a backup, put back from one, wherever it is kept."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from navaar_ledger.archive.rows import Row
from navaar_ledger.archive.sqlite import copied, make, rows_of
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import MARK, RECONCILED, Restored, new_epoch, restored
from navaar_ledger.store.sqlite.lock import DirectoryLock
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.failures import Permanent

OLD = "before-restore"
"""Beside the file: where the one that was there is moved to."""


async def taken_out(settings: LedgerSettings, data_dir: Path, folder: Path) -> Iterable[Row]:
    """Every row of the ledger at one moment; `folder` is for a passing copy, which must stay until they are read.

    Raises:
        Permanent: there is no ledger, it is damaged, or no moment can be had.
        Transient: MongoDB does not answer.
    """
    if settings.mongodb_url is None:
        return rows_of(copied(data_dir / FILE, folder))
    from navaar_ledger.archive.mongo import Archive

    archive = Archive(settings)
    try:
        return await archive.rows()
    finally:
        archive.close()


async def is_there(settings: LedgerSettings, data_dir: Path) -> bool:
    """Whether these settings have a ledger already; raises Transient."""
    if settings.mongodb_url is None:
        return (data_dir / FILE).is_file()
    from navaar_ledger.archive.mongo import Archive

    archive = Archive(settings)
    try:
        return not await archive.is_empty()
    finally:
        archive.close()


async def put_back(settings: LedgerSettings, data_dir: Path, rows: Iterable[Row], note: Restored) -> Path | None:
    """Make it the ledger of these settings; returns where the file that was there has been moved to.

    Raises:
        Permanent: it cannot be written, or the backup is damaged; the ledger that was there still is.
        Transient: MongoDB does not answer, or a ledger runs.
    """
    begun = _of_a_new_life(rows, note)
    if settings.mongodb_url is not None:
        from navaar_ledger.archive.mongo import Archive

        archive = Archive(settings)
        try:
            await archive.fill(begun, note.taken_at)
        finally:
            archive.close()
        return None
    return _into_file(data_dir, begun)


def _of_a_new_life(rows: Iterable[Row], note: Restored) -> Iterator[Row]:
    """With an epoch of its own, and a counter that is above every number."""
    highest, counter = 0, 0
    for row in rows:
        match row["kind"]:
            case "about" if row["name"] != MARK:
                continue
            case "number":
                counter = max(counter, int(row["value"]))
                continue
            case "track":
                highest = max(highest, int(row["body"]["id"]))
            case "claim":
                highest = max(highest, int(row["track_id"]))
            case "line":
                highest = max(highest, int(row["body"].get("track_id") or 0))
        yield row
    yield {"kind": "number", "value": max(highest, counter)}
    for name, value in {**new_epoch(), **restored(note), RECONCILED: ""}.items():
        yield {"kind": "about", "name": name, "value": value}


def _into_file(data_dir: Path, rows: Iterable[Row]) -> Path | None:
    data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = DirectoryLock(data_dir)
    lock.acquire()
    try:
        with tempfile.TemporaryDirectory(prefix=".restore-", dir=data_dir) as passing:
            made = Path(passing) / FILE
            make(made, rows)
            made.chmod(0o600)
            _synced(made)
            moved = _moved_aside(data_dir)
            made.replace(data_dir / FILE)
            _synced(data_dir)
    except OSError as error:
        raise Permanent(f"{data_dir / FILE} cannot be written: {error.strerror}") from error
    finally:
        lock.release()
    return moved


def _moved_aside(data_dir: Path) -> Path | None:
    """The old file with what SQLite keeps beside it.

    The write-ahead log first: without it the file is the ledger of a moment before, but a log that is left behind would
    be taken for the new file's.
    """
    old = [each for each in (data_dir / f"{FILE}{end}" for end in ("-wal", "-shm", "")) if each.exists()]
    if not old:
        return None
    folder = data_dir / f"{OLD}-{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    folder.mkdir(mode=0o700)
    for each in old:
        each.rename(folder / each.name)
    return folder


def _synced(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
