"""Tracks and claims in MongoDB. One document changes at a time; nothing needs a transaction.

A track's document carries what else follows from its last write, log lines and counter changes, in `outbox`. That is
applied right after, then cleared; whoever finds one left by a crash applies it. Applying twice changes nothing: log
lines have fixed ids, and the counters remember the last writes that they have taken in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

from pymongo import ReturnDocument
from pymongo.errors import BulkWriteError, DuplicateKeyError

from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.domain.words import beginnings
from navaar_ledger.store.projection import derive, lines

REMEMBERED = 500
"""Writes that the counters remember; far more than can be between a write and its application."""
_DUPLICATE = 11000
_LOOKED_THROUGH = 1000
"""Tracks with a common key that are ranked by how many they share; only their keys are read."""


async def next_track_id(database: Any) -> int:
    while True:
        try:
            row = await database.sequence.find_one_and_update(
                {"_id": "track"}, {"$inc": {"value": 1}}, upsert=True, return_document=ReturnDocument.AFTER
            )
        except DuplicateKeyError:
            continue  # Two created the sequence at once.
        if row is not None:
            return int(row["value"])


async def claim(database: Any, key: str, track_id: int) -> int:
    while True:
        row = await database.claims.find_one({"_id": key})
        if row is not None:
            return int(row["track_id"])
        try:
            await database.claims.insert_one({"_id": key, "track_id": track_id})
        except DuplicateKeyError:
            continue
        return track_id


async def release(database: Any, key: str, holders: Sequence[int]) -> None:
    await database.claims.delete_one({"_id": key, "track_id": {"$in": list(holders)}})


async def owners(database: Any, keys: Sequence[str]) -> dict[str, int]:
    rows = await database.claims.find({"_id": {"$in": list(keys)}}).to_list(None)
    return {row["_id"]: row["track_id"] for row in rows}


async def load(database: Any, track_id: int) -> Track | None:
    row = await database.tracks.find_one({"_id": track_id}, {"body": 1, "link": 1, "outbox": 1, "version": 1})
    if row is None:
        return None
    if row.get("outbox"):
        await apply_outbox(database, row)
    return Track.model_validate(row["body"])


async def save(database: Any, track: Track, expected_version: int, entries: Sequence[AuditEntry]) -> bool:
    before: dict[str, Any] | None = None
    if expected_version:
        before = await database.tracks.find_one({"_id": track.id}, {"version": 1, "figures": 1, "outbox": 1, "link": 1})
        if before is None or before["version"] != expected_version:
            return False
        if before.get("outbox"):
            await apply_outbox(database, before)
    document = _document(track, Counter(before["figures"] if before else {}), lines(track, entries))
    if before is None:
        try:
            await database.tracks.insert_one(document)
        except DuplicateKeyError:
            return False
    else:
        result = await database.tracks.replace_one({"_id": track.id, "version": expected_version}, document)
        if result.matched_count != 1:
            return False
    await apply_outbox(database, document)
    return True


async def sharing(database: Any, link: str, keys: Sequence[str], limit: int, least: int) -> tuple[Track, ...]:
    if not keys:
        return ()
    wanted = {f"{link}|{key}" for key in keys}
    some = database.tracks.find({"keys": {"$in": sorted(wanted)}}, {"keys": 1}).limit(_LOOKED_THROUGH)
    common = [(len(wanted & set(row["keys"])), row["_id"]) for row in await some.to_list(None)]
    nearest = sorted((-many, each) for many, each in common if many >= least)[:limit]
    rows = await database.tracks.find({"_id": {"$in": [each for _, each in nearest]}}, {"body": 1}).to_list(None)
    found = {row["_id"]: row["body"] for row in rows}
    return tuple(Track.model_validate(found[each]) for _, each in nearest if each in found)


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


def _document(track: Track, counted: Counter[str], log_lines: tuple[LogEntry, ...]) -> dict[str, Any]:
    derived = derive(track)
    figures = derived.figures
    changes = {name: figures[name] - counted[name] for name in figures.keys() | counted.keys()}
    document: dict[str, Any] = {
        "_id": track.id,
        "version": track.version,
        "link": track.link,
        "body": track.model_dump(mode="json", exclude_defaults=True),
        "facets": list(derived.facets),
        "lane_keys": [entry.lane for entry in derived.lanes],
        "lanes": [entry.model_dump(mode="json", exclude_defaults=True) for entry in derived.lanes],
        "keys": list(derived.keys),
        "beginnings": sorted(beginnings(derived.words)),
        "figures": dict(figures),
        "updated_at": track.updated_at,
        "outbox": {
            "token": f"{track.id}-{track.version}",
            "changes": {name: amount for name, amount in changes.items() if amount},
            "lines": [log_document(line, line.id) for line in log_lines],
        },
    }
    if derived.due_at is not None:
        document["due_at"] = derived.due_at
    if derived.waiting_since is not None:
        document["waiting_since"] = derived.waiting_since
    if derived.resolving:
        document["resolving"] = list(derived.resolving)
    if derived.held:
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
