"""Collections and their indexes, declared at start. Creating one that exists changes nothing."""

from __future__ import annotations

from typing import Any

from pymongo import ASCENDING, IndexModel

INDEXES: dict[str, tuple[IndexModel, ...]] = {
    "tracks": (
        IndexModel([("facets", ASCENDING), ("_id", ASCENDING)], name="facets"),
        IndexModel([("lane_keys", ASCENDING), ("_id", ASCENDING)], name="lanes"),
        IndexModel([("beginnings", ASCENDING), ("_id", ASCENDING)], name="beginnings"),
        IndexModel([("keys", ASCENDING)], name="keys"),
        IndexModel([("resolving", ASCENDING)], name="unsettled", sparse=True),
        IndexModel([("due_at", ASCENDING)], name="due", sparse=True),
        IndexModel([("waiting_since", ASCENDING)], name="waiting", sparse=True),
        IndexModel([("held", ASCENDING), ("_id", ASCENDING)], name="held", sparse=True),
        IndexModel([("outbox.token", ASCENDING)], name="outbox", sparse=True),
    ),
    "log": (
        IndexModel([("seq", ASCENDING)], name="seq"),
        IndexModel([("link", ASCENDING), ("seq", ASCENDING)], name="link"),
        IndexModel([("track_id", ASCENDING), ("seq", ASCENDING)], name="track"),
    ),
}
"""claims, figures, sequence, collections, cycles and rulings are only ever found by their _id; pauses are a handful."""


async def create_indexes(database: Any) -> None:
    for collection, indexes in INDEXES.items():
        for index in indexes:
            # One at a time: FerretDB drops the connection when several of one request exist already.
            await database[collection].create_indexes([index])
