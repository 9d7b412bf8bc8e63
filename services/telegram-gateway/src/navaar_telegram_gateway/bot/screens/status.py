"""/status: how everything is, with buttons that set a direction going; edited in place."""

from __future__ import annotations

import asyncio

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_contracts.queries import GetCounts
from navaar_telegram_gateway.bot.buttons import Act, Button, Show, in_rows
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Screen
from navaar_telegram_gateway.bot.wording import overview, words


def router() -> Router:
    found = Router(name="status")
    found.message.register(status, Command("status", ignore_case=True))
    return found


async def status(message: Message, host: Host) -> None:
    await host.open(message, "status")


async def status_screen(desk: Desk, argument: str) -> Screen:
    counts, health = await asyncio.gather(desk.ask(GetCounts()), desk.health())
    now = desk.now()
    lines = [overview.direction(one, counts, now) for one in desk.directions]
    runs = [Button(f"Sync {words.direction(one)}", Act(verb="sync", argument=one.value)) for one in desk.directions]
    return Screen(
        head=f"<b>Status</b> · {overview.uptime(counts, now)} · {words.count(counts.tracks, 'track')}",
        lines=(*lines, "", *overview.health(health)),
        foot=f"<i>{now:%H:%M:%S} UTC</i>",
        buttons=(
            *in_rows(runs, 2),
            (
                Button("Failed", Show(name="failed", argument="all")),
                Button("Stats", Show(name="stats")),
                Button("Refresh", Show(name="status")),
            ),
        ),
    )


SCREENS = {"status": status_screen}
