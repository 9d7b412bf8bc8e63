"""/ping and /config: how fast every part answers, and which settings are in force."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from time import perf_counter

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_contracts.health import SERVICES
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import GetCounts, SearchCatalogue
from navaar_runtime.failures import Failure, Transient
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Reply, Screen
from navaar_telegram_gateway.bot.wording import service as text

PATIENCE_S = 15.0
_SEARCHED = "music"


def router() -> Router:
    found = Router(name="service")
    found.message.register(ping, Command("ping", ignore_case=True))
    found.message.register(config, Command("config", ignore_case=True))
    return found


async def ping(message: Message, host: Host) -> None:
    desk = host.desk
    asked: dict[str, Awaitable[object]] = {
        "Bot": host.voice.who(),
        "NATS": host.records.get(f"telegram.channel.{next(iter(desk.links))}"),
        "Store": desk.ask(GetCounts(), PATIENCE_S),
        "YouTube Music": desk.ask(SearchCatalogue(platform=Platform.YOUTUBE, text=_SEARCHED, limit=1), PATIENCE_S),
    }
    if any(Platform.SPOTIFY in link.platforms() for link in desk.links.values()):
        asked["Spotify"] = desk.ask(SearchCatalogue(platform=Platform.SPOTIFY, text=_SEARCHED, limit=1), PATIENCE_S)
    measured = await asyncio.gather(*(_measured(one) for one in asked.values()))
    await host.say(message, Reply(text.ping(dict(zip(asked, measured, strict=True)))))


async def config(message: Message, host: Host) -> None:
    await host.open(message, "config")


async def config_screen(desk: Desk, argument: str) -> Screen:
    """Every service's settings; secrets never leave their service."""
    found = await asyncio.gather(*(_settings(desk, name) for name in SERVICES))
    return Screen(
        head="<b>Settings in force</b>",
        lines=(*text.links(desk.links.values()), *text.settings(dict(zip(SERVICES, found, strict=True)))),
    )


async def _measured(asked: Awaitable[object]) -> float | str:
    """Milliseconds, or why there is no answer."""
    begun = perf_counter()
    try:
        await asked
    except Failure as failure:
        return failure.reason
    return (perf_counter() - begun) * 1000


async def _settings(desk: Desk, name: str) -> dict[str, str] | None:
    try:
        return (await desk.queries.config(name)).values
    except Transient:
        return None


SCREENS = {"config": config_screen}
