"""The store port over MongoDB."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError, PyMongoError

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.admission import AdmissionQueue
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import DeliveryQueue, QueueEntry
from navaar_ledger.domain.track import Track
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo.about import claim_again, highest_number, raise_number, read_about, write_about
from navaar_ledger.store.mongo.client import connect
from navaar_ledger.store.mongo.documents import apply_left_outboxes, apply_outbox, document_of, log_document
from navaar_ledger.store.mongo.failures import failure_of
from navaar_ledger.store.mongo.indexes import create_indexes
from navaar_ledger.store.mongo.migration import fold_again
from navaar_ledger.store.mongo.queue import QueueReader
from navaar_ledger.store.mongo.windows import (
    ENDLESS,
    FIRST_IDS,
    FIRST_MS,
    GROWTH,
    downwards,
    last_id,
    newest_windows,
    upwards,
)
from navaar_ledger.store.port import Counters, Found, OpenedCollection, PlatformPause
from navaar_ledger.store.projection import counters_of, lines, list_key, names_of, noted, resolving_keys
from navaar_runtime.failures import Translation, translate
from navaar_text.search_words import fits, indexed, words_of

LOOKED_AT = 2_000
"""Tracks of the walked list that one question looks at; the next page continues."""
MANY = 64
CAREFUL_GROWTH = 2
"""How much wider the next window is after one that held MANY."""
_LAST = "~"
"""Sorts behind every log entry."""
_LOOKED_THROUGH = 1000
"""Tracks with a common key that are ranked by how many they share; only their keys are read."""

P = ParamSpec("P")
R = TypeVar("R")
_FAILURES: Translation = {PyMongoError: failure_of}


def translated(
    work: Callable[Concatenate[MongoStore, P], Awaitable[R]],
) -> Callable[Concatenate[MongoStore, P], Coroutine[Any, Any, R]]:
    """A method of the store that raises Transient whatever the driver raises."""

    @wraps(work)
    async def run(store: MongoStore, /, *args: P.args, **kwargs: P.kwargs) -> R:
        with translate(_FAILURES):
            return await work(store, *args, **kwargs)

    return run


class MongoStore:
    """Implements `port.Store`. Any number of processes may share it."""

    def __init__(self, settings: LedgerSettings) -> None:
        self.client = connect(settings)
        self.database = self.client[settings.mongodb_database]
        self._queues = QueueReader()

    @translated
    async def open(self) -> None:
        """Declare the indexes and finish what a crash has left half done; raises Transient."""
        await create_indexes(self.database)
        await apply_left_outboxes(self.database)
        await fold_again(self.database)
        if await raise_number(self.database, await highest_number(self.database)):
            await claim_again(self.database)

    async def close(self) -> None:
        # The driver says goodbye to the server, and waits for one that is gone.
        await asyncio.to_thread(self.client.close)

    @translated
    async def problem(self) -> str | None:
        await self.client.admin.command("ping")
        return None

    @translated
    async def check_write_access(self) -> None:
        """Ask for a change and a removal of what is not there: MongoDB allows or refuses them, and nothing is written.

        Raises Transient when MongoDB does not let us.
        """
        await self.database.doctor.update_one({"_id": "doctor"}, {"$set": {"asked": True}})
        await self.database.doctor.delete_one({"_id": "doctor"})

    @translated
    async def about(self) -> dict[str, str]:
        return await read_about(self.database)

    @translated
    async def keep_about(self, values: Mapping[str, str]) -> None:
        await write_about(self.database, values)

    @translated
    async def highest_number(self) -> int:
        return await highest_number(self.database)

    @translated
    async def raise_number(self, floor: int) -> bool:
        return await raise_number(self.database, floor)

    @translated
    async def next_track_id(self) -> int:
        while True:
            try:
                row = await self.database.sequence.find_one_and_update(
                    {"_id": "track"}, {"$inc": {"value": 1}}, upsert=True, return_document=ReturnDocument.AFTER
                )
            except DuplicateKeyError:
                continue  # Two created the sequence at once.
            if row is not None:
                return int(row["value"])

    def together(self) -> AbstractAsyncContextManager[None]:
        # Each write waits for its own acknowledgement.
        return nullcontext()

    @translated
    async def claim(self, key: str, track_id: int, *, at_once: bool = True) -> int:
        while True:
            row = await self.database.claims.find_one({"_id": key})
            if row is not None:
                return int(row["track_id"])
            try:
                await self.database.claims.insert_one({"_id": key, "track_id": track_id})
            except DuplicateKeyError:
                continue
            return track_id

    @translated
    async def owners(self, keys: Sequence[str]) -> dict[str, int]:
        rows = await self.database.claims.find({"_id": {"$in": list(keys)}}).to_list(None)
        return {row["_id"]: row["track_id"] for row in rows}

    @translated
    async def release(self, key: str, holders: Sequence[int]) -> None:
        await self.database.claims.delete_one({"_id": key, "track_id": {"$in": list(holders)}})

    @translated
    async def load(self, track_id: int) -> Track | None:
        row = await self.database.tracks.find_one({"_id": track_id}, {"body": 1, "link": 1, "outbox": 1, "version": 1})
        if row is None:
            return None
        if row.get("outbox"):
            await apply_outbox(self.database, row)
        return Track.model_validate(row["body"])

    @translated
    async def save(self, track: Track, expected_version: int, entries: Sequence[AuditEntry] = ()) -> bool:
        before: dict[str, Any] | None = None
        if expected_version:
            before = await self.database.tracks.find_one(
                {"_id": track.id}, {"version": 1, "figures": 1, "outbox": 1, "link": 1}
            )
            if before is None or before["version"] != expected_version:
                return False
            if before.get("outbox"):
                await apply_outbox(self.database, before)
        document = document_of(track, Counter(before["figures"] if before else {}), lines(track, entries))
        if before is None:
            try:
                await self.database.tracks.insert_one(document)
            except DuplicateKeyError:
                return False
        else:
            result = await self.database.tracks.replace_one({"_id": track.id, "version": expected_version}, document)
            if result.matched_count != 1:
                return False
        await apply_outbox(self.database, document)
        return True

    @translated
    async def sharing(self, link: str, keys: Sequence[str], limit: int, least: int = 1) -> tuple[Track, ...]:
        if not keys:
            return ()
        wanted = {f"{link}|{key}" for key in keys}
        some = self.database.tracks.find({"keys": {"$in": sorted(wanted)}}, {"keys": 1}).limit(_LOOKED_THROUGH)
        common = [(len(wanted & set(row["keys"])), row["_id"]) for row in await some.to_list(None)]
        nearest = sorted((-many, each) for many, each in common if many >= least)[:limit]
        rows = await self.database.tracks.find({"_id": {"$in": [each for _, each in nearest]}}, {"body": 1}).to_list(
            None
        )
        found = {row["_id"]: row["body"] for row in rows}
        return tuple(Track.model_validate(found[each]) for _, each in nearest if each in found)

    @translated
    async def queue(self, queue: DeliveryQueue | AdmissionQueue, limit: int) -> tuple[QueueEntry, ...]:
        return await self._queues.first(self.database, queue, limit)

    @translated
    async def unsettled(
        self,
        link: str,
        platform: Platform,
        since: datetime,
        limit: int,
        paused: frozenset[Direction] = frozenset(),
    ) -> tuple[int, ...]:
        wanted = {"resolving": {"$in": resolving_keys(link, platform, paused)}, "updated_at": {"$gt": since}}
        found = self.database.tracks.find(wanted, {"_id": 1}).sort("_id", -1).limit(limit)
        return tuple(row["_id"] for row in await found.to_list(None))

    @translated
    async def due(self, now: datetime, limit: int) -> tuple[int, ...]:
        found = self.database.tracks.find({"due_at": {"$lte": now}}, {"_id": 1}).sort("due_at", 1).limit(limit)
        return tuple(row["_id"] for row in await found.to_list(None))

    @translated
    async def newest(self) -> datetime | None:
        found = self.database.tracks.find({}, {"updated_at": 1}).sort("updated_at", -1).limit(1)
        return next((row["updated_at"] for row in await found.to_list(None)), None)

    @translated
    async def waiting(self, before: datetime, limit: int) -> tuple[int, ...]:
        found = (
            self.database.tracks.find({"waiting_since": {"$lt": before}}, {"_id": 1})
            .sort("waiting_since", 1)
            .limit(limit)
        )
        return tuple(row["_id"] for row in await found.to_list(None))

    @translated
    async def held(self, link: str, after: int, limit: int) -> tuple[Track, ...]:
        found = (
            self.database.tracks.find({"held": link, "_id": {"$gt": after}}, {"body": 1}).sort("_id", 1).limit(limit)
        )
        return tuple(Track.model_validate(row["body"]) for row in await found.to_list(None))

    @translated
    async def tracks(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        limit: int,
        before: int | None = None,
    ) -> tuple[Track, ...]:
        rows: list[dict[str, Any]] = []
        for bottom, top in await newest_windows(self.database, before):
            wanted = {"facets": list_key(link, direction, state), "_id": {"$gte": bottom, "$lt": top}}
            found = self.database.tracks.find(wanted, {"body": 1}).sort("_id", -1).limit(limit - len(rows))
            rows += await found.to_list(None)
            if len(rows) >= limit:
                break
        return tuple(Track.model_validate(row["body"]) for row in rows)

    @translated
    async def in_state(self, link: str | None, state: DeliveryState, limit: int, after: int = 0) -> tuple[Track, ...]:
        rows: list[dict[str, Any]] = []
        for bottom, top in upwards(after + 1, await last_id(self.database), FIRST_IDS):
            wanted = {"facets": list_key(link, None, state), "_id": {"$gte": bottom, "$lt": top}}
            rows += (
                await self.database.tracks.find(wanted, {"body": 1})
                .sort("_id", 1)
                .limit(limit - len(rows))
                .to_list(None)
            )
            if len(rows) >= limit:
                break
        return tuple(Track.model_validate(row["body"]) for row in rows)

    @translated
    async def find(
        self,
        link: str | None,
        direction: Direction | None,
        state: DeliveryState | None,
        asked: Sequence[str],
        limit: int,
        before: int | None = None,
    ) -> Found:
        """One list is walked by its index, all else is compared here: no server has to choose between two indexes."""
        words = indexed(tuple(asked))
        place = list_key(link, direction, state)
        walked = _walked(state, place, words[0])
        compared = len(words) > 1 or place != list_key(None, None, None)
        found: list[int] = []
        looked_at, until, width = 0, 0, FIRST_IDS
        top = before if before is not None else await last_id(self.database) + 1
        span = {"$gte": max(0, top - width), "$lt": top if before is not None else ENDLESS}
        while top > 0 and len(found) <= limit and not until:
            most = LOOKED_AT - looked_at if compared else limit + 1 - len(found)
            fields = {"beginnings": 1, "facets": 1} if compared else {"_id": 1}
            read = self.database.tracks.find({**walked, "_id": span}, fields).sort("_id", -1).limit(most)
            rows = await read.to_list(None)
            found += [row["_id"] for row in rows if not compared or _is_wanted(row, place, words)]
            looked_at += len(rows)
            if looked_at >= LOOKED_AT:
                until = rows[-1]["_id"]
            top -= width
            width *= CAREFUL_GROWTH if len(rows) >= MANY else GROWTH
            span = {"$gte": max(0, top - width), "$lt": top}
        tracks = await _bodies(self.database, found[:limit])
        more = found[limit - 1] if len(found) > limit else (until or None)
        return Found(tuple(track for track in tracks if fits(words_of(names_of(track)), tuple(asked))), more)

    @translated
    async def keep_overrides(self, overrides: Sequence[tuple[str, Override | None]]) -> None:
        for key, override in overrides:
            if override is None:
                await self.database.rulings.delete_one({"_id": key})
            else:
                body = override.model_dump(mode="json", exclude_defaults=True)
                await self.database.rulings.replace_one({"_id": key}, {"_id": key, "body": body}, upsert=True)

    @translated
    async def overrides(self, keys: Sequence[str]) -> dict[str, Override]:
        rows = await self.database.rulings.find({"_id": {"$in": list(keys)}}).to_list(None)
        return {row["_id"]: Override.model_validate(row["body"]) for row in rows}

    @translated
    async def pause(self, link: str, direction: Direction, paused: bool, at: datetime) -> None:
        name, change = f"{link}|{direction}", {"link": link, "paused": paused, "asked_at": at}
        try:
            await self.database.pauses.update_one(
                {"_id": name, "asked_at": {"$lte": at}}, {"$set": change}, upsert=True
            )
        except DuplicateKeyError:
            return  # Something later is kept.

    @translated
    async def paused(self, link: str) -> frozenset[Direction]:
        names = {f"{link}|{direction}": direction for direction in Direction}
        rows = await self.database.pauses.find({"_id": {"$in": list(names)}, "paused": True}, {"_id": 1}).to_list(None)
        return frozenset(names[row["_id"]] for row in rows)

    @translated
    async def pause_platform(self, pause: PlatformPause) -> bool:
        name, change = f"{pause.link}|{pause.platform}", asdict(pause) | {"platform": pause.platform.value}
        try:
            written = await self.database.platform_pauses.update_one(
                {"_id": name, "since": {"$lt": pause.since}}, {"$set": change}, upsert=True
            )
        except DuplicateKeyError:
            return False  # Something later is kept.
        return bool(written.modified_count or written.upserted_id)

    @translated
    async def paused_platforms(self, link: str) -> tuple[PlatformPause, ...]:
        names = [f"{link}|{platform}" for platform in Platform]
        rows = await self.database.platform_pauses.find({"_id": {"$in": names}}).to_list(None)
        return tuple(
            PlatformPause(
                row["link"], Platform(row["platform"]), row["since"], row["until"], row["reason"], row["refused"]
            )
            for row in rows
        )

    @translated
    async def note(self, entry: LogEntry, once: str) -> bool:
        line = noted(entry, once)
        try:
            await self.database.log.insert_one(log_document(line, f"once|{once}"))
        except DuplicateKeyError:
            return False
        return True

    @translated
    async def log(
        self, link: str | None, track_id: int | None, limit: int, before: str | None = None
    ) -> tuple[LogEntry, ...]:
        if track_id is not None:
            wanted: dict[str, Any] = {
                "track_id": track_id,
                "seq": {"$lt": before} if before is not None else {"$gt": ""},
            }
            return _entries(
                await self.database.log.find(wanted, {"body": 1}).sort("seq", -1).limit(limit).to_list(None)
            )
        wanted = {"link": link} if link is not None else {}
        rows: list[dict[str, Any]] = []
        newest = before if before is not None else _LAST
        top_ms = int(before[:13]) + 1 if before is not None else int(time.time() * 1000)
        for bottom, top in downwards(top_ms, FIRST_MS):
            span = {"$gte": f"{bottom:013d}", "$lt": newest if top == top_ms else f"{top:013d}"}
            found = (
                self.database.log.find({**wanted, "seq": span}, {"body": 1}).sort("seq", -1).limit(limit - len(rows))
            )
            rows += await found.to_list(None)
            if len(rows) >= limit:
                break
        return _entries(rows)

    @translated
    async def counters(self, link: str) -> Counters:
        row = await self.database.figures.find_one({"_id": link}, {"amounts": 1})
        return counters_of(row["amounts"] if row is not None else {})

    @translated
    async def open_collection(self, opened: OpenedCollection) -> bool:
        document = {
            "_id": f"{opened.link}|{opened.platform}",
            "opened_at": opened.opened_at.isoformat(),
            "items": opened.items,
        }
        try:
            await self.database.collections.insert_one(document)
        except DuplicateKeyError:
            return False
        return True

    @translated
    async def collection(self, link: str, platform: Platform) -> OpenedCollection | None:
        row = await self.database.collections.find_one({"_id": f"{link}|{platform}"})
        return (
            None
            if row is None
            else OpenedCollection(link, platform, datetime.fromisoformat(row["opened_at"]), row["items"])
        )

    @translated
    async def record_cycle(self, link: str, direction: Direction, number: int, at: datetime) -> None:
        await self.database.cycles.update_one(
            {"_id": f"{link}|{direction}"}, {"$max": {"ended_at": at, "number": number}}, upsert=True
        )

    @translated
    async def cycles(self, link: str) -> dict[Direction, datetime]:
        names = {f"{link}|{direction}": direction for direction in Direction}
        rows = await self.database.cycles.find({"_id": {"$in": list(names)}}).to_list(None)
        return {names[row["_id"]]: row["ended_at"] for row in rows}

    async def documents(self) -> AsyncIterator[Track]:
        """Every document, merged and deleted ones too, by number; raises Transient."""
        with translate(_FAILURES):
            async for row in self.database.tracks.find({}, {"body": 1}).sort("_id", 1):
                yield Track.model_validate(row["body"])

    async def claims(self) -> AsyncIterator[tuple[str, int]]:
        """Every claim with its owner; raises Transient."""
        with translate(_FAILURES):
            async for row in self.database.claims.find({}):
                yield row["_id"], row["track_id"]


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


def _entries(rows: list[dict[str, Any]]) -> tuple[LogEntry, ...]:
    return tuple(LogEntry.model_validate(row["body"]) for row in rows)
