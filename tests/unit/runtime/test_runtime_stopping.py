"""Loops end when they are asked to, also when a library swallows the request."""

from __future__ import annotations

import asyncio

from navaar_runtime.cancelling import stopping


async def test_a_swallowed_cancellation_is_seen() -> None:
    begun = asyncio.Event()

    async def loop() -> int:
        turns = 0
        while not stopping():
            turns += 1
            try:
                begun.set()
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue  # what asyncio.wait_for does on Python 3.11 when the answer comes at that moment
        return turns

    task = asyncio.create_task(loop())
    await begun.wait()
    task.cancel()
    assert await task == 1


async def test_nobody_asked() -> None:
    assert not stopping()
