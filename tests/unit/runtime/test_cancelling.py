"""Who is asked to end during a client's call ends after it, also where the client drops the asking."""

from __future__ import annotations

import asyncio
import contextlib

import pytest

from navaar_runtime import cancelling


async def swallows(started: asyncio.Event, answer: Exception | None = None) -> str:
    """A client that drops a cancellation, as `asyncio.wait_for` may before Python 3.12."""
    started.set()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(60)
    if answer is not None:
        raise answer
    return "answer"


@pytest.mark.parametrize("answer", [None, TimeoutError("late")])
async def test_a_dropped_cancellation_ends_the_task(answer: Exception | None) -> None:
    started = asyncio.Event()

    async def work() -> None:
        with cancelling.heard():
            await swallows(started, answer)
        await asyncio.Event().wait()

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=10)
    assert done
    assert task.cancelled()


async def test_a_call_in_the_clearing_up_after_a_cancellation_is_left_alone() -> None:
    cleared = []
    started = asyncio.Event()

    async def work() -> None:
        try:
            started.set()
            await asyncio.sleep(60)
        finally:
            with cancelling.heard():
                await asyncio.sleep(0)
            cleared.append(True)

    task = asyncio.create_task(work())
    await started.wait()
    task.cancel()
    await asyncio.wait([task], timeout=10)
    assert cleared == [True]


async def test_a_deadline_inside_is_no_cancellation() -> None:
    with pytest.raises(TimeoutError), cancelling.heard():
        async with asyncio.timeout(0.01):
            await asyncio.sleep(60)
