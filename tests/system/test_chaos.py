"""A short form of `tests.chaos`: everything is killed once, platforms lie, and nothing is lost or there twice."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.__main__ import run
from tests.chaos.installations import SHAPES, Shape

pytestmark = pytest.mark.timeout(900)


@pytest.mark.parametrize(("shape", "songs", "kills"), [("each", 8, len(SHAPES["each"])), ("up", 8, 4)])
async def test_whoever_is_killed_each_song_ends_once_on_each_side(
    shape: Shape, songs: int, kills: int, tmp_path: Path
) -> None:
    figures = await run(shape, 1, songs=songs, kills=kills, folder=tmp_path)
    told = figures.told()
    assert set(figures.kills) == set(SHAPES[shape])
    assert (figures.songs, figures.missing, figures.twice, figures.wrong) == (songs, 0, 0, 0), told
    # What the floods are about fails, as it should; of the songs none is missing anywhere.
    assert figures.is_right, told
    assert figures.codes and not any(figures.codes.values()), told
