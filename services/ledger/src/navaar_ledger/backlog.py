"""Other services' consumers, as JetStream knows them."""

from __future__ import annotations

import nats.errors
from nats.js.errors import APIError

from navaar_contracts.streams import Consumer
from navaar_runtime.failures import Failure
from navaar_runtime.service import Service


class JetStreamBacklog:
    """Implements `ports.Backlog`. What cannot be found out counts as busy: nothing is repeated on a guess."""

    def __init__(self, service: Service) -> None:
        self._service = service

    async def idle(self, consumer: Consumer) -> bool:
        try:
            return await self._service.idle(consumer)
        except (Failure, APIError, nats.errors.Error, TimeoutError):
            return False
