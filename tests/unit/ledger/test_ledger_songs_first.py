"""Where a platform lists songs apart, videos are asked for only while no song is surely it."""

from __future__ import annotations

from navaar_contracts.commands import FindCandidates
from navaar_contracts.identifiers import Platform
from navaar_contracts.music import Kind
from tests.support.ledger_world import Song, World


def searches(world: World, platform: Platform) -> list[tuple[str, Kind | None]]:
    """What the catalogue was asked, in order."""
    sent = (each for each in world.sent if isinstance(each, FindCandidates) and each.target is platform)
    return [(each.query, each.among) for each in sent]


def test_each_query_asks_for_songs_then_for_videos_until_one_is_surely_it() -> None:
    world = World()
    world.open_collections()
    world.add(Platform.TELEGRAM, Song(1))
    world.settle()
    # The world's precise queries find look-alikes only.
    assert searches(world, Platform.YOUTUBE) == [
        ("precise 1", Kind.SONG),
        ("precise 1", Kind.VIDEO),
        ("loose 1", Kind.SONG),
    ]
    assert searches(world, Platform.SPOTIFY) == [("precise 1", None), ("loose 1", None)]
    assert [world.copies(platform, 1) for platform in Platform] == [1, 1, 1]


def test_what_nobody_has_is_asked_for_among_both_with_every_query() -> None:
    world = World()
    world.unknown = {4}
    world.open_collections()
    world.add(Platform.TELEGRAM, Song(4))
    world.catch_up()
    while world.commands:
        world.carry_out(world.commands.pop(0))
        world.catch_up()
    asked = searches(world, Platform.YOUTUBE)
    assert asked == [(query, kind) for query in dict(asked) for kind in (Kind.SONG, Kind.VIDEO)]
