"""The rows of a ledger in MongoDB, at one moment, and a database filled with rows."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from pymongo.errors import BulkWriteError, ConfigurationError, InvalidOperation, OperationFailure, PyMongoError

from navaar_contracts.queries import LogEntry
from navaar_ledger.archive.rows import Row
from navaar_ledger.domain.track import Track
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import RESTORING
from navaar_ledger.store.mongo.client import connect
from navaar_ledger.store.mongo.documents import document_of, log_document
from navaar_ledger.store.mongo.indexes import create_indexes
from navaar_ledger.store.mongo.migration import FOLDED_AGAIN
from navaar_runtime.failures import Permanent, Transient

AT_ONCE = 500
LOOKS = 5
"""Where the server has no snapshots: so often a moment is sought in which nobody writes."""
COLLECTIONS = (
    "tracks",
    "claims",
    "log",
    "rulings",
    "pauses",
    "platform_pauses",
    "collections",
    "cycles",
    "figures",
    "sequence",
    "migrations",
    "about",
)
_ONCE = "once|"
_DUPLICATE = 11000


class Archive:
    """One database, for the time of a backup or a restore."""

    def __init__(self, settings: LedgerSettings) -> None:
        self._client = connect(settings)
        self.database = self._client[settings.mongodb_database]

    def close(self) -> None:
        self._client.close()

    async def rows(self) -> list[Row]:
        """Everything, at one moment.

        A replica set reads from a snapshot. Another server is read until two readings are alike: nobody wrote then.

        Raises:
            Permanent: Navaar writes all the time, and the server has no snapshots.
            Transient: MongoDB does not answer.
        """
        try:
            try:
                async with await self._client.start_session(snapshot=True) as session:
                    return [row async for row in self._read(session)]
            except (OperationFailure, ConfigurationError, InvalidOperation):
                return await self._still()
        except PyMongoError as error:
            raise Transient(f"MongoDB cannot be read: {type(error).__name__}") from error

    async def _still(self) -> list[Row]:
        before = [row async for row in self._read(None)]
        for _ in range(LOOKS):
            after = [row async for row in self._read(None)]
            if after == before:
                return after
            before = after
        raise Permanent(
            "this MongoDB has no snapshots, and Navaar writes to it: stop the ledger for the backup, or make the "
            "server a replica set; one member is enough"
        )

    async def is_empty(self) -> bool:
        try:
            return await self.database.tracks.find_one({}) is None and await self.database.about.find_one({}) is None
        except PyMongoError as error:
            raise Transient(f"MongoDB cannot be read: {type(error).__name__}") from error

    async def _read(self, session: Any) -> AsyncIterator[Row]:
        database = self.database

        def every(name: str, *fields: str) -> Any:
            wanted = dict.fromkeys(fields, 1) or None
            return database[name].find({}, wanted, session=session).sort("_id", 1)

        async for row in every("about"):
            yield {"kind": "about", "name": row["_id"], "value": row["value"]}
        async for row in every("sequence"):
            yield {"kind": "number", "value": row["value"]}
        async for row in every("tracks", "body", "outbox"):
            yield {"kind": "track", "body": row["body"]}
            for line in (row.get("outbox") or {}).get("lines", ()):
                yield {"kind": "line", "once": None, "body": line["body"]}
        async for row in every("claims"):
            yield {"kind": "claim", "key": row["_id"], "track_id": row["track_id"]}
        async for row in every("rulings"):
            yield {"kind": "override", "key": row["_id"], "body": row["body"]}
        async for row in every("pauses"):
            link, _, direction = row["_id"].rpartition("|")
            at = row["asked_at"].timestamp()
            yield {"kind": "pause", "link": link, "direction": direction, "paused": row["paused"], "at": at}
        async for row in every("platform_pauses"):
            until = row["until"].timestamp() if row["until"] is not None else None
            kept = {name: row[name] for name in ("link", "platform", "reason", "refused")}
            yield {"kind": "platform_pause", **kept, "since": row["since"].timestamp(), "until": until}
        async for row in every("collections"):
            link, _, platform = row["_id"].rpartition("|")
            known = {"opened_at": row["opened_at"], "items": row["items"]}
            yield {"kind": "collection", "link": link, "platform": platform, **known}
        async for row in every("cycles"):
            link, _, direction = row["_id"].rpartition("|")
            ended = row["ended_at"].isoformat()
            yield {"kind": "cycle", "link": link, "direction": direction, "number": row["number"], "ended_at": ended}
        async for row in every("log"):
            name = row["_id"]
            once = name.removeprefix(_ONCE) if name.startswith(_ONCE) else None
            yield {"kind": "line", "once": once, "body": row["body"]}

    async def fill(self, rows: Iterable[Row], taken_at: str) -> None:
        """Replace whatever the database holds by these rows.

        Until it is done no ledger opens it; a restore that breaks off is simply done again.

        Raises:
            Transient: MongoDB does not answer.
        """
        database = self.database
        try:
            mark = {"$set": {"value": taken_at}}
            await database.about.update_one({"_id": RESTORING}, mark, upsert=True)
            for name in COLLECTIONS:
                await database[name].delete_many({"_id": {"$ne": RESTORING}} if name == "about" else {})
            await create_indexes(database)
            amounts: dict[str, Counter[str]] = defaultdict(Counter)
            pending = iter(rows)
            while some := list(islice(pending, AT_ONCE)):
                documents: dict[str, list[dict[str, Any]]] = defaultdict(list)
                for row in some:
                    collection, document = _document(row, amounts)
                    documents[collection].append(document)
                for name, batch in documents.items():
                    await _insert(database[name], batch)
            for link, counted in amounts.items():
                kept = {name: amount for name, amount in counted.items() if amount}
                await database.figures.insert_one({"_id": link, "amounts": kept, "recent": []})
            await database.migrations.insert_one({"_id": FOLDED_AGAIN})
            await database.about.delete_one({"_id": RESTORING})
        except PyMongoError as error:
            raise Transient(f"MongoDB cannot be written: {type(error).__name__}: {error}") from error


async def _insert(collection: Any, documents: list[dict[str, Any]]) -> None:
    try:
        await collection.insert_many(documents, ordered=False)
    except BulkWriteError as error:
        # A line may stand beside its document and in the log.
        if any(each.get("code") != _DUPLICATE for each in error.details["writeErrors"]):
            raise


def _document(row: Row, amounts: dict[str, Counter[str]]) -> tuple[str, dict[str, Any]]:
    """(collection, document); what a track adds to the counters goes to `amounts`."""
    match row["kind"]:
        case "track":
            track = Track.model_validate(row["body"])
            document = document_of(track, Counter(), ())
            del document["outbox"]
            amounts[track.link].update(document["figures"])
            return "tracks", document
        case "claim":
            return "claims", {"_id": row["key"], "track_id": row["track_id"]}
        case "line":
            line = LogEntry.model_validate(row["body"])
            return "log", log_document(line, f"{_ONCE}{row['once']}" if row["once"] is not None else line.id)
        case "override":
            return "rulings", {"_id": row["key"], "body": row["body"]}
        case "pause":
            known = {"link": row["link"], "paused": row["paused"], "asked_at": _at(row["at"])}
            return "pauses", {"_id": f"{row['link']}|{row['direction']}", **known}
        case "platform_pause":
            known = {name: row[name] for name in ("link", "platform", "reason", "refused")}
            until = _at(row["until"]) if row["until"] is not None else None
            times = {"since": _at(row["since"]), "until": until}
            return "platform_pauses", {"_id": f"{row['link']}|{row['platform']}", **known, **times}
        case "collection":
            known = {"opened_at": row["opened_at"], "items": row["items"]}
            return "collections", {"_id": f"{row['link']}|{row['platform']}", **known}
        case "cycle":
            known = {"number": row["number"], "ended_at": datetime.fromisoformat(row["ended_at"])}
            return "cycles", {"_id": f"{row['link']}|{row['direction']}", **known}
        case "number":
            return "sequence", {"_id": "track", "value": row["value"]}
        case _:
            return "about", {"_id": row["name"], "value": row["value"]}


def _at(timestamp: float) -> datetime:
    return datetime.fromtimestamp(timestamp, UTC)
