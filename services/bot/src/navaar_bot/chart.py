"""The figures as a picture: a stacked bar for each direction."""

from __future__ import annotations

import asyncio
import io
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context

from PIL import Image, ImageDraw, ImageFont

from navaar_bot.templates import words
from navaar_contracts.identifiers import DeliveryState, Direction

StateCounts = Mapping[Direction, Mapping[DeliveryState, int]]

WIDTH, ROW, TOP, BOTTOM = 720, 54, 16, 46
LEFT, RIGHT = 130, 90
_PAPER, _INK, _RULE = "#ffffff", "#1f2933", "#e4e7eb"
PARTS: tuple[tuple[str, str, frozenset[DeliveryState]], ...] = (
    ("synced", "#2f9e44", frozenset({DeliveryState.SYNCED})),
    ("there already", "#8ce99a", frozenset({DeliveryState.DUPLICATE})),
    ("on the way", "#74c0fc", frozenset(words.ON_THE_WAY)),
    ("question", "#ffd43b", frozenset({DeliveryState.REVIEW})),
    ("left out", "#ced4da", frozenset({DeliveryState.LEFT_OUT})),
    ("failed", "#e03131", frozenset({DeliveryState.FAILED})),
)


class Painter:
    """Draws in a thread of its own."""

    def __init__(self) -> None:
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="telegram-chart")

    async def paint(self, counts: StateCounts, directions: Sequence[Direction]) -> bytes:
        """PNG."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._thread, copy_context().run, draw, counts, tuple(directions))

    def close(self) -> None:
        self._thread.shutdown(wait=False)


def shares(states: Mapping[DeliveryState, int], longest: int, room: int) -> list[tuple[str, int]]:
    """(colour, pixels) of a row's parts; whatever there is gets at least a pixel, and all fit into `room`."""
    counted = [(colour, sum(states.get(state, 0) for state in kinds)) for _, colour, kinds in PARTS]
    there = [(colour, number) for colour, number in counted if number and longest]
    found: list[tuple[str, int]] = []
    left = room
    for later, (colour, number) in zip(range(len(there) - 1, -1, -1), there, strict=True):
        width = min(left - later, max(1, number * room // longest))
        found.append((colour, width))
        left -= width
    return found


def draw(counts: StateCounts, directions: Sequence[Direction]) -> bytes:
    """The chart as PNG, 720 pixels wide."""
    height = TOP + ROW * max(1, len(directions)) + BOTTOM
    picture = Image.new("RGB", (WIDTH, height), _PAPER)
    pen = ImageDraw.Draw(picture)
    font, small = ImageFont.load_default(20), ImageFont.load_default(15)
    room = WIDTH - LEFT - RIGHT
    longest = max((sum(counts.get(one, {}).values()) for one in directions), default=0)
    for number, one in enumerate(directions):
        top = TOP + number * ROW
        pen.text((16, top + 12), f"{one.origin.short.upper()} > {one.target.short.upper()}", _INK, font=font)
        pen.rectangle((LEFT, top + 8, LEFT + room, top + 40), fill=_RULE)
        left = LEFT
        for colour, width in shares(counts.get(one, {}), longest, room):
            pen.rectangle((left, top + 8, left + width, top + 40), fill=colour)
            left += width
        pen.text((LEFT + room + 12, top + 12), f"{sum(counts.get(one, {}).values()):,}", _INK, font=font)
    left = 16
    for name, colour, _ in PARTS:
        pen.rectangle((left, height - 30, left + 14, height - 16), fill=colour)
        pen.text((left + 20, height - 32), name, _INK, font=small)
        left += 36 + int(pen.textlength(name, font=small)) + 14
    written = io.BytesIO()
    picture.save(written, "PNG", optimize=True)
    return written.getvalue()
