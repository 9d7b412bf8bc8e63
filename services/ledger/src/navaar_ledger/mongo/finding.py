"""Tracks by the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_ledger.derived import facet
from navaar_ledger.mongo.windows import ENDLESS, FIRST_IDS, GROWTH, last_id
from navaar_ledger.ports import Found
from navaar_ledger.track import Track
from navaar_ledger.words import fits, indexed, words_of

LOOKED_AT = 5_000
"""Tracks with the rarest word that one question looks at; the next page goes on."""
MANY = 64
CAREFUL_GROWTH = 2
"""How much wider the next window is after one that held MANY."""


async def find(
    database: Any,
    link: str | None,
    direction: Direction | None,
    state: DeliveryState | None,
    asked: Sequence[str],
    limit: int,
    before: int | None,
) -> Found:
    """The rarest word is looked up, the others are compared here: every server has an index for that."""
    first, *others = indexed(tuple(asked))
    wanted = _wanted(link, direction, state, first)
    found: list[int] = []
    looked_at, until, width = 0, 0, FIRST_IDS
    top = before if before is not None else await last_id(database) + 1
    span = {"$gte": max(0, top - width), "$lt": top if before is not None else ENDLESS}
    while top > 0 and len(found) <= limit and not until:
        most = LOOKED_AT - looked_at if others else limit + 1 - len(found)
        read = database.tracks.find({**wanted, "_id": span}, {"beginnings": 1}).sort("_id", -1).limit(most)
        rows = await read.to_list(None)
        found += [row["_id"] for row in rows if set(others) <= set(row["beginnings"])]
        looked_at += len(rows)
        if looked_at >= LOOKED_AT:
            until = rows[-1]["_id"]
        top -= width
        width *= CAREFUL_GROWTH if len(rows) >= MANY else GROWTH
        span = {"$gte": max(0, top - width), "$lt": top}
    tracks = await _bodies(database, found[:limit])
    more = found[limit - 1] if len(found) > limit else (until or None)
    return Found(tuple(track for track in tracks if fits(words_of(track), tuple(asked))), more)


def _wanted(link: str | None, direction: Direction | None, state: DeliveryState | None, word: str) -> dict[str, Any]:
    """By the word alone, or by direction and state, in a form that leaves a choice of the index to the server."""
    if direction is not None or state is not None:
        return {"facets": facet(link, direction, state), "beginnings": {"$elemMatch": {"$eq": word}}}
    return {"beginnings": word} if link is None else {"beginnings": word, "link": link}


async def _bodies(database: Any, ids: Sequence[int]) -> list[Track]:
    if not ids:
        return []
    rows = await database.tracks.find({"_id": {"$in": list(ids)}}, {"body": 1}).to_list(None)
    return sorted((Track.model_validate(row["body"]) for row in rows), key=lambda track: -track.id)
