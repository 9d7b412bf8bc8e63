"""A ledger that is put back to an earlier moment takes over what happened since, in each store, before it acts."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import nats
import pytest

from navaar_contracts.commands import IdentifyTrack
from navaar_contracts.events import CollectionOpened, ItemSighted, TrackIdentified
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ItemMetadata, Recording
from navaar_contracts.queries import GetCounts, GetTrack, ListLog, UnknownItems
from navaar_contracts.streams import EVENTS, IDEMPOTENCY
from navaar_ledger.archive.ledger import put_back, taken_out
from navaar_ledger.archive.rows import Row
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.life import RESTORED, Restored
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.sqlite import SqliteStore
from navaar_runtime.settings import load
from tests.integration.test_ledger_service import running, sent, until
from tests.support.mongo_server import environment as on_mongodb
from tests.support.mongo_server import running_mongo

pytestmark = pytest.mark.timeout(300)

YT, SP, TG = Platform.YOUTUBE, Platform.SPOTIFY, Platform.TELEGRAM
NOTE = Restored("2026-11-22T03:17:00+00:00", "2026-11-22T12:00:00+00:00")
_database = count(1)


@pytest.fixture(scope="module")
def secantus() -> Iterator[str]:
    with running_mongo("secantus") as url:
        yield url


@pytest.fixture(params=["sqlite", "secantus"])
def environment(request: pytest.FixtureRequest, nats_environment: dict[str, str]) -> dict[str, str]:
    kept = {}
    if request.param != "sqlite":
        kept = on_mongodb(request.getfixturevalue(request.param), f"back{next(_database)}")
    return {
        **nats_environment,
        **kept,
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_SPOTIFY_PLAYLIST_ID": "SP1",
    }


def sighted(external_id: str, platform: Platform = SP) -> ItemSighted:
    item = ItemMetadata(title=f"Song {external_id}", artists=("Googoosh",), duration_s=240)
    return ItemSighted(link="main", platform=platform, external_id=external_id, item=item, sighted_at=datetime.now(UTC))


class Life:
    """One start of the ledger, and what the others tell it."""

    def __init__(self, service) -> None:  # type: ignore[no-untyped-def]
        self.service = service

    async def ask(self, query):  # type: ignore[no-untyped-def]
        return await self.service.queries.ask(query)

    async def tell(self, message: Message) -> None:
        await self.service.publisher.publish(message)

    async def track(self, number: int):  # type: ignore[no-untyped-def]
        return (await self.ask(GetTrack(track_id=number))).track

    async def add(self, external_id: str) -> None:
        """Somebody adds a song; wait until the ledger has it."""
        await self.tell(sighted(external_id))

        async def is_known() -> bool:
            return not (await self.ask(UnknownItems(link="main", platform=SP, external_ids=(external_id,)))).unknown

        await until(is_known)


@contextlib.asynccontextmanager
async def alive(environment: dict[str, str]) -> AsyncIterator[Life]:
    async with running(environment) as service:
        yield Life(service)


async def copy_of(environment: dict[str, str], folder: Path) -> list[Row]:
    folder.mkdir()
    settings = load(LedgerSettings, environment)
    return list(await taken_out(settings, Path(environment["NAVAAR_DATA_DIR"]), folder))


async def put(environment: dict[str, str], rows: list[Row], note: Restored = NOTE) -> None:
    await put_back(load(LedgerSettings, environment), Path(environment["NAVAAR_DATA_DIR"]), rows, note)


async def forget_the_restore(environment: dict[str, str]) -> None:
    """As if a file had been copied or a dump been put back: nothing in the store says so."""
    settings = load(LedgerSettings, environment)
    on_file = settings.mongodb_url is None
    store = SqliteStore(Path(environment["NAVAAR_DATA_DIR"])) if on_file else MongoStore(settings)
    await store.open()
    await store.keep_about({RESTORED: ""})
    await store.close()


async def identities(environment: dict[str, str]) -> dict[int, set[str]]:
    found: dict[int, set[str]] = {}
    for command in await sent(environment, "navaar.cmd.identifier.identify-track.main", IdentifyTrack):
        found.setdefault(command.track_id, set()).add(command.identity)
    return found


async def test_what_happened_since_is_taken_over_under_the_same_names(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with alive(environment) as life:
        await life.add("one")
        rows = await copy_of(environment, tmp_path / "copy")
        await life.add("two")
        recording = Recording(artist="Googoosh", title="Song two", duration_s=240)
        await life.tell(TrackIdentified(link="main", track_id=2, recording=recording, method="sp_metadata"))

        async def is_named() -> bool:
            return (await life.track(2)).state == "identified"

        await until(is_named)
    await put(environment, rows)
    async with alive(environment) as life:
        assert (await life.track(2)).state == "identified"
        log = (await life.ask(ListLog(link="main"))).entries
        told = next(line.details for line in log if line.event == "ledger_reconciled")
        assert "backup of 2026-11-22T03:17" in told
        assert "new tracks: 1" in told
        assert "took over" in (await life.service.details())["restored"]
        assert not (await life.ask(GetCounts())).paused
        await life.add("three")
        assert (await life.track(3)).display == "Googoosh - Song three"
    assert {number: len(names) for number, names in (await identities(environment)).items()} == {1: 1, 2: 1, 3: 1}
    # And once it knows, it says nothing more.
    async with alive(environment) as life:
        again = [line for line in (await life.ask(ListLog(link="main"))).entries if line.event == "ledger_reconciled"]
        assert len(again) == 1


async def test_a_copy_put_back_by_hand_and_a_lost_ledger_are_noticed_too(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with alive(environment) as life:
        rows = await copy_of(environment, tmp_path / "copy")
        await life.add("one")
        await life.add("two")
    # As a copied file: nothing in it says that it is one.
    await put(environment, rows)
    await forget_the_restore(environment)
    async with alive(environment) as life:
        assert [(await life.track(number)).display for number in (1, 2)] == [
            "Googoosh - Song one",
            "Googoosh - Song two",
        ]
    await put(environment, [])
    async with alive(environment) as life:
        assert (await life.track(2)).display == "Googoosh - Song two"
        await life.add("three")
        assert (await life.track(3)).display == "Googoosh - Song three"


async def test_without_the_streams_nothing_goes_to_a_channel_before_a_person_says_so(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with alive(environment) as life:
        await life.tell(CollectionOpened(link="main", platform=SP, items=0, opened_at=datetime.now(UTC)))
        await life.add("one")
    rows = await copy_of(environment, tmp_path / "copy")
    client = await nats.connect(environment["NAVAAR_NATS_URL"])
    try:
        await client.jetstream().delete_stream(EVENTS.name)
    finally:
        await client.close()
    await put(environment, rows)
    async with alive(environment) as life:
        assert set((await life.ask(GetCounts())).paused) == {Direction.YT_TO_TG, Direction.SP_TO_TG}
        assert "held back" in (await life.service.health()).notes["restored"]
    # Nothing was done since, says who restores: then there is nothing to wait for.
    client = await nats.connect(environment["NAVAAR_NATS_URL"])
    try:
        await client.jetstream().delete_stream(EVENTS.name)
    finally:
        await client.close()
    await put(environment, rows, Restored(NOTE.taken_at, NOTE.restored_at, complete=True))
    async with alive(environment) as life:
        assert not (await life.ask(GetCounts())).paused


async def test_numbers_are_above_all_that_records_bear(environment: dict[str, str]) -> None:
    async with alive(environment):
        pass
    client = await nats.connect(environment["NAVAAR_NATS_URL"])
    try:
        bucket = await client.jetstream().key_value(IDEMPOTENCY.name)
        await bucket.put("main.41-9f86d081884c7d65.telegram", b"{}")
        await bucket.put("main.40.spotify", b"{}")
    finally:
        await client.close()
    async with alive(environment) as life:
        await life.add("one")
        assert (await life.track(42)).display == "Googoosh - Song one"


async def test_a_dump_whose_counter_and_claims_are_older_than_its_tracks_loses_no_song(
    secantus: str, nats_environment: dict[str, str]
) -> None:
    environment = {
        **nats_environment,
        **on_mongodb(secantus, f"back{next(_database)}"),
        "NAVAAR_TELEGRAM_CHANNEL_ID": "-100",
        "NAVAAR_YTMUSIC_PLAYLIST_ID": "PL1",
        "NAVAAR_SPOTIFY_PLAYLIST_ID": "SP1",
    }
    async with alive(environment) as life:
        for song in ("one", "two", "three"):
            await life.add(song)
    store = MongoStore(load(LedgerSettings, environment))
    await store.database.sequence.update_one({"_id": "track"}, {"$set": {"value": 1}})
    await store.database.claims.delete_one({"_id": "main|spotify|three"})
    await store.close()
    async with alive(environment) as life:
        unknown = await life.ask(UnknownItems(link="main", platform=SP, external_ids=("one", "two", "three")))
        assert unknown.unknown == ()
        for song in ("four", "five", "six"):
            await life.add(song)
        names = [(await life.track(number)).display for number in range(1, 7)]
        assert names == [f"Googoosh - Song {song}" for song in ("one", "two", "three", "four", "five", "six")]


async def test_a_dump_that_says_it_is_newer_than_its_tracks_is_seen_through(
    environment: dict[str, str], tmp_path: Path
) -> None:
    async with alive(environment) as life:
        await life.add("one")
        rows = await copy_of(environment, tmp_path / "older")
        await life.add("two")
        newer = await copy_of(environment, tmp_path / "newer")
    torn = [row for row in rows if row["kind"] != "about"] + [row for row in newer if row["kind"] == "about"]
    await put(environment, torn)
    await forget_the_restore(environment)
    async with alive(environment) as life:
        assert (await life.track(2)).display == "Googoosh - Song two"
        await life.add("three")
        assert (await life.track(3)).display == "Googoosh - Song three"
