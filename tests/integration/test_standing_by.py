"""Two of one gateway on one NATS: one acts, the other stands by, takes over, and nothing happens twice."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path
from time import monotonic

import pytest
import pytest_asyncio
from nats.aio.client import Client

from navaar_contracts.events import CollectionOpened, ItemSighted, TrackPlaced
from navaar_contracts.identifiers import Platform
from navaar_contracts.streams import IDEMPOTENCY, LEASES
from navaar_runtime import connection
from navaar_runtime.declare import Topology, declare
from navaar_runtime.idempotency import IdempotencyRecords, Overtaken
from navaar_runtime.lease import FREE_S, GOOD_S, Lease, LeaseLost, NotLeading, steady_clock
from navaar_runtime.run import Supervisor
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.gateways import Stage, polled_every, stage, until
from tests.support.nats_server import NatsServer

AT_ONCE_S = 15.0
"""What is promised; on a quiet machine it takes a fraction of a second."""


class Clock:
    """A steady clock that can be put forward: as if the process had been stopped, or the network away."""

    def __init__(self) -> None:
        self.ahead_s = 0.0

    def __call__(self) -> float:
        return steady_clock() + self.ahead_s


@pytest_asyncio.fixture
async def client(nats_environment: dict[str, str]) -> AsyncIterator[Client]:
    client = await connection.connect(load(RuntimeSettings, nats_environment), "leases")
    await declare(client, Topology())
    yield client
    await client.close()


def lease(client: Client, clock: Clock | None = None) -> Lease:
    made = Lease("spotify", clock or Clock())
    made.bind(client)
    return made


async def test_one_has_it_and_gives_it_to_the_next_at_once(client: Client) -> None:
    first, second = lease(client), lease(client)
    assert await first.try_take()
    assert not await second.try_take()
    with pytest.raises(NotLeading, match="standing by for spotify: process"):
        second.check()
    waiting = asyncio.create_task(second.take())
    await asyncio.sleep(0)
    before, begun = first.fence(), monotonic()
    await first.give_back()
    async with asyncio.timeout(AT_ONCE_S):
        await waiting
    print(f"taken over {monotonic() - begun:.3f} s after it was given back")
    assert before.is_older_than(second.fence())
    with pytest.raises(NotLeading):
        first.check()
    await second.give_back()


async def test_one_whose_holder_ended_in_this_process_without_a_word_is_free(client: Client) -> None:
    first, second = lease(client), lease(client)
    assert await first.try_take()
    gone = await connection.connect(load(RuntimeSettings, {"NAVAAR_NATS_URL": _url(client)}), "gone")
    first.bind(gone)
    await gone.close()
    await first.give_back()
    assert await second.try_take()
    await second.give_back()


def _url(client: Client) -> str:
    assert client.connected_url is not None
    return client.connected_url.geturl()


async def test_of_many_that_want_it_one_gets_it(client: Client) -> None:
    leases = [lease(client) for _ in range(6)]
    assert sum(await asyncio.gather(*(each.try_take() for each in leases))) == 1
    await asyncio.gather(*(each.give_back() for each in leases))


async def test_a_holder_that_was_stopped_does_nothing_before_and_after_another_takes_over(client: Client) -> None:
    asleep, awake = Clock(), Clock()
    first, second = lease(client, asleep), lease(client, awake)
    records = IdempotencyRecords()
    records.bind(client)
    records.fence = first.fence
    assert await first.try_take()
    known = await records.complete("main.spotify.news", {"at": 1})
    assert not await second.try_take()
    awake.ahead_s = FREE_S - 0.5
    assert not await second.try_take()
    # The first, which has not renewed it for so long, has stopped before the second may begin.
    asleep.ahead_s = GOOD_S
    with pytest.raises(NotLeading):
        await records.complete("main.spotify.news", {"at": 2})
    awake.ahead_s = FREE_S + 0.5
    assert await second.try_take()
    # Even if its clock had stood still meanwhile, what it writes is refused where the second has written.
    asleep.ahead_s = 0
    theirs = IdempotencyRecords()
    theirs.bind(client)
    theirs.fence = second.fence
    await theirs.complete("main.spotify.news", {"at": 3})
    with pytest.raises(Overtaken):
        await records.complete("main.spotify.news", {"at": 2}, of=known)
    with pytest.raises(Overtaken):
        await records.complete("main.spotify.news", {"at": 2})
    with pytest.raises(LeaseLost, match="acts for spotify"):
        await first.keep()
    with pytest.raises(NotLeading):
        first.check()
    await second.give_back()


async def test_a_holder_goes_on_if_nobody_took_over_while_nats_was_away(nats_server: NatsServer) -> None:
    settings = load(RuntimeSettings, {"NAVAAR_NATS_URL": nats_server.url})
    client = await connection.connect(settings, "leases")
    try:
        await declare(client, Topology())
        clock = Clock()
        held = lease(client, clock)
        assert await held.try_take()
        fence = held.fence()
        await nats_server.kill()
        clock.ahead_s = GOOD_S
        with pytest.raises(NotLeading, match="did not renew"):
            held.check()
        await nats_server.start()
        keeping = asyncio.create_task(held.keep())
        async with asyncio.timeout(60):
            await held.wait_certain()
        assert held.fence() == fence
        keeping.cancel()
    finally:
        await client.close()


@contextlib.asynccontextmanager
async def two_gateways(
    platform: Platform, nats_environment: dict[str, str], folder: Path
) -> AsyncIterator[tuple[Stage, asyncio.Event, Supervisor, Supervisor]]:
    """A stage with an acting gateway, which ends with the event, and one that stands by."""
    async with stage(platform, nats_environment, folder, **polled_every(1)) as at, contextlib.AsyncExitStack() as stack:
        supervisors = [Supervisor(lambda _: at.gateway(), {}) for _ in range(2)]
        stops = [asyncio.Event(), asyncio.Event()]
        for supervisor, stop in zip(supervisors, stops, strict=True):
            task = asyncio.create_task(supervisor.run(stop))

            async def end(task: asyncio.Task[None] = task, stop: asyncio.Event = stop) -> None:
                stop.set()
                await task

            stack.push_async_callback(end)
            if supervisor is supervisors[0]:
                await at.ledger.wait(CollectionOpened)
        await until_detail(supervisors[1])
        yield at, stops[0], *supervisors


async def until_detail(supervisor: Supervisor) -> str:
    async with asyncio.timeout(60):
        while not (told := (await supervisor.details()).get("lease", "")).endswith("is active"):
            await asyncio.sleep(0.02)
    return told


@pytest.mark.parametrize("platform", [Platform.SPOTIFY])
async def test_a_gateway_stands_by_says_so_and_takes_over_when_the_other_ends(
    platform: Platform, nats_environment: dict[str, str], tmp_path: Path
) -> None:
    async with two_gateways(platform, nats_environment, tmp_path) as (at, stop, _, standby):
        assert (await until_detail(standby)).startswith("standing by for spotify: process ")
        # It is alive and in order: whoever rolls out a new version may end the old one.
        assert await standby.report() == {"nats": None}
        asking = at.ledger.service.queries
        acting, waiting = await asking.health(platform.value), await asking.standby(platform.value)
        assert "playlist main" in acting.parts
        assert waiting is not None
        assert waiting.details["lease"].startswith("standing by")
        await at.place(at.song(1), track=1)
        await at.ledger.wait(TrackPlaced)
        looked = at.calls("check") + at.calls("read")
        await until(lambda: at.calls("check") + at.calls("read") > looked)
        stop.set()
        begun = monotonic()
        async with asyncio.timeout(AT_ONCE_S):
            while "lease" in await standby.details():
                await asyncio.sleep(0.01)
        print(f"the second acts {monotonic() - begun:.3f} s after the first was told to stop")
        await at.place(at.song(2), track=2)
        await at.ledger.wait(TrackPlaced, 2)
        (sighted,) = at.add(3)
        await at.ledger.wait(ItemSighted)
        assert [event.external_id for event in at.ledger.of(ItemSighted)] == [sighted]
        assert at.ids == [at.song(1), at.song(2), sighted]
        assert "playlist main" in await standby.details()
        assert await asking.standby(platform.value) is None


async def test_the_bucket_of_leases_holds_one_entry_a_service_and_records_none(client: Client) -> None:
    for _ in range(3):
        held = lease(client)
        assert await held.try_take()
        await held.give_back()
    js = client.jetstream()
    assert (await js.stream_info(f"KV_{LEASES.name}")).state.messages == 1
    assert (await js.stream_info(f"KV_{IDEMPOTENCY.name}")).state.messages == 0
