"""/sync, /pause and /resume, and the sync buttons."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import ALL, Misunderstood, scope
from navaar_bot.context import Context, argument_of
from navaar_bot.templates import words
from navaar_bot.view import Act, Button, ChatMessage, Show
from navaar_contracts.commands import SetPause
from navaar_contracts.identifiers import Direction

_TO_STATUS = ((Button("Status", Show(name="status")),),)


def router() -> Router:
    found = Router(name="syncing")
    found.message.register(sync, Command("sync", "force_sync", ignore_case=True))
    found.message.register(pause, Command("pause", ignore_case=True))
    found.message.register(resume, Command("resume", ignore_case=True))
    found.callback_query.register(sync_pressed, Act.filter(F.verb == "sync"))
    return found


async def sync(message: Message, command: CommandObject, context: Context) -> None:
    chosen = scope(command.args or "", context.ledger.directions)
    await context.ledger.tell(context.ledger.cycles(chosen.directions))
    await context.say(message, ChatMessage(f"Syncing {_named(chosen.directions)}.", _TO_STATUS))


async def sync_pressed(callback: CallbackQuery, context: Context) -> None:
    chosen = scope(argument_of(callback), context.ledger.directions)
    await context.ledger.tell(context.ledger.cycles(chosen.directions))
    await context.toast(callback, f"Syncing {_named(chosen.directions)}")


async def pause(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=True)


async def resume(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=False)


async def _set(message: Message, command: CommandObject, context: Context, *, paused: bool) -> None:
    chosen = scope(command.args or "", context.ledger.directions)
    now, who = context.ledger.now(), f"admin {message.from_user.id if message.from_user else 0}"
    # No direction stands for all of them, also those that a link gets later.
    wanted: tuple[Direction | None, ...] = (None,) if chosen.word == ALL else chosen.directions
    orders = [
        SetPause(link=link.name, direction=direction, paused=paused, asked_at=now, by=who)
        for link in context.ledger.links.values()
        for direction in wanted
        if direction is None or direction in link.directions()
    ]
    if not orders:
        raise Misunderstood("No link has that direction.")
    await context.ledger.tell(orders)
    named = "everything" if chosen.word == ALL else _named(chosen.directions)
    said = f"⏸ Holding back {named}. /resume lets it go on." if paused else f"▶️ {named[0].upper()}{named[1:]} goes on."
    await context.say(message, ChatMessage(said, _TO_STATUS))


def _named(directions: tuple[Direction, ...]) -> str:
    return ", ".join(words.direction(one) for one in directions)
