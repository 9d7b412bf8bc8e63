"""/start and /help, buttons that turn to another screen, and what nobody else understands."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from navaar_contracts.identifiers import Platform
from navaar_telegram_gateway.bot.arguments import nearest
from navaar_telegram_gateway.bot.buttons import Button, Show
from navaar_telegram_gateway.bot.desk import Desk
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Reply, Screen
from navaar_telegram_gateway.bot.wording import help as text


def router() -> Router:
    found = Router(name="navigation")
    found.message.register(start, Command("start", "help", ignore_case=True))
    found.callback_query.register(turn, Show.filter())
    return found


def last_router() -> Router:
    """Takes what no other has taken; it comes last."""
    found = Router(name="rest")
    found.callback_query.register(out_of_date)
    found.message.register(not_understood)
    return found


async def start(message: Message, host: Host) -> None:
    await host.open(message, "help")


async def turn(callback: CallbackQuery, callback_data: Show, host: Host) -> None:
    await host.turn_to(callback, callback_data)


async def out_of_date(callback: CallbackQuery, host: Host) -> None:
    await host.toast(callback, "This button is out of date.")


async def not_understood(message: Message, host: Host) -> None:
    words = (message.text or "").split()
    if not words:
        return
    if not words[0].startswith("/") or len(words[0]) < 2:
        await host.say(message, Reply(text.NOT_A_COMMAND))
        return
    word = words[0][1:].partition("@")[0]
    await host.say(message, Reply(text.unknown_command(word, nearest(word, text.known()))))


async def help_screen(desk: Desk, argument: str) -> Screen:
    spotify = any(Platform.SPOTIFY in link.platforms() for link in desk.links.values())
    return Screen(
        head=text.GREETING,
        lines=text.lines(spotify=spotify),
        buttons=((Button("Status", Show(name="status")), Button("Questions", Show(name="review"))),),
    )


SCREENS = {"help": help_screen}
