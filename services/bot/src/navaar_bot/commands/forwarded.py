"""A post forwarded from the channel: taken in as if it had just been posted. Telegram keeps updates for a day only, so
this is how a post from a longer outage is brought back."""

from __future__ import annotations

from aiogram import F, Router
from aiogram.types import Message, MessageOriginChannel

from navaar_bot.context import Context
from navaar_bot.templates.markup import plain
from navaar_bot.view import ChatMessage
from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_contracts.queries import UnknownItems
from navaar_telegram_session.session import PLATFORM, ChannelPosts

NOT_FROM_THE_CHANNEL = "I take in posts that you forward from the channel. To sync a file, post it in the channel."
NOTHING_TO_TAKE_IN = "There is nothing to sync in this post: it has no audio, or Navaar made it itself."
KNOWN_ALREADY = "This post is known already. /recent shows the newest tracks."


def router() -> Router:
    found = Router(name="forwarded")
    found.message.register(take_in, F.forward_origin | F.audio | F.document | F.voice)
    return found


async def take_in(message: Message, context: Context, posts: ChannelPosts) -> None:
    origin = message.forward_origin
    if not isinstance(origin, MessageOriginChannel):
        await context.say(message, ChatMessage(NOT_FROM_THE_CHANNEL))
        return
    original = message.model_copy(
        update={"message_id": origin.message_id, "chat": origin.chat, "forward_origin": None, "date": origin.date}
    )
    facts = await posts.facts_of(original)
    if facts is None:
        await context.say(message, ChatMessage(NOT_FROM_THE_CHANNEL))
        return
    if not facts:
        await context.say(message, ChatMessage(NOTHING_TO_TAKE_IN))
    for fact in facts:
        if isinstance(fact, ItemSkipped):
            await context.say(message, ChatMessage(skipped(fact)))
        elif isinstance(fact, ItemSighted):
            await _take_in(message, context, posts, fact)


async def _take_in(message: Message, context: Context, posts: ChannelPosts, sighted: ItemSighted) -> None:
    known = await context.ledger.ask(
        UnknownItems(link=sighted.link, platform=PLATFORM, external_ids=(sighted.external_id,))
    )
    if sighted.external_id not in known.unknown:
        await context.say(message, ChatMessage(KNOWN_ALREADY))
        return
    posts.reported(sighted)
    await context.ledger.send(sighted)
    posts.reported(sighted)
    await posts.save()
    await context.say(message, ChatMessage(taken_in(sighted)))


def taken_in(sighted: ItemSighted) -> str:
    item = sighted.item
    artists = ", ".join(item.artists)
    called = f"{artists} - {item.title}" if artists else item.title or item.file_name or f"post {sighted.external_id}"
    return f"📥 Taken in: {plain(called)}. /recent shows how it goes."


def skipped(fact: ItemSkipped) -> str:
    return f"This cannot be synced: {plain(fact.reason, 300)}"
