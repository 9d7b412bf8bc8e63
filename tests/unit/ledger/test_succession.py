"""A ledger acts after another one only if the history tells it what that one did."""

from __future__ import annotations

import pytest

from navaar_ledger.rebuild.history import Extent
from navaar_ledger.store.life import Life, Mark, Restored
from navaar_ledger.succession import can_follow

MADE = "2026-11-29T12:00:00+00:00"


def extent(first: int) -> Extent:
    return Extent(MADE, first, 100, 90)


def life(epoch: str | None = "mine", mark: Mark | None = None, restored: Restored | None = None) -> Life:
    return Life(epoch, mark, restored, None)


@pytest.mark.parametrize("last", ["", "mine"])
def test_the_one_that_acted_last_goes_on_whatever_the_history_has(last: str) -> None:
    assert can_follow(life(), last, extent(50))


def test_another_one_follows_if_the_history_has_all_that_it_does_not_know() -> None:
    assert can_follow(life(mark=Mark(MADE, 49)), "other", extent(50))
    assert not can_follow(life(mark=Mark(MADE, 48)), "other", extent(50))
    # Where it stood in another stream says nothing about this one.
    assert not can_follow(life(mark=Mark("another day", 99)), "other", extent(50))


def test_a_new_one_follows_if_the_history_begins_at_its_beginning() -> None:
    assert can_follow(life(epoch=None), "other", extent(1))
    assert can_follow(life(epoch=None), "other", extent(0))
    assert not can_follow(life(epoch=None), "other", extent(2))


def test_one_that_a_person_restored_follows_and_holds_back_what_it_cannot_know() -> None:
    assert can_follow(life(restored=Restored("then", "now")), "other", extent(50))
