"""/ping and /config: how fast every part answers, and which settings are in force."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from time import perf_counter

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_bot.context import Context
from navaar_bot.templates import service as text
from navaar_bot.templates.help import CATALOGUES
from navaar_bot.view import ChatMessage, View
from navaar_contracts.health import SERVICES
from navaar_contracts.queries import GetCounts, SearchCatalogue
from navaar_runtime.failures import Failure, Transient
from navaar_telegram_session.session import PLATFORM

DEADLINE_S = 15.0
_SEARCHED = "music"


def router() -> Router:
    found = Router(name="service")
    found.message.register(ping, Command("ping", ignore_case=True))
    found.message.register(config, Command("config", ignore_case=True))
    return found


async def ping(message: Message, context: Context) -> None:
    asked: dict[str, Awaitable[object]] = {
        "Bot": context.sender.who(),
        "NATS": context.records.get(f"{PLATFORM}.channel.{next(iter(context.links))}"),
        "Store": context.ledger.ask(GetCounts(), DEADLINE_S),
    }
    for platform in filter(context.connected, CATALOGUES):
        query = SearchCatalogue(platform=platform, text=_SEARCHED, limit=1)
        asked[platform.label] = context.ledger.ask(query, DEADLINE_S)
    measured = await asyncio.gather(*(_measured(one) for one in asked.values()))
    await context.say(message, ChatMessage(text.ping(dict(zip(asked, measured, strict=True)))))


async def config(message: Message, context: Context) -> None:
    await context.open(message, "config")


async def config_view(context: Context, argument: str) -> View:
    """Every service's settings; secrets never leave their service."""
    found = await asyncio.gather(*(_settings(context, name) for name in SERVICES))
    return View(
        head="<b>Settings in force</b>",
        lines=(*text.links(context.links.values()), *text.settings(dict(zip(SERVICES, found, strict=True)))),
    )


async def _measured(asked: Awaitable[object]) -> float | str:
    """Milliseconds, or why there is no answer."""
    begun = perf_counter()
    try:
        await asked
    except Failure as failure:
        return failure.reason
    return (perf_counter() - begun) * 1000


async def _settings(context: Context, name: str) -> dict[str, str] | None:
    try:
        return (await context.ledger.config(name)).values
    except Transient:
        return None


VIEWS = {"config": config_view}
