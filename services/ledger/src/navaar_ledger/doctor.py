"""What `navaar doctor` asks about the ledger's store. Leaves nothing behind."""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.sqlite.lock import DirectoryLock
from navaar_ledger.store.sqlite.store import FILE
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.failures import Failure
from navaar_runtime.settings import RuntimeSettings, load

SUBJECT = "Store"


async def check_store(environment: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Whether the ledger's store can be reached and written.

    Raises:
        SettingsError: the configuration is wrong.
    """
    settings = load(LedgerSettings, environment)
    if settings.mongodb_url is not None:
        return (await _mongodb(settings),)
    return (_sqlite(load(RuntimeSettings, environment).data_dir),)


async def _mongodb(settings: LedgerSettings) -> Diagnostic:
    from navaar_ledger.store.mongo import MongoStore

    store = MongoStore(settings)
    try:
        await store.check_write_access()
    except Failure as failure:
        return Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, "check NAVAAR_MONGODB_URL and that user's rights")
    finally:
        await store.close()
    return Diagnostic(SUBJECT, Level.OK, f"MongoDB answers and takes writes, database {settings.mongodb_database}")


def _sqlite(folder: Path) -> Diagnostic:
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        return Diagnostic(
            SUBJECT, Level.PROBLEM, f"{nearest} cannot be written", "set NAVAAR_DATA_DIR to another directory"
        )
    file = folder / FILE
    if not file.exists():
        return Diagnostic(SUBJECT, Level.OK, f"a new ledger will be made in {folder}")
    lock = DirectoryLock(folder)
    try:
        lock.acquire()
    except Failure:
        return Diagnostic(SUBJECT, Level.OK, f"{file} is in use by a running Navaar")
    try:
        return _whole(file)
    finally:
        lock.release()


def _whole(file: Path) -> Diagnostic:
    try:
        connection = sqlite3.connect(f"file:{file}?mode=ro", uri=True)
        try:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.Error as error:
        answer = str(error)
    if answer != "ok":
        return Diagnostic(SUBJECT, Level.PROBLEM, f"{file} is damaged: {answer}", "restore a backup of it")
    return Diagnostic(SUBJECT, Level.OK, f"{file} is whole")
