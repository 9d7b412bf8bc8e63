"""What the ledger's functions work with."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from navaar_contracts.streams import Consumer
from navaar_ledger.domain.decision import Facts
from navaar_ledger.domain.effects import held_back
from navaar_ledger.domain.placed_today import PlacedToday
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Newborn, Track
from navaar_ledger.store.port import Store
from navaar_ledger.telemetry.metrics import DecisionMetrics
from navaar_ledger.telemetry.tracing import Traces


class Backlog(Protocol):
    """A look into other services' consumers."""

    async def idle(self, consumer: Consumer) -> bool:
        """Whether nothing waits or is in hand there."""
        ...


class Names(Protocol):
    """What new tracks are called: a number for people, and an identity that is never given again.

    The number comes from the store's counter, which a restored copy sets back. The identity is drawn at random, so that
    no message, idempotency record or duplicate window of a former life is taken for one of the present.
    """

    async def next(self, store: Store, key: str) -> Newborn:
        """For the item that nobody has claimed under `key`. Raises Transient."""
        ...

    def left(self, key: str, track_id: int) -> Newborn:
        """For the item that `track_id` has claimed: a crash may have come before the track was written."""
        ...


class FreshNames:
    """The next number, and 64 random bits."""

    async def next(self, store: Store, key: str) -> Newborn:
        return Newborn(await store.next_track_id(), fresh_identity())

    def left(self, key: str, track_id: int) -> Newborn:
        return Newborn(track_id, fresh_identity())


def fresh_identity() -> str:
    return secrets.token_hex(8)


@dataclass(frozen=True)
class Ports:
    """What the handlers work with. `turn` makes this process take one message at a time, whatever its consumer."""

    store: Store
    backlog: Backlog
    policy: Policy
    now: Callable[[], datetime]
    watermark: Callable[[], datetime] | None = None
    """When the newest event that this process has worked off was published; without it, everything is known."""
    known_to: Callable[[], int | None] = lambda: None
    """The place of that event in the history; None where places are not counted."""
    mark: Callable[[], dict[str, str]] = dict
    """The place in the history of the event being worked on, as the store keeps it; empty where it has none."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    names: Names = field(default_factory=FreshNames)
    traces: Traces = field(default_factory=Traces)
    metrics: DecisionMetrics = field(default_factory=DecisionMetrics)
    placed: dict[str, PlacedToday] = field(default_factory=dict)
    """By link; for those with a daily cap."""

    def facts(self) -> Facts:
        """An empty set of facts, for a decision made now."""
        return Facts(self.now(), self.policy)

    async def load(self, track_id: int) -> Track | None:
        """A document as it is to be decided about: held while a plan stands. Raises Transient."""
        track = await self.store.load(track_id)
        return None if track is None else held_back(track, self.policy)

    def known_until(self) -> datetime:
        """Up to when everything that happened is known: later events may still wait in the consumer."""
        return self.watermark() if self.watermark is not None else self.now()
