"""What the ledger's functions work with."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from navaar_contracts.streams import Consumer
from navaar_ledger.domain.decision import Facts
from navaar_ledger.domain.effects import held_back
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track
from navaar_ledger.store.port import Store
from navaar_ledger.telemetry.metrics import DecisionMetrics
from navaar_ledger.telemetry.tracing import Traces


class Backlog(Protocol):
    """A look into other services' consumers."""

    async def idle(self, consumer: Consumer) -> bool:
        """Whether nothing waits or is in hand there."""
        ...


@dataclass(frozen=True)
class Ports:
    """What the handlers work with. `turn` makes this process take one message at a time, whatever its consumer."""

    store: Store
    backlog: Backlog
    policy: Policy
    now: Callable[[], datetime]
    watermark: Callable[[], datetime] | None = None
    """When the newest event that this process has worked off was published; without it, everything is known."""
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    traces: Traces = field(default_factory=Traces)
    metrics: DecisionMetrics = field(default_factory=DecisionMetrics)

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
