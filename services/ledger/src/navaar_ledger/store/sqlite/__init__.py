"""The ledger's store in one SQLite file: what a home server can trust with no one to look after it."""

from navaar_ledger.store.sqlite.store import SqliteStore

__all__ = ["SqliteStore"]
