"""/status and /stats: how everything is, with buttons that set a direction going, and the figures with a chart."""

from __future__ import annotations

import asyncio

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import Message

from navaar_bot.chart import Painter
from navaar_bot.context import Context
from navaar_bot.templates import overview
from navaar_bot.view import Act, Button, Show, View, in_rows
from navaar_contracts.queries import CountsReply, GetCounts
from navaar_runtime.failures import Transient
from navaar_text import labels


def router() -> Router:
    found = Router(name="overview")
    found.message.register(status, Command("status", ignore_case=True))
    found.message.register(stats, Command("stats", ignore_case=True))
    return found


async def status(message: Message, context: Context) -> None:
    await context.open(message, "status")


async def stats(message: Message, context: Context, painter: Painter) -> None:
    await context.open(message, "stats")
    counts = await context.ledger.ask(GetCounts())
    png = await painter.paint(counts.counts, context.directions)
    await context.sender.show_picture(message.chat.id, png, f"{labels.count(counts.tracks, 'track')}, by direction")


async def status_view(context: Context, argument: str) -> View:
    counts, health = await asyncio.gather(_counts(context), context.ledger.health())
    now = context.ledger.now()
    lines: list[str] = []
    head = "<b>Status</b>"
    if counts is not None:
        head += f" · {overview.uptime(counts, now)} · {labels.count(counts.tracks, 'track')}"
        lines = [
            *(overview.direction(one, counts, now) for one in context.directions),
            *overview.awaited_lines(counts),
            "",
        ]
    runs = [
        Button(f"Sync {labels.direction_in_short(one)}", Act(verb="sync", argument=one.value))
        for one in context.directions
    ]
    return View(
        head=head,
        lines=(*lines, *overview.health(health), *overview.additions(health)),
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


async def stats_view(context: Context, argument: str) -> View:
    counts = await context.ledger.ask(GetCounts())
    now = context.ledger.now()
    return View(
        head=f"<b>Figures</b> · {overview.uptime(counts, now)}",
        lines=overview.totals(counts, context.directions),
        foot=f"<i>{now:%H:%M:%S} UTC</i>",
        buttons=((Button("Status", Show(name="status")), Button("Refresh", Show(name="stats"))),),
    )


async def _counts(context: Context) -> CountsReply | None:
    """The figures; without them there is still the health to show, the ledger's above all."""
    try:
        return await context.ledger.ask(GetCounts())
    except Transient:
        return None


VIEWS = {"status": status_view, "stats": stats_view}
