"""A short form of `tests.chaos`: everything is killed once, platforms lie, and nothing is lost or there twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.__main__ import run
from tests.chaos.installations import SHAPES, Shape
from tests.chaos.story import Rare
from tests.support.small_disk import may_mount

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize(
    ("shape", "songs", "kills", "rare"),
    [("each", 8, len(SHAPES["each"]), None), ("up", 8, 4, Rare(everywhere=3, full=1, restores=1))],
)
async def test_whoever_is_killed_each_song_ends_once_on_each_side(
    shape: Shape, songs: int, kills: int, rare: Rare | None, tmp_path: Path
) -> None:
    figures = await run(shape, 1, songs=songs, kills=kills, folder=tmp_path, rare=rare)
    told = figures.told()
    assert set(figures.kills) == set(SHAPES[shape])
    assert (figures.songs, figures.missing, figures.twice, figures.wrong) == (songs, 0, 0, 0), told
    # What the floods are about fails, as it should; of the songs none is missing anywhere.
    assert figures.is_right, told
    if rare is not None:
        assert (figures.restores, figures.full_disks) == (rare.restores, rare.full if may_mount() else 0), told
    assert figures.codes and not any(figures.codes.values()), told
