"""How the endpoints reach the other actors: questions and commands, each with a deadline."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TypeVar

from navaar_api.ports import QueryClient, Tells
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.message import Message
from navaar_contracts.queries import (
    GetSyncState,
    GetTrack,
    ListTracks,
    Query,
    Reply,
    TrackReply,
    TracksReply,
    TrackView,
)
from navaar_runtime.failures import Transient

R = TypeVar("R", bound=Reply)


class Unavailable(Exception):
    """A part of Navaar does not answer; `part` is its name as in /readyz."""

    def __init__(self, part: str, reason: str) -> None:
        super().__init__(reason)
        self.part = part
        self.reason = reason


class Unknown(Exception):
    """What was asked for is not there; the text says what."""


class Refused(Exception):
    """The request is understood and makes no sense now; the text says why."""


class Desk:
    """Asks and tells for the endpoints; `answer_s` is how long anybody may take."""

    def __init__(
        self,
        queries: QueryClient,
        teller: Tells,
        *,
        answer_s: float,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._queries, self._teller, self._answer_s = queries, teller, answer_s
        self.now = now

    async def ask(self, query: Query[R]) -> R:
        """Raises Unavailable."""
        try:
            return await self._queries.ask(query, self._answer_s)
        except Transient as error:
            raise Unavailable(query.service, error.reason) from error

    async def tracks(self, query: ListTracks) -> TracksReply:
        """As many tracks as asked for, in however many answers; a search ends with the first. Raises Unavailable."""
        reply = await self.ask(query)
        found = reply.tracks
        while reply.next_cursor is not None and query.text is None and len(found) < query.limit:
            rest = {"limit": query.limit - len(found), "cursor": reply.next_cursor}
            reply = await self.ask(query.model_copy(update=rest))
            found += reply.tracks
        return reply.model_copy(update={"tracks": found})

    async def tell(self, *messages: Message) -> None:
        """Put messages into their streams. Raises Unavailable; what was asked may happen all the same then."""
        try:
            async with asyncio.timeout(self._answer_s * 2):
                for message in messages:
                    await self._teller.publish(message)
        except Transient as error:
            raise Unavailable("nats", error.reason) from error
        except TimeoutError:
            raise Unavailable("nats", "NATS has not confirmed the request; it may still be carried out") from None

    async def track(self, track_id: int) -> TrackView:
        """Raises Unknown, Unavailable."""
        return (await self.track_with_log(track_id))[0]

    async def track_with_log(self, track_id: int) -> tuple[TrackView, TrackReply]:
        """Raises Unknown, Unavailable."""
        reply = await self.ask(GetTrack(track_id=track_id))
        if reply.track is None:
            raise Unknown(f"there is no track {track_id}")
        return reply.track, reply

    async def links(self, only: str | None = None) -> dict[str, tuple[Platform, ...]]:
        """Every link (or one) with its platforms, as the ledger knows them. Raises Unknown, Unavailable."""
        known: dict[str, tuple[Platform, ...]] = {}
        for view in (await self.ask(GetSyncState())).collections:
            known[view.link] = (*known.get(view.link, ()), view.platform)
        if only is None:
            return known
        if only not in known:
            raise Unknown(f"there is no link {only}")
        return {only: known[only]}


def directions(platforms: tuple[Platform, ...]) -> tuple[Direction, ...]:
    """Those between the platforms of a link."""
    return tuple(d for d in Direction if d.origin in platforms and d.target in platforms)
