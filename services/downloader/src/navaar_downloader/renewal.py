"""yt-dlp renews itself every few days, between two downloads. What goes wrong is told and harms nothing."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, ValidationError

from navaar_downloader.ytdlp_versions import UpdateRefused
from navaar_runtime.logs import get_logger
from navaar_runtime.private_files import write_private
from navaar_runtime.redaction import redact

log = get_logger(__name__)

_FILE = "renewal.json"
_FAILED = "yt-dlp could not be renewed"
_DAY_S = 86_400.0
_HOUR_S = 3600.0
_JITTER = 0.1
"""Of the time between two renewals, so that many servers do not ask at the same hour."""
_LONGEST_SLEEP_S = 600.0
"""Then it is looked again whether it is time: a clock may have been set, or another process was quicker."""


class RenewablePool(Protocol):
    """A pool of download processes."""

    def quiet(self) -> AbstractAsyncContextManager[None]: ...

    async def refresh(self) -> None: ...


class Attempt(BaseModel):
    """The last one, as kept in a file."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    at: float
    """Seconds since the epoch."""
    problem: str | None = None


class Renewal:
    """Calls `update` every `days` days (after a failure: the next day), when no download runs."""

    def __init__(
        self,
        update: Callable[[], Awaitable[str]],
        pool: RenewablePool,
        folder: Path,
        days: float,
        *,
        now: Callable[[], float] = time.time,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._update = update
        self._pool = pool
        self._folder = folder
        self._days = days
        self._now = now
        self._sleep = sleep
        self._started = now()
        self._share = random.random()

    async def watch(self) -> None:
        """Renew for ever."""
        while True:
            await self._sleep(min(max(self.due() - self._now(), 0.0), _LONGEST_SLEEP_S))
            if self.due() <= self._now():
                async with self._pool.quiet():
                    await self._renew()
                await self._refresh()

    def due(self) -> float:
        """When the next renewal is, in seconds since the epoch."""
        last = self.last()
        if last is None:
            # Not at once: a service that is started again and again must not ask again and again.
            return self._started + _HOUR_S * (1 + self._share)
        days = self._days if last.problem is None else min(self._days, 1.0)
        # An attempt in the future is one of a clock that was wrong.
        return min(last.at, self._now()) + days * _DAY_S * (1 + _JITTER * self._share)

    def last(self) -> Attempt | None:
        """The last attempt; None before the first."""
        return last_attempt(self._folder)

    async def problem(self) -> str | None:
        """Why the last attempt failed, for those who look after the service."""
        last = self.last()
        return None if last is None else last.problem

    async def _renew(self) -> None:
        problem: str | None = None
        try:
            log.info("ytdlp_renewal", outcome=await self._update())
        except UpdateRefused as refusal:
            problem = redact(f"{_FAILED}: {refusal}")
        except Exception as error:  # noqa: BLE001 - downloads go on with the version there is
            problem = redact(f"{_FAILED}: {type(error).__name__}: {error}")
        if problem is not None:
            log.warning("ytdlp_renewal_failed", reason=problem)
        self._note(Attempt(at=self._now(), problem=problem))

    async def _refresh(self) -> None:
        try:
            await self._pool.refresh()
        except Exception as error:  # noqa: BLE001 - the next download starts its process itself
            log.warning("download_process_not_renewed", reason=redact(str(error)))

    def _note(self, attempt: Attempt) -> None:
        try:
            write_private(self._folder / _FILE, attempt.model_dump_json() + "\n")
        except OSError as error:
            self._started = self._now() + self._days * _DAY_S
            log.warning("ytdlp_renewal_not_noted", reason=error.strerror)


def last_attempt(folder: Path) -> Attempt | None:
    """The last attempt noted in `folder`; None when there was none."""
    try:
        return Attempt.model_validate_json((folder / _FILE).read_bytes())
    except (OSError, ValidationError):
        return None
