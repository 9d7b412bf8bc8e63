"""Keeps an eye on the bot's rights in its channels, so that a missing one is told before a post fails for it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Protocol

from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger

log = get_logger(__name__)

EVERY_S = 300.0
SOON_S = 30.0


class Accessible(Protocol):
    async def access_problem(self) -> str | None: ...


class ChannelAccess:
    """The rights as they were last seen."""

    def __init__(self, channels: Mapping[str, Accessible], breaker: CircuitBreaker) -> None:
        self._channels = channels
        self._breaker = breaker
        self._problems: dict[str, str] = {}

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self._breaker.wait_open()
            certain = await self.look()
            await asyncio.sleep(EVERY_S if certain and not self._problems else SOON_S)

    async def look(self) -> bool:
        """Look once; whether Telegram told about every channel."""
        certain = True
        for link, channel in self._channels.items():
            try:
                problem = await channel.access_problem()
            except Failure:
                certain = False
                continue
            if problem is not None and problem != self._problems.get(link):
                log.warning("channel_not_writable", link=link, reason=problem)
            if problem is None:
                self._problems.pop(link, None)
            else:
                self._problems[link] = problem
        return certain

    async def problem(self) -> str | None:
        """For readiness: which channel cannot be posted in, and why."""
        return "; ".join(f"{link}: {problem}" for link, problem in self._problems.items()) or None
