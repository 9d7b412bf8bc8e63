"""What an update means for the links: facts to publish, and what is remembered of the channel.

A post that an administrator forwards to the bot means the same as the post itself. It is published like that one,
before Telegram forgets the update, so that of any number none is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from aiogram.types import Chat, Message, MessageOriginChannel, Update

from navaar_contracts.events import ItemSighted, ItemSkipped
from navaar_contracts.links import Link
from navaar_contracts.message import Event
from navaar_runtime.logs import get_logger
from navaar_runtime.news import News
from navaar_telegram_gateway import post_text, translate
from navaar_telegram_gateway.channel import seen
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.idempotency import PostRecords
from navaar_telegram_gateway.identity import ChannelIdentity, public_name
from navaar_telegram_gateway.telegram import BadUpdate
from navaar_telegram_session.session import PLATFORM, HearForwarded

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WatchedChannel:
    """One link's channel, as far as reading it goes."""

    link: Link
    state: ChannelState
    records: PostRecords
    identity: ChannelIdentity


class Updates:
    """Turns updates into facts. Posts of ours that come back are recognised and are no items."""

    def __init__(
        self, watched: Sequence[WatchedChannel], now: Callable[[], datetime], admins: Collection[int] = ()
    ) -> None:
        self.on_forwarded: HearForwarded = _nobody_hears
        self.on_private: Callable[[Update], None] = lambda update: None
        """Takes, without waiting, what was written to the bot itself, and its buttons' presses."""
        self.on_rights: Callable[[], None] = lambda: None
        """Told, without waiting, that what the bot may do in a link's channel has changed."""
        self._watched = {one.link.name: one for one in watched}
        self._now = now
        self._admins = frozenset(admins)
        self._strangers: set[int] = set()

    async def facts(self, update: Update | BadUpdate) -> list[Event]:
        """What to publish for an update. Raises Transient when the records do not answer."""
        if isinstance(update, BadUpdate):
            return self._unreadable(update)
        if update.my_chat_member is not None:
            # It may have waited for hours: what holds now is asked.
            if self._of(update.my_chat_member.chat):
                self.on_rights()
            return []
        post = update.channel_post or update.edited_channel_post
        if post is None:
            if update.message is not None and self._brings_a_post(update.message):
                return await self._forwarded(update.message)
            if update.message is not None or update.callback_query is not None:
                self.on_private(update)
            return []
        facts = await self.facts_of(post)
        if facts is None:
            self._stranger(post)
        return facts or []

    async def facts_of(self, post: Message) -> list[Event] | None:
        """What to publish for a post; None when its channel is no link's. Raises Transient."""
        watched = self._of(post.chat)
        if not watched:
            return None
        for one in watched:
            one.identity.posted(post.chat)
        facts = [await self._fact(one, post) for one in watched]
        return [fact for fact in facts if fact is not None]

    def _brings_a_post(self, message: Message) -> bool:
        """Whether an administrator forwarded something, or sent a file; a stranger's is no business of ours."""
        by = message.from_user
        if by is None or by.id not in self._admins:
            return False
        return any((message.forward_origin, message.audio, message.document, message.voice))

    async def _forwarded(self, message: Message) -> list[Event]:
        origin, facts = message.forward_origin, None
        if isinstance(origin, MessageOriginChannel):
            original = {"message_id": origin.message_id, "chat": origin.chat, "date": origin.date}
            facts = await self.facts_of(message.model_copy(update={**original, "forward_origin": None}))
        await self.on_forwarded(message, facts)
        return facts or []

    def reported(self, fact: Event, place: int | None = None) -> None:
        """What was decided without a fact that is being published, or has this place in the history, overlooks it."""
        if isinstance(fact, ItemSighted):
            self._watched[fact.link].state.reported(News(place, self._now()))

    async def save(self) -> None:
        """Keep what was learnt of the channels. Raises Transient."""
        for one in self._watched.values():
            await one.identity.save()
            await one.state.save()

    def _of(self, chat: Chat) -> list[WatchedChannel]:
        name = public_name(chat)
        return [one for one in self._watched.values() if one.identity.means(chat.id, name)]

    async def _fact(self, watched: WatchedChannel, post: Message) -> Event | None:
        if await _is_ours(watched, post):
            watched.state.saw_ours(post.message_id)
            return None
        watched.state.saw_other(post.message_id)
        return translate.fact_of(post, watched.link.name, self._now())

    def _stranger(self, post: Message) -> None:
        if post.chat.id not in self._strangers:
            self._strangers.add(post.chat.id)
            log.info("stranger_channel_ignored", chat=post.chat.id)

    def _unreadable(self, update: BadUpdate) -> list[Event]:
        log.warning("update_unreadable", update=update.update_id, kinds=sorted(update.raw.keys() - {"update_id"}))
        if "my_chat_member" in update.raw:
            self.on_rights()
        post = _as_dict(update.raw.get("channel_post") or update.raw.get("edited_channel_post"))
        chat, message_id = _as_dict(post.get("chat")), post.get("message_id")
        name = f"@{chat['username']}" if isinstance(chat.get("username"), str) else None
        return [
            ItemSkipped(
                link=one.link.name,
                platform=PLATFORM,
                external_id=str(message_id),
                name=f"post {message_id}",
                reason=translate.UNREADABLE,
                seen_at=self._now(),
            )
            for one in self._watched.values()
            if isinstance(message_id, int) and one.identity.means(chat.get("id"), name)
        ]


async def _nobody_hears(message: Message, facts: Sequence[Event] | None) -> None:
    return None


async def _is_ours(watched: WatchedChannel, post: Message) -> bool:
    if watched.state.is_ours(post.message_id):
        return True
    if post.forward_origin is not None:
        return False
    return await watched.records.resolve_echo(post.message_id, seen(post), post_text.track_of(post.caption))


def _as_dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
