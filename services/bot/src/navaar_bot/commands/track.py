"""/track, /why, /part and /delete: one track, how it was decided, what was joined to it, its end."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.addresses import addresses
from navaar_bot.arguments import track_id
from navaar_bot.context import Context, Missing, by
from navaar_bot.templates import tracks
from navaar_bot.view import Act, Button, ChatMessage, Show, View, in_rows, to_track
from navaar_client.errors import Refused
from navaar_contracts.identifiers import DeliveryState

SHOWN_EVENTS = 5
PARTED_BY_BUTTON = 6
"""More are parted by their numbers."""


def router() -> Router:
    found = Router(name="track")
    found.message.register(track, Command("track", ignore_case=True))
    found.message.register(why, Command("why", ignore_case=True))
    found.message.register(part, Command("part", ignore_case=True))
    found.callback_query.register(apart, Act.filter(F.verb == "part"))
    found.message.register(delete, Command("delete", ignore_case=True))
    found.callback_query.register(drop, Act.filter(F.verb == "drop"))
    return found


async def track(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "track", str(track_id(command.args or "")))


async def why(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "why", str(track_id(command.args or "")))


async def part(message: Message, command: CommandObject, context: Context) -> None:
    await context.open(message, "part", str(track_id(command.args or "")))


async def apart(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    """The confirmed parting."""
    try:
        joined, song = await context.ledger.part_track(track_id(callback_data.argument), by(callback))
    except Refused as refused:
        raise Missing(f"There is nothing to part: {refused}.") from None
    said = f"#{joined.id} {tracks.name(joined)}\nParted from #{song.id}; they are never joined again."
    await context.replace(callback, ChatMessage(said, ((to_track(joined.id), to_track(song.id)),)), toast="Noted")


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
    if any(delivery.state in (DeliveryState.FAILED, DeliveryState.LEFT_OUT) for delivery in one.deliveries):
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
        Button(f"Part #{other.track_id}", Show(name="part", argument=str(other.track_id)))
        for other in one.joined[:PARTED_BY_BUTTON]
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


async def part_view(context: Context, argument: str) -> View:
    """Asks before a joined track is made a song of its own again; of a song, which of its posts is meant."""
    number = track_id(argument)
    song, _ = await context.track(number)
    if number == song.id:
        if not song.joined:
            raise Missing(f"There is nothing to part: #{number} is one post, and not joined to another track.")
        buttons = [
            Button(f"Part #{each.track_id}", Show(name="part", argument=str(each.track_id))) for each in song.joined
        ]
        return View(
            head=f"{tracks.head(song)}\n{tracks.posts(song)}. Which one is another song?",
            lines=tuple(line for each in song.joined for line in tracks.joined(each)),
            buttons=in_rows([*buttons, to_track(song.id)], 3),
        )
    told = next((each for each in song.joined if each.track_id == number), None)
    return View(
        head=f"{tracks.head(song)}\nMake #{number} a song of its own again, and never join the two again?",
        lines=tracks.joined(told) if told is not None else (),
        buttons=(
            (
                Button(f"Part #{number}", Act(verb="part", argument=str(number))),
                Button("Keep it", Show(name="track", argument=str(song.id))),
            ),
        ),
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


VIEWS = {"track": track_view, "why": why_view, "part": part_view, "delete": delete_view}
