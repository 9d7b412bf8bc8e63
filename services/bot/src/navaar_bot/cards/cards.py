"""Status cards: what becomes of each track, kept up to date in place, where the link's owner wants to read it.

That is the administrators' chats or a channel for the log, never the link's own channel: what is public shows songs and
nothing else. A card has the time that posts leave: none is written while a post is being made or waits. What goes
wrong with a card is logged and touches nothing else.
"""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from time import monotonic
from typing import Any

from navaar_bot.addresses import addresses
from navaar_bot.cards import schedule
from navaar_bot.cards.schedule import CardBacklog, CardSchedule
from navaar_bot.sender import Gone, Sender, Unwelcome
from navaar_bot.templates.cards import card, closed
from navaar_bot.view import ChatMessage
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.links import Link
from navaar_contracts.policies import ADMINS, NOWHERE
from navaar_contracts.queries import GetTrack, ListLog, TrackView
from navaar_runtime.cancelling import stopping
from navaar_runtime.circuit_breaker import CircuitBreaker
from navaar_runtime.failures import AuthRejected, Failure, Permanent, RateLimited, Transient
from navaar_runtime.idempotency import IdempotencyRecords
from navaar_runtime.logs import get_logger
from navaar_telegram_session.error_mapping import OutcomeUnknown
from navaar_telegram_session.session import PLATFORM, LentChannel

log = get_logger(__name__)

ENDED = ("merged", "deleted")
BUSY_PAUSE_S = 0.5
CATCH_UP_PAUSE_S = 2.0
NOTE_EVERY_S = 20.0
"""How often is written down up to when the cards are complete, while some wait."""
OVERLAP = timedelta(minutes=2)
"""The ledger writes its log a little before we hear of it."""
MOST_LOOKED_BACK = 20_000
"""Entries of the log after a start."""
A_PAGE = 200
IN = "in"
"""In a record: the cards by the chat they are in. What stands beside it is of a card that an earlier version wrote in
the public channel; see `public_cards`."""


Chat = int | str


class Cards:
    """The cards of all links, where they are wanted.

    Args:
        channels: of the links that have cards.
        admins: whose chats with the bot the cards go to where a link wants that.
        public: every channel in which songs are posted.
    """

    def __init__(
        self,
        ledger: LedgerClient,
        links: Mapping[str, Link],
        sender: Sender,
        records: IdempotencyRecords,
        breaker: CircuitBreaker,
        channels: Mapping[str, LentChannel],
        admins: Sequence[Chat],
        public: Mapping[str, LentChannel],
    ) -> None:
        self._ledger, self._links = ledger, links
        self._sender, self._records, self._breaker = sender, records, breaker
        self._channels = dict(channels)
        self._admins, self._public = tuple(admins), dict(public)
        self._schedules = {link: CardSchedule(schedule.EDIT_EVERY_S) for link in channels}
        self._backlog = {link: CardBacklog() for link in channels}
        self._noted_at = dict.fromkeys(channels, float("-inf"))
        self._news = {link: asyncio.Event() for link in channels}
        self._wanted: dict[tuple[str, int], set[Chat]] = {}

    def touch(self, link: str, track_id: int) -> None:
        """A track has changed; its card follows when there is time."""
        if link in self._schedules and self._chats(link):
            self._touch(link, track_id)

    async def make_again(self, link: str, track_id: int, chat: Chat) -> None:
        """A person wants the card: an up-to-date one, even where it was deleted. With cards off it comes to `chat`."""
        if link in self._schedules:
            self._wanted.setdefault((link, track_id), set()).update(self._chats(link) or (chat,))
            self._touch(link, track_id)

    async def run(self) -> None:
        """Write cards until cancelled, in every channel at its own pace."""
        if not self._channels:
            await asyncio.Event().wait()  # a background task is there for the service's life
        await asyncio.gather(*(self._keep(link) for link in self._channels))

    def _touch(self, link: str, track_id: int, since: datetime | None = None) -> None:
        self._schedules[link].touch(track_id, monotonic())
        self._backlog[link].changed(track_id, since or self._ledger.now())
        self._news[link].set()

    async def _keep(self, link: str) -> None:
        await self._breaker.wait_open()
        await self._catch_up(link)
        plan, news = self._schedules[link], self._news[link]
        while not stopping():
            track_id = plan.next(monotonic())
            if track_id is None:
                news.clear()
                await self._note(link, at_once=plan.wait(monotonic()) is None)
                await _sleep_until(news, plan.wait(monotonic()))
                continue
            await self._breaker.wait_open()
            plan.take(track_id, monotonic())
            self._backlog[link].taken(track_id)
            if await self._try(link, track_id):
                self._backlog[link].again(track_id)
            else:
                self._backlog[link].settled(track_id)
            await self._note(link, at_once=False)

    async def _try(self, link: str, track_id: int) -> bool:
        """Whether it is to be tried again."""
        plan, again = self._schedules[link], False
        try:
            await self._update(link, track_id)
        except RateLimited as limit:
            again = plan.failed(track_id, monotonic() + limit.retry_after_s)
        except AuthRejected as refused:
            await self._breaker.close(refused.reason)
            again = plan.failed(track_id, monotonic())
        except Permanent as refusal:
            log.warning("card_refused", link=link, track=track_id, reason=refusal.reason)
        except Failure as failure:
            again = plan.failed(track_id, monotonic())
            log.info("card_delayed", link=link, track=track_id, reason=failure.reason, again=again)
        except Exception:
            log.exception("card_failed", link=link, track=track_id)
        else:
            plan.done(track_id)
        return again

    async def _update(self, link: str, track_id: int) -> None:
        track = (await self._ledger.ask(GetTrack(track_id=track_id))).track
        if track is not None and track.merged_into is not None:
            self._touch(link, track.merged_into)
        if track is None or track.link != link:
            return
        if track.state in ENDED:
            await self._close(link, track)
            return
        post = track.items.get(PLATFORM, "")
        if not track.deliveries:
            return
        if not post.isdecimal():
            return  # not in the channel yet; when it is, that is news again
        wanted = self._wanted.get((link, track_id), set())
        key = f"card.{link}.{track_id}"
        known = await self._records.get(key)
        if track.imported and known is None and not wanted:
            return  # an old song: cards for a whole history would bury everything else
        outcome: dict[str, Any] = dict(known.outcome) if known is not None else {}
        reply = card(track, addresses(track, self._links.get(link)))
        for chat in self._destinations(link, wanted):
            before = dict(outcome.get(IN, {}).get(str(chat), {}))
            if chat in wanted:
                before.pop("gone", None)
            elif ("gone" in before and "joined" not in before) or before.get("shows") == _digest(reply):
                continue
            await self._turn(link)
            written = await self._write(chat, track, reply, before, wanted=chat in wanted)
            outcome[IN] = {**outcome.get(IN, {}), str(chat): written}
            await self._records.complete(key, outcome)
            wanted.discard(chat)
        self._wanted.pop((link, track_id), None)

    def _chats(self, link: str) -> tuple[Chat, ...]:
        """Where the link's owner wants its cards now; empty: nowhere."""
        where = self._links[link].policy.cards
        return () if where == NOWHERE else self._admins if where == ADMINS else (where,)

    def _destinations(self, link: str, wanted: Iterable[Chat]) -> tuple[Chat, ...]:
        """Where the card goes. A log channel that turns out to be a public one, under its other name, gets none.

        Raises:
            Transient: that is not known yet.
        """
        chats = tuple(dict.fromkeys((*self._chats(link), *sorted(wanted, key=str))))
        names = [channel.called() for channel in self._public.values()]
        if not all(names) and not set(chats) <= set(self._admins):
            raise Transient("Telegram has not shown the links' channels yet")
        public = {word for each in names for word in each}
        return tuple(chat for chat in chats if str(chat).lower() not in public)

    async def _write(
        self, chat: Chat, track: TrackView, reply: ChatMessage, before: dict[str, Any], *, wanted: bool
    ) -> dict[str, Any]:
        """Edit the card, or send it; what to remember of it."""
        message_id = before.get("message_id")
        if message_id is not None:
            try:
                await self._sender.change(chat, int(message_id), reply)
            except Gone:
                if not wanted:
                    log.info("card_deleted_by_somebody", link=track.link, track=track.id)
                    return {"gone": True}
            else:
                return {"message_id": message_id, "shows": _digest(reply)}
        try:
            message_id = await self._sender.say(chat, reply, quiet=True, once=True)
        except OutcomeUnknown as unclear:
            # A second card is worse than none; a person may ask for one.
            log.info("card_unclear", link=track.link, track=track.id, reason=unclear.reason)
            return {"gone": True}
        except (Gone, Unwelcome):
            log.info("card_not_taken", link=track.link, track=track.id)
            return {"gone": True}
        return {"message_id": message_id, "shows": _digest(reply)}

    async def _turn(self, link: str) -> None:
        """Wait while posts are being made: a bot has so many messages a second for all its chats."""
        queue = self._channels[link].queue
        while not stopping():
            if not queue.is_busy:
                return
            await asyncio.sleep(BUSY_PAUSE_S)
        raise asyncio.CancelledError

    async def _close(self, link: str, track: TrackView) -> None:
        """Nothing more happens to the track: its card says so."""
        key = f"card.{link}.{track.id}"
        known = await self._records.get(key)
        outcome: dict[str, Any] = dict(known.outcome) if known is not None else {}
        for chat, before in dict(outcome.get(IN, {})).items():
            message_id = before.get("message_id")
            if message_id is None or "gone" in before:
                continue
            await self._turn(link)
            with contextlib.suppress(Gone):
                await self._sender.change(chat, int(message_id), closed(track))
            # What was joined may be parted again: then its card is what it was.
            kept = {"message_id": message_id, "joined": True} if track.merged_into is not None else {}
            outcome[IN] = {**outcome[IN], chat: {"gone": True, **kept}}
            await self._records.complete(key, outcome)

    async def _note(self, link: str, *, at_once: bool) -> None:
        """Write down up to when the cards are complete."""
        if not self._chats(link) or (not at_once and monotonic() - self._noted_at[link] < NOTE_EVERY_S):
            return
        until = self._backlog[link].shown_until(self._ledger.now())
        try:
            await self._records.complete(f"cards.{link}", {"shown_until": until.isoformat()})
        except Transient as failure:
            log.info("cards_not_noted", link=link, reason=failure.reason)
        else:
            self._noted_at[link] = monotonic()

    async def _catch_up(self, link: str) -> None:
        """Look at whatever has changed since the cards were complete."""
        if not self._chats(link):
            return
        while not stopping():
            try:
                known = await self._records.get(f"cards.{link}")
                if known is not None:
                    since = datetime.fromisoformat(known.outcome["shown_until"]) - OVERLAP
                    for track_id in await self._changed_since(link, since):
                        self._touch(link, track_id, since)
            except Transient as failure:
                log.info("cards_wait", link=link, reason=failure.reason)
                await asyncio.sleep(CATCH_UP_PAUSE_S)
            else:
                return

    async def _changed_since(self, link: str, since: datetime) -> list[int]:
        """Tracks of which the log tells something since then, the earliest at the front. Raises Transient."""
        found: dict[int, None] = {}
        cursor: str | None = None
        for _ in range(MOST_LOOKED_BACK // A_PAGE):
            reply = await self._ledger.ask(ListLog(link=link, limit=A_PAGE, cursor=cursor))
            newer = [entry for entry in reply.entries if entry.created_at >= since]
            found |= dict.fromkeys(entry.track_id for entry in newer if entry.track_id is not None)
            cursor = reply.next_cursor
            if cursor is None or len(newer) < len(reply.entries):
                break
        return list(reversed(found))


async def _sleep_until(news: asyncio.Event, seconds: float | None) -> None:
    try:
        async with asyncio.timeout(seconds):
            await news.wait()
    except TimeoutError:
        return


def _digest(reply: ChatMessage) -> str:
    return hashlib.sha256(repr(reply).encode()).hexdigest()[:16]
