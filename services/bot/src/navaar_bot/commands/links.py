"""/link: what the owner of a link decided about it."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from navaar_bot.arguments import Misunderstood, nearest
from navaar_bot.context import Context
from navaar_bot.templates.links import policies
from navaar_bot.view import ChatMessage


def router() -> Router:
    found = Router(name="links")
    found.message.register(link, Command("link", "links", ignore_case=True))
    return found


async def link(message: Message, command: CommandObject, context: Context) -> None:
    """The policy of one link, or of all."""
    name = (command.args or "").strip().lower()
    if name and name not in context.links:
        raise Misunderstood(f"There is no link “{name[:40]}”.", nearest(name, context.links))
    shown = [each for each in context.links.values() if name in ("", each.name)]
    await context.say(message, ChatMessage(policies(shown)))
