"""/status: how everything is, with buttons that set a direction going; edited in place."""

from __future__ import annotations

import asyncio

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_contracts.queries import CountsReply, GetCounts
from navaar_runtime.failures import Transient
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
    counts, health = await asyncio.gather(_counts(desk), desk.health())
    now = desk.now()
    lines: list[str] = []
    head = "<b>Status</b>"
    if counts is not None:
        head += f" · {overview.uptime(counts, now)} · {words.count(counts.tracks, 'track')}"
        lines = [*(overview.direction(one, counts, now) for one in desk.directions), ""]
    runs = [Button(f"Sync {words.direction(one)}", Act(verb="sync", argument=one.value)) for one in desk.directions]
    return Screen(
        head=head,
        lines=(*lines, *overview.health(health)),
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


async def _counts(desk: Desk) -> CountsReply | None:
    """The figures; without them there is still the health to show, the ledger's above all."""
    try:
        return await desk.ask(GetCounts())
    except Transient:
        return None


SCREENS = {"status": status_screen}
