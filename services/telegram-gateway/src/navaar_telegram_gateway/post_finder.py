"""Finds out whether a post whose upload got no clear answer is in the channel.

A bot cannot read a channel's history, but it can test one message id after the other, from the last one known before
the upload onwards.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator

from navaar_telegram_gateway import post_text
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.idempotency import PostNote
from navaar_telegram_gateway.ports import CannotLook, Channel, Sent

REACH = 25
"""How many ids beyond the newest known one a post may have; other people's posts lie between."""
GAP = 8
"""So many empty ids in a row, beyond the newest known one, are the end of the channel."""
MOST_LOOKS = 60


def candidates(after: int, state: ChannelState) -> Iterator[int]:
    """Ids at which the post may be: after the last one known then, without those whose owner is known."""
    last = max(after, state.newest or 0) + REACH
    return (message_id for message_id in range(after + 1, last + 1) if not state.is_settled(message_id))


class PostFinder:
    """Looks for posts in one channel."""

    def __init__(self, channel: Channel, state: ChannelState) -> None:
        self._channel = channel
        self._state = state

    async def find(self, key: str, note: PostNote) -> Sent | None:
        """The post, or None when it is certainly not there now.

        Raises:
            CannotLook: it cannot be found out.
            Failure: Telegram does not answer now.
        """
        try:
            return await self._by_forwarding(key, note)
        except CannotLook as closed:
            first = closed.reason
        try:
            return await self._by_editing(key, note)
        except CannotLook as closed:
            raise CannotLook(f"{first} {closed.reason}") from None

    async def is_there(self, message_id: int) -> bool | None:
        """Whether a post is in the channel; None where that cannot be found out.

        Raises:
            Failure: Telegram does not answer now.
        """
        try:
            return await self._channel.look_by_forwarding(message_id) is not None
        except CannotLook:
            return None

    async def _by_forwarding(self, key: str, note: PostNote) -> Sent | None:
        async def look(message_id: int) -> bool | Sent:
            post = await self._channel.look_by_forwarding(message_id)
            if post is None:
                return False
            if note.describes(post):
                return Sent(message_id, post.file_unique_id)
            if post_text.track_of(post.caption) is None and not self._state.others_open(key):
                # With another upload in doubt it may be that one's, which still has to find it.
                self._state.saw_other(message_id)
            self._state.saw_newest(message_id)
            return True

        return await self._walk(await self._start(note), look)

    async def _by_editing(self, key: str, note: PostNote) -> Sent | None:
        if note.after is None:
            raise CannotLook("Nothing was known of the channel before the upload.")
        if self._state.others_open(key):
            raise CannotLook("Another upload is in doubt too, and an edit could change that one's post.")

        found: list[int] = []

        async def look(message_id: int) -> bool | Sent:
            if await self._channel.look_by_editing(message_id, note.caption, note.buttons):
                found.append(message_id)
            return False

        await self._walk(note.after, look)
        if len(found) > 1:
            # A caption, or none, is nothing that a post has alone.
            raise CannotLook("The bot has made more than one post since that nothing is known of.")
        return Sent(found[0]) if found else None

    async def _start(self, note: PostNote) -> int:
        if note.after is not None:
            return note.after
        if self._state.newest is None:
            self._state.saw_newest(await self._channel.newest_id())
        return max(0, (self._state.newest or 0) - REACH)

    async def _walk(self, after: int, look: Callable[[int], Awaitable[bool | Sent]]) -> Sent | None:
        """Look at one candidate after the other: the post, or whether anything is there."""
        empty = 0
        for looks, message_id in enumerate(candidates(after, self._state)):
            if looks >= MOST_LOOKS:
                raise CannotLook("Too much was posted in the channel since.")
            found = await look(message_id)
            if isinstance(found, Sent):
                return found
            newest = self._state.newest or 0
            empty = 0 if found or message_id <= newest else empty + 1
            if empty >= GAP:
                break
        return None
