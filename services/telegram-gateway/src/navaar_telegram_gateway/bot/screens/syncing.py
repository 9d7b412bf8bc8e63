"""/sync, /pause and /resume, and the sync buttons."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.filters import Command, CommandObject
from aiogram.types import CallbackQuery, Message

from navaar_contracts.commands import SetPause
from navaar_contracts.identifiers import Direction
from navaar_telegram_gateway.bot.arguments import ALL, Misunderstood, scope
from navaar_telegram_gateway.bot.buttons import Act, Button, Show
from navaar_telegram_gateway.bot.host import Host, argument_of
from navaar_telegram_gateway.bot.screen import Reply
from navaar_telegram_gateway.bot.wording import words

_TO_STATUS = ((Button("Status", Show(name="status")),),)


def router() -> Router:
    found = Router(name="syncing")
    found.message.register(sync, Command("sync", "force_sync", ignore_case=True))
    found.message.register(pause, Command("pause", ignore_case=True))
    found.message.register(resume, Command("resume", ignore_case=True))
    found.callback_query.register(sync_pressed, Act.filter(F.verb == "sync"))
    return found


async def sync(message: Message, command: CommandObject, host: Host) -> None:
    chosen = scope(command.args or "", host.desk.directions)
    await host.desk.tell(host.desk.cycles(chosen.directions))
    await host.say(message, Reply(f"Syncing {_named(chosen.directions)}.", _TO_STATUS))


async def sync_pressed(callback: CallbackQuery, host: Host) -> None:
    chosen = scope(argument_of(callback), host.desk.directions)
    await host.desk.tell(host.desk.cycles(chosen.directions))
    await host.toast(callback, f"Syncing {_named(chosen.directions)}")


async def pause(message: Message, command: CommandObject, host: Host) -> None:
    await _set(message, command, host, paused=True)


async def resume(message: Message, command: CommandObject, host: Host) -> None:
    await _set(message, command, host, paused=False)


async def _set(message: Message, command: CommandObject, host: Host, *, paused: bool) -> None:
    chosen = scope(command.args or "", host.desk.directions)
    now, who = host.desk.now(), f"admin {message.from_user.id if message.from_user else 0}"
    # No direction stands for all of them, also those that a link gets later.
    wanted: tuple[Direction | None, ...] = (None,) if chosen.word == ALL else chosen.directions
    orders = [
        SetPause(link=link.name, direction=direction, paused=paused, asked_at=now, by=who)
        for link in host.desk.links.values()
        for direction in wanted
        if direction is None or direction in link.directions()
    ]
    if not orders:
        raise Misunderstood("No link has that direction.")
    await host.desk.tell(orders)
    named = "everything" if chosen.word == ALL else _named(chosen.directions)
    said = f"⏸ Holding back {named}. /resume lets it go on." if paused else f"▶️ {named[0].upper()}{named[1:]} goes on."
    await host.say(message, Reply(said, _TO_STATUS))


def _named(directions: tuple[Direction, ...]) -> str:
    return ", ".join(words.direction(one) for one in directions)
