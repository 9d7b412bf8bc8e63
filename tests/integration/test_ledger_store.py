"""One contract for every store: SQLite, MongoDB over the wire, and the one in memory that the pure tests use."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.music import Candidate, ItemMetadata, Recording
from navaar_contracts.queries import LogEntry
from navaar_ledger.domain.audit import AuditEntry
from navaar_ledger.domain.overrides import Apart, Named, Override
from navaar_ledger.domain.queue import DeliveryQueue
from navaar_ledger.domain.track import Delivery, Track, TrackState, TrackStep
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.mongo import MongoStore
from navaar_ledger.store.mongo import store as mongo_store
from navaar_ledger.store.mongo import windows as mongo_windows
from navaar_ledger.store.port import OpenedCollection, PlatformPause, Store, over
from navaar_ledger.store.sqlite import SqliteStore
from navaar_ledger.store.sqlite import store as sqlite_store
from navaar_runtime.settings import load
from navaar_text.search_words import asked_words
from tests.support.ledger_memory import MemoryStore
from tests.support.mongo_server import environment, running_mongo

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
_database = count(1)


@pytest.fixture(scope="session")
def secantus() -> Iterator[str]:
    with running_mongo("secantus") as url:
        yield url


@pytest.fixture(scope="session")
def ferretdb() -> Iterator[str]:
    with running_mongo("ferretdb") as url:
        yield url


def mongo_settings(url: str) -> LedgerSettings:
    return load(LedgerSettings, environment(url, f"test{next(_database)}"))


ON_MONGODB = ("secantus", pytest.param("ferretdb", marks=pytest.mark.ferretdb))


@pytest_asyncio.fixture(params=["sqlite", *ON_MONGODB, "memory"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    made: Store
    if request.param == "sqlite":
        made = SqliteStore(tmp_path)
    elif request.param == "memory":
        made = MemoryStore()
    else:
        made = MongoStore(mongo_settings(request.getfixturevalue(request.param)))
    await made.open()
    yield made
    await made.close()


def a_track(track_id: int, *, link: str = "main", **changes: Any) -> Track:
    known: dict[str, Any] = {
        "id": track_id,
        "link": link,
        "version": 1,
        "origin": Platform.TELEGRAM,
        "origin_external_id": str(track_id),
        "item": ItemMetadata(title=f"Song {track_id}", artists=("گوگوش",)),
        "items": {Platform.TELEGRAM: str(track_id)},
        "changed_at": AT,
        "created_at": AT,
        "updated_at": AT,
    }
    return Track(**{**known, **changes})


def settled(track_id: int, state: DeliveryState = DeliveryState.PENDING, **changes: Any) -> Track:
    """A track that is identified, with one delivery to YouTube."""
    delivery = {"due_at": changes.pop("due_at", None), "ready": changes.pop("ready", False)}
    changes.setdefault("recording", Recording(title="Pol", artist="Googoosh"))
    return a_track(
        track_id,
        state=TrackState.IDENTIFIED,
        step=TrackStep.DONE,
        queries={Platform.YOUTUBE: ("Pol",)},
        deliveries={
            Platform.YOUTUBE: Delivery(
                target=Platform.YOUTUBE,
                origin=Platform.TELEGRAM,
                track_id=track_id,
                state=state,
                changed_at=changes.get("changed_at", AT),
                **delivery,
            )
        },
        **changes,
    )


def later(track: Track, **changes: Any) -> Track:
    return track.changed(version=track.version + 1, **changes)


async def test_what_is_saved_is_loaded_unchanged(store: Store) -> None:
    track = settled(1, DeliveryState.SEARCHING)
    assert await store.save(track, 0, [AuditEntry("track_discovered", "Found.")])
    assert await store.load(1) == track
    assert await store.load(2) is None


async def test_only_one_of_two_writers_of_a_version_wins(store: Store) -> None:
    assert await store.save(a_track(1), 0)
    assert not await store.save(a_track(1), 0)
    first, second = later(a_track(1), attempt=2), later(a_track(1), attempt=3)
    assert await store.save(first, 1)
    assert not await store.save(second, 1, [AuditEntry("lost", "Never happened.")])
    assert await store.load(1) == first
    assert [entry.event for entry in await store.log("main", 1, 10)] == []


async def test_twenty_claims_at_once_have_one_owner(store: Store) -> None:
    owners = await asyncio.gather(*(store.claim("main|youtube|abc", n) for n in range(1, 21)))
    assert len(set(owners)) == 1
    assert await store.owners(["main|youtube|abc", "main|youtube|other"]) == {"main|youtube|abc": owners[0]}
    assert await store.claim("main|youtube|abc", 99) == owners[0]


async def test_track_ids_are_small_and_never_given_twice(store: Store) -> None:
    ids = await asyncio.gather(*(store.next_track_id() for _ in range(10)))
    assert sorted(ids) == list(range(1, 11))


async def test_a_thousand_ids_are_asked_at_once(store: Store) -> None:
    await store.claim("main|spotify|7", 7)
    keys = [f"main|spotify|{n}" for n in range(1000)]
    assert await store.owners(keys) == {"main|spotify|7": 7}


async def test_tracks_that_share_a_key_are_found_in_their_link_only(store: Store) -> None:
    await store.save(a_track(1, keys=("isrc:X", "text:a")), 0)
    await store.save(a_track(2, keys=("text:b",)), 0)
    await store.save(a_track(3, keys=("text:a",), link="other"), 0)
    assert [t.id for t in await store.sharing("main", ("text:a", "text:b", "none"), 10)] == [1, 2]
    assert await store.sharing("main", (), 10) == ()
    await store.save(later(a_track(1, keys=("isrc:X",))), 1)
    assert [t.id for t in await store.sharing("main", ("text:a", "text:b"), 10)] == [2]


async def test_of_tracks_that_share_keys_those_with_most_in_common_come_first(store: Store) -> None:
    await store.save(a_track(1, sound_keys=("f:1",)), 0)
    await store.save(a_track(2, sound_keys=("f:1", "f:2")), 0)
    await store.save(a_track(3, keys=("text:a",), sound_keys=("f:1", "f:2", "f:3", "f:4")), 0)
    await store.save(a_track(4, sound_keys=("f:2", "f:3")), 0)
    asked = ("f:1", "f:2", "f:3")
    assert [t.id for t in await store.sharing("main", asked, 10)] == [3, 2, 4, 1]
    assert [t.id for t in await store.sharing("main", asked, 10, 2)] == [3, 2, 4]
    assert [t.id for t in await store.sharing("main", asked, 2, 2)] == [3, 2]


async def test_a_lane_lists_what_moves_in_order_and_forgets_what_rests(store: Store) -> None:
    queue = DeliveryQueue("main", Direction.TG_TO_YT, False)
    for number in (3, 1, 2):
        await store.save(settled(number), 0)
    assert [entry.order for entry in await store.queue(queue, 10)] == [1, 2, 3]
    assert [entry.order for entry in await store.queue(queue, 2)] == [1, 2]
    await store.save(later(settled(1, DeliveryState.SYNCED)), 1)
    entries = await store.queue(queue, 10)
    assert [entry.track_id for entry in entries] == [2, 3]
    assert entries[0].state is DeliveryState.PENDING
    assert await store.queue(DeliveryQueue("main", Direction.TG_TO_YT, True), 10) == ()


async def test_a_lane_is_read_from_its_beginning_wherever_that_moves(store: Store) -> None:
    """Tracks leave at the front, come back below all others, and the queue runs empty."""
    queue = DeliveryQueue("main", Direction.TG_TO_YT, False)
    waiting = dict.fromkeys(range(20, 60, 3), 1)
    for number in waiting:
        await store.save(settled(number), 0)

    async def first(limit: int) -> list[int]:
        return [entry.track_id for entry in await store.queue(queue, limit)]

    versions = dict(waiting)

    async def put(number: int, state: DeliveryState) -> None:
        version = versions.get(number, 0)
        track = settled(number, state)
        assert await store.save(track.model_copy(update={"version": version + 1}), version)
        versions[number] = version + 1
        if state is DeliveryState.PENDING:
            waiting[number] = 1
        else:
            del waiting[number]

    while waiting:
        for limit in (3, 3, 5):
            assert await first(limit) == sorted(waiting)[:limit]
        front = sorted(waiting)[:2]
        for number in front:
            await put(number, DeliveryState.SYNCED)
        if 32 in front:
            for number in (7, 20, 100):
                await put(number, DeliveryState.PENDING)
    assert await first(3) == []


async def test_the_newest_change_is_known(store: Store) -> None:
    assert await store.newest() is None
    first, second = settled(1, DeliveryState.SEARCHING), settled(2, DeliveryState.SEARCHING)
    later = AT + timedelta(hours=6)
    await store.save(first.changed(updated_at=later), 0)
    await store.save(second, 0)
    assert await store.newest() == later


async def test_due_and_waiting_come_longest_first(store: Store) -> None:
    minute = timedelta(minutes=1)
    await store.save(settled(1, DeliveryState.RETRY_SCHEDULED, due_at=AT + 2 * minute), 0)
    await store.save(settled(2, DeliveryState.RETRY_SCHEDULED, due_at=AT + minute), 0)
    await store.save(settled(3, DeliveryState.SEARCHING, changed_at=AT + minute), 0)
    await store.save(settled(4, DeliveryState.SEARCHING), 0)
    assert await store.due(AT, 10) == ()
    assert await store.due(AT + 3 * minute, 10) == (2, 1)
    assert await store.waiting(AT + 3 * minute, 10) == (4, 3)
    assert await store.waiting(AT + minute, 10) == (4,)


async def test_an_unknown_newcomer_shows_until_it_is_known_or_old(store: Store) -> None:
    await store.save(a_track(1), 0)
    assert await store.unsettled("main", Platform.TELEGRAM, AT - timedelta(seconds=1), 5)
    assert not await store.unsettled("main", Platform.TELEGRAM, AT, 5)
    assert not await store.unsettled("main", Platform.SPOTIFY, AT - timedelta(seconds=1), 5)
    known = later(settled(1, DeliveryState.SYNCED))
    await store.save(known, 1)
    assert not await store.unsettled("main", Platform.TELEGRAM, AT - timedelta(seconds=1), 5)


async def test_what_only_a_paused_direction_would_show_is_not_waited_for(store: Store) -> None:
    just_before = AT - timedelta(seconds=1)
    await store.save(settled(1), 0)
    assert await store.unsettled("main", Platform.TELEGRAM, just_before, 5)
    assert not await store.unsettled("main", Platform.TELEGRAM, just_before, 5, frozenset({Direction.TG_TO_YT}))
    assert await store.unsettled("main", Platform.TELEGRAM, just_before, 5, frozenset({Direction.TG_TO_SP}))
    await store.save(a_track(2), 0)
    assert await store.unsettled("main", Platform.TELEGRAM, just_before, 5, frozenset(Direction))


async def test_lists_page_by_key_newest_first(store: Store) -> None:
    for number in range(1, 6):
        state = DeliveryState.FAILED if number % 2 else DeliveryState.SYNCED
        await store.save(settled(number, state), 0)
    await store.save(settled(6, DeliveryState.FAILED, link="other"), 0)

    async def ids(*of: Any, before: int | None = None) -> list[int]:
        return [track.id for track in await store.tracks(*of, 2, before)]

    assert await ids(None, None, None) == [6, 5]
    assert await ids("main", None, None, before=5) == [4, 3]
    assert await ids("main", Direction.TG_TO_YT, DeliveryState.FAILED) == [5, 3]
    assert await ids("main", Direction.TG_TO_YT, DeliveryState.FAILED, before=3) == [1]
    assert await ids(None, None, DeliveryState.FAILED) == [6, 5]
    assert await ids(None, Direction.TG_TO_SP, None) == []


async def test_a_merged_track_leaves_lists_lanes_and_figures(store: Store) -> None:
    await store.save(settled(1), 0)
    await store.save(later(settled(1), state=TrackState.MERGED, merged_into=9), 1)
    assert await store.tracks(None, None, None, 10) == ()
    assert await store.queue(DeliveryQueue("main", Direction.TG_TO_YT, False), 10) == ()
    assert (await store.counters("main")).tracks == 0


async def test_figures_follow_the_documents(store: Store) -> None:
    await store.save(settled(1), 0)
    await store.save(settled(2), 0)
    await store.save(later(settled(1, DeliveryState.SYNCED), items={Platform.YOUTUBE: "v"}), 1)
    counters = await store.counters("main")
    assert counters.tracks == 2
    assert counters.deliveries == {Direction.TG_TO_YT: {DeliveryState.SYNCED: 1, DeliveryState.PENDING: 1}}
    assert counters.items == {Platform.YOUTUBE: 1, Platform.TELEGRAM: 1}
    assert (await store.counters("none")).tracks == 0


async def test_what_only_a_plan_keeps_waiting_is_counted(store: Store) -> None:
    await store.save(settled(1, ready=True, held=True), 0)
    await store.save(settled(2, ready=True), 0)
    assert (await store.counters("main")).held == {Direction.TG_TO_YT: 1}
    await store.save(later(settled(1, ready=True)), 1)
    assert not (await store.counters("main")).held


async def test_what_is_in_a_state_pages_oldest_first(store: Store) -> None:
    for number in (3, 1, 2, 4):
        state = DeliveryState.REVIEW if number != 2 else DeliveryState.FAILED
        await store.save(settled(number, state, link="other" if number == 4 else "main"), 0)
    assert [t.id for t in await store.in_state("main", DeliveryState.REVIEW, 10)] == [1, 3]
    assert [t.id for t in await store.in_state("main", DeliveryState.REVIEW, 1, 1)] == [3]
    assert [t.id for t in await store.in_state(None, DeliveryState.REVIEW, 10, 1)] == [3, 4]


def called(track_id: int, artist: str, title: str, state: DeliveryState = DeliveryState.SYNCED, **more: Any) -> Track:
    item = ItemMetadata(title=title, artists=(artist,))
    return settled(track_id, state, **{"item": item, "recording": Recording(artist=artist, title=title), **more})


async def test_tracks_are_found_by_the_beginnings_of_all_their_words(store: Store) -> None:
    await store.save(called(1, "گوگوش", "پُل"), 0)
    await store.save(called(2, "Beyoncé", "Déjà Vu"), 0)
    await store.save(called(3, "Sigur Rós", "Hoppípolla", DeliveryState.FAILED), 0)
    await store.save(called(4, "Supercalifragilistic", "Song"), 0)

    async def found(text: str, *of: Any) -> list[int]:
        link, direction, state = of or (None, None, None)
        return [t.id for t in (await store.find(link, direction, state, asked_words(text), 10)).tracks]

    assert await found("پل") == [1]
    assert await found("گوگ پ") == [1]
    assert await found("deja bey") == [2]
    assert await found("beyonce hopp") == []
    assert await found("S") == [4, 3]
    assert await found("supercalifragi") == [4]
    assert await found("supercalifraxx") == []
    assert await found("s", None, None, DeliveryState.FAILED) == [3]
    assert await found("s", None, Direction.TG_TO_YT, DeliveryState.SYNCED) == [4]
    assert await found("s", "other", None, None) == []


async def test_words_follow_the_track_and_leave_with_it(store: Store) -> None:
    first = called(1, "Adele", "Hello")
    await store.save(first, 0)
    renamed = called(1, "Adele", "Skyfall", version=2)
    await store.save(renamed, 1)
    assert (await store.find(None, None, None, ("hello",), 10)).tracks == ()
    assert (await store.find(None, None, None, ("skyf",), 10)).tracks == (renamed,)
    await store.save(later(renamed, state=TrackState.DELETED), 2)
    assert (await store.find(None, None, None, ("adele",), 10)).tracks == ()


async def test_what_is_found_pages_newest_first(store: Store) -> None:
    for number in range(1, 6):
        await store.save(called(number, "Adele", f"Song {number}"), 0)
    found: list[int] = []
    before: int | None = None
    while True:
        part = await store.find("main", None, None, ("adele", "so"), 2, before)
        found += [track.id for track in part.tracks]
        before = part.looked_until
        if before is None:
            break
    assert found == [5, 4, 3, 2, 1]


@pytest.mark.parametrize("limit", [1, 3, 10])
async def test_common_words_that_hardly_meet_end_early_and_go_on(
    store: Store, limit: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sqlite_store, "LOOKED_AT", 4)
    monkeypatch.setattr(mongo_store, "LOOKED_AT", 4)
    for number in range(1, 13):
        await store.save(called(number, "Adele", "Hello" if number in (2, 11) else "Skyfall"), 0)
    found: list[int] = []
    before: int | None = None
    for _ in range(20):
        part = await store.find(None, None, None, ("adele", "hel"), limit, before)
        found += [track.id for track in part.tracks]
        before = part.looked_until
        if before is None:
            break
    assert found == [11, 2]


@pytest.mark.parametrize("known", [0, 3, 12])
async def test_long_lists_are_read_over_many_windows(store: Store, known: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the sequence says: ids may be there that it has not given out."""
    monkeypatch.setattr(mongo_windows, "FIRST_IDS", 2)
    monkeypatch.setattr(mongo_store, "FIRST_IDS", 2)
    monkeypatch.setattr(mongo_store, "MANY", 1)
    monkeypatch.setattr(mongo_windows, "GROWTH", 2)
    for _ in range(known):
        await store.next_track_id()
    for number in range(1, 13):
        state = DeliveryState.REVIEW if number in (1, 7, 12) else DeliveryState.SYNCED
        at = AT - timedelta(days=(12 - number) ** 2)
        track = called(number, "Adele", "Hello" if number in (2, 11) else "Skyfall", state, updated_at=at)
        await store.save(track, 0, [AuditEntry("track_discovered", str(number))])
    assert [t.id for t in await store.tracks(None, None, None, 12)] == list(range(12, 0, -1))
    assert [t.id for t in await store.tracks("main", None, DeliveryState.REVIEW, 5)] == [12, 7, 1]
    assert [t.id for t in await store.tracks("main", None, DeliveryState.REVIEW, 5, 12)] == [7, 1]
    assert [t.id for t in await store.in_state("main", DeliveryState.REVIEW, 5)] == [1, 7, 12]
    assert [t.id for t in await store.in_state("main", DeliveryState.REVIEW, 1, 7)] == [12]
    assert [t.id for t in (await store.find(None, None, None, ("adele", "he"), 5)).tracks] == [11, 2]
    first = await store.log("main", None, 5)
    rest = await store.log(None, None, 50, first[-1].id)
    assert [entry.details for entry in (*first, *rest)] == [str(number) for number in range(12, 0, -1)]


async def test_a_claim_is_given_back_only_by_who_has_it(store: Store) -> None:
    await store.claim("main|youtube|abc", 7)
    await store.release("main|youtube|abc", (1, 2))
    assert await store.owners(["main|youtube|abc"]) == {"main|youtube|abc": 7}
    await store.release("main|youtube|abc", (1, 7))
    assert await store.owners(["main|youtube|abc"]) == {}
    assert await store.claim("main|youtube|abc", 8) == 8


async def test_rulings_are_kept_replaced_and_forgotten(store: Store) -> None:
    pick = Override(chosen=Candidate(id="v", title="پل"), isrc="X", duration_s=3.5, by="api", made_at=AT)
    never = Override(made_at=AT)
    await store.keep_overrides([("main|rule|a|youtube", pick), ("main|rule|b|youtube", pick)])
    await store.keep_overrides([("main|rule|b|youtube", never), ("main|rule|c|youtube", None)])
    keys = [f"main|rule|{name}|youtube" for name in "abc"]
    assert await store.overrides(keys) == {keys[0]: pick, keys[1]: never}
    known = Named(name="googoosh/pol/", isrc="X", duration_s=3.5, marks=("item:telegram|5",))
    apart = Override(made_at=AT, apart=(Apart(one=known, one_id=1, other=Named(name="lab"), other_id=2),))
    await store.keep_overrides([("main|apart|googoosh/pol/", apart)])
    assert await store.overrides(["main|apart|googoosh/pol/"]) == {"main|apart|googoosh/pol/": apart}
    await store.keep_overrides([(keys[0], None)])
    assert await store.overrides(keys) == {keys[1]: never}


async def test_a_pause_is_kept_until_something_later_is_asked(store: Store) -> None:
    one, other = Direction.TG_TO_YT, Direction.SP_TO_TG
    assert await store.paused("main") == frozenset()
    await store.pause("main", one, True, AT)
    await store.pause("main", other, True, AT)
    await store.pause("main", other, False, AT - timedelta(seconds=1))
    assert await store.paused("main") == {one, other}
    await store.pause("main", one, False, AT + timedelta(seconds=1))
    assert await store.paused("main") == {other}
    assert await store.paused("other") == frozenset()


async def test_held_tracks_page_upwards(store: Store) -> None:
    for number in (1, 2, 3):
        await store.save(settled(number, held=number != 2), 0)
    assert [t.id for t in await store.held("main", 0, 10)] == [1, 3]
    assert [t.id for t in await store.held("main", 1, 10)] == [3]
    await store.save(later(settled(3)), 1)
    assert [t.id for t in await store.held("main", 0, 10)] == [1]


async def test_the_log_pages_newest_first_and_by_track(store: Store) -> None:
    await store.save(a_track(1), 0, [AuditEntry("a", "1"), AuditEntry("b", "2", Direction.TG_TO_YT)])
    await store.save(a_track(2), 0, [AuditEntry("c", "3")])
    newer = later(a_track(1), updated_at=AT + timedelta(seconds=1))
    await store.save(newer, 1, [AuditEntry("d", "4")])
    assert [e.event for e in await store.log(None, 1, 10)] == ["d", "b", "a"]
    first, second = await store.log("main", None, 2)
    assert first.event == "d"
    rest = await store.log("main", None, 10, second.id)
    assert {e.event for e in (second, *rest)} == {"a", "b", "c"}
    assert (await store.log(None, None, 10))[0] == first


async def test_a_note_is_written_once_for_ever(store: Store) -> None:
    entry = LogEntry(id="", link="main", event="item_skipped", details="A local file.", created_at=AT)
    assert await store.note(entry, "skipped:1")
    assert not await store.note(entry.model_copy(update={"created_at": AT + timedelta(days=1)}), "skipped:1")
    assert [e.details for e in await store.log("main", None, 10)] == ["A local file."]


async def test_collections_open_once_and_cycles_keep_the_latest(store: Store) -> None:
    opened = OpenedCollection("main", Platform.YOUTUBE, AT, 3)
    assert await store.open_collection(opened)
    assert not await store.open_collection(OpenedCollection("main", Platform.YOUTUBE, AT + timedelta(1), 0))
    assert await store.collection("main", Platform.YOUTUBE) == opened
    assert await store.collection("main", Platform.SPOTIFY) is None
    await store.record_cycle("main", Direction.YT_TO_SP, 5, AT)
    await store.record_cycle("main", Direction.YT_TO_SP, 6, AT + timedelta(minutes=2))
    assert await store.cycles("main") == {Direction.YT_TO_SP: AT + timedelta(minutes=2)}


@pytest.mark.parametrize("server", ON_MONGODB)
async def test_what_mongodb_left_half_done_is_finished_once(
    server: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A crash after the document was written, before its counters and log were: the next reader finishes it."""
    settings = mongo_settings(request.getfixturevalue(server))
    store = MongoStore(settings)
    await store.open()

    async def crash(database: Any, row: dict[str, Any]) -> None:
        raise ConnectionAbortedError

    applied = mongo_store.apply_outbox
    monkeypatch.setattr(mongo_store, "apply_outbox", crash)
    with pytest.raises(ConnectionAbortedError):
        await store.save(settled(1), 0, [AuditEntry("track_discovered", "Found.")])
    monkeypatch.setattr(mongo_store, "apply_outbox", applied)
    assert (await store.counters("main")).tracks == 0
    for _ in range(2):
        again = MongoStore(settings)
        await again.open()
        assert await again.load(1) == settled(1)
        assert (await again.counters("main")).tracks == 1
        assert len(await again.log("main", None, 10)) == 1
        await again.close()
    await store.close()


async def test_the_newest_word_about_a_platform_is_kept(store: Store) -> None:
    until = AT + timedelta(days=1)
    pause = PlatformPause("main", Platform.SPOTIFY, AT, until, "asks for a pause")
    assert await store.paused_platforms("main") == ()
    assert await store.pause_platform(pause)
    assert not await store.pause_platform(pause)
    assert await store.paused_platforms("main") == (pause,)
    assert await store.paused_platforms("other") == ()
    assert not await store.pause_platform(over("main", Platform.SPOTIFY, AT - timedelta(seconds=1)))
    refused = PlatformPause("main", Platform.YOUTUBE, AT, None, "sign in again", refused=True)
    assert await store.pause_platform(refused)
    assert set(await store.paused_platforms("main")) == {pause, refused}
    assert await store.pause_platform(over("main", Platform.SPOTIFY, AT + timedelta(seconds=1)))
    assert [each for each in await store.paused_platforms("main") if each.lasts(AT)] == [
        over("main", Platform.SPOTIFY, AT + timedelta(seconds=1)),
        refused,
    ]
    lasting = [each for each in await store.paused_platforms("main") if each.lasts(AT + timedelta(seconds=2))]
    assert lasting == [refused]
