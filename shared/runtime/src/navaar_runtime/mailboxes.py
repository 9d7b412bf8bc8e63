"""How far behind a service's consumers are, and whether one stands still."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

import nats.errors
from nats.aio.client import Client

from navaar_contracts.health import Mailbox
from navaar_contracts.streams import EVENTS, Consumer
from navaar_runtime.attempts import Delivered

STANDS_STILL = timedelta(seconds=60)
"""A fact that is in hand for longer holds up all that came after it."""
_TIMEOUT_S = 2.0


class Mailboxes:
    """What is in hand, as the service saw it; how much waits, as NATS says."""

    def __init__(self) -> None:
        self._in_hand: defaultdict[str, dict[int, tuple[datetime, datetime]]] = defaultdict(dict)
        """Consumer -> sequence -> when it came in, and when it was first taken."""

    def taken(self, message: Delivered) -> None:
        """At each delivery; `settled` says that it was the last."""
        self._in_hand[message.consumer].setdefault(message.sequence, (message.came_at, datetime.now(UTC)))

    def settled(self, message: Delivered) -> None:
        self._in_hand[message.consumer].pop(message.sequence, None)

    def oldest(self, consumer: str) -> datetime | None:
        """When the oldest message in hand came in."""
        return min((came for came, _ in self._in_hand[consumer].values()), default=None)

    def problem(self, consumer: Consumer, now: datetime) -> str | None:
        """Why a consumer of facts does not go on; commands may wait for a platform as long as it takes."""
        since = min((taken for _, taken in self._in_hand[consumer.durable].values()), default=None)
        if consumer.stream != EVENTS.name or since is None or now - since < STANDS_STILL:
            return None
        return f"stands still since {since:%Y-%m-%d %H:%M} UTC: a message cannot be handled"

    def _forget(self, consumer: str, floor: int) -> None:
        # Another copy of the service has settled what this one had given back.
        in_hand = self._in_hand[consumer]
        for sequence in [each for each in in_hand if each <= floor]:
            del in_hand[sequence]

    async def look(self, client: Client, consumers: Iterable[Consumer]) -> dict[str, Mailbox]:
        """Of each consumer how much waits. Those that NATS does not tell of are left out."""
        js = client.jetstream(timeout=_TIMEOUT_S)

        async def one(consumer: Consumer) -> tuple[str, Mailbox] | None:
            try:
                info = await js.consumer_info(consumer.stream, consumer.durable)
            except (TimeoutError, nats.errors.Error):
                return None
            if info.ack_floor is not None:
                self._forget(consumer.durable, info.ack_floor.stream_seq)
            waiting = (info.num_pending or 0) + (info.num_ack_pending or 0)
            return consumer.durable, Mailbox(waiting=waiting, oldest_at=self.oldest(consumer.durable))

        found = await asyncio.gather(*(one(consumer) for consumer in consumers))
        return dict(each for each in found if each is not None)
