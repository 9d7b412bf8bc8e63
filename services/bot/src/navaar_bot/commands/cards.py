"""/card: one track's status card; /cards: where cards go, and taking down those that stand in public."""

from __future__ import annotations

from functools import partial

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from navaar_bot.arguments import Misunderstood, track_id
from navaar_bot.cards.cards import Cards
from navaar_bot.cards.public_cards import PublicCards, TakenDown
from navaar_bot.context import Context, Missing
from navaar_bot.templates import tracks
from navaar_bot.view import ChatMessage
from navaar_contracts.policies import ADMINS, NOWHERE
from navaar_contracts.queries import ListTracks
from navaar_runtime.first_sync import WAITS
from navaar_telegram_session.session import PLATFORM
from navaar_text import labels

REMOVE = "remove"


def router() -> Router:
    found = Router(name="cards")
    found.message.register(card, Command("card", ignore_case=True))
    found.message.register(cards_of_all, Command("cards", ignore_case=True))
    return found


async def card(message: Message, command: CommandObject, context: Context, cards: Cards) -> None:
    """Show a track's status card again; without a number the newest track's."""
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
    if one.link in context.plans:
        await context.say(message, ChatMessage(WAITS))
        return
    await cards.make_again(one.link, one.id, message.chat.id)
    await context.say(message, ChatMessage(f"The card of #{one.id} {tracks.name(one)} is being made."))


async def cards_of_all(message: Message, command: CommandObject, context: Context, public_cards: PublicCards) -> None:
    """'/cards' tells, '/cards remove' takes down what earlier versions wrote in the channels."""
    word = (command.args or "").strip().lower()
    if word not in ("", REMOVE):
        raise Misunderstood(f"I do not know “{word[:40]}”.", REMOVE)
    if word == REMOVE:
        for name in context.links:
            public_cards.take_down(name, partial(_tell, message, context, name))
        await context.say(message, ChatMessage("Taking the cards out of the channel; I tell you when that is done."))
        return
    lines = [f"{name}: {_where(link.policy.cards)}" for name, link in context.links.items()]
    await context.say(message, ChatMessage("\n".join((*lines, _PUBLIC))))


_PUBLIC = "Cards that an earlier version wrote in a channel: /cards remove takes them down."


def _where(cards: str) -> str:
    if cards == NOWHERE:
        return "no cards; /card shows one here"
    return "cards come to the administrators" if cards == ADMINS else f"cards go to {cards}"


async def _tell(message: Message, context: Context, link: str, done: TakenDown) -> None:
    left = f" {labels.count(done.left, 'card')} could not be deleted: delete them by hand." if done.left else ""
    told = f"{labels.count(done.removed, 'card')} taken out of the channel of {link}.{left}"
    await context.say(message, ChatMessage(told))
