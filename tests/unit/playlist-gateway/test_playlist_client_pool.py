"""Workers' turns: what is nearest to its place goes first, and no place is ever lost."""

from __future__ import annotations

import asyncio

import pytest

from navaar_playlist_gateway.client_pool import ClientPool, WorkerQueue


async def take(queue: WorkerQueue, name: str, order: list[str], *, patient: bool) -> None:
    async with queue.turn(patient=patient):
        order.append(name)
        await asyncio.sleep(0)


async def test_the_patient_let_others_go_first_and_equals_go_as_they_came() -> None:
    queue, order = WorkerQueue(1), list[str]()
    waiting = [("search 1", True), ("search 2", True), ("look", False), ("search 3", True), ("add", False)]
    async with asyncio.TaskGroup() as group:
        for name, patient in waiting:
            group.create_task(take(queue, name, order, patient=patient))
    assert order == ["search 1", "look", "add", "search 2", "search 3"]


async def test_whoever_gives_up_waiting_takes_no_place_along() -> None:
    queue, order = WorkerQueue(1), list[str]()
    async with queue.turn(patient=False):
        leaving = asyncio.create_task(take(queue, "leaves", order, patient=False))
        staying = asyncio.create_task(take(queue, "stays", order, patient=True))
        await asyncio.sleep(0)
        leaving.cancel()
    await staying
    async with queue.turn(patient=True):
        assert order == ["stays"]
    assert leaving.cancelled()


async def test_whoever_is_called_and_gives_up_at_that_moment_passes_the_place_on() -> None:
    queue, order = WorkerQueue(1), list[str]()
    async with queue.turn(patient=False):
        leaving = asyncio.create_task(take(queue, "leaves", order, patient=False))
        await asyncio.sleep(0)
    leaving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await leaving
    await take(queue, "next", order, patient=True)
    assert order == ["next"]


async def test_an_error_gives_the_place_back() -> None:
    pool: ClientPool[str] = ClientPool("test", 1, lambda: "client")

    def fail(client: str) -> str:
        raise ValueError(client)

    with pytest.raises(ValueError, match="client"):
        await pool.run(fail)
    assert await pool.run(str.upper, patient=True) == "CLIENT"
    pool.close()
