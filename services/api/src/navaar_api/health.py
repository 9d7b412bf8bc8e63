"""Asks every service how it is."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from navaar_contracts.health import SERVICES, HealthReply
from navaar_shared.failures import Transient

AskHealth = Callable[[str], Awaitable[HealthReply]]


async def examine(ask: AskHealth, own: HealthReply) -> dict[str, HealthReply]:
    """Every service's health, asked for at once; a silent one has a problem."""
    others = [name for name in SERVICES if name != own.service]
    replies = await asyncio.gather(*(_one(ask, name) for name in others))
    return {own.service: own, **dict(zip(others, replies, strict=True))}


async def _one(ask: AskHealth, name: str) -> HealthReply:
    try:
        return await ask(name)
    except Transient as error:
        return HealthReply(service=name, problem=error.reason)
