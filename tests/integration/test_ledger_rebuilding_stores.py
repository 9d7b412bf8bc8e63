"""The present ledger is read whole, wherever it is kept; and what a stream no longer has is said."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import count
from pathlib import Path

import nats
import pytest

from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import Platform
from navaar_contracts.links import Link
from navaar_contracts.music import ItemMetadata
from navaar_contracts.records import TrackDiscovered
from navaar_contracts.streams import EVENTS
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track
from navaar_ledger.rebuild.comparison import compare
from navaar_ledger.rebuild.rebuild import in_file, position, present, rebuild
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.sqlite.store import FILE, SqliteStore
from navaar_runtime.declare import Topology, declare
from navaar_runtime.failures import Permanent
from navaar_runtime.settings import load
from tests.support.mongo_server import environment, running_mongo
from tests.support.nats_server import NatsServer

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LINK = Link(name="main", telegram_channel_id="@c", ytmusic_playlist_id="y", spotify_playlist_id="s")


def track(number: int) -> Track:
    item = ItemMetadata(title=f"song {number}")
    return Track(
        id=number,
        link="main",
        version=1,
        origin=Platform.SPOTIFY,
        origin_external_id=f"sp-{number}",
        item=item,
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


async def fill(store: SqliteStore | MongoStore) -> None:
    await store.open()
    for number in (1, 2):
        await store.claim(f"main|spotify|sp-{number}", await store.next_track_id())
        await store.save(track(number), 0)
    await store.close()


async def test_both_stores_are_read_whole_and_alike(tmp_path: Path) -> None:
    await fill(SqliteStore(tmp_path))
    on_file = await present(LedgerSettings(), tmp_path)
    with running_mongo() as url:
        settings = load(LedgerSettings, environment(url, "rebuilding"))
        await fill(MongoStore(settings))
        on_mongodb = await present(settings, tmp_path / "none")
    assert on_file.claims == {"main|spotify|sp-1": 1, "main|spotify|sp-2": 2}
    assert compare(on_file, on_mongodb, None).differences == ()
    assert (set(on_file.tracks), on_file.tracks) == ({1, 2}, on_mongodb.tracks)


async def test_no_ledger_or_a_broken_one_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(Permanent, match="there is no ledger"):
        await present(LedgerSettings(), tmp_path)
    (tmp_path / FILE).write_bytes(b"no database at all" * 100)
    with pytest.raises(Permanent, match="cannot be read"):
        await present(LedgerSettings(), tmp_path)


async def test_history_whose_beginning_is_gone_gives_what_is_left_under_the_same_numbers(
    nats_server: NatsServer, tmp_path: Path
) -> None:
    client = await nats.connect(nats_server.url)
    try:
        await declare(client, Topology(storage="memory"))
        context = client.jetstream()
        numbers = count(1)
        for number in (next(numbers), next(numbers), 7):
            item = ItemMetadata(title=f"song {number}")
            sighted = ItemSighted(
                link="main", platform=Platform.SPOTIFY, external_id=f"sp-{number}", item=item, sighted_at=AT
            )
            known = TrackDiscovered(
                link="main",
                track_id=number,
                platform=Platform.SPOTIFY,
                external_id=f"sp-{number}",
                discovered_at=AT,
            )
            for event in (sighted, known):
                await context.publish(event.subject(), event.model_dump_json().encode(), stream=EVENTS.name)
        await context.publish("navaar.evt.item.sighted.main", b"no JSON", stream=EVENTS.name)
        await context.purge_stream(EVENTS.name, seq=3)
        where = await position(client)
        assert (where.first, where.is_whole, where.is_still) == (3, False, False)
        went = await rebuild(client, Policy(links={"main": LINK}), SqliteStore(tmp_path / "made", durable=False), 7)
        assert (went.events, went.unreadable) == (2, 1)
        made = in_file(tmp_path / "made" / FILE)
        assert set(made.tracks) == {2, 7}
        assert made.claims == {"main|spotify|sp-2": 2, "main|spotify|sp-7": 7}
    finally:
        await client.close()
