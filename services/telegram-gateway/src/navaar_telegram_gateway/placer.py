"""Puts recordings into one channel: one at a time, paced, each exactly once.

sendAudio has no idempotency key. So a record is created before every upload, and an upload whose outcome is
unknown is never repeated before the channel has been looked at.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from navaar_contracts.events import FailureKind
from navaar_runtime.failures import Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import About
from navaar_runtime.logs import get_logger
from navaar_telegram_gateway.backlog import UpdateBacklog
from navaar_telegram_gateway.channel_state import ChannelState
from navaar_telegram_gateway.idempotency import InDoubt, PostNote, PostRecords, Removed
from navaar_telegram_gateway.ports import AudioPost, CannotLook, Channel, Gate, Sent
from navaar_telegram_gateway.post_finder import PostFinder
from navaar_telegram_gateway.rate_limiter import RateLimiter
from navaar_telegram_session.error_mapping import OutcomeUnknown

log = get_logger(__name__)

CLOSED_S = 5.0
"""After so long a post that waits for the bot's rights is looked at again."""
Prepare = Callable[[], Awaitable[AudioPost]]


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Which post is asked for."""

    key: str
    """The same for every attempt at this post."""
    attempt: int
    decided_at: datetime | None = None
    """The items reported before this moment were known to who decided."""
    about: About | None = None
    """Which song, and into which channel; a record of another one says nothing about this post."""
    renewal: int = 0
    """Grows each time it was made, and deleted by somebody; a record of an earlier one says nothing either."""
    known_to: int | None = None
    """As `decided_at`, a place in the history; it counts more. None: not said."""


class PostPlacer:
    """The only sender of one channel.

    Callers wait in line, so posts appear in the order in which they were asked for; a pause that Telegram asks for and
    the clearing up of an unknown outcome hold the line for the same reason.
    """

    def __init__(
        self,
        channel: Channel,
        records: PostRecords,
        state: ChannelState,
        limiter: RateLimiter,
        backlog: UpdateBacklog,
        gate: Gate,
        *,
        settle_s: float,
    ) -> None:
        self._channel = channel
        self._records = records
        self._state = state
        self._limiter = limiter
        self._backlog = backlog
        self._gate = gate
        self._finder = PostFinder(channel, state)
        self._settle_s = settle_s
        self._line = asyncio.Lock()

    @property
    def is_busy(self) -> bool:
        """Whether a post is being made or waits."""
        return self._line.locked()

    def try_turn(self) -> float:
        """Take the channel's next turn for something that may wait: 0.0; else the seconds until it may be free."""
        return self._limiter.try_turn()

    def hold(self, seconds: float) -> None:
        """Telegram asked for a pause."""
        self._limiter.hold(seconds)

    async def place(self, order: PlaceOrder, prepare: Prepare) -> Sent:
        """Make the post that is asked for, unless it has been made. `prepare` brings the file if it is needed.

        Raises:
            Permanent: it cannot be posted; UNKNOWN_OUTCOME when nobody can tell whether it was; COLLECTION_CHANGED when
                somebody posted since it was decided.
            Failure: it is not there, or not known to be; ask again.
        """
        async with self._line:
            state = await self._records.get(order.key, order.about, order.renewal)
            if isinstance(state, Sent):
                return state
            after = self._state.newest
            if isinstance(state, InDoubt):
                found = await self._find_out(order, state)
                if found is not None:
                    return await self._records.complete(order.key, replace(found, renewal=order.renewal), order.about)
                # Whatever the earlier upload left behind lies after its own starting point.
                after = state.note.after
            return await self._send(order, await prepare(), after)

    async def present(self, message_ids: Sequence[int]) -> tuple[frozenset[int], bool]:
        """Which of these posts are in the channel, and whether that is certain of all of them.

        Raises:
            Failure: Telegram does not answer now.
        """
        async with self._line:
            found = [(each, await self._finder.is_there(each)) for each in message_ids]
        return frozenset(each for each, there in found if there), all(there is not None for _, there in found)

    async def remove(self, key: str, message_id: int, caption: str | None = None) -> None:
        """Take out the post that was made for `key`; gone already counts as removed.

        Args:
            caption: what a post of an earlier version bears, for one so old that its record is gone.

        Raises:
            Permanent: the post is not one of ours.
            Failure: it is still there, or not known to be gone; ask again.
        """
        async with self._line:
            state = await self._records.peek(key)
            if isinstance(state, Removed) and state.message_id == message_id:
                return
            made_for_it = isinstance(state, Sent) and state.message_id == message_id
            is_ours = made_for_it or self._state.is_ours(message_id) or await self._records.is_ours(message_id)
            if not is_ours and not (state is None and caption and await self._bears(message_id, caption)):
                raise Permanent("Navaar did not make this post and leaves it alone; delete it in Telegram.")
            await self._channel.delete(message_id)
            if made_for_it:
                await self._records.mark_removed(key, message_id)

    async def _bears(self, message_id: int, caption: str) -> bool:
        try:
            post = await self._channel.look_by_forwarding(message_id)
        except CannotLook:
            return False
        return post is not None and post.caption is not None and post.caption.strip() == caption

    async def _send(self, order: PlaceOrder, post: AudioPost, after: int | None) -> Sent:
        key = order.key
        note = PostNote(
            post.caption,
            post.title,
            post.performer,
            post.size_bytes,
            after,
            order.renewal,
            file_name=post.file_name,
            buttons=post.buttons,
        )
        while True:
            self._wait_while_closed()
            await self._refuse_if_outdated(order)
            await self._limiter.turn()
            try:
                await self._refuse_if_outdated(order)
            except Failure:
                self._limiter.give_back()
                raise
            echoed = await self._records.create(key, note, order.about)
            if echoed is not None:
                return echoed
            try:
                sent = await self._channel.send_audio(post)
            except RateLimited as limit:
                await self._records.delete(key)
                self._limiter.hold(limit.retry_after_s)
                log.info("channel_pauses", seconds=limit.retry_after_s)
                continue
            except OutcomeUnknown as unclear:
                sent = await self._cleared_up(order, note, unclear.reason)
            except Failure as failure:
                await self._records.delete(key)
                if isinstance(failure, Permanent):
                    # Was it about this post, or has the bot lost its rights?
                    await self._gate.look()
                    self._wait_while_closed()
                raise
            return await self._records.complete(key, replace(sent, renewal=order.renewal), order.about)

    def _wait_while_closed(self) -> None:
        """Raises RateLimited while the bot may not post in the channel: that is no fault of the song's."""
        if self._gate.closed is not None:
            raise RateLimited(CLOSED_S, self._gate.closed, by_us=True)

    async def _refuse_if_outdated(self, order: PlaceOrder) -> None:
        """What somebody has posted meanwhile may be this very recording; the ledger must know it first."""
        await self._backlog.wait()
        if self._state.news.is_overlooked(order.known_to, order.decided_at):
            raise Permanent(
                "Something was posted in the channel meanwhile; it is looked at first.", FailureKind.COLLECTION_CHANGED
            )

    async def _cleared_up(self, order: PlaceOrder, note: PostNote, reason: str) -> Sent:
        log.warning("outcome_unknown", reason=reason)
        found = await self._find_out(order, InDoubt(note, datetime.now(UTC)))
        if found is None:
            await self._records.delete(order.key)
            raise Transient(f"{reason}; the post is not in the channel and is sent again")
        return found

    async def _find_out(self, order: PlaceOrder, doubt: InDoubt) -> Sent | None:
        """The post if it was made after all; None when it certainly was not."""
        await asyncio.sleep(min(self._settle_s, self._settle_s - (datetime.now(UTC) - doubt.since).total_seconds()))
        try:
            found = await self._look(order, doubt.note)
            if found is None:
                # An upload that the server still works on would appear now.
                await asyncio.sleep(self._settle_s)
                found = await self._look(order, doubt.note)
        except CannotLook as closed:
            return await self._unknown(order, doubt.note, closed.reason)
        finally:
            await self._state.save()
        log.info("outcome_found_out", posted=found is not None)
        return found

    async def _look(self, order: PlaceOrder, note: PostNote) -> Sent | None:
        state = await self._records.peek(order.key, order.about)
        return state if isinstance(state, Sent) else await self._finder.find(order.key, note)

    async def _unknown(self, order: PlaceOrder, note: PostNote, reason: str) -> Sent | None:
        """Leave the decision to a person; an attempt after that is the decision to send again."""
        if note.told_attempt is not None and order.attempt > note.told_attempt:
            log.info("sent_again_on_demand")
            return None
        told = replace(note, told_attempt=order.attempt)
        echoed = await self._records.create(order.key, told, order.about)
        if echoed is not None:
            return echoed
        raise Permanent(
            f"Telegram did not say whether it took the post, and Navaar cannot look: {reason} "
            f"Look in the channel for “{note.called}”: if it is not there, retry this track.",
            FailureKind.UNKNOWN_OUTCOME,
        )
