"""/track, /why and /delete: one track, how it was decided, and an end to it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_contracts.commands import DeleteTrack
from navaar_contracts.identifiers import DeliveryState
from navaar_telegram_gateway.bot.addresses import addresses
from navaar_telegram_gateway.bot.arguments import track_id
from navaar_telegram_gateway.bot.buttons import Act, Button, Show, in_rows
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host, argument_of, by
from navaar_telegram_gateway.bot.screen import Reply, Screen
from navaar_telegram_gateway.bot.wording import tracks, words

SHOWN_EVENTS = 5


def router() -> Router:
    found = Router(name="track")
    found.message.register(track, Command("track", ignore_case=True))
    found.message.register(why, Command("why", ignore_case=True))
    found.message.register(delete, Command("delete", ignore_case=True))
    found.callback_query.register(drop, Act.filter(F.verb == "drop"))
    return found


async def track(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "track", str(track_id(command.args or "")))


async def why(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "why", str(track_id(command.args or "")))


async def delete(message: Message, command: CommandObject, host: Host) -> None:
    await host.open(message, "delete", str(track_id(command.args or "")))


async def drop(callback: CallbackQuery, host: Host) -> None:
    """The confirmed deletion."""
    one, _ = await host.desk.track(track_id(argument_of(callback)))
    now = host.desk.now()
    await host.desk.tell([DeleteTrack(link=one.link, track_id=one.id, asked_at=now, by=by(callback))])
    await host.replace(callback, Reply(f"🗑 #{one.id} {tracks.name(one)} is dropped. What is on the platforms stays."))


async def track_screen(desk: Desk, argument: str) -> Screen:
    number = track_id(argument)
    one, log = await desk.track(number)
    where = addresses(one, desk.links.get(one.link))
    lines = list(tracks.in_full(one, where, link=desk.several))
    if log:
        newest = [tracks.logged(entry, track=False) for entry in log[-SHOWN_EVENTS:]]
        lines += ["", "<b>Last events</b> (UTC)", *newest]
    joined = f"\n#{number} was found to be the same recording." if number != one.id else ""
    links = [Button(f"Open on {words.NAMES[platform]}", url) for platform, url in where.items()]
    actions = [Button("Why", Show(name="why", argument=str(one.id)))]
    if any(delivery.state is DeliveryState.FAILED for delivery in one.deliveries):
        actions.insert(0, Button("Retry", Act(verb="retry", argument=str(one.id))))
    actions += [
        Button(f"Answer: {d.target.short.upper()}", Show(name="question", argument=f"{one.id}.{d.target.short}"))
        for d in one.deliveries
        if d.state is DeliveryState.REVIEW
    ]
    actions += [
        Button(f"Wrong match: {d.target.short.upper()}", Show(name="wrong", argument=f"{one.id}.{d.target.short}"))
        for d in one.deliveries
        if d.state.is_done
    ]
    actions += [
        Button("Delete", Show(name="delete", argument=str(one.id))),
        Button("Refresh", Show(name="track", argument=str(one.id))),
    ]
    return Screen(
        head=tracks.head(one) + joined, lines=tuple(lines), buttons=(*in_rows(links, 2), *in_rows(actions, 3))
    )


async def why_screen(desk: Desk, argument: str) -> Screen:
    """The decision trail, from the beginning."""
    one, log = await desk.track(track_id(argument))
    lines = [tracks.logged(entry, track=False) for entry in log] or ["Nothing is written down about it."]
    for delivery in one.deliveries:
        lines += ["", *tracks.delivered(delivery)]
    return Screen(
        head=f"{tracks.head(one)}\nHow it was decided (UTC)",
        lines=tuple(lines),
        buttons=((Button(f"#{one.id}", Show(name="track", argument=str(one.id))),),),
    )


async def delete_screen(desk: Desk, argument: str) -> Screen:
    one, _ = await desk.track(track_id(argument))
    return Screen(
        head=f"{tracks.head(one)}\nStop working on it and drop it from the lists? What is on the platforms stays.",
        buttons=(
            (
                Button("Delete", Act(verb="drop", argument=str(one.id))),
                Button("Keep", Show(name="track", argument=str(one.id))),
            ),
        ),
    )


SCREENS = {"track": track_screen, "why": why_screen, "delete": delete_screen}
