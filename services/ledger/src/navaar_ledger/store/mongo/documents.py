"""Tracks and claims in MongoDB. One document changes at a time; nothing needs a transaction.

A track's document carries what else follows from its last write, log lines and counter changes, in `outbox`. That is
applied right after, then cleared; whoever finds one left by a crash applies it. Applying twice changes nothing: log
lines have fixed ids, and the counters remember the last writes that they have taken in.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from pymongo.errors import BulkWriteError, DuplicateKeyError

from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.projection import project
from navaar_text.search_words import beginnings

REMEMBERED = 500
"""Writes that the counters remember; far more than can be between a write and its application."""
_DUPLICATE = 11000


async def apply_outbox(database: Any, row: dict[str, Any]) -> None:
    """Write a document's log lines and counter changes, wherever an earlier try ended, and clear them."""
    outbox = row["outbox"]
    if outbox["lines"]:
        try:
            await database.log.insert_many(outbox["lines"], ordered=False)
        except BulkWriteError as error:
            if any(each.get("code") != _DUPLICATE for each in error.details["writeErrors"]):
                raise
    if outbox["changes"]:
        await _count(database, row["link"], outbox)
    await database.tracks.update_one({"_id": row["_id"], "outbox.token": outbox["token"]}, {"$unset": {"outbox": ""}})


async def apply_left_outboxes(database: Any) -> None:
    """At start: what a crash left behind."""
    wanted = {"outbox.token": {"$gt": ""}}
    async for row in database.tracks.find(wanted, {"link": 1, "outbox": 1}):
        await apply_outbox(database, row)


async def _count(database: Any, link: str, outbox: dict[str, Any]) -> None:
    changes = {f"amounts.{name}": amount for name, amount in outbox["changes"].items()}
    remember = {"recent": {"$each": [outbox["token"]], "$slice": -REMEMBERED}}
    try:
        await database.figures.update_one(
            {"_id": link, "recent": {"$ne": outbox["token"]}}, {"$inc": changes, "$push": remember}, upsert=True
        )
    except DuplicateKeyError:
        # The counters exist but did not match: they have taken in this write already, or somebody has just made them.
        await database.figures.update_one(
            {"_id": link, "recent": {"$ne": outbox["token"]}}, {"$inc": changes, "$push": remember}
        )


def document_of(track: Track, counted: Counter[str], log_lines: tuple[LogEntry, ...]) -> dict[str, Any]:
    projection = project(track)
    counters = projection.counters
    changes = {name: counters[name] - counted[name] for name in counters.keys() | counted.keys()}
    document: dict[str, Any] = {
        "_id": track.id,
        "version": track.version,
        "link": track.link,
        "body": track.model_dump(mode="json", exclude_defaults=True),
        "facets": list(projection.list_keys),
        "lane_keys": [entry.queue for entry in projection.queues],
        "lanes": [entry.model_dump(mode="json", by_alias=True, exclude_defaults=True) for entry in projection.queues],
        "keys": list(projection.keys),
        "beginnings": sorted(beginnings(projection.words)),
        "figures": dict(counters),
        "updated_at": track.updated_at,
        "outbox": {
            "token": f"{track.id}-{track.version}",
            "changes": {name: amount for name, amount in changes.items() if amount},
            "lines": [log_document(line, line.id) for line in log_lines],
        },
    }
    if projection.due_at is not None:
        document["due_at"] = projection.due_at
    if projection.waiting_since is not None:
        document["waiting_since"] = projection.waiting_since
    if projection.resolving:
        document["resolving"] = list(projection.resolving)
    if projection.held:
        document["held"] = track.link
    return document


def log_document(line: LogEntry, name: str) -> dict[str, Any]:
    return {
        "_id": name,
        "seq": line.id,
        "link": line.link,
        "track_id": line.track_id,
        "body": line.model_dump(mode="json", exclude_none=True),
    }
