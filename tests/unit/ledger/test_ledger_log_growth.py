"""The ledger's log grows with what happens, not with time."""

from __future__ import annotations

from navaar_contracts.identifiers import Platform
from tests.support.ledger_world import Song, World, run


def lines(world: World) -> int:
    return len(run(world.store.log(None, None, 10_000)))


def test_cycles_without_news_write_no_line() -> None:
    world = World()
    world.open_collections()
    for number in range(3):
        world.add(Platform.TELEGRAM, Song(number))
    world.settle()
    written = lines(world)
    assert written > 3
    for _ in range(20):
        world.tick(3600)
        world.run_clock()
        world.cycle()
    assert lines(world) == written
