"""What a database of an earlier version needs once. Any number of ledgers may do it at the same time."""

from __future__ import annotations

from typing import Any

from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.track import Track
from navaar_ledger.store.earlier_folding import new_keys
from navaar_ledger.store.projection import project
from navaar_text.search_words import beginnings

FOLDED_AGAIN = "folded-again"


async def fold_again(database: Any) -> None:
    """Overrides and words under names as they are folded now. A stop in between costs only time."""
    if await database.migrations.find_one({"_id": FOLDED_AGAIN}) is not None:
        return
    overrides = {row["_id"]: row["body"] async for row in database.rulings.find({})}
    known = {key: Override.model_validate(body) for key, body in overrides.items()}
    tracks: list[Track] = []
    async for row in database.tracks.find({}, {"body": 1, "version": 1, "beginnings": 1}):
        track = Track.model_validate(row["body"])
        wanted = sorted(beginnings(project(track).words))
        if wanted != sorted(row.get("beginnings", ())):
            # A document that somebody has written meanwhile has its words already.
            whose = {"_id": row["_id"], "version": row["version"]}
            await database.tracks.update_one(whose, {"$set": {"beginnings": wanted}})
        if known:
            tracks.append(track)
    moved = new_keys(tracks, known)
    for key, keys in moved.items():
        for new in keys:
            # What stands there stays, unless it moves away itself.
            write = "$set" if new in moved else "$setOnInsert"
            await database.rulings.update_one({"_id": new}, {write: {"body": overrides[key]}}, upsert=True)
    for key in moved.keys() - {new for keys in moved.values() for new in keys}:
        await database.rulings.delete_one({"_id": key})
    await database.migrations.replace_one({"_id": FOLDED_AGAIN}, {"_id": FOLDED_AGAIN}, upsert=True)
