"""Ledgers of any size to ask: a channel and its playlists after years, most songs synced, some not."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.music import Candidate, ItemMetadata, Recording, ScoredCandidate
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep, claim_key
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.mongo.documents import document_of, log_document
from navaar_ledger.store.port import OpenedCollection
from navaar_ledger.store.projection import lines, project
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite.store import in_thread

NOW = datetime.now(UTC)
BETWEEN = timedelta(minutes=15)
BATCH = 100
OF_ONE_ARTIST = 12
SHARING = 3
"""Tracks with a common key; how many there are does not depend on how long a ledger has been kept."""
SAMPLE = 60
"""Tracks that are written both ways, to see that both give the same."""
_SYLLABLES = (
    "ka",
    "ri",
    "mo",
    "ta",
    "le",
    "na",
    "su",
    "vo",
    "shi",
    "do",
    "ba",
    "el",
    "an",
    "ur",
    "ги",
    "ля",
    "پل",
    "گو",
)
_STATES = (
    *[DeliveryState.SYNCED] * 86,
    *[DeliveryState.DUPLICATE] * 5,
    *[DeliveryState.FAILED] * 4,
    *[DeliveryState.REVIEW] * 2,
    *[DeliveryState.RETRY_SCHEDULED] * 2,
    DeliveryState.PENDING,
)
_ENTRIES = (
    AuditEntry("track_discovered", "Found on telegram: a song of the benchmark."),
    AuditEntry("identified", "A song of the benchmark, from tg_metadata."),
    AuditEntry("match_chosen", "A song of the benchmark (vid), 97%: title agrees; artist agrees."),
    AuditEntry("track_synced", "Placed on youtube as vid."),
)


def a_track(number: int, size: int) -> Track:
    """The same for the same number, but for its moment: the last of `size` has just arrived."""
    chance = random.Random(number)
    artist, title = _name(chance, -(number // OF_ONE_ARTIST) - 1), _name(chance, number)
    origin = chance.choice(list(Platform))
    at = NOW - (size - number) * BETWEEN
    recording = Recording(artist=artist, artists=(artist,), title=title, duration_s=200 + number % 90)
    deliveries = {
        target: _delivery(number, origin, target, chance.choice(_STATES), recording, at)
        for target in Platform
        if target is not origin
    }
    items = {d.target: d.external_id for d in deliveries.values() if d.external_id is not None}
    return Track(
        id=number,
        link="main",
        version=1,
        state=TrackState.IDENTIFIED,
        step=TrackStep.DONE,
        origin=origin,
        origin_external_id=str(number),
        item=ItemMetadata(title=title, artists=(artist,), duration_s=recording.duration_s),
        items={origin: str(number), **items},
        recording=recording,
        method="tg_metadata",
        backfill=True,
        keys=(f"t:{title}", f"s:{number // SHARING}"),
        queries={Platform.YOUTUBE: (title,), Platform.SPOTIFY: (title,)},
        deliveries=deliveries,
        changed_at=at,
        created_at=at,
        updated_at=at,
    )


def _name(chance: random.Random, seed: int) -> str:
    """Two or three words; popular ones come again and again, as in real names."""
    own = random.Random(seed)
    words = ["".join(own.choices(_SYLLABLES, k=own.randint(2, 4))) for _ in range(2)]
    return " ".join([chance.choice(("the", "love", "song", "night", "عشق")), *words]).title()


def _delivery(
    number: int, origin: Platform, target: Platform, state: DeliveryState, recording: Recording, at: datetime
) -> Delivery:
    candidate = Candidate(id=f"{target.short}{number}", title=recording.title, artists=recording.artists)
    scored = ScoredCandidate(candidate=candidate, score=0.97, reasons=("title agrees", "artist agrees"))
    return Delivery(
        target=target,
        origin=origin,
        track_id=number,
        state=state,
        backfill=True,
        chosen=scored if state.is_done else None,
        alternatives=(scored,) * 3,
        external_id=candidate.id if state.is_done else None,
        reason=None if state.is_done else "A reason of the benchmark.",
        cause=None if state.is_done else "no_match",
        due_at=at + timedelta(days=36500) if state is DeliveryState.RETRY_SCHEDULED else None,
        changed_at=at,
        synced_at=at if state.is_done else None,
    )


@in_thread
def _pragma(store: SqliteStore, words: str) -> None:
    store.connection.execute(f"PRAGMA {words}").fetchall()


async def fill_sqlite(store: SqliteStore, numbers: range, told: Callable[[int], None]) -> None:
    """Through the store itself; only the waiting for the disk is left out."""
    await _pragma(store, "synchronous = OFF")
    for number in numbers:
        track = a_track(number, numbers[-1])
        assert await store.save(track, 0, _ENTRIES)
        for platform, external_id in track.items.items():
            await store.claim(claim_key("main", platform, external_id), number)
        if number % 1000 == 0:
            told(number)
    await _pragma(store, "synchronous = FULL")
    await _pragma(store, "wal_checkpoint(TRUNCATE)")
    await _finish(store)


async def fill_mongo(store: MongoStore, numbers: range, told: Callable[[int], None]) -> None:
    """The same documents, many at once: one by one would take hours with the test server."""
    database = store.database
    counters: Counter[str] = Counter()
    for batch in _batches(numbers):
        tracks = [a_track(number, numbers[-1]) for number in batch]
        documents = [document_of(track, Counter(), ()) for track in tracks]
        for document in documents:
            del document["outbox"]
        await database.tracks.insert_many(documents, ordered=False)
        logged = [log_document(line, line.id) for track in tracks for line in lines(track, _ENTRIES)]
        await database.log.insert_many(logged, ordered=False)
        claims: list[dict[str, Any]] = [
            {"_id": claim_key("main", platform, external_id), "track_id": track.id}
            for track in tracks
            for platform, external_id in track.items.items()
        ]
        await database.claims.insert_many(claims, ordered=False)
        for track in tracks:
            counters.update(project(track).counters)
        told(batch[-1])
    await database.figures.replace_one({"_id": "main"}, {"_id": "main", "amounts": dict(counters), "recent": []}, True)
    await database.sequence.replace_one({"_id": "track"}, {"_id": "track", "value": numbers[-1]}, True)
    await _finish(store)


async def check_sample(by_store: MongoStore, by_filling: MongoStore) -> None:
    """That filling leaves what the store itself leaves; raises AssertionError. Both are empty before."""
    numbers = range(1, SAMPLE + 1)
    for number in numbers:
        await by_store.next_track_id()
        track = a_track(number, SAMPLE)
        assert await by_store.save(track, 0, _ENTRIES)
        for platform, external_id in track.items.items():
            await by_store.claim(claim_key("main", platform, external_id), number)
    await _finish(by_store)
    await fill_mongo(by_filling, numbers, lambda number: None)
    for name in ("tracks", "log", "claims", "figures", "sequence", "collections"):
        written, filled = [await _whole(store, name) for store in (by_store, by_filling)]
        assert written == filled, f"{name} is filled otherwise than the ledger writes it"


async def _whole(store: MongoStore, name: str) -> dict[Any, Any]:
    """A collection by its ids, without what the counters remember of their last writes."""
    rows = await store.database[name].find({}).to_list(None)
    return {row["_id"]: {key: value for key, value in row.items() if key != "recent"} for row in rows}


async def _finish(store: SqliteStore | MongoStore) -> None:
    for platform in Platform:
        await store.open_collection(OpenedCollection("main", platform, NOW, 0))


def _batches(numbers: range) -> Iterator[range]:
    for start in range(0, len(numbers), BATCH):
        yield numbers[start : start + BATCH]
