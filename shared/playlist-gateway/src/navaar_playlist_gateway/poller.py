"""The poller of a watcher: each interval, slowly while the playlist is unusable, paused while sign-in is refused."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, datetime

from navaar_playlist_gateway.watcher import PlaylistWatcher
from navaar_runtime.backoff import pause_s
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Permanent, RateLimited, Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.scan_metrics import scanned

log = get_logger(__name__)

FIRST_RETRY_S = 1.0
SLOWEST_S = 600.0


class Poller:
    """Polls one watcher for the service's life. `problem` says why the last look failed, for readiness."""

    def __init__(
        self,
        watcher: PlaylistWatcher,
        interval_s: float,
        breaker: CircuitBreaker,
        may_act: Callable[[], None] = lambda: None,
    ) -> None:
        self._may_act = may_act
        self._watcher = watcher
        self._interval_s = interval_s
        self._breaker = breaker
        self._failures = 0
        self._nudged = asyncio.Event()
        self.problem: str | None = None
        self._looked_at: datetime | None = None

    def nudge(self) -> None:
        """Look at once, or once more after the look that is under way."""
        self._nudged.set()

    async def run(self) -> None:
        """Never returns."""
        while True:
            await self._breaker.wait_open()
            self._nudged.clear()
            pause = await self.once()
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(pause):
                    await self._nudged.wait()

    async def once(self) -> float:
        """One look; seconds until the next."""
        watcher = self._watcher
        try:
            self._may_act()
            await watcher.poll()
        except AuthRejected as failure:
            scanned(watcher.link, watcher.platform, "refused")
            self.problem = failure.reason
            await self._breaker.close(failure.reason, watcher.link)
            return 0.0
        except RateLimited as failure:
            # A platform that asks for a pause is in order, so readiness stays as it is.
            scanned(watcher.link, watcher.platform, "held_back" if failure.by_us else "rate_limited")
            log.info("watch_paused", link=watcher.link, seconds=failure.retry_after_s, reason=failure.reason)
            with contextlib.suppress(Transient):  # then it is told at the next try
                await self._breaker.paused(failure)
            return failure.wait_s if failure.by_us else max(failure.wait_s, self._interval_s)
        except Transient as failure:
            scanned(watcher.link, watcher.platform, "failed")
            self._failures += 1
            log.warning("watch_failed", link=watcher.link, reason=failure.reason, failures=self._failures)
            self.problem = failure.reason if self._failures > 2 else self.problem
            # The ledger may just be starting: a whole interval would be long.
            return pause_s(self._failures, first_s=FIRST_RETRY_S, longest_s=self._interval_s)
        except Permanent as failure:
            scanned(watcher.link, watcher.platform, "failed")
            if self.problem != failure.reason:
                log.error("watch_impossible", link=watcher.link, reason=failure.reason)
            self.problem = failure.reason
            return min(max(5 * self._interval_s, 60.0), SLOWEST_S)
        scanned(watcher.link, watcher.platform, "ok")
        self._looked_at = datetime.now(UTC)
        self.problem, self._failures = None, 0
        with contextlib.suppress(Transient):
            await self._breaker.answered()
        return self._interval_s

    async def seen(self) -> str | None:
        """For people: what the playlist is, and when it was last looked at with success; None before that."""
        if self._looked_at is None:
            return None
        told = self._watcher.told()
        return f"{f'{told}, ' if told else ''}looked at {self._looked_at:%Y-%m-%d %H:%M:%S} UTC"

    async def check(self) -> str | None:
        """Readiness: None, or why the playlist cannot be watched."""
        return self.problem
