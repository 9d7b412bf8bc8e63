"""How a delivery moves where several rules move it alike: it comes to rest, or begins again."""

from __future__ import annotations

import zlib
from datetime import datetime, timedelta

from navaar_contracts.causes import Cause
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.music import Candidate
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Delivery


def satisfied(delivery: Delivery, external_id: str | None, at: datetime) -> Delivery:
    """The recording is in the target's collection without our placing it."""
    resting = _at_rest(delivery, DeliveryState.DUPLICATE, None, None, at)
    return resting.noted(external_id=external_id, already_there=True, synced_at=at)


AT_REST = frozenset({DeliveryState.FAILED, DeliveryState.REVIEW, DeliveryState.LEFT_OUT})
"""Ends short of the collection: nothing moves before a person wants it."""


def failed(delivery: Delivery, cause: Cause, reason: str, at: datetime) -> Delivery:
    """It needs a person, who may retry it. What was chosen and downloaded is kept for that."""
    return _at_rest(delivery, DeliveryState.FAILED, cause, reason, at)


def left_out(delivery: Delivery, reason: str, at: datetime) -> Delivery:
    """A rule of the link's owner ends it. A person may ask for it all the same."""
    return _at_rest(delivery, DeliveryState.LEFT_OUT, Cause.POLICY, reason, at)


def in_review(delivery: Delivery, cause: Cause, reason: str, at: datetime) -> Delivery:
    """A person has to choose."""
    return _at_rest(delivery, DeliveryState.REVIEW, cause, reason, at)


def _at_rest(
    delivery: Delivery, state: DeliveryState, cause: Cause | None, reason: str | None, at: datetime
) -> Delivery:
    return delivery.moved(
        at, state=state, cause=cause, reason=reason, ready=False, ready_at=None, due_at=None, candidates=()
    )


def rescheduled(delivery: Delivery, cause: Cause, reason: str, at: datetime, policy: Policy) -> Delivery:
    """Tried again later while the budget lasts, else failed."""
    retries = delivery.retries + 1
    if retries > policy.max_retries:
        return failed(delivery, cause, reason, at)
    return delivery.moved(
        at,
        state=DeliveryState.RETRY_SCHEDULED,
        retries=retries,
        due_at=at + backoff(delivery, policy),
        cause=cause,
        reason=reason,
    )


def backoff(delivery: Delivery, policy: Policy) -> timedelta:
    """60 s doubling with each retry up to the limit, spread by up to a tenth so that a crowd does not come at once.

    The spread follows from the delivery's name, so that deciding twice gives the same moment.
    """
    base = min(60.0 * 2**delivery.retries, policy.backoff_max_s)
    name = f"{delivery.track_id}:{delivery.target}:{delivery.retries}"
    spread = zlib.crc32(name.encode()) % 1000 / 10_000
    return timedelta(seconds=base * (1 - spread))


def searching(delivery: Delivery, at: datetime) -> Delivery:
    """It looks for its match, or waits for somebody else's whose audio it needs."""
    return delivery.moved(at, state=DeliveryState.SEARCHING, due_at=None, reason=None, cause=None)


def downloading(delivery: Delivery, source: Candidate, at: datetime) -> Delivery:
    return delivery.moved(at, state=DeliveryState.DOWNLOADING, source=source, due_at=None, reason=None, cause=None)


def passed(delivery: Delivery, at: datetime) -> Delivery:
    """The audio waits for its turn to be placed."""
    return delivery.moved(at, state=DeliveryState.PENDING, suspects=(), ready=True, ready_at=at)


def sought_again(delivery: Delivery, at: datetime) -> Delivery:
    """Waiting for its turn, as at the beginning."""
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
        contested=None,
        suspects=(),
        chosen=None,
        source=None,
        in_doubt=False,
        due_at=None,
        reason=None,
        cause=None,
    )


def without_proposals(delivery: Delivery, at: datetime) -> Delivery:
    """What was proposed is not the recording, for good."""
    rejected = with_ids(delivery.rejected, *(each.candidate.id for each in delivery.alternatives))
    return delivery.moved(at, rejected=rejected, alternatives=(), candidates=(), nearest=None)


def remove_again(delivery: Delivery, at: datetime, *, fresh: bool = False) -> Delivery:
    """Once more, as a new attempt."""
    retries = 0 if fresh else delivery.retries
    return delivery.moved(
        at, state=DeliveryState.SYNCING, attempt=delivery.attempt + 1, retries=retries, due_at=None, cause=None
    )


def with_ids(known: tuple[str, ...], *more: str) -> tuple[str, ...]:
    """Both, each once."""
    return tuple(dict.fromkeys((*known, *more)))
