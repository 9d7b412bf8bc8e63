"""Keeps a browser session alive: YouTube ends those that ask nothing for long, sooner than others."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Protocol

from navaar_runtime.failures import AuthRejected, Failure


class Asking(Protocol):
    """Whoever asks YouTube Music."""

    @property
    def asked_at(self) -> float:
        """When something was last asked, on the monotonic clock."""

    async def greet(self) -> str: ...


def rest_s(asked_at: float, now: float, every_s: float) -> float:
    """Seconds until a request of its own is due; 0 if it is due now."""
    return max(0.0, asked_at + every_s - now)


async def keep_alive(
    youtube: Asking,
    every_s: float,
    wait_open: Callable[[], Awaitable[None]],
    refused: Callable[[str], Awaitable[None]],
) -> None:
    """Ask the lightest question whenever nothing was asked for `every_s` seconds, for ever. A poll counts as one.

    Args:
        wait_open: returns once the sign-in is not known to be refused.
        refused: is told why the sign-in is refused.
    """
    while True:
        await wait_open()
        rest = rest_s(youtube.asked_at, monotonic(), every_s)
        if rest > 0:
            await asyncio.sleep(rest)
            continue
        try:
            await youtube.greet()
        except AuthRejected as failure:
            await refused(failure.reason)
        except Failure:
            # A pause that YouTube asked for, or no network: nothing was proved, and nothing is to be done.
            await asyncio.sleep(every_s)
