"""Commands lost at a stop are asked for again as soon as nobody can have them in hand."""

from __future__ import annotations

from datetime import timedelta

import pytest

from navaar_contracts.commands import IdentifyTrack
from navaar_contracts.identifiers import Platform
from navaar_ledger.application.recovery import Idle, Recovery, consumer_of
from tests.support.ledger_world import Song, World, run


@pytest.fixture
def stopped() -> World:
    """Two songs wait to be identified; the command for the first is lost, the second's is in its consumer."""
    world = World()
    world.open_collections()
    world.add(Platform.SPOTIFY, Song(1))
    world.add(Platform.SPOTIFY, Song(2))
    world.catch_up()
    assert [type(command) for command in world.commands] == [IdentifyTrack, IdentifyTrack]
    world.commands.pop(0)
    return world


def asked_for_first(world: World) -> int:
    return sum(isinstance(m, IdentifyTrack) and m.track_id == 1 for m in world.sent)


def test_what_may_be_in_somebodys_hands_is_not_asked_for_again(stopped: World) -> None:
    stopped.restart()
    stopped.run_clock()
    assert asked_for_first(stopped) == 1


def test_what_was_lost_is_asked_for_once_when_the_consumers_are_idle_and_not_after_long(stopped: World) -> None:
    stopped.restart()
    begun = stopped.now
    stopped.carry_out(stopped.commands.pop(0))
    stopped.run_clock()
    assert asked_for_first(stopped) == 1, "its answer may still be on its way"
    stopped.hand(stopped.events.pop(0))
    while stopped.events or any(c.track_id == 2 for c in stopped.commands):
        if stopped.events:
            stopped.hand(stopped.events.pop(0))
        else:
            stopped.carry_out(stopped.commands.pop(0))
    stopped.run_clock()
    assert asked_for_first(stopped) == 2
    stopped.run_clock()
    assert asked_for_first(stopped) == 2
    assert stopped.now - begun < timedelta(seconds=30)
    stopped.settle()
    assert all(stopped.shelves[platform].items for platform in Platform)


class Unheard(IdentifyTrack):
    """A command of another version, for which nobody is set up here."""

    imperative = "unheard"


async def test_what_nobody_is_known_to_take_is_nothing_that_could_be_idle(stopped: World) -> None:
    known = stopped.commands[0]
    unheard = Unheard.model_validate(known.model_dump())
    idle = Idle(stopped.ports)
    assert consumer_of(unheard) is None
    assert not await idle.all_of([unheard])


def test_what_could_not_be_published_is_asked_for_the_next_time(stopped: World) -> None:
    stopped.commands.clear()
    recovery = Recovery(stopped.ports)
    first = run(recovery.commands())
    assert {m.track_id for m in first if isinstance(m, IdentifyTrack)} == {1, 2}
    assert not recovery.is_done
    assert run(recovery.commands()) == first
    recovery.asked(first)
    assert recovery.is_done
    assert run(recovery.commands()) == []


def test_a_step_that_has_moved_on_is_not_asked_for(stopped: World) -> None:
    recovery = Recovery(stopped.ports)
    stopped.settle()
    assert run(recovery.commands()) == []
    recovery.asked([])
    assert recovery.is_done
