"""The intent behind every post: written down before the upload, settled by whatever comes first of its answer, a
look at the channel, and the post's own echo among the updates."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from navaar_runtime.idempotency import IdempotencyRecord
from navaar_telegram_gateway.memory import ChannelMemory
from navaar_telegram_gateway.ports import Intents, SeenPost, Sent
from navaar_telegram_gateway.settings import PLATFORM


@dataclass(frozen=True, slots=True)
class Note:
    """What was about to be posted, and after which message."""

    caption: str
    title: str | None
    performer: str | None
    size_bytes: int
    after: int | None
    """The newest message id known then; None: nothing was known of the channel."""
    told_attempt: int | None = None
    """The attempt that was given up on because its outcome could not be found out."""

    @classmethod
    def of(cls, intent: IdempotencyRecord) -> Note:
        note = intent.note
        return cls(
            caption=str(note.get("caption") or ""),
            title=note.get("title"),
            performer=note.get("performer"),
            size_bytes=int(note.get("size_bytes") or 0),
            after=note.get("after"),
            told_attempt=note.get("told_attempt"),
        )

    def describes(self, post: SeenPost) -> bool:
        """Two of caption, name and size must agree: people edit captions, and size or name alone may repeat."""
        caption = post.caption is not None and post.caption.strip() == self.caption
        name = self.title is not None and (post.title, post.performer) == (self.title, self.performer)
        size = post.size_bytes is not None and post.size_bytes == self.size_bytes
        return caption + name + size >= 2


@dataclass(frozen=True, slots=True)
class Removed:
    """The post was taken out again; the next one is a new one."""

    message_id: int


@dataclass(frozen=True, slots=True)
class Doubt:
    """An upload that was begun and has no known outcome."""

    note: Note
    since: datetime


def delivery_key(link: str, track_id: int) -> str:
    """PlaceTrack.delivery_key of a track's post."""
    return f"{link}.{track_id}.{PLATFORM}"


class PostIntents:
    """The intents of one channel's posts."""

    def __init__(self, link: str, records: Intents, memory: ChannelMemory) -> None:
        self._link = link
        self._records = records
        self._memory = memory
        # Between looking and writing, an echo and the sender must not overtake each other.
        self._lock = asyncio.Lock()

    async def state(self, key: str) -> Sent | Removed | Doubt | None:
        """Posted already, posted and removed, perhaps posted, or never begun."""
        intent = await self._records.get(key)
        if intent is None:
            return None
        return _outcome(intent) if intent.state == "done" else Doubt(Note.of(intent), intent.begun_at)

    async def begin(self, key: str, note: Note) -> Sent | None:
        """Write down that the post is about to be made; the post itself when it turns out to be there."""
        async with self._lock:
            state = await self.state(key)
            if isinstance(state, Sent):
                return state
            self._memory.opened(key)
            await self._memory.save()
            await self._records.create(key, asdict(note))
        return None

    async def finish(self, key: str, sent: Sent) -> Sent:
        async with self._lock:
            await self._settle(key, sent)
        return sent

    async def forget(self, key: str) -> None:
        """It certainly did not happen."""
        async with self._lock:
            await self._records.delete(key)
            self._memory.closed(key)
            await self._memory.save()

    async def removed(self, key: str, message_id: int) -> None:
        """The post is out of the channel."""
        async with self._lock:
            await self._records.complete(key, {"removed": message_id})

    async def resolve_echo(self, track_id: int, message_id: int, post: SeenPost) -> bool:
        """Whether a channel post with our caption for this track is ours; it settles an intent in doubt."""
        key = delivery_key(self._link, track_id)
        async with self._lock:
            intent = await self._records.get(key)
            if intent is None:
                return False
            if intent.state == "done":
                return _outcome(intent).message_id == message_id
            note = Note.of(intent)
            if (note.after is not None and message_id <= note.after) or not note.describes(post):
                return False
            await self._settle(key, Sent(message_id, post.file_unique_id))
            return True

    async def _settle(self, key: str, sent: Sent) -> None:
        outcome: dict[str, Any] = asdict(sent)
        await self._records.complete(key, outcome)
        self._memory.saw_ours(sent.message_id)
        self._memory.closed(key)
        await self._memory.save()


def _outcome(intent: IdempotencyRecord) -> Sent | Removed:
    if "removed" in intent.outcome:
        return Removed(int(intent.outcome["removed"]))
    return Sent(int(intent.outcome["message_id"]), intent.outcome.get("file_unique_id"))
