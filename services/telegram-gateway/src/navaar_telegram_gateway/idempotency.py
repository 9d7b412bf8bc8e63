"""The idempotency record behind every post: written down before the upload, completed by whatever comes first of its
answer, a look at the channel, and the post's own echo among the updates."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from navaar_runtime.idempotency import IdempotencyRecord, IdempotencyRecords
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.ports import SeenPost, Sent
from navaar_telegram_session.session import PLATFORM


@dataclass(frozen=True, slots=True)
class PostNote:
    """What was about to be posted, and after which message."""

    caption: str
    title: str | None
    performer: str | None
    size_bytes: int
    after: int | None
    """The newest message id known then; None: nothing was known of the channel."""
    renewal: int = 0
    """As in Sent."""
    told_attempt: int | None = None
    """The attempt that was given up on because its outcome could not be found out."""

    @classmethod
    def of(cls, record: IdempotencyRecord) -> PostNote:
        note = record.note
        return cls(
            caption=str(note.get("caption") or ""),
            title=note.get("title"),
            performer=note.get("performer"),
            size_bytes=int(note.get("size_bytes") or 0),
            after=note.get("after"),
            renewal=int(note.get("renewal") or 0),
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
class InDoubt:
    """An upload that was begun and has no known outcome."""

    note: PostNote
    since: datetime


def delivery_key(link: str, track_id: int) -> str:
    """PlaceTrack.delivery_key of a track's post."""
    return f"{link}.{track_id}.{PLATFORM}"


class PostRecords:
    """The idempotency records of one channel's posts."""

    def __init__(self, link: str, records: IdempotencyRecords, state: ChannelState) -> None:
        self._link = link
        self._records = records
        self._state = state
        # Between looking and writing, an echo and the sender must not overtake each other.
        self._lock = asyncio.Lock()

    async def get(self, key: str) -> Sent | Removed | InDoubt | None:
        """Posted already, posted and removed, perhaps posted, or never begun."""
        record = await self._records.get(key)
        if record is None:
            return None
        return _outcome(record) if record.state == "done" else InDoubt(PostNote.of(record), record.begun_at)

    async def create(self, key: str, note: PostNote) -> Sent | None:
        """Write down that the post is about to be made; the post itself when it turns out to be there."""
        async with self._lock:
            state = await self.get(key)
            if isinstance(state, Sent) and state.renewal >= note.renewal:
                return state
            self._state.opened(key)
            await self._state.save()
            await self._records.create(key, asdict(note))
        return None

    async def complete(self, key: str, sent: Sent) -> Sent:
        async with self._lock:
            await self._complete(key, sent)
        return sent

    async def delete(self, key: str) -> None:
        """It certainly did not happen."""
        async with self._lock:
            await self._records.delete(key)
            self._state.closed(key)
            await self._state.save()

    async def mark_removed(self, key: str, message_id: int) -> None:
        """The post is out of the channel."""
        async with self._lock:
            await self._records.complete(key, {"removed": message_id})

    async def resolve_echo(self, track_id: int, message_id: int, post: SeenPost) -> bool:
        """Whether a channel post with our caption for this track is ours; it completes a record in doubt."""
        key = delivery_key(self._link, track_id)
        async with self._lock:
            record = await self._records.get(key)
            if record is None:
                return False
            if record.state == "done":
                return _outcome(record).message_id == message_id
            note = PostNote.of(record)
            if (note.after is not None and message_id <= note.after) or not note.describes(post):
                return False
            await self._complete(key, Sent(message_id, post.file_unique_id, note.renewal))
            return True

    async def _complete(self, key: str, sent: Sent) -> None:
        outcome: dict[str, Any] = asdict(sent)
        await self._records.complete(key, outcome)
        self._state.saw_ours(sent.message_id)
        self._state.closed(key)
        await self._state.save()


def _outcome(record: IdempotencyRecord) -> Sent | Removed:
    if "removed" in record.outcome:
        return Removed(int(record.outcome["removed"]))
    outcome = record.outcome
    return Sent(int(outcome["message_id"]), outcome.get("file_unique_id"), int(outcome.get("renewal") or 0))
