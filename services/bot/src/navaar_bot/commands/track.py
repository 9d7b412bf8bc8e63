"""/track, /why, /card and /delete: one track, how it was decided, its status card, and an end to it."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.addresses import addresses
from navaar_bot.arguments import track_id
from navaar_bot.cards.cards import Cards
from navaar_bot.context import Context, Missing, by
from navaar_bot.templates import tracks
from navaar_bot.view import Act, Button, ChatMessage, Show, View, in_rows, to_track
from navaar_contracts.identifiers import DeliveryState
from navaar_contracts.queries import ListTracks
from navaar_telegram_session.session import PLATFORM

SHOWN_EVENTS = 5


def router() -> Router:
    found = Router(name="track")
    found.message.register(track, Command("track", ignore_case=True))
    found.message.register(why, Command("why", ignore_case=True))
    found.message.register(card, Command("card", ignore_case=True))
    found.message.register(delete, Command("delete", ignore_case=True))
    found.callback_query.register(drop, Act.filter(F.verb == "drop"))
    return found


async def track(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "track", str(track_id(command.args or "")))


async def why(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "why", str(track_id(command.args or "")))


async def card(message: Message, command: CommandObject, context: Context, cards: Cards) -> None:
    """Post a track's status card again; without a number the newest track's."""
    if (command.args or "").strip():
        one, _ = await context.track(track_id(command.args or ""))
    else:
        newest = (await context.ledger.ask(ListTracks(limit=1))).tracks
        if not newest:
            raise Missing("There is no track yet.")
        one, _ = await context.track(newest[0].id)
    if PLATFORM not in one.items:
        await context.say(message, ChatMessage(f"#{one.id} {tracks.name(one)} is not in the channel yet."))
        return
    await cards.make_again(one.link, one.id)
    await context.say(message, ChatMessage(f"The card of #{one.id} {tracks.name(one)} is being made."))


async def delete(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "delete", str(track_id(command.args or "")))


async def drop(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    """The confirmed deletion."""
    one, _ = await context.track(track_id(callback_data.argument))
    await context.ledger.delete_track(one, by(callback))
    said = f"🗑 #{one.id} {tracks.name(one)} is dropped. What is on the platforms stays."
    await context.replace(callback, ChatMessage(said))


async def track_view(context: Context, argument: str) -> View:
    number = track_id(argument)
    one, log = await context.track(number)
    where = addresses(one, context.links.get(one.link))
    lines = list(tracks.in_full(one, where, link=context.several))
    if log:
        newest = [tracks.logged(entry, track=False) for entry in log[-SHOWN_EVENTS:]]
        lines += ["", "<b>Last events</b> (UTC)", *newest]
    joined = f"\n#{number} was found to be the same recording." if number != one.id else ""
    links = [Button(f"Open on {platform.label}", url) for platform, url in where.items()]
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
    return View(head=tracks.head(one) + joined, lines=tuple(lines), buttons=(*in_rows(links, 2), *in_rows(actions, 3)))


async def why_view(context: Context, argument: str) -> View:
    """The decision trail, from the beginning."""
    one, log = await context.track(track_id(argument))
    lines = [tracks.logged(entry, track=False) for entry in log] or ["Nothing is written down about it."]
    for delivery in one.deliveries:
        lines += ["", *tracks.delivered(delivery)]
    return View(
        head=f"{tracks.head(one)}\nHow it was decided (UTC)",
        lines=tuple(lines),
        buttons=((to_track(one.id),),),
    )


async def delete_view(context: Context, argument: str) -> View:
    one, _ = await context.track(track_id(argument))
    return View(
        head=f"{tracks.head(one)}\nStop working on it and drop it from the lists? What is on the platforms stays.",
        buttons=(
            (
                Button("Delete", Act(verb="drop", argument=str(one.id))),
                Button("Keep", Show(name="track", argument=str(one.id))),
            ),
        ),
    )


VIEWS = {"track": track_view, "why": why_view, "delete": delete_view}
