"""A post forwarded from the channel: taken in as if it had just been posted. Telegram keeps updates for a day only, so
this is how a post from a longer outage is brought back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message, MessageOriginChannel

from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import UnknownItems
from navaar_telegram_gateway.bot.host import Host
from navaar_telegram_gateway.bot.screen import Reply
from navaar_telegram_gateway.bot.wording import forwarded as text
from navaar_telegram_gateway.updates import Updates


def router() -> Router:
    found = Router(name="forwarded")
    found.message.register(taken_in, F.forward_origin | F.audio | F.document | F.voice)
    return found


async def taken_in(message: Message, host: Host, updates: Updates) -> None:
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        await host.say(message, Reply(text.NOT_FROM_THE_CHANNEL))
        return
    original = message.model_copy(
        update={"message_id": origin.message_id, "chat": origin.chat, "forward_origin": None, "date": origin.date}
    )
    facts = await updates.facts_of(original)
    if facts is None:
        await host.say(message, Reply(text.NOT_FROM_THE_CHANNEL))
        return
    if not facts:
        await host.say(message, Reply(text.NOTHING_TO_TAKE_IN))
    for fact in facts:
        if isinstance(fact, ItemSkipped):
            await host.say(message, Reply(text.skipped(fact)))
        elif isinstance(fact, ItemSighted):
            await _take_in(message, host, updates, fact)


async def _take_in(message: Message, host: Host, updates: Updates, sighted: ItemSighted) -> None:
    known = await host.desk.ask(
        UnknownItems(link=sighted.link, platform=Platform.TELEGRAM, external_ids=(sighted.external_id,))
    )
    if sighted.external_id not in known.unknown:
        await host.say(message, Reply(text.KNOWN_ALREADY))
        return
    updates.reported(sighted)
    await host.desk.tell([sighted])
    updates.reported(sighted)
    await updates.save()
    await host.say(message, Reply(text.taken_in(sighted)))
