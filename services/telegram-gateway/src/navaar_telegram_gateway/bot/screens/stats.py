"""/stats: figures, a success bar, and a chart as a picture."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_contracts.queries import GetCounts
from navaar_telegram_gateway.bot.buttons import Button, Show
from navaar_telegram_gateway.bot.chart import Painter
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Screen
from navaar_telegram_gateway.bot.wording import overview, words


def router() -> Router:
    found = Router(name="stats")
    found.message.register(stats, Command("stats", ignore_case=True))
    return found


async def stats(message: Message, host: Host, painter: Painter) -> None:
    await host.open(message, "stats")
    counts = await host.desk.ask(GetCounts())
    png = await painter.paint(counts.counts, host.desk.directions)
    await host.voice.show_picture(message.chat.id, png, f"{words.count(counts.tracks, 'track')}, by direction")


async def stats_screen(desk: Desk, argument: str) -> Screen:
    counts = await desk.ask(GetCounts())
    now = desk.now()
    return Screen(
        head=f"<b>Figures</b> · {overview.uptime(counts, now)}",
        lines=overview.totals(counts, desk.directions),
        foot=f"<i>{now:%H:%M:%S} UTC</i>",
        buttons=((Button("Status", Show(name="status")), Button("Refresh", Show(name="stats"))),),
    )


SCREENS = {"stats": stats_screen}
