"""Tracks by the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_ledger.derived import facet
from navaar_ledger.ports import Found
from navaar_ledger.track import Track
from navaar_ledger.words import fits, indexed, words_of

LOOKED_AT = 5_000
"""Tracks with the rarest word that one question looks at; the next page goes on."""


async def find(
    database: Any,
    link: str | None,
    direction: Direction | None,
    state: DeliveryState | None,
    asked: Sequence[str],
    limit: int,
    before: int | None,
) -> Found:
    first, *others = indexed(tuple(asked))
    below = before if before is not None else 2**62
    until = 0
    if others or link is not None or direction is not None or state is not None:
        until = await _looked_until(database, first, below)
    wanted: dict[str, Any] = {"beginnings": first, "_id": {"$lt": below, "$gt": until}}
    if others:
        wanted["beginnings"] = {"$all": [first, *others]}
    if link is not None or direction is not None or state is not None:
        wanted["facets"] = facet(link, direction, state)
    rows = await database.tracks.find(wanted, {"body": 1}).sort("_id", -1).limit(limit + 1).to_list(None)
    tracks = [Track.model_validate(row["body"]) for row in rows]
    more = tracks[limit - 1].id if len(tracks) > limit else (until + 1 if until else None)
    return Found(tuple(track for track in tracks[:limit] if fits(words_of(track), tuple(asked))), more)


async def _looked_until(database: Any, first: str, below: int) -> int:
    """The id above which LOOKED_AT tracks have the word; 0 when fewer have it. Read from the index alone."""
    found = database.tracks.find({"beginnings": first, "_id": {"$lt": below}}, {"_id": 1})
    rows = await found.sort("_id", -1).skip(LOOKED_AT).limit(1).to_list(None)
    return int(rows[0]["_id"]) if rows else 0
