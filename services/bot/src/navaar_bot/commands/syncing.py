"""/sync, /pause and /resume, and the sync buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import ALL, Misunderstood, scope
from navaar_bot.context import Context
from navaar_bot.view import Act, Button, ChatMessage, Show
from navaar_contracts.identifiers import Direction
from navaar_text import labels

_TO_STATUS = ((Button("Status", Show(name="status")),),)


def router() -> Router:
    found = Router(name="syncing")
    found.message.register(sync, Command("sync", "force_sync", ignore_case=True))
    found.message.register(pause, Command("pause", ignore_case=True))
    found.message.register(resume, Command("resume", ignore_case=True))
    found.callback_query.register(sync_pressed, Act.filter(F.verb == "sync"))
    return found


async def sync(message: Message, command: CommandObject, context: Context) -> None:
    chosen = scope(command.args or "", context.directions)
    await context.ledger.run_cycles(context.with_directions(chosen.directions))
    await context.say(message, ChatMessage(f"Syncing {_named(chosen.directions)}.", _TO_STATUS))


async def sync_pressed(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    chosen = scope(callback_data.argument, context.directions)
    await context.ledger.run_cycles(context.with_directions(chosen.directions))
    await context.toast(callback, f"Syncing {_named(chosen.directions)}")


async def pause(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=True)


async def resume(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=False)


async def _set(message: Message, command: CommandObject, context: Context, *, paused: bool) -> None:
    chosen = scope(command.args or "", context.directions)
    wanted: Mapping[str, Sequence[Direction | None]] = context.with_directions(chosen.directions)
    if chosen.word == ALL:
        # No direction stands for all of them, also those that a link gets later.
        wanted = dict.fromkeys(context.links, (None,))
    if not wanted:
        raise Misunderstood("No link has that direction.")
    by = f"admin {message.from_user.id if message.from_user else 0}"
    await context.ledger.set_pause(wanted, paused=paused, by=by)
    named = "everything" if chosen.word == ALL else _named(chosen.directions)
    said = f"⏸ Holding back {named}. /resume lets it go on." if paused else f"▶️ {named[0].upper()}{named[1:]} goes on."
    await context.say(message, ChatMessage(said, _TO_STATUS))


def _named(directions: tuple[Direction, ...]) -> str:
    return ", ".join(labels.direction_in_short(one) for one in directions)
