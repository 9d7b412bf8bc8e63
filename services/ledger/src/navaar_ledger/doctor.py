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
from navaar_ledger.store.life import RESTORING, Life
from navaar_ledger.store.sqlite.about import read_about
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
        return await _mongodb(settings)
    return _sqlite(load(RuntimeSettings, environment).data_dir)


async def _mongodb(settings: LedgerSettings) -> tuple[Diagnostic, ...]:
    from navaar_ledger.store.mongo import MongoStore

    store = MongoStore(settings)
    try:
        await store.check_write_access()
        about = await store.about()
    except Failure as failure:
        return (Diagnostic(SUBJECT, Level.PROBLEM, failure.reason, "check NAVAAR_MONGODB_URL and that user's rights"),)
    finally:
        await store.close()
    well = f"MongoDB answers and takes writes, database {settings.mongodb_database}"
    return (Diagnostic(SUBJECT, Level.OK, well), *_put_back(about))


def _put_back(about: Mapping[str, str]) -> tuple[Diagnostic, ...]:
    """Whether the ledger was put back to an earlier moment, and what that asks of a person."""
    life = Life.of(about)
    if RESTORING in about:
        advice = "run `navaar restore` again"
        return (Diagnostic(SUBJECT, Level.PROBLEM, "a restore into this database was not finished", advice),)
    if life.restored is not None:
        told = f"put back from the backup of {life.restored.taken_at}; the next start reads what happened since"
        return (Diagnostic(SUBJECT, Level.OK, told),)
    done = life.reconciled
    if done is None:
        return ()
    if done.held_back or done.in_doubt:
        advice = "compare the collection with the last songs, then resume the directions and retry what failed"
        return (Diagnostic(SUBJECT, Level.WARNING, f"{done.at[:16]}: {done.told()}", advice),)
    return (Diagnostic(SUBJECT, Level.OK, f"{done.at[:16]}: {done.told()}"),)


def _sqlite(folder: Path) -> tuple[Diagnostic, ...]:
    nearest = next(each for each in (folder, *folder.absolute().parents) if each.exists())
    if not nearest.is_dir() or not os.access(nearest, os.W_OK | os.X_OK):
        advice = "set NAVAAR_DATA_DIR to another directory"
        return (Diagnostic(SUBJECT, Level.PROBLEM, f"{nearest} cannot be written", advice),)
    file = folder / FILE
    if not file.exists():
        return (Diagnostic(SUBJECT, Level.OK, f"a new ledger will be made in {folder}"),)
    if DirectoryLock(folder).is_held():
        return (Diagnostic(SUBJECT, Level.OK, f"{file} is in use by a running Navaar"),)
    return _whole(file)


def _whole(file: Path) -> tuple[Diagnostic, ...]:
    about: dict[str, str] = {}
    try:
        answer, about = _checked(file)
    except sqlite3.Error as error:
        answer = str(error)
    except OSError as error:
        answer = error.strerror or type(error).__name__
    if answer != "ok":
        return (Diagnostic(SUBJECT, Level.PROBLEM, f"{file} is damaged: {answer}", "restore a backup of it"),)
    return (Diagnostic(SUBJECT, Level.OK, f"{file} is whole"), *_put_back(about))


def _checked(file: Path) -> tuple[str, dict[str, str]]:
    """What SQLite finds wrong with the file, "ok" if nothing, and what it says about itself.

    Raises:
        sqlite3.Error, OSError: it cannot be read.
    """
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
            # A file of an earlier version says nothing.
            tables = connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'about'").fetchone()
            about = read_about(connection) if tables is not None else {}
    return str(answer), about
