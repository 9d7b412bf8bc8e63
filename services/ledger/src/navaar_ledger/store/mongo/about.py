"""What the database says about the ledger as a whole: its epoch, how far it has read the history, the numbers it gave.

A dump is no moment: its counter may be older than its tracks, and its claims older than both.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pymongo.errors import DuplicateKeyError

from navaar_ledger.domain.track import Track, claim_key


async def read_about(database: Any) -> dict[str, str]:
    return {row["_id"]: row["value"] async for row in database.about.find({})}


async def write_about(database: Any, values: Mapping[str, str]) -> None:
    for name, value in values.items():
        await database.about.update_one({"_id": name}, {"$set": {"value": value}}, upsert=True)


async def highest_number(database: Any) -> int:
    """Of all that bears a track's number; 0 where nothing does."""
    found = [0]
    for collection, field in (("tracks", "_id"), ("log", "track_id"), ("claims", "track_id")):
        newest = database[collection].find({field: {"$gt": 0}}, {field: 1}).sort(field, -1).limit(1)
        found += [int(row[field]) for row in await newest.to_list(None)]
    return max(found)


async def raise_number(database: Any, floor: int) -> bool:
    """Whether the counter was below `floor`; it is not any more."""
    while True:
        row = await database.sequence.find_one({"_id": "track"})
        if row is not None and row["value"] >= floor:
            return False
        if row is None:
            if not floor:
                return False
            try:
                await database.sequence.insert_one({"_id": "track", "value": floor})
            except DuplicateKeyError:
                continue
            return True
        changed = await database.sequence.update_one(
            {"_id": "track", "value": {"$lt": floor}}, {"$set": {"value": floor}}
        )
        return bool(changed.modified_count)


async def claim_again(database: Any) -> None:
    """What tracks have in collections is claimed by them: in a dump the claims may be missing."""
    async for row in database.tracks.find({}, {"body": 1}):
        track = Track.model_validate(row["body"])
        if not track.is_alive:
            continue
        for platform, external_id in track.items.items():
            key = claim_key(track.link, platform, external_id)
            if await database.claims.find_one({"_id": key}) is None:
                try:
                    await database.claims.insert_one({"_id": key, "track_id": track.id})
                except DuplicateKeyError:
                    continue
