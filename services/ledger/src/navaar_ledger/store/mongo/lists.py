"""Bounded reads from MongoDB: what is due or waits, lists that page by key, figures, and the small states."""

from __future__ import annotations

import time
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import stamp
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.store.mongo.documents import log_document
from navaar_ledger.store.mongo.windows import FIRST_IDS, FIRST_MS, downwards, last_id, newest_windows, upwards
from navaar_ledger.store.port import Collection, Figures
from navaar_ledger.store.projection import facet, figures_of, resolving_keys

_LAST = "~"
"""Sorts behind every log entry."""


async def is_resolving(
    database: Any, link: str, platform: Platform, since: datetime, paused: frozenset[Direction]
) -> bool:
    wanted = {"resolving": {"$in": resolving_keys(link, platform, paused)}, "updated_at": {"$gt": since}}
    return await database.tracks.find_one(wanted, {"_id": 1}) is not None


async def due(database: Any, now: datetime, limit: int) -> tuple[int, ...]:
    found = database.tracks.find({"due_at": {"$lte": now}}, {"_id": 1}).sort("due_at", 1).limit(limit)
    return tuple(row["_id"] for row in await found.to_list(None))


async def waiting(database: Any, before: datetime, limit: int) -> tuple[int, ...]:
    found = database.tracks.find({"waiting_since": {"$lt": before}}, {"_id": 1}).sort("waiting_since", 1).limit(limit)
    return tuple(row["_id"] for row in await found.to_list(None))


async def held(database: Any, link: str, after: int, limit: int) -> tuple[Track, ...]:
    found = database.tracks.find({"held": link, "_id": {"$gt": after}}, {"body": 1}).sort("_id", 1).limit(limit)
    return tuple(Track.model_validate(row["body"]) for row in await found.to_list(None))


async def tracks(
    database: Any,
    link: str | None,
    direction: Direction | None,
    state: DeliveryState | None,
    limit: int,
    before: int | None,
) -> tuple[Track, ...]:
    rows: list[dict[str, Any]] = []
    for bottom, top in await newest_windows(database, before):
        wanted = {"facets": facet(link, direction, state), "_id": {"$gte": bottom, "$lt": top}}
        found = database.tracks.find(wanted, {"body": 1}).sort("_id", -1).limit(limit - len(rows))
        rows += await found.to_list(None)
        if len(rows) >= limit:
            break
    return tuple(Track.model_validate(row["body"]) for row in rows)


async def in_state(database: Any, link: str | None, state: DeliveryState, limit: int, after: int) -> tuple[Track, ...]:
    rows: list[dict[str, Any]] = []
    for bottom, top in upwards(after + 1, await last_id(database), FIRST_IDS):
        wanted = {"facets": facet(link, None, state), "_id": {"$gte": bottom, "$lt": top}}
        rows += await database.tracks.find(wanted, {"body": 1}).sort("_id", 1).limit(limit - len(rows)).to_list(None)
        if len(rows) >= limit:
            break
    return tuple(Track.model_validate(row["body"]) for row in rows)


async def note(database: Any, entry: LogEntry, once: str) -> bool:
    line = entry.model_copy(update={"id": f"{stamp(entry.created_at):013d}-{once}"})
    try:
        await database.log.insert_one(log_document(line, f"once|{once}"))
    except DuplicateKeyError:
        return False
    return True


async def log(
    database: Any, link: str | None, track_id: int | None, limit: int, before: str | None
) -> tuple[LogEntry, ...]:
    if track_id is not None:
        wanted: dict[str, Any] = {"track_id": track_id, "seq": {"$lt": before} if before is not None else {"$gt": ""}}
        return _entries(await database.log.find(wanted, {"body": 1}).sort("seq", -1).limit(limit).to_list(None))
    wanted = {"link": link} if link is not None else {}
    rows: list[dict[str, Any]] = []
    newest = before if before is not None else _LAST
    top_ms = int(before[:13]) + 1 if before is not None else int(time.time() * 1000)
    for bottom, top in downwards(top_ms, FIRST_MS):
        span = {"$gte": f"{bottom:013d}", "$lt": newest if top == top_ms else f"{top:013d}"}
        found = database.log.find({**wanted, "seq": span}, {"body": 1}).sort("seq", -1).limit(limit - len(rows))
        rows += await found.to_list(None)
        if len(rows) >= limit:
            break
    return _entries(rows)


def _entries(rows: list[dict[str, Any]]) -> tuple[LogEntry, ...]:
    return tuple(LogEntry.model_validate(row["body"]) for row in rows)


async def figures(database: Any, link: str) -> Figures:
    row = await database.figures.find_one({"_id": link}, {"amounts": 1})
    return figures_of(row["amounts"] if row is not None else {})


async def open_collection(database: Any, opened: Collection) -> bool:
    document = {
        "_id": f"{opened.link}|{opened.platform}",
        "opened_at": opened.opened_at.isoformat(),
        "items": opened.items,
    }
    try:
        await database.collections.insert_one(document)
    except DuplicateKeyError:
        return False
    return True


async def collection(database: Any, link: str, platform: Platform) -> Collection | None:
    row = await database.collections.find_one({"_id": f"{link}|{platform}"})
    return None if row is None else Collection(link, platform, datetime.fromisoformat(row["opened_at"]), row["items"])


async def record_cycle(database: Any, link: str, direction: Direction, number: int, at: datetime) -> None:
    await database.cycles.update_one(
        {"_id": f"{link}|{direction}"}, {"$max": {"ended_at": at, "number": number}}, upsert=True
    )


async def cycles(database: Any, link: str) -> dict[Direction, datetime]:
    names = {f"{link}|{direction}": direction for direction in Direction}
    rows = await database.cycles.find({"_id": {"$in": list(names)}}).to_list(None)
    return {names[row["_id"]]: row["ended_at"] for row in rows}
