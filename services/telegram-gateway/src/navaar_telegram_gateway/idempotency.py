"""The idempotency record behind every post: written down before the upload, completed by whatever comes first of its
answer, a look at the channel, and the post's own echo among the updates."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from navaar_runtime.idempotency import KEPT_S, About, IdempotencyRecord, IdempotencyRecords, Overtaken
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.ports import SeenPost, Sent
from navaar_telegram_session.session import PLATFORM

CUT_FROM = 30
"""Characters of a name below which Telegram cuts nothing."""


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
    file_name: str = ""
    buttons: tuple[tuple[str, str], ...] = ()

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
            file_name=str(note.get("file_name") or ""),
            buttons=tuple((str(text), str(url)) for text, url in note.get("buttons") or ()),
        )

    def describes(self, post: SeenPost) -> bool:
        """Two of caption, name and size must agree: people edit captions, and size or name alone may repeat.

        A post without a caption is known by its name and its size to the byte. Somebody may put the same file there at
        the same moment: then the song is in the channel, and that is what was asked for.
        """
        caption = bool(self.caption) and post.caption is not None and post.caption.strip() == self.caption
        name = self._is_named(post)
        size = post.size_bytes is not None and post.size_bytes == self.size_bytes
        return caption + name + size >= 2

    def _is_named(self, post: SeenPost) -> bool:
        if self.title is None:
            return bool(self.file_name) and post.file_name == self.file_name
        return _is_cut(self.title, post.title) and _is_cut(self.performer, post.performer)

    @property
    def called(self) -> str:
        """For people who look for it."""
        return " - ".join(each for each in (self.performer, self.title) if each) or self.file_name or self.caption


def _is_cut(whole: str | None, seen: str | None) -> bool:
    """Whether `seen` is the name, or so much of its beginning that Telegram may have cut it."""
    if whole == seen:
        return True
    return bool(whole and seen) and len(seen or "") >= CUT_FROM and (whole or "").startswith((seen or "").rstrip("…"))


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
    """By the number alone, which is all that a caption of earlier versions tells.

    Also PlaceTrack.delivery_key of a track without an identity.
    """
    return f"{link}.{track_id}.{PLATFORM}"


def place_of(setting: str) -> str:
    """What records call the channel that a setting names."""
    return f"{PLATFORM}:{setting}"


class PostRecords:
    """The idempotency records of one channel's posts.

    Args:
        places: what records have called this channel.
    """

    def __init__(
        self,
        link: str,
        records: IdempotencyRecords,
        state: ChannelState,
        places: Callable[[], Collection[str]] = tuple,
    ) -> None:
        self._link = link
        self._places = places
        self._records = records
        self._state = state
        # Between looking and writing, an echo and the sender must not overtake each other.
        self._lock = asyncio.Lock()
        self._seen: dict[str, int] = {}
        """The revision with which the sender of each post that is being made knows its record."""

    async def get(self, key: str, about: About | None = None, renewal: int = 0) -> Sent | Removed | InDoubt | None:
        """Posted already, posted and removed, perhaps posted, or never begun.

        Of another song it says nothing, and neither does a post that was made before that renewal.
        """
        record = await self._records.get(key)
        state = self._state_of(record, about, renewal)
        if not isinstance(state, Sent):
            self._seen[key] = record.revision if record is not None else 0
        return state

    async def peek(self, key: str, about: About | None = None, renewal: int = 0) -> Sent | Removed | InDoubt | None:
        """As `get`, in the midst of making the post."""
        return self._state_of(await self._records.get(key), about, renewal)

    async def create(self, key: str, note: PostNote, about: About | None = None) -> Sent | None:
        """Write down that the post is about to be made; the post itself when it turns out to be there.

        Raises:
            Overtaken: somebody else has begun to make it since its record was read.
        """
        async with self._lock:
            record = await self._records.get(key)
            state = self._state_of(record, about, note.renewal)
            if isinstance(state, Sent):
                return state
            if record is not None and record.revision != self._seen.get(key):
                raise Overtaken("another gateway is making this post")
            self._state.opened(key)
            await self._state.save()
            begun = await self._records.create(key, asdict(note), about=about, over=record)
            self._seen[key] = begun.revision
        return None

    async def complete(self, key: str, sent: Sent, about: About | None = None) -> Sent:
        """The post is there.

        Raises:
            Overtaken: somebody else has written the record since its sender did.
        """
        async with self._lock:
            await self._complete(key, sent, await self._mine(key), about)
            self._seen.pop(key, None)
        return sent

    async def delete(self, key: str) -> None:
        """It certainly did not happen; what somebody else has written meanwhile stays."""
        async with self._lock:
            record = await self._records.get(key)
            if record is not None and record.revision == self._seen.get(key):
                await self._records.delete(key, of=record)
                self._seen[key] = 0
            self._state.closed(key)
            await self._state.save()

    def _state_of(
        self, record: IdempotencyRecord | None, about: About | None, renewal: int = 0
    ) -> Sent | Removed | InDoubt | None:
        if record is None or (about is not None and not record.answers_for(about, self._places())):
            return None
        if record.state != "done":
            return InDoubt(PostNote.of(record), record.begun_at)
        outcome = _outcome(record)
        return None if isinstance(outcome, Sent) and outcome.renewal < renewal else outcome

    async def _mine(self, key: str) -> IdempotencyRecord | None:
        record = await self._records.get(key)
        if record is None or record.state == "done" or record.revision == self._seen.get(key, record.revision):
            # One that is done was completed by the post's echo.
            return record
        raise Overtaken("another gateway is making this post")

    async def mark_removed(self, key: str, message_id: int) -> None:
        """The post is out of the channel."""
        async with self._lock:
            await self._records.complete(key, {"removed": message_id}, kept_s=KEPT_S)

    async def resolve_echo(self, message_id: int, post: SeenPost, track_id: int | None = None) -> bool:
        """Whether a post of the channel is ours; it completes a record in doubt.

        Args:
            track_id: as a caption of an earlier version names it.
        """
        async with self._lock:
            former = () if track_id is None else (delivery_key(self._link, track_id),)
            for key in dict.fromkeys((*former, *self._state.open_keys())):
                record = await self._records.get(key)
                if record is not None and await self._is_echo(record, message_id, post):
                    return True
        return await self.is_ours(message_id)

    async def is_ours(self, message_id: int) -> bool:
        """Whether we made this post, however long ago. Raises Transient."""
        record = await self._records.get(self._post_key(message_id))
        if record is None:
            return False
        then, now = set(record.outcome.get("places", ())), set(self._places())
        return not then or not now or bool(then & now)

    def _post_key(self, message_id: int) -> str:
        return f"{PLATFORM}.post.{self._link}.{message_id}"

    async def _is_echo(self, record: IdempotencyRecord, message_id: int, post: SeenPost) -> bool:
        if record.state == "done":
            return _outcome(record).message_id == message_id
        note = PostNote.of(record)
        if (note.after is not None and message_id <= note.after) or not note.describes(post):
            return False
        await self._complete(record.key, Sent(message_id, post.file_unique_id, note.renewal), record)
        return True

    async def _complete(
        self, key: str, sent: Sent, record: IdempotencyRecord | None, about: About | None = None
    ) -> None:
        outcome: dict[str, Any] = asdict(sent)
        # Whoever edits the post in a year tells nothing but its number.
        post = self._post_key(sent.message_id)
        await self._records.complete(post, {"places": sorted(self._places())}, kept_s=KEPT_S)
        await self._records.complete(key, outcome, of=record, about=about, kept_s=KEPT_S)
        self._state.saw_ours(sent.message_id)
        self._state.closed(key)
        await self._state.save()


def _outcome(record: IdempotencyRecord) -> Sent | Removed:
    if "removed" in record.outcome:
        return Removed(int(record.outcome["removed"]))
    outcome = record.outcome
    return Sent(int(outcome["message_id"]), outcome.get("file_unique_id"), int(outcome.get("renewal") or 0))
