"""Tracks by the beginnings of their words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_ledger.domain.track import Track
from navaar_ledger.domain.words import fits, indexed
from navaar_ledger.store.mongo.windows import ENDLESS, FIRST_IDS, GROWTH, last_id
from navaar_ledger.store.port import Found
from navaar_ledger.store.projection import facet, words_of

LOOKED_AT = 2_000
"""Tracks of the walked list that one question looks at; the next page goes on."""
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
    """One list is walked by its index, all else is compared here: no server has to choose between two indexes."""
    words = indexed(tuple(asked))
    place = facet(link, direction, state)
    walked = _walked(state, place, words[0])
    compared = len(words) > 1 or place != facet(None, None, None)
    found: list[int] = []
    looked_at, until, width = 0, 0, FIRST_IDS
    top = before if before is not None else await last_id(database) + 1
    span = {"$gte": max(0, top - width), "$lt": top if before is not None else ENDLESS}
    while top > 0 and len(found) <= limit and not until:
        most = LOOKED_AT - looked_at if compared else limit + 1 - len(found)
        fields = {"beginnings": 1, "facets": 1} if compared else {"_id": 1}
        read = database.tracks.find({**walked, "_id": span}, fields).sort("_id", -1).limit(most)
        rows = await read.to_list(None)
        found += [row["_id"] for row in rows if not compared or _is_wanted(row, place, words)]
        looked_at += len(rows)
        if looked_at >= LOOKED_AT:
            until = rows[-1]["_id"]
        top -= width
        width *= CAREFUL_GROWTH if len(rows) >= MANY else GROWTH
        span = {"$gte": max(0, top - width), "$lt": top}
    tracks = await _bodies(database, found[:limit])
    more = found[limit - 1] if len(found) > limit else (until or None)
    return Found(tuple(track for track in tracks if fits(words_of(track), tuple(asked))), more)


def _walked(state: DeliveryState | None, place: str, word: str) -> dict[str, Any]:
    """The list that promises to be shorter: few tracks fail or wait, most are done."""
    return {"facets": place} if state is not None and not state.is_done else {"beginnings": word}


def _is_wanted(row: dict[str, Any], place: str, words: Sequence[str]) -> bool:
    return place in row["facets"] and set(words) <= set(row["beginnings"])


async def _bodies(database: Any, ids: Sequence[int]) -> list[Track]:
    if not ids:
        return []
    rows = await database.tracks.find({"_id": {"$in": list(ids)}}, {"body": 1}).to_list(None)
    return sorted((Track.model_validate(row["body"]) for row in rows), key=lambda track: -track.id)
