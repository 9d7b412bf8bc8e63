"""The ledger on MongoDB when the server dies, steps down, falls silent, or its answers get lost."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import partial
from itertools import count, cycle
from typing import Any

import pytest

from navaar_contracts.commands import DiscardAudio
from navaar_contracts.events import CollectionOpened
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import LogEntry
from navaar_ledger.application.recovery import Recovery
from navaar_ledger.application.scheduler import tick
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Override
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.domain.track import Track
from navaar_ledger.ports import Ports
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.mongo import client as mongo_client
from navaar_ledger.store.port import OpenedCollection, Store, over
from navaar_ledger.store.projection import project
from navaar_runtime.failures import Transient
from navaar_runtime.settings import load
from tests.support.ledger_world import Song, World
from tests.support.mongo_proxy import Fate, MongoProxy, Refuse, mongo_proxy
from tests.support.mongo_server import MongoServer, environment, running

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
DEADLINE_S = 120.0
SONGS = 2
BOTH = ("secantus", pytest.param("ferretdb", marks=pytest.mark.ferretdb))
_database = count(1)

STEPPED_DOWN = [
    Refuse({"ok": 0.0, "code": 10107, "codeName": "NotWritablePrimary", "errmsg": "not primary"}),
    Refuse({"ok": 0.0, "code": 189, "codeName": "PrimarySteppedDown", "errmsg": "stepped down"}),
    Refuse({"ok": 0.0, "code": 11602, "codeName": "InterruptedDueToReplStateChange", "errmsg": "interrupted"}),
    Refuse({"ok": 0.0, "code": 91, "codeName": "ShutdownInProgress", "errmsg": "shutting down"}),
    Refuse(
        {"ok": 1.0, "n": 1, "writeConcernError": {"code": 64, "codeName": "WriteConcernTimeout", "errmsg": "too few"}}
    ),
]


@pytest.fixture(scope="module")
def secantus() -> Iterator[MongoServer]:
    with running("secantus") as server:
        yield server


@pytest.fixture(scope="module")
def ferretdb() -> Iterator[MongoServer]:
    with running("ferretdb") as server:
        yield server


@asynccontextmanager
async def opened(url: str) -> AsyncIterator[MongoStore]:
    store = MongoStore(load(LedgerSettings, environment(url, f"surviving{next(_database)}")))
    try:
        await store.open()
        yield store
    finally:
        await store.close()


def a_track(track_id: int) -> Track:
    return Track(
        id=track_id,
        link="main",
        version=1,
        origin=Platform.TELEGRAM,
        origin_external_id=str(track_id),
        item=ItemMetadata(title=f"Song {track_id}", artists=("گوگوش",)),
        items={Platform.TELEGRAM: str(track_id)},
        changed_at=AT,
        created_at=AT,
        updated_at=AT,
    )


async def until_it_is_kept(store: MongoStore, track: Track) -> None:
    """As a redelivered message does: look, and write what is not there; until the server answers."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        try:
            if await store.load(track.id) is not None or await store.save(
                track, 0, [AuditEntry("track_discovered", "x")]
            ):
                return
        except Transient:
            continue
    raise AssertionError(f"track {track.id} is never kept")


@pytest.mark.parametrize("name", BOTH)
async def test_a_killed_server_has_lost_nothing_that_was_acknowledged(name: str) -> None:
    with running(name) as server:
        async with opened(server.url) as store:
            kept: list[Track] = []

            for _ in range(2):
                writing = asyncio.create_task(write_on(store, kept))
                enough = len(kept) + 8
                while len(kept) < enough and not writing.done():
                    await asyncio.sleep(0)
                server.kill()
                interrupted = await writing
                server.start()
                for track in kept:
                    assert await loaded(store, track.id) == track
                await until_it_is_kept(store, interrupted)
                kept.append(interrupted)
            assert (await store.counters("main")).tracks == len(kept)
            assert sorted(line.track_id or 0 for line in await store.log("main", None, 1000)) == [t.id for t in kept]


async def write_on(store: MongoStore, kept: list[Track]) -> Track:
    """Track after track, until one is not acknowledged; returns that."""
    for number in count(len(kept) + 1):
        try:
            assert await store.save(a_track(number), 0, [AuditEntry("track_discovered", "x")])
        except Transient:
            return a_track(number)
        kept.append(a_track(number))
    raise AssertionError


async def loaded(store: MongoStore, track_id: int) -> Track | None:
    """The driver may need a moment to find the server again."""
    end = time.monotonic() + DEADLINE_S
    while time.monotonic() < end:
        try:
            return await store.load(track_id)
        except Transient:
            continue
    raise AssertionError("the server is never found again")


@pytest.mark.parametrize("name", BOTH)
async def test_answers_lost_and_refused_at_any_point_place_each_song_once(
    name: str, request: pytest.FixtureRequest
) -> None:
    server: MongoServer = request.getfixturevalue(name)
    async with mongo_proxy(server.port) as proxy, opened(proxy.url) as store:
        disturbed = disturb(proxy, every=17)
        world = World()
        ports = Ports(store, world, world.policy, lambda: datetime.now(UTC))
        world.ports = ports

        async def insist(work: Callable[[], Awaitable[Iterable[Message]]]) -> None:
            """As often as a message is delivered again."""
            for _ in range(50):
                try:
                    messages = await work()
                except Transient:
                    continue
                world.send(messages)
                return
            raise AssertionError("never taken")

        for platform in (Platform.YOUTUBE, Platform.SPOTIFY):
            first = CollectionOpened(link="main", platform=platform, items=0, opened_at=datetime.now(UTC))
            await insist(partial(world._handle, first))
        for number in range(SONGS):
            world.add(Platform.TELEGRAM, Song(number))
        done: set[str] = set()
        for _ in range(20):
            while world.events or world.commands:
                if world.events:
                    await insist(partial(world._handle, world.events.pop(world.next_event())))
                    continue
                command = world.commands.pop(0)
                if command.message_id() not in done and not isinstance(command, DiscardAudio):
                    done.add(command.message_id())
                    world.carry_out(command)
            # What a broken-off turn had set in motion elsewhere is asked for again when nothing else is under way.
            await insist(partial(tick, ports))
            await insist(Recovery(ports).commands)
            if not world.commands:
                break
        proxy.choose = lambda command: Fate.PASS
        for number in range(SONGS):
            assert [world.copies(platform, number) for platform in Platform] == [1, 1, 1]
        await figures_are_right(store)
        assert len(disturbed) == 3, disturbed


def disturb(proxy: MongoProxy, every: int) -> Counter[str]:
    """Something else goes wrong with every so many requests; counted by what it was."""
    requests = count(1)
    fates = cycle([Fate.LOSE_ANSWER, STEPPED_DOWN[0], Fate.CUT])
    met: Counter[str] = Counter()

    def choose(command: str) -> Fate | Refuse:
        if next(requests) % every:
            return Fate.PASS
        fate = next(fates)
        met[str(fate)] += 1
        return fate

    proxy.choose = choose
    return met


async def figures_are_right(store: MongoStore) -> None:
    """The counters say what counting the documents says, and each first sight is logged once."""
    tracks = await store.tracks("main", None, None, 100)
    counted: Counter[str] = Counter()
    for track in tracks:
        counted += project(track).counters
    counters = await store.counters("main")
    assert counters.tracks == len(tracks) == SONGS
    kept = {f"{d}|{s}": amount for d, states in counters.deliveries.items() for s, amount in states.items() if amount}
    assert kept == {name: amount for name, amount in counted.items() if name in kept or name.count("_") > 1}
    lines = await store.log("main", None, 1000)
    assert len({line.id for line in lines}) == len(lines)
    assert Counter(line.event for line in lines)["track_discovered"] == SONGS


@pytest.mark.parametrize("refusal", STEPPED_DOWN, ids=lambda r: r.answer.get("codeName", "WriteConcernTimeout"))
async def test_a_primary_that_steps_down_costs_one_try(secantus: MongoServer, refusal: Refuse) -> None:
    async with mongo_proxy(secantus.port) as proxy, opened(proxy.url) as store:
        refusals = iter([refusal])
        proxy.choose = lambda command: next(refusals, Fate.PASS) if command == "insert" else Fate.PASS
        with pytest.raises(Transient):
            await store.claim("main|youtube|abc", 7)
        assert await store.claim("main|youtube|abc", 7) == 7


async def test_a_write_that_was_carried_out_though_its_answer_was_lost_is_recognised(secantus: MongoServer) -> None:
    async with mongo_proxy(secantus.port) as proxy, opened(proxy.url) as store:
        lost = iter([Fate.LOSE_ANSWER])
        proxy.choose = lambda command: next(lost, Fate.PASS) if command == "insert" else Fate.PASS
        with pytest.raises(Transient):
            await store.save(a_track(1), 0, [AuditEntry("track_discovered", "x")])
        assert not await store.save(a_track(1), 0, [AuditEntry("track_discovered", "x")])
        assert await store.load(1) == a_track(1)
        assert (await store.counters("main")).tracks == 1
        assert len(await store.log("main", None, 10)) == 1
        lost = iter([Fate.LOSE_ANSWER])
        with pytest.raises(Transient):
            await store.claim("main|youtube|abc", 7)
        assert await store.claim("main|youtube|abc", 7) == 7


async def test_a_server_that_falls_silent_is_given_up(secantus: MongoServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_client, "CALL_MS", 500)
    async with mongo_proxy(secantus.port) as proxy, opened(proxy.url) as store:
        proxy.choose = lambda command: Fate.SILENCE
        with pytest.raises(Transient, match="NetworkTimeout"):
            await store.load(1)
        with pytest.raises(Transient, match="NetworkTimeout"):
            await store.save(a_track(1), 0)
        proxy.choose = lambda command: Fate.PASS
        assert await store.load(1) is None


async def test_every_call_to_a_dead_server_is_transient_and_keeps_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mongo_client, "ANSWER_MS", 300)
    store = MongoStore(load(LedgerSettings, environment("mongodb://navaar:hunter2hunter2@127.0.0.1:9/", "dead")))
    main, there = "main", Platform.YOUTUBE
    entry = LogEntry(id="", link=main, event="item_skipped", details="x", created_at=AT)
    calls: list[Callable[[], Awaitable[Any]]] = [
        store.open,
        store.problem,
        store.check_write_access,
        store.next_track_id,
        lambda: store.claim("k", 1),
        lambda: store.owners(["k"]),
        lambda: store.release("k", (1,)),
        lambda: store.load(1),
        lambda: store.save(a_track(1), 0),
        lambda: store.sharing(main, ("k",), 1),
        lambda: store.queue(DeliveryQueue(main, Direction.TG_TO_SP, False), 1),
        lambda: store.unsettled(main, there, AT, 5),
        lambda: store.due(AT, 1),
        store.newest,
        lambda: store.waiting(AT, 1),
        lambda: store.held(main, 0, 1),
        lambda: store.tracks(main, None, None, 1),
        lambda: store.in_state(main, DeliveryState.FAILED, 1),
        lambda: store.find(main, None, None, ("k",), 1),
        lambda: store.keep_overrides([("k", Override(made_at=AT))]),
        lambda: store.overrides(["k"]),
        lambda: store.pause(main, Direction.TG_TO_SP, True, AT),
        lambda: store.paused(main),
        lambda: store.pause_platform(over(main, there, AT)),
        lambda: store.paused_platforms(main),
        lambda: store.note(entry, "once"),
        lambda: store.log(main, None, 1),
        lambda: store.counters(main),
        lambda: store.open_collection(OpenedCollection(main, there, AT, 0)),
        lambda: store.collection(main, there),
        lambda: store.record_cycle(main, Direction.TG_TO_SP, 1, AT),
        lambda: store.cycles(main),
        lambda: store.about(),
        lambda: store.keep_about({"name": "value"}),
        lambda: store.highest_number(),
        lambda: store.raise_number(1),
    ]
    failures = await asyncio.gather(*(call() for call in calls), return_exceptions=True)
    await store.close()
    assert [type(failure) for failure in failures] == [Transient] * len(calls)
    assert not any("hunter2" in str(failure) for failure in failures)
    covered = {name for call in calls for name in (*call.__code__.co_names, call.__name__)}
    assert {name for name in vars(Store) if not name.startswith("_")} - {"close", "together"} <= covered
