"""The ledger's store in MongoDB: the one for more than one machine."""

from navaar_ledger.store.mongo.store import MongoStore

__all__ = ["MongoStore"]
