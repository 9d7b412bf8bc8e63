"""/metrics: what all services of this process show, looked up when somebody reads it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest

from navaar_runtime.logs import get_logger
from navaar_runtime.metrics import gauge

log = get_logger(__name__)

Hook = Callable[[], Awaitable[None]]

HOOK_DEADLINE_S = 7.0
"""Prometheus waits 10 s by default."""
FRESH_S = 1.0
"""Figures are looked up no more often than this, whoever asks for them."""

_UP = gauge("navaar_up", "1 while every service of this process runs, else 0")
_SERVICE_UP = gauge("navaar_service_up", "1 while the service runs, 0 while it starts, stops or has failed", "service")
_UPTIME = gauge("navaar_uptime_seconds", "How long this process has run")
_BEGUN = time.monotonic()


def running(service: str, runs: bool) -> None:
    """Tell whether a service of this process runs."""
    _SERVICE_UP.set(1 if runs else 0, service=service)
    _UP.set(min(_SERVICE_UP.values()))


_hooks: list[Hook] = []
_looked_up_at = float("-inf")


def before_reading(hook: Hook) -> None:
    """Have `hook` set its gauges whenever the figures are about to be read."""
    _hooks.append(hook)


def no_longer(hook: Hook) -> None:
    """Undo `before_reading`; a hook that is not there is fine."""
    if hook in _hooks:
        _hooks.remove(hook)


async def exposition() -> tuple[bytes, str]:
    """(body, content type) of /metrics, all services of this process together."""
    await _look_up()
    _UPTIME.set(time.monotonic() - _BEGUN)
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


async def _look_up() -> None:
    global _looked_up_at  # noqa: PLW0603 - one process, one set of figures
    now = time.monotonic()
    if now - _looked_up_at < FRESH_S:
        return
    # Set first: who asks meanwhile gets the figures as they are.
    _looked_up_at = now
    await asyncio.gather(*(_in_time(hook) for hook in tuple(_hooks)))


async def _in_time(hook: Hook) -> None:
    try:
        async with asyncio.timeout(HOOK_DEADLINE_S):
            await hook()
    except Exception as error:  # noqa: BLE001 - one part that does not answer must not hide the others
        log.warning("figures_not_looked_up", error=str(error) or type(error).__name__)
