"""Reads what a stream holds, from a place or a moment on, without taking anything from anybody's consumer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import nats.errors
from nats.aio.client import Client
from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy
from nats.js.errors import APIError

from navaar_runtime.failures import Transient

_BATCH = 500
_FORGET_AFTER_S = 30


@dataclass(frozen=True, slots=True)
class Stored:
    """A message as a stream keeps it."""

    sequence: int
    at: datetime
    subject: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


async def stored(
    client: Client,
    stream: str,
    subjects: Sequence[str],
    *,
    first: int | None = None,
    since: datetime | None = None,
    last: int | None = None,
) -> AsyncIterator[Stored]:
    """What `stream` holds on `subjects` now, oldest first.

    Args:
        first: from this sequence on.
        since: from this moment on, where `first` is not given; neither means from the beginning.
        last: up to this sequence; None means up to what is there when the reading begins.

    Raises:
        Transient: JetStream does not answer.
    """
    config = _reading(subjects, first, since)
    try:
        js = client.jetstream(timeout=5)
        subscription = await js.pull_subscribe(subjects[0], stream=stream, config=config)
        left = (await subscription.consumer_info()).num_pending or 0
        while left > 0:
            for raw in await subscription.fetch(min(left, _BATCH), timeout=5):
                left -= 1
                sequence = raw.metadata.sequence.stream
                if last is not None and sequence > last:
                    left = 0
                    break
                yield Stored(sequence, raw.metadata.timestamp, raw.subject, raw.data, raw.headers or {})
        await subscription.unsubscribe()
    except (TimeoutError, nats.errors.Error, APIError) as error:
        raise Transient(f"the history cannot be read: {error or type(error).__name__}") from error


def _reading(subjects: Sequence[str], first: int | None, since: datetime | None) -> ConsumerConfig:
    one = len(subjects) == 1
    config = ConsumerConfig(
        deliver_policy=DeliverPolicy.ALL,
        ack_policy=AckPolicy.NONE,
        inactive_threshold=_FORGET_AFTER_S,
        filter_subject=subjects[0] if one else None,
        filter_subjects=None if one else list(subjects),
        mem_storage=True,
    )
    if first is not None:
        config.deliver_policy, config.opt_start_seq = DeliverPolicy.BY_START_SEQUENCE, max(1, first)
    elif since is not None:
        config.deliver_policy, config.opt_start_time = DeliverPolicy.BY_START_TIME, since
    return config
