"""Sums over the ledger's counters."""

from __future__ import annotations

from collections.abc import Iterable

from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import CountsReply


def deliveries(counts: CountsReply, *states: DeliveryState, directions: Iterable[Direction] | None = None) -> int:
    """How many are in one of the states (none named: in any), in these directions or in all."""
    lists = counts.counts.values() if directions is None else [counts.counts.get(one, {}) for one in directions]
    return sum(number for found in lists for state, number in found.items() if not states or state in states)


def awaited(counts: CountsReply, direction: Direction | None = None) -> tuple[str, ...]:
    """What directions wait for, or one of them: which platform is away, why, and until when; each reason once."""
    told = (each.details for each in counts.health if direction is None or each.direction == direction)
    return tuple(dict.fromkeys(details for details in told if details))
