"""What a message may cost, and since when a mailbox stands still."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from navaar_contracts import streams
from navaar_contracts.identifiers import Platform
from navaar_runtime.attempts import AGAIN_AT_ONCE_S, LONGEST_DELAY_S, OURS, Budget, Delivered, Try, delay_for
from navaar_runtime.failures import Transient
from navaar_runtime.mailboxes import STANDS_STILL, Mailboxes

BUDGET = Budget(5)
AWAY, OUR_FAULT = Transient("away"), OverflowError("too large")


def test_delays_grow_and_are_bounded() -> None:
    for attempt, base in ((1, 1), (2, 2), (3, 4), (6, 32), (7, 60), (50, 60)):
        assert base <= delay_for(attempt) <= base * 1.25
    assert delay_for(10_000) <= LONGEST_DELAY_S * 1.25
    assert BUDGET.delay_s(Transient("asked for", delay_s=7), 3) == 7
    assert BUDGET.delay_s(OUR_FAULT, 1) == AGAIN_AT_ONCE_S


def test_what_may_work_another_time_is_tried_as_often_as_is_set_and_a_fact_until_it_works() -> None:
    assert [BUDGET.is_spent(AWAY, tries, is_fact=False) for tries in (1, 4, 5, 6)] == [False, False, True, True]
    assert not BUDGET.is_spent(AWAY, 1000, is_fact=True)


@pytest.mark.parametrize("is_fact", [True, False])
def test_an_error_of_our_own_is_one_at_its_second_try(is_fact: bool) -> None:
    assert [BUDGET.is_spent(OUR_FAULT, tries, is_fact=is_fact) for tries in (1, OURS)] == [False, True]
    assert Budget(1).is_spent(OUR_FAULT, 1, is_fact=is_fact)


def test_what_ends_the_process_again_and_again_is_given_up_on() -> None:
    assert not any(BUDGET.is_lost(Try(number)) for number in range(1, 7))
    assert BUDGET.is_lost(Try(7))
    # What only counts deliveries counts pauses, too.
    assert not BUDGET.is_lost(Try(700, is_counted=False))


def taken(consumer: streams.Consumer, sequence: int, came_at: datetime) -> Delivered:
    return Delivered(consumer.durable, sequence, came_at, 1)


def test_a_mailbox_of_facts_stands_still_once_one_is_in_hand_for_long() -> None:
    facts, commands = streams.LEDGER_EVENTS, streams.gateway_consumers(Platform.SPOTIFY)[streams.c.PlaceTrack]
    mailboxes, now = Mailboxes(), datetime.now(UTC)
    long_ago = now - timedelta(days=1)
    for consumer in (facts, commands):
        mailboxes.taken(taken(consumer, 7, long_ago))
        mailboxes.taken(taken(consumer, 8, now))
        assert mailboxes.oldest(consumer.durable) == long_ago
    # A backlog that is worked through is none: only how long one is in hand counts.
    assert mailboxes.problem(facts, now + STANDS_STILL / 2) is None
    assert "stands still" in (mailboxes.problem(facts, now + STANDS_STILL * 2) or "")
    assert mailboxes.problem(commands, now + STANDS_STILL * 2) is None
    for sequence in (7, 8):
        mailboxes.settled(taken(facts, sequence, now))
    assert mailboxes.problem(facts, now + STANDS_STILL * 2) is None
    assert mailboxes.oldest(facts.durable) is None
