"""Records on a real nats-server: of two that both think it is their turn one is refused, and none is kept for ever."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from nats.aio.client import Client

from navaar_contracts.streams import IDEMPOTENCY
from navaar_runtime import connection
from navaar_runtime.declare import Topology, declare
from navaar_runtime.fences import Fence
from navaar_runtime.idempotency import About, IdempotencyRecords, Overtaken
from navaar_runtime.lease import NotLeading
from navaar_runtime.settings import RuntimeSettings, load

KEY = "main.1.spotify"
ABOUT = About("spotify:p", ("title:1",))


@pytest_asyncio.fixture
async def client(nats_environment: dict[str, str]) -> AsyncIterator[Client]:
    client = await connection.connect(load(RuntimeSettings, nats_environment), "records")
    await declare(client, Topology())
    yield client
    await client.close()


def records(client: Client, fence: Fence | None = None) -> IdempotencyRecords:
    made = IdempotencyRecords()
    made.bind(client)
    made.fence = lambda: fence
    return made


async def test_of_many_that_begin_one_thing_one_does(client: Client) -> None:
    tries = [records(client).create(KEY, {"by": number}, about=ABOUT) for number in range(8)]
    outcomes = await asyncio.gather(*tries, return_exceptions=True)
    (winner,) = (each for each in outcomes if not isinstance(each, BaseException))
    assert all(isinstance(each, Overtaken) for each in outcomes if each is not winner)
    assert await records(client).get(KEY) == winner


async def test_what_somebody_else_wrote_is_neither_completed_nor_replaced_nor_forgotten(client: Client) -> None:
    mine, theirs = records(client), records(client)
    begun = await mine.create(KEY, {"external_id": "x"}, about=ABOUT)
    taken = await theirs.create(KEY, {"external_id": "y"}, about=ABOUT, over=begun)
    for late in (
        mine.complete(KEY, {"external_id": "x"}, of=begun),
        mine.create(KEY, {"external_id": "x"}, over=begun),
        mine.delete(KEY, of=begun),
        mine.complete(KEY, {"external_id": "x"}, absent=True),
    ):
        with pytest.raises(Overtaken):
            await late
    done = await theirs.complete(KEY, {"external_id": "y"}, of=taken)
    assert (done.state, done.note, done.about) == ("done", {"external_id": "y"}, ABOUT)
    assert await mine.get(KEY) == done


async def test_what_was_forgotten_can_be_begun_anew(client: Client) -> None:
    kept = records(client)
    await kept.delete(KEY)
    begun = await kept.create(KEY, {})
    await kept.delete(KEY, of=begun)
    assert await kept.get(KEY) is None
    again = await kept.create(KEY, {"again": True})
    await kept.delete(KEY)
    assert (await kept.complete(KEY, {"there": True}, absent=True)).revision > again.revision


async def test_a_record_of_a_version_that_said_less_is_read_and_believed(client: Client) -> None:
    document = {"state": "begun", "begun_at": "2026-11-22T12:00:00+00:00", "note": {"external_id": "x"}, "outcome": {}}
    await client.jetstream().publish(f"$KV.{IDEMPOTENCY.name}.{KEY}", json.dumps(document).encode())
    kept = records(client)
    old = await kept.get(KEY)
    assert old is not None
    assert old.answers_for(ABOUT)
    done = await kept.complete(KEY, {"external_id": "x"}, of=old, about=ABOUT)
    assert (done.begun_at, done.note, done.about) == (old.begun_at, {"external_id": "x"}, ABOUT)


async def test_what_is_learnt_of_a_song_is_added_and_another_song_begins_anew(client: Client) -> None:
    kept = records(client)
    first = await kept.create(KEY, {"external_id": "x"}, about=ABOUT)
    more = await kept.complete(KEY, {}, of=first, about=About("spotify:p", ("isrc:2", "title:1")))
    assert more.about == About("spotify:p", ("isrc:2", "title:1"))
    assert more.note == {"external_id": "x"}
    other = await kept.complete(KEY, {}, of=more, about=About("spotify:p", ("title:9",)))
    assert (other.note, other.about) == ({}, About("spotify:p", ("title:9",)))


async def test_who_was_taken_over_writes_nothing_any_more(client: Client) -> None:
    late, now = records(client, Fence("a", 3)), records(client, Fence("a", 4))
    await late.complete("main.spotify.news", {"at": 1})
    await now.complete("main.spotify.news", {"at": 2})
    for write in (late.complete("main.spotify.news", {"at": 3}), late.delete("main.spotify.news")):
        with pytest.raises(Overtaken):
            await write
    # A lease's key that was made anew counts from 1.
    assert (await records(client, Fence("b", 1)).complete("main.spotify.news", {"at": 4})).fence == Fence("b", 1)


async def test_without_the_lease_nothing_is_written_at_all(client: Client) -> None:
    kept = records(client)
    begun = await kept.create(KEY, {})

    def refuse() -> Fence | None:
        raise NotLeading("not now")

    kept.fence = refuse
    for write in (kept.create("main.2.spotify", {}), kept.complete(KEY, {}, of=begun), kept.delete(KEY)):
        with pytest.raises(NotLeading):
            await write
    assert await kept.get(KEY) == begun


async def test_a_record_goes_when_nobody_needs_it_and_leaves_nothing_behind(client: Client) -> None:
    kept = records(client)
    begun = await kept.create(KEY, {})
    await kept.create("main.2.spotify", {})
    await kept.complete(KEY, {}, of=begun, kept_s=1)
    await kept.complete("main.spotify.news", {})
    async with asyncio.timeout(60):
        while await kept.get(KEY) is not None:
            await asyncio.sleep(0.1)
    info = await client.jetstream().stream_info(f"KV_{IDEMPOTENCY.name}")
    assert info.state.messages == 2
    # What is under way, and what is no single event, stays.
    assert await kept.get("main.2.spotify") is not None
    assert (await kept.create(KEY, {})).state == "begun"
