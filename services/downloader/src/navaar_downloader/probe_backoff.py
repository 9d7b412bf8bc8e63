"""How often a site that holds us for a robot is asked again: seldom, and more seldom the longer it lasts."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable

from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import AuthRejected

_FIRST_S = 60.0
_LONGEST_S = 1800.0


class BackoffProbe:
    """Wraps a probe that costs the site something; calls that come too early repeat the last refusal.

    `changed` returns a value that differs when somebody acted (a new cookies file): then it is asked at once.
    """

    def __init__(
        self,
        probe: Callable[[], Awaitable[None]],
        changed: Callable[[], object],
        now: Callable[[], float] = time.monotonic,
    ) -> None:
        self._probe = probe
        self._changed = changed
        self._now = now
        self._refusal: AuthRejected | None = None
        self._seen: object = None
        self._next = 0.0
        self._refusals = 0

    async def __call__(self) -> None:
        """Raises AuthRejected while the site refuses, and whatever else the probe raises."""
        seen = self._changed()
        if self._refusal is not None and self._now() < self._next and seen == self._seen:
            raise AuthRejected(self._refusal.reason)
        self._seen = seen
        try:
            await self._probe()
        except AuthRejected as refusal:
            self._refusal = refusal
            self._refusals += 1
            self._next = self._now() + pause_s(self._refusals, first_s=_FIRST_S, longest_s=_LONGEST_S)
            raise
        self._refusal = None
        self._refusals = 0
