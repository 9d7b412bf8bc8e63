"""/queue, /recent and /logs."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.queries import GetCounts, ListLog, ListTracks
from navaar_telegram_gateway.bot.arguments import number
from navaar_telegram_gateway.bot.buttons import Button, Show
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Screen
from navaar_telegram_gateway.bot.wording import tracks, words

ON_THE_WAY = (
    DeliveryState.PENDING,
    *(state for state in DeliveryState if state.is_moving),
    DeliveryState.RETRY_SCHEDULED,
)
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


async def queue(message: Message, host: Host) -> None:
    await host.open(message, "queue")


async def recent(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "recent", str(number(command.args or "", default=RECENT, most=MOST_RECENT)))


async def logs(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "logs", str(number(command.args or "", default=LOGGED, most=MOST_LOGGED)))


async def queue_screen(desk: Desk, argument: str) -> Screen:
    counts = await desk.ask(GetCounts())
    total = sum(states.get(state, 0) for states in counts.counts.values() for state in ON_THE_WAY)
    found = await desk.tracks(None, ON_THE_WAY, QUEUED)
    # Oldest first: that is the order in which they are placed.
    lines = [
        tracks.waiting(track, delivery)
        for track in reversed(found)
        for delivery in track.deliveries
        if delivery.state in ON_THE_WAY
    ]
    more = total - len(lines)
    return Screen(
        head=f"<b>On the way</b>: {total:,}" + (f" · paused: {tracks.paused(counts.paused)}" if counts.paused else ""),
        lines=tuple(lines) or ("Nothing waits.",),
        foot=f"and {more:,} more" if lines and more > 0 else "",
        buttons=((Button("Refresh", Show(name="queue")),),),
    )


async def recent_screen(desk: Desk, argument: str) -> Screen:
    wanted = number(argument, default=RECENT, most=MOST_RECENT)
    found = (await desk.ask(ListTracks(limit=wanted))).tracks
    return Screen(
        head=f"<b>The newest {words.count(len(found), 'track')}</b>",
        lines=tuple(tracks.in_one_line(track, link=desk.several) for track in found) or ("There is no track yet.",),
        foot="/track and a number shows one.",
    )


async def logs_screen(desk: Desk, argument: str) -> Screen:
    wanted = number(argument, default=LOGGED, most=MOST_LOGGED)
    found = (await desk.ask(ListLog(limit=wanted))).entries
    return Screen(
        head="<b>What happened last</b> (UTC)",
        lines=tuple(tracks.logged(entry, track=True) for entry in found) or ("Nothing has happened yet.",),
        buttons=((Button("Refresh", Show(name="logs", argument=str(wanted))),),),
    )


SCREENS = {"queue": queue_screen, "recent": recent_screen, "logs": logs_screen}
