"""/queue, /recent and /logs."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from navaar_bot.arguments import number
from navaar_bot.context import Context
from navaar_bot.templates import tracks, words
from navaar_bot.view import Button, Show, View
from navaar_client.counts import deliveries
from navaar_contracts.queries import GetCounts, ListLog, ListTracks
from navaar_text import labels

QUEUED = 100
"""Of each state, as many are listed; the figure above the list is that of all."""
RECENT, MOST_RECENT = 10, 50
LOGGED, MOST_LOGGED = 15, 50


def router() -> Router:
    found = Router(name="lists")
    found.message.register(queue, Command("queue", ignore_case=True))
    found.message.register(recent, Command("recent", ignore_case=True))
    found.message.register(logs, Command("logs", ignore_case=True))
    return found


async def queue(message: Message, context: Context) -> None:
    await context.open(message, "queue")


async def recent(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "recent", str(number(command.args or "", default=RECENT, most=MOST_RECENT)))


async def logs(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "logs", str(number(command.args or "", default=LOGGED, most=MOST_LOGGED)))


async def queue_view(context: Context, argument: str) -> View:
    counts = await context.ledger.ask(GetCounts())
    total = deliveries(counts, *words.ON_THE_WAY)
    found = await context.ledger.tracks_of_any((None,), words.ON_THE_WAY, QUEUED)
    # Oldest first: that is the order in which they are placed.
    lines = [
        tracks.waiting(track, delivery)
        for track in reversed(found)
        for delivery in track.deliveries
        if delivery.state in words.ON_THE_WAY
    ]
    more = total - len(lines)
    return View(
        head=f"<b>On the way</b>: {total:,}" + (f" · paused: {tracks.paused(counts.paused)}" if counts.paused else ""),
        lines=tuple(lines) or ("Nothing waits.",),
        foot=f"and {more:,} more" if lines and more > 0 else "",
        buttons=((Button("Refresh", Show(name="queue")),),),
    )


async def recent_view(context: Context, argument: str) -> View:
    wanted = number(argument, default=RECENT, most=MOST_RECENT)
    found = (await context.ledger.ask(ListTracks(limit=wanted))).tracks
    return View(
        head=f"<b>The newest {labels.count(len(found), 'track')}</b>",
        lines=tuple(tracks.in_one_line(track, link=context.several) for track in found) or ("There is no track yet.",),
        foot="/track and a number shows one.",
    )


async def logs_view(context: Context, argument: str) -> View:
    wanted = number(argument, default=LOGGED, most=MOST_LOGGED)
    found = (await context.ledger.ask(ListLog(limit=wanted))).entries
    return View(
        head="<b>What happened last</b> (UTC)",
        lines=tuple(tracks.logged(entry, track=True) for entry in found) or ("Nothing has happened yet.",),
        buttons=((Button("Refresh", Show(name="logs", argument=str(wanted))),),),
    )


VIEWS = {"queue": queue_view, "recent": recent_view, "logs": logs_view}
