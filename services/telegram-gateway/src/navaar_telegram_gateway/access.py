"""Keeps an eye on the bot's rights: a channel that is closed to it is told at once, and its posts wait."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Protocol

from navaar_contracts.events import CredentialsAccepted, CredentialsRejected
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_session.session import PLATFORM

log = get_logger(__name__)

EVERY_S = 300.0
SOON_S = 30.0


class Accessible(Protocol):
    async def access_problem(self) -> str | None: ...


class ChannelGate:
    """One channel's rights as they were last seen; satisfies ports.Gate.

    The circuit breaker would be too much: the bot itself still works, other channels too, and it must tell people.
    """

    def __init__(
        self, link: str, channel: Accessible, state: ChannelState, publisher: Publisher, now: Callable[[], datetime]
    ) -> None:
        self.closed: str | None = None
        self.is_certain = False
        """Telegram answered when it was last asked, and what it said has been told."""
        self._link, self._channel, self._state = link, channel, state
        self._publisher, self._now = publisher, now
        self._looking = asyncio.Lock()

    async def look(self) -> None:
        """Ask Telegram now; keeps what was known if it does not answer."""
        async with self._looking:
            try:
                self.closed = await self._channel.access_problem()
                await self._tell()
            except Failure:
                self.is_certain = False
            else:
                self.is_certain = True

    async def _tell(self) -> None:
        """Raises Transient."""
        before, now = self._state.refusal, self._now()
        if self.closed == before:
            return
        if self.closed is not None:
            log.warning("channel_not_writable", link=self._link, reason=self.closed)
            reason = f"{self.closed} Navaar resumes by itself."
            await self._publisher.publish(
                CredentialsRejected(
                    link=self._link, platform=PLATFORM, reason=reason, collection_only=True, rejected_at=now
                )
            )
        else:
            log.info("channel_writable_again", link=self._link)
            await self._publisher.publish(
                CredentialsAccepted(link=self._link, platform=PLATFORM, collection_only=True, accepted_at=now)
            )
        self._state.told_refusal(self.closed)
        await self._state.save()


class ChannelAccess:
    """The gates of all channels, looked at regularly and whenever Telegram says that the bot's rights have changed."""

    def __init__(self, gates: Mapping[str, ChannelGate], breaker: CircuitBreaker) -> None:
        self._gates = gates
        self._breaker = breaker
        self._changed = asyncio.Event()

    def changed(self) -> None:
        """The rights have changed somewhere."""
        self._changed.set()

    async def run(self) -> None:
        """Look again and again until cancelled."""
        while True:
            await self._breaker.wait_open()
            self._changed.clear()
            for gate in self._gates.values():
                await gate.look()
            settled = all(gate.is_certain and gate.closed is None for gate in self._gates.values())
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_S if settled else SOON_S):
                    await self._changed.wait()

    async def problem(self) -> str | None:
        """For readiness: which channel cannot be posted in, and why."""
        closed = {link: gate.closed for link, gate in self._gates.items() if gate.closed is not None}
        return "; ".join(f"{link}: {reason}" for link, reason in closed.items()) or None
