"""Holds a service back while its platform refuses the sign-in, and lets it go on by itself once that works again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic

from navaar_contracts.events import CredentialsAccepted, CredentialsRejected, PlatformAvailable, PlatformPaused
from navaar_contracts.identifiers import Platform
from navaar_contracts.message import Event
from navaar_runtime import metrics
from navaar_runtime.failures import AuthRejected, Failure, RateLimited, Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.publisher import Publisher

log = get_logger(__name__)

WORTH_TELLING_S = 10.0
"""Shorter pauses are over before anybody could do something about them."""

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
        self._is_away = False
        """Closed because the platform does not answer, not because it refuses the sign-in."""
        self._told_until: datetime | None = None
        """The end of the pause that was told."""
        self._ends = 0.0
        """The same by the clock that nobody can set."""
        self._is_known_to_answer = False
        """Told since the start, and since the last pause."""
        self._asking = asyncio.Lock()
        self._telling = asyncio.Lock()
        _REFUSED.add(0, service=platform.short)

    @property
    def _is_paused(self) -> bool:
        return self._told_until is not None and monotonic() < self._ends

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
        await self._tell_refused(reason)

    async def _tell_refused(self, reason: str) -> None:
        now = datetime.now(UTC)
        await self._tell(
            lambda link: CredentialsRejected(link=link, platform=self.platform, reason=reason, rejected_at=now)
        )

    async def paused(self, limit: RateLimited) -> None:
        """The platform asks for a pause: tell the others, once until it grows. Raises Transient.

        What Navaar holds back by itself says nothing of the platform.
        """
        if limit.by_us:
            return
        until, ends = datetime.now(UTC) + timedelta(seconds=limit.retry_after_s), monotonic() + limit.retry_after_s
        # Several commands may meet it at once.
        async with self._telling:
            known = self._told_until is not None and ends <= self._ends + WORTH_TELLING_S
            if limit.retry_after_s < WORTH_TELLING_S or known:
                return
            await self._tell_paused(limit.reason, until)
            self._told_until, self._ends = until, ends

    async def answered(self) -> None:
        """The platform has done what was asked: tell it after a pause, and once after each start. Raises Transient.

        A pause lasts until its end all the same: it may be for some requests only, such as changes of a playlist.
        """
        now = datetime.now(UTC)
        async with self._telling:
            if self._is_known_to_answer or self._is_paused:
                return
            await self._tell(lambda link: PlatformAvailable(link=link, platform=self.platform, available_at=now))
            self._is_known_to_answer, self._told_until = True, None

    async def is_away(self) -> bool:
        """Whether the platform serves nobody just now, so that a failure says nothing about what was asked.

        If so, the circuit is closed until it answers. Raises Transient: nobody could be told.
        """
        # Several commands may fail at once: one of them asks, and the others hear of it.
        async with self._asking:
            return not self.is_open or await self._ask_whether_away()

    async def _ask_whether_away(self) -> bool:
        try:
            await self._probe()
        except AuthRejected as error:
            await self.close(error.reason)
        except RateLimited as error:
            await self.paused(error)
        except Transient as error:
            await self._tell_paused(error.reason, None)
            self._is_away, self.reason, self._told_until = True, error.reason, None
            self._opened.clear()
            self._closed.set()
            log.error("platform_away", platform=self.platform.value, reason=error.reason)
        except Failure:
            return False
        else:
            return False
        return True

    async def _tell_paused(self, reason: str, until: datetime | None) -> None:
        now = datetime.now(UTC)
        await self._tell(
            lambda link: PlatformPaused(link=link, platform=self.platform, reason=reason, until=until, paused_at=now)
        )
        self._is_known_to_answer = False

    async def _tell(self, event: Callable[[str], Event]) -> None:
        """Publish the event about each link of this service. Raises Transient."""
        for name in self._links:
            await self._publisher.publish(event(name))

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
                if self._is_away:
                    self._is_away = False
                    await self._tell_refused(error.reason)
                continue
            except Failure as error:
                log.info("sign_in_not_tested", platform=self.platform.value, reason=error.reason)
                continue
            was_away, self._is_away = self._is_away, False
            self.reason = None
            self._closed.clear()
            self._opened.set()
            if was_away:
                log.info("platform_answers", platform=self.platform.value)
                await self.answered()
                continue
            log.info("sign_in_accepted", platform=self.platform.value)
            now = datetime.now(UTC)
            await self._tell(
                lambda link, at=now: CredentialsAccepted(link=link, platform=self.platform, accepted_at=at)  # type: ignore[misc]
            )

    async def pause(self) -> str | None:
        """For people: until when the platform is asked nothing, as it was told; None while no such pause lasts."""
        until = self._told_until
        if until is None or not self._is_paused:
            return None
        return f"asks for a pause until {until:%Y-%m-%d %H:%M} UTC"

    async def problem(self) -> str | None:
        """For readiness: why the circuit is open."""
        return self.reason
