"""Reads what was delivered before this service started, so that the charts are whole from the beginning."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from navaar_api.live.throughput import Throughput, since
from navaar_api.ports import Remembers
from navaar_contracts.events import DeliverySynced
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

AGAIN_S = 10.0


async def recall(remember: Remembers, throughput: Throughput, now: Callable[[], datetime]) -> None:
    """Until it has been read once; then rests for the service's life."""
    while True:
        try:
            async for at, message in remember(since(now())):
                if isinstance(message, DeliverySynced):
                    throughput.add(message, at)
            break
        except Transient as error:
            log.info("history_waits", reason=error.reason)
            await asyncio.sleep(AGAIN_S)
    await asyncio.Event().wait()
