"""/card: post a track's status card again; without a number the newest track's."""

from __future__ import annotations

from aiogram import Router
from aiogram.filters import Command, CommandObject
from aiogram.types import Message

from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import ListTracks
from navaar_telegram_gateway.bot.arguments import track_id
from navaar_telegram_gateway.bot.cards import Cards
from navaar_telegram_gateway.bot.desk import Missing
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Reply
from navaar_telegram_gateway.bot.wording import tracks


def router() -> Router:
    found = Router(name="cards")
    found.message.register(card, Command("card", ignore_case=True))
    return found


async def card(message: Message, command: CommandObject, host: Host, cards: Cards) -> None:
    if (command.args or "").strip():
        one, _ = await host.desk.track(track_id(command.args or ""))
    else:
        newest = (await host.desk.ask(ListTracks(limit=1))).tracks
        if not newest:
            raise Missing("There is no track yet.")
        one, _ = await host.desk.track(newest[0].id)
    if Platform.TELEGRAM not in one.items:
        await host.say(message, Reply(f"#{one.id} {tracks.name(one)} is not in the channel yet."))
        return
    await cards.make_anew(one.link, one.id)
    await host.say(message, Reply(f"The card of #{one.id} {tracks.name(one)} is being made."))
