"""What people have settled: rulings about recordings, and directions that are held back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pymongo.errors import DuplicateKeyError

from navaar_contracts.identifiers import Direction
from navaar_ledger.domain.overrides import Override


async def rule(database: Any, rulings: Sequence[tuple[str, Override | None]]) -> None:
    for key, ruling in rulings:
        if ruling is None:
            await database.rulings.delete_one({"_id": key})
        else:
            body = ruling.model_dump(mode="json", exclude_defaults=True)
            await database.rulings.replace_one({"_id": key}, {"_id": key, "body": body}, upsert=True)


async def rulings(database: Any, keys: Sequence[str]) -> dict[str, Override]:
    rows = await database.rulings.find({"_id": {"$in": list(keys)}}).to_list(None)
    return {row["_id"]: Override.model_validate(row["body"]) for row in rows}


async def pause(database: Any, link: str, direction: Direction, paused: bool, at: datetime) -> None:
    name, change = f"{link}|{direction}", {"link": link, "paused": paused, "asked_at": at}
    try:
        await database.pauses.update_one({"_id": name, "asked_at": {"$lte": at}}, {"$set": change}, upsert=True)
    except DuplicateKeyError:
        return  # Something later is kept.


async def paused(database: Any, link: str) -> frozenset[Direction]:
    names = {f"{link}|{direction}": direction for direction in Direction}
    rows = await database.pauses.find({"_id": {"$in": list(names)}, "paused": True}, {"_id": 1}).to_list(None)
    return frozenset(names[row["_id"]] for row in rows)
