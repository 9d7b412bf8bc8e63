"""The present ledger in outline, wherever it is kept."""

from __future__ import annotations

from pathlib import Path

from navaar_ledger.rebuilding.comparing import Contents, outline
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.sqlite import reading
from navaar_ledger.sqlite.store import FILE


async def present(settings: LedgerSettings, data_dir: Path) -> Contents:
    """The ledger of these settings.

    Raises:
        Permanent: there is none.
        Transient: MongoDB does not answer.
    """
    if settings.mongodb_url is None:
        return in_file(data_dir / FILE)
    from navaar_ledger.mongo import MongoStore

    store = MongoStore(settings)
    try:
        return await store.contents()
    finally:
        await store.close()


def in_file(file: Path) -> Contents:
    """The ledger in an SQLite file; raises Permanent."""
    contents = Contents()
    with reading.snapshot(file) as connection:
        for track in reading.tracks(connection):
            contents.tracks[track.id] = outline(track)
        contents.claims.update(reading.claims(connection))
    return contents
