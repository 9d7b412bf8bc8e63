"""Holds a service back while its platform refuses the sign-in, and lets it go on by itself once that works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime

from navaar_contracts.events import CredentialsAccepted, CredentialsRejected
from navaar_contracts.identifiers import Platform
from navaar_runtime import metrics
from navaar_runtime.failures import AuthRejected, Failure
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher

log = get_logger(__name__)

Probe = Callable[[], Awaitable[None]]

_REFUSED = metrics.counter(
    "navaar_auth_errors_total",
    "How often a platform (tg, yt, sp) refused a sign-in: when a service had to pause, and each time it asked again",
    "service",
)


class CircuitBreaker:
    """Open while credentials work. `probe` raises AuthRejected for as long as they do not."""

    def __init__(
        self, platform: Platform, probe: Probe, links: Sequence[str], publisher: Publisher, *, every_s: float
    ) -> None:
        self.platform = platform
        self.reason: str | None = None
        self._probe = probe
        self._links = tuple(links)
        self._publisher = publisher
        self._every_s = every_s
        self._opened = asyncio.Event()
        self._opened.set()
        self._closed = asyncio.Event()
        _REFUSED.add(0, service=platform.short)

    @property
    def is_open(self) -> bool:
        return self._opened.is_set()

    async def wait_open(self) -> None:
        await self._opened.wait()

    async def close(self, reason: str, link: str | None = None) -> None:
        """Pause. MessagePublisher CredentialsRejected once per closing, for every link of this service."""
        if not self.is_open:
            return
        self.reason = reason
        self._opened.clear()
        self._closed.set()
        _REFUSED.add(service=self.platform.short)
        log.error("sign_in_refused", platform=self.platform.value, reason=reason)
        now = datetime.now(UTC)
        for name in self._links:
            await self._publisher.publish(
                CredentialsRejected(link=name, platform=self.platform, reason=reason, rejected_at=now)
            )

    async def watch(self) -> None:
        """Background task: while closed, probe until the platform accepts us."""
        while True:
            await self._closed.wait()
            await asyncio.sleep(self._every_s)
            try:
                await self._probe()
            except AuthRejected as error:
                _REFUSED.add(service=self.platform.short)
                self.reason = error.reason
                continue
            except Failure as error:
                log.info("sign_in_not_tested", platform=self.platform.value, reason=error.reason)
                continue
            self.reason = None
            self._closed.clear()
            self._opened.set()
            log.info("sign_in_accepted", platform=self.platform.value)
            now = datetime.now(UTC)
            for name in self._links:
                await self._publisher.publish(CredentialsAccepted(link=name, platform=self.platform, accepted_at=now))

    async def problem(self) -> str | None:
        """For readiness: why the circuit is open."""
        return self.reason
