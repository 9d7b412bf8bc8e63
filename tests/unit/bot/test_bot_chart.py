"""The figures as a picture."""

from __future__ import annotations

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from navaar_bot.chart import WIDTH, draw, shares
from navaar_contracts.identifiers import DeliveryState, Direction

STATES = st.dictionaries(st.sampled_from(list(DeliveryState)), st.integers(0, 10**6))


def test_chart_is_a_png_also_of_nothing() -> None:
    for counts in ({}, {Direction.TG_TO_YT: {DeliveryState.SYNCED: 3, DeliveryState.FAILED: 1}}):
        picture = Image.open(io.BytesIO(draw(counts, tuple(Direction))))
        assert picture.format == "PNG"
        assert picture.width == WIDTH
        assert picture.width + picture.height <= 10_000  # Telegram's limit for a photo


@given(STATES)
def test_parts_of_a_bar_fit_and_none_vanishes(states: dict[DeliveryState, int]) -> None:
    total = sum(states.values())
    widths = [width for _, width in shares(states, total, 500)]
    assert sum(widths) <= 500
    assert all(width >= 1 for width in widths)
