"""Up to when a service knows what has happened."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from navaar_runtime.position import NOTHING_YET, Position

AT = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = AT + timedelta(seconds=1)


def test_before_the_first_event_nothing_is_known() -> None:
    assert Position().known_until() == NOTHING_YET


def test_an_event_is_known_while_it_is_worked_on_and_from_then_on() -> None:
    position = Position()
    with position.taking_up(AT):
        assert position.known_until() == AT
    assert position.known_until() == AT


def test_an_event_that_failed_is_not_known() -> None:
    position = Position()
    with pytest.raises(RuntimeError), position.taking_up(AT):
        raise RuntimeError
    assert position.known_until() == NOTHING_YET


def test_an_older_event_that_comes_again_knows_no_more_than_it_did() -> None:
    position = Position()
    with position.taking_up(LATER):
        pass
    with position.taking_up(AT):
        assert position.known_until() == AT
    assert position.known_until() == LATER


async def test_others_know_of_an_event_only_when_it_is_worked_off() -> None:
    position = Position()
    begun, told = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        with position.taking_up(AT):
            begun.set()
            await told.wait()

    task = asyncio.create_task(work())
    await begun.wait()
    assert position.known_until() == NOTHING_YET
    told.set()
    await task
    assert position.known_until() == AT
