"""/start and /help, buttons that turn to another view, and what nobody else understands."""

from __future__ import annotations

from collections.abc import Iterable

from aiogram import Router
from aiogram.filters import Command
from aiogram.types import CallbackQuery, Message

from navaar_bot.arguments import nearest
from navaar_bot.context import Context
from navaar_bot.sender import Sender
from navaar_bot.templates import help as text
from navaar_bot.view import Button, ChatMessage, Show, View
from navaar_contracts.links import Link
from navaar_runtime.failures import Failure
from navaar_runtime.logs import get_logger

log = get_logger(__name__)


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


async def offer_menus(sender: Sender, admins: Iterable[int], links: Iterable[Link]) -> None:
    """Offer the commands in every administrator's chat; one who has not opened it yet is passed over."""
    connected = {platform for link in links for platform in link.platforms()}
    for admin in admins:
        try:
            await sender.offer_commands(admin, text.commands(connected))
        except Failure as failure:
            log.info("menu_not_set", user=admin, reason=failure.reason)


async def start(message: Message, context: Context) -> None:
    await context.open(message, "help")


async def turn(callback: CallbackQuery, callback_data: Show, context: Context) -> None:
    await context.turn_to(callback, callback_data)


async def out_of_date(callback: CallbackQuery, context: Context) -> None:
    await context.toast(callback, "This button is out of date.")


async def not_understood(message: Message, context: Context) -> None:
    words = (message.text or "").split()
    if not words:
        return
    if not words[0].startswith("/") or len(words[0]) < 2:
        await context.say(message, ChatMessage(text.NOT_A_COMMAND))
        return
    word = words[0][1:].partition("@")[0]
    await context.say(message, ChatMessage(text.unknown_command(word, nearest(word, text.known()))))


async def help_view(context: Context, argument: str) -> View:
    connected = {platform for link in context.links.values() for platform in link.platforms()}
    return View(
        head=text.GREETING,
        lines=text.lines(connected),
        buttons=((Button("Status", Show(name="status")), Button("Questions", Show(name="review"))),),
    )


VIEWS = {"help": help_view}
