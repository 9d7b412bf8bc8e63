"""Reads a whole ledger from MongoDB, document by document."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

from navaar_ledger.domain.track import Track


async def tracks(database: Any) -> AsyncIterator[Track]:
    """Every document, merged and deleted ones too, by number."""
    async for row in database.tracks.find({}, {"body": 1}).sort("_id", 1):
        yield Track.model_validate(row["body"])


async def claims(database: Any) -> AsyncIterator[tuple[str, int]]:
    """Every claim with its owner."""
    async for row in database.claims.find({}):
        yield row["_id"], row["track_id"]
