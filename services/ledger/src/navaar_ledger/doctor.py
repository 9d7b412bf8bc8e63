"""What `navaar doctor` asks about the ledger's store. Nothing is written, not even for a moment."""

from __future__ import annotations

import contextlib
import os
import shutil
import sqlite3
import tempfile
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote

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
    if DirectoryLock(folder).is_held():
        return Diagnostic(SUBJECT, Level.OK, f"{file} is in use by a running Navaar")
    return _whole(file)


def _whole(file: Path) -> Diagnostic:
    try:
        answer = _checked(file)
    except sqlite3.Error as error:
        answer = str(error)
    except OSError as error:
        answer = error.strerror or type(error).__name__
    if answer != "ok":
        return Diagnostic(SUBJECT, Level.PROBLEM, f"{file} is damaged: {answer}", "restore a backup of it")
    return Diagnostic(SUBJECT, Level.OK, f"{file} is whole")


def _checked(file: Path) -> str:
    """What SQLite finds wrong with the file, "ok" if nothing. Raises sqlite3.Error, OSError."""
    with tempfile.TemporaryDirectory(prefix="navaar-") as folder:
        left = file.with_name(f"{file.name}-wal")
        if left.exists():
            # After a crash the newest pages are in there. SQLite would bring them home; in a copy it may.
            shutil.copyfile(left, Path(folder) / left.name)
            file = Path(shutil.copyfile(file, Path(folder) / file.name))
        # Nobody else has it: without looking for others, SQLite makes no file beside it.
        how = "mode=ro&immutable=1" if not left.exists() else "mode=rw"
        with contextlib.closing(sqlite3.connect(f"file:{quote(str(file.absolute()))}?{how}", uri=True)) as connection:
            (answer,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    return str(answer)
