"""Answers stay below what NATS carries, whatever names items have; the rest follows by the cursor."""

from __future__ import annotations

import pytest

from navaar_contracts.events import ItemSighted
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata
from navaar_contracts.queries import ListLog, ListTracks, LogReply, TracksReply
from navaar_ledger.application.queries import LedgerQueries, fitting
from tests.support.ledger_world import START, World, run

CARRIED_BYTES = 1_048_576
"""NATS's own limit of one message."""
ITEMS = 40


def test_at_least_one_fits_where_there_is_any() -> None:
    views = [ItemMetadata(title="x" * 1000) for _ in range(5)]
    assert fitting(views, 3500) == 3
    assert fitting(views, 10) == 1
    assert fitting(views) == 5
    assert fitting([], 10) == 0


@pytest.fixture(scope="module")
def long_names() -> World:
    world = World()
    world.open_collections()
    for number in range(ITEMS):
        item = ItemMetadata(title=f"{number} " + "سرود 名前 " * 3000, artists=("Somebody",))
        world.hand(
            ItemSighted(link="main", platform=Platform.SPOTIFY, external_id=f"s{number}", item=item, sighted_at=START)
        )
    return world


@pytest.mark.parametrize("text", [None, "سرود"])
def test_tracks_with_long_names_come_in_several_answers(long_names: World, text: str | None) -> None:
    asked = LedgerQueries(long_names.store, long_names.policy, START)
    seen: list[int] = []
    cursor: str | None = None
    while True:
        reply: TracksReply = run(asked.list_tracks(ListTracks(limit=ITEMS, cursor=cursor, text=text)))
        assert len(reply.model_dump_json().encode()) < CARRIED_BYTES
        seen += [track.id for track in reply.tracks]
        cursor = reply.next_cursor
        if cursor is None:
            break
    assert seen == list(range(ITEMS, 0, -1))


def test_a_log_of_long_names_comes_in_several_answers(long_names: World) -> None:
    asked = LedgerQueries(long_names.store, long_names.policy, START)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        reply: LogReply = run(asked.list_log(ListLog(limit=500, cursor=cursor)))
        assert len(reply.model_dump_json().encode()) < CARRIED_BYTES
        seen += [entry.id for entry in reply.entries]
        cursor = reply.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == len(long_names.store.entries)
