"""Up to when a service knows what has happened."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from navaar_runtime.watermark import NOTHING_YET, Watermark

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)


def test_before_the_first_event_nothing_is_known() -> None:
    assert Watermark().current() == NOTHING_YET


def test_an_event_is_known_while_it_is_worked_on_and_from_then_on() -> None:
    position = Watermark()
    with position.processing(AT):
        assert position.current() == AT
    assert position.current() == AT


def test_an_event_that_failed_is_not_known() -> None:
    position = Watermark()
    with pytest.raises(RuntimeError), position.processing(AT):
        raise RuntimeError
    assert position.current() == NOTHING_YET


def test_an_older_event_that_comes_again_knows_no_more_than_it_did() -> None:
    position = Watermark()
    with position.processing(LATER):
        pass
    with position.processing(AT):
        assert position.current() == AT
    assert position.current() == LATER


async def test_others_know_of_an_event_only_when_it_is_worked_off() -> None:
    position = Watermark()
    begun, told = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        with position.processing(AT):
            begun.set()
            await told.wait()

    task = asyncio.create_task(work())
    await begun.wait()
    assert position.current() == NOTHING_YET
    told.set()
    await task
    assert position.current() == AT


def test_its_place_is_that_of_the_event_worked_on_else_of_the_newest_worked_off() -> None:
    position = Watermark()
    assert position.place() == 0
    with position.processing(AT, 12):
        assert position.place() == 12
    with position.processing(LATER, 7):
        assert position.place() == 7
    assert position.place() == 12
