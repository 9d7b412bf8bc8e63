"""What the endpoints need of the runtime."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Protocol

from navaar_contracts.message import Message


class PastDeliveries(Protocol):
    def __call__(self, since: datetime) -> AsyncIterator[tuple[datetime, Message]]:
        """(when, delivery.synced) since then, oldest first; raises Transient, also while iterating."""
        ...
