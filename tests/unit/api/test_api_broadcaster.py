"""Open pages: each its own bounded queue."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest

from navaar_api.live import broadcaster as broadcasters
from navaar_api.live.broadcaster import Broadcaster, Crowded


async def next_frame(frames: AsyncIterator[bytes]) -> bytes:
    async with asyncio.timeout(5):
        return await anext(frames)


async def test_everything_said_reaches_every_page() -> None:
    broadcaster = Broadcaster()
    pages = [await broadcaster.join(), await broadcaster.join()]
    for page in pages:
        assert b"event: hello" in await next_frame(page)
    broadcaster.say("track", {"id": 1, "row": "a\nb"})
    for page in pages:
        assert await next_frame(page) == b'event: track\ndata: {"id": 1, "row": "a\\nb"}\n\n'


async def test_a_page_that_does_not_keep_up_is_let_go_and_others_are_not() -> None:
    broadcaster = Broadcaster()
    slow, quick = await broadcaster.join(), await broadcaster.join()
    await next_frame(quick)
    for number in range(broadcasters.QUEUE + 1):
        broadcaster.say("track", {"id": number})
        await next_frame(quick)
    assert broadcaster.clients == 1
    await next_frame(slow)
    with pytest.raises(StopAsyncIteration):
        await next_frame(slow)


async def test_a_stop_ends_every_stream() -> None:
    broadcaster = Broadcaster()
    page = await broadcaster.join()
    await next_frame(page)
    waiting = asyncio.create_task(next_frame(page))
    await asyncio.sleep(0)
    broadcaster.close()
    with pytest.raises(StopAsyncIteration):
        await waiting


async def test_a_page_that_goes_is_forgotten() -> None:
    broadcaster = Broadcaster()
    page = await broadcaster.join()
    await next_frame(page)
    await page.aclose()  # type: ignore[attr-defined]
    assert broadcaster.clients == 0


async def test_a_page_that_is_never_read_holds_no_place() -> None:
    broadcaster = Broadcaster()
    page = await broadcaster.join()
    assert broadcaster.clients == 1
    del page
    gc.collect()
    while broadcaster.clients:
        await asyncio.sleep(0)


async def test_there_is_a_limit_to_open_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(broadcasters, "MOST_CLIENTS", 3)
    monkeypatch.setattr(broadcasters, "MOST_OF_ONE", 2)
    broadcaster = Broadcaster()
    pages = [await broadcaster.join("a"), await broadcaster.join("a")]
    with pytest.raises(Crowded):
        await broadcaster.join("a")
    pages.append(await broadcaster.join("b"))
    with pytest.raises(Crowded):
        await broadcaster.join("c")
