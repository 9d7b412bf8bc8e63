"""How a delivery comes to rest: satisfied, failed, in review, or waiting for its next attempt."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from navaar_contracts.identifiers import DeliveryState
from navaar_ledger.rules import Rules
from navaar_ledger.track import Delivery

_AT_REST = {"ready": False, "ready_at": None, "due_at": None, "candidates": ()}


def satisfied(delivery: Delivery, external_id: str | None, at: datetime) -> Delivery:
    """The recording is in the target's collection without our placing it."""
    return delivery.moved(
        at,
        **_AT_REST,
        state=DeliveryState.DUPLICATE,
        external_id=external_id,
        already_there=True,
        synced_at=at,
        reason=None,
        cause=None,
    )


def failed(delivery: Delivery, cause: str, reason: str, at: datetime) -> Delivery:
    """It does not go on by itself; a person may retry it. What was chosen and downloaded is kept for that."""
    return delivery.moved(at, **_AT_REST, state=DeliveryState.FAILED, cause=cause, reason=reason)


def in_review(delivery: Delivery, cause: str, reason: str, at: datetime) -> Delivery:
    """A person has to choose."""
    return delivery.moved(at, **_AT_REST, state=DeliveryState.REVIEW, cause=cause, reason=reason)


def rescheduled(delivery: Delivery, cause: str, reason: str, at: datetime, rules: Rules) -> Delivery:
    """Tried again later while the budget lasts, else failed."""
    retries = delivery.retries + 1
    if retries > rules.max_retries:
        return failed(delivery, cause, reason, at)
    return delivery.moved(
        at,
        state=DeliveryState.RETRY_SCHEDULED,
        retries=retries,
        due_at=at + backoff(delivery, rules),
        cause=cause,
        reason=reason,
    )


def backoff(delivery: Delivery, rules: Rules) -> timedelta:
    """60 s doubling with each retry up to the limit, spread by up to a tenth so that a crowd does not come at once.

    The spread follows from the delivery's name, so that deciding twice gives the same moment.
    """
    base = min(60.0 * 2**delivery.retries, rules.backoff_max_s)
    name = f"{delivery.track_id}:{delivery.target}:{delivery.retries}"
    spread = zlib.crc32(name.encode()) % 1000 / 10_000
    return timedelta(seconds=base * (1 - spread))
