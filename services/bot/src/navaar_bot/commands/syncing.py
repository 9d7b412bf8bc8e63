"""/sync, /pause and /resume, and the sync buttons."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import ALL, Misunderstood, Scope, link_in, nearest, scope
from navaar_bot.context import Context
from navaar_bot.view import Act, Button, ChatMessage, Show
from navaar_contracts.identifiers import Direction
from navaar_text import labels

D = TypeVar("D")

_TO_STATUS = ((Button("Status", Show(name="status")),),)


def router() -> Router:
    found = Router(name="syncing")
    found.message.register(sync, Command("sync", "force_sync", ignore_case=True))
    found.message.register(pause, Command("pause", ignore_case=True))
    found.message.register(resume, Command("resume", ignore_case=True))
    found.callback_query.register(sync_pressed, Act.filter(F.verb == "sync"))
    return found


async def sync(message: Message, command: CommandObject, context: Context) -> None:
    link, text = link_in(command.args or "", context.links)
    chosen = _scope(text, link, context)
    await context.ledger.run_cycles(_within(link, context.with_directions(chosen.directions)))
    await context.say(message, ChatMessage(f"Syncing {_named(chosen.directions)}{_of(link)}.", _TO_STATUS))


async def sync_pressed(callback: CallbackQuery, callback_data: Act, context: Context) -> None:
    chosen = scope(callback_data.argument, context.directions)
    await context.ledger.run_cycles(context.with_directions(chosen.directions))
    await context.toast(callback, f"Syncing {_named(chosen.directions)}")


async def pause(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=True)


async def resume(message: Message, command: CommandObject, context: Context) -> None:
    await _set(message, command, context, paused=False)


async def _set(message: Message, command: CommandObject, context: Context, *, paused: bool) -> None:
    link, text = link_in(command.args or "", context.links)
    chosen = _scope(text, link, context)
    wanted: Mapping[str, Sequence[Direction | None]] = context.with_directions(chosen.directions)
    if chosen.word == ALL:
        # No direction stands for all of them, also those that a link gets later.
        wanted = dict.fromkeys(context.links, (None,))
    wanted = _within(link, wanted)
    if not wanted:
        raise Misunderstood("No link has that direction.")
    by = f"admin {message.from_user.id if message.from_user else 0}"
    await context.ledger.set_pause(wanted, paused=paused, by=by)
    named = ("everything" if chosen.word == ALL else _named(chosen.directions)) + _of(link)
    said = f"⏸ Holding back {named}. /resume lets it go on." if paused else f"▶️ {named[0].upper()}{named[1:]} goes on."
    await context.say(message, ChatMessage(said, _TO_STATUS))


def _scope(text: str, link: str | None, context: Context) -> Scope:
    """The directions that a text names, of those of the link where one is named. Raises Misunderstood."""
    try:
        return scope(text, context.directions if link is None else context.links[link].directions())
    except Misunderstood as error:
        if error.instead is not None or not context.several:
            raise
        raise Misunderstood(error.problem, nearest(text, context.links)) from None


def _within(link: str | None, wanted: Mapping[str, D]) -> dict[str, D]:
    return {name: directions for name, directions in wanted.items() if link in (None, name)}


def _of(link: str | None) -> str:
    return "" if link is None else f" of {link}"


def _named(directions: tuple[Direction, ...]) -> str:
    return ", ".join(labels.direction_in_short(one) for one in directions)
