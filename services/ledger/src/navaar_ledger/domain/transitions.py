"""How a delivery moves where several rules move it alike: it comes to rest, or begins again."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.music import Candidate
from navaar_ledger.domain.policy import Rules
from navaar_ledger.domain.track import Delivery

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


def downloading(delivery: Delivery, source: Candidate, at: datetime) -> Delivery:
    return delivery.moved(at, state=DeliveryState.DOWNLOADING, source=source, due_at=None, reason=None, cause=None)


def passed(delivery: Delivery, at: datetime) -> Delivery:
    """The audio waits for its turn to be placed."""
    return delivery.moved(at, state=DeliveryState.PENDING, suspects=(), ready=True, ready_at=at)


def sought_again(delivery: Delivery, at: datetime) -> Delivery:
    """Waiting for its lane, as at the beginning."""
    return delivery.moved(
        at,
        state=DeliveryState.PENDING,
        attempt=delivery.attempt + 1,
        released=True,
        round=0,
        retries=0,
        disturbed=0,
        ready=False,
        ready_at=None,
        candidates=(),
        chosen=None,
        source=None,
        in_doubt=False,
        due_at=None,
        reason=None,
        cause=None,
    )


def without_proposals(delivery: Delivery, at: datetime) -> Delivery:
    """What was proposed is not the recording, for good."""
    proposed = (each.candidate.id for each in delivery.alternatives)
    rejected = tuple(dict.fromkeys((*delivery.rejected, *proposed)))
    return delivery.moved(at, rejected=rejected, alternatives=(), candidates=(), nearest=None)


def remove_again(delivery: Delivery, at: datetime, *, fresh: bool = False) -> Delivery:
    """Once more, as a new attempt."""
    retries = 0 if fresh else delivery.retries
    return delivery.moved(
        at, state=DeliveryState.SYNCING, attempt=delivery.attempt + 1, retries=retries, due_at=None, cause=None
    )
