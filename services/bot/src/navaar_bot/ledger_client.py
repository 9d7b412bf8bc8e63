"""How the bot reaches the other services: it asks questions and publishes commands. Nothing is known here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from navaar_bot.ports import CommandPublisher, QueryClient
from navaar_contracts.commands import PollPlaylist, RetryDeliveries, RunCycle
from navaar_contracts.health import SERVICES, HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.links import Link
from navaar_contracts.message import Message, stamp
from navaar_contracts.queries import GetTrack, ListTracks, LogEntry, Query, Reply, TrackView
from navaar_runtime.failures import Transient

R = TypeVar("R", bound=Reply)

ANSWER_S = 5.0
TOLD_S = 10.0
MOST_LISTED = 300
"""Tracks in one list, of each direction and state."""
AT_ONCE = 50
"""Tracks in one answer: a message on NATS holds a megabyte, and a track with all its proposals several kilobytes."""


class Missing(Exception):
    """What was asked for is not there; the text says what."""


class LedgerClient:
    """Asks, and publishes commands, on behalf of an administrator."""

    def __init__(
        self,
        queries: QueryClient,
        publisher: CommandPublisher,
        links: Sequence[Link],
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.queries = queries
        self._publisher = publisher
        self.links = {link.name: link for link in links}
        self.now = now

    @property
    def directions(self) -> tuple[Direction, ...]:
        """Those of any link."""
        active = {direction for link in self.links.values() for direction in link.directions()}
        return tuple(direction for direction in Direction if direction in active)

    @property
    def several(self) -> bool:
        """Whether a link has to be named, because there are several."""
        return len(self.links) > 1

    async def ask(self, query: Query[R], timeout_s: float = ANSWER_S) -> R:
        """Raises Transient."""
        return await self.queries.ask(query, timeout_s)

    async def tell(self, messages: Iterable[Message]) -> int:
        """Publish commands; how many. Raises Transient: what was asked may happen all the same then."""
        told = 0
        try:
            async with asyncio.timeout(TOLD_S):
                for message in messages:
                    await self._publisher.publish(message)
                    told += 1
        except TimeoutError:
            raise Transient("NATS has not confirmed the request; it may still be carried out") from None
        return told

    async def track(self, track_id: int) -> tuple[TrackView, tuple[LogEntry, ...]]:
        """A track with its log; the one it was joined into, if it was. Raises Missing, Transient."""
        reply = await self.ask(GetTrack(track_id=track_id))
        seen = {track_id}
        while reply.track is not None and reply.track.merged_into not in (None, *seen):
            seen.add(reply.track.merged_into or 0)
            reply = await self.ask(GetTrack(track_id=reply.track.merged_into or 0))
        if reply.track is None or reply.track.state == "deleted":
            raise Missing(f"There is no track #{track_id}.")
        return reply.track, tuple(sorted(reply.log, key=lambda entry: entry.id))

    async def tracks(
        self, directions: Sequence[Direction] | None, states: Sequence[DeliveryState], limit: int
    ) -> list[TrackView]:
        """Tracks with a delivery in one of the directions (None: any) and states, newest first, each once.

        Args:
            limit: at most so many for every direction and state.
        """
        wanted = directions if directions is not None else (None,)
        lists = await asyncio.gather(*(self._listed(one, state, limit) for one in wanted for state in states))
        found = {track.id: track for listed in lists for track in listed}
        return [found[number] for number in sorted(found, reverse=True)]

    async def _listed(self, direction: Direction | None, state: DeliveryState, limit: int) -> list[TrackView]:
        found: list[TrackView] = []
        cursor: str | None = None
        while len(found) < limit:
            part = min(AT_ONCE, limit - len(found))
            reply = await self.ask(ListTracks(direction=direction, state=state, limit=part, cursor=cursor))
            found += reply.tracks
            cursor = reply.next_cursor
            if cursor is None:
                break
        return found

    async def health(self) -> dict[str, HealthReply]:
        """Every service's, asked for at once; a silent one has a problem."""
        replies = await asyncio.gather(*(self._health(name) for name in SERVICES))
        return dict(zip(SERVICES, replies, strict=True))

    def cycles(self, directions: Sequence[Direction]) -> list[Message]:
        """Commands that run these directions now, in every link that has them; playlists are looked at first."""
        now = self.now()
        found: list[Message] = []
        for link in self.links.values():
            fitting = [direction for direction in directions if direction in link.directions()]
            origins = dict.fromkeys(d.origin for d in fitting if d.origin is not Platform.TELEGRAM)
            found += [PollPlaylist(link=link.name, platform=platform, asked_at=now) for platform in origins]
            found += [RunCycle(link=link.name, direction=d, number=stamp(now), forced=True) for d in fitting]
        return found

    def retries(self, origin: Platform | None, target: Platform | None) -> list[Message]:
        """Commands that give all failed deliveries between these a fresh budget."""
        now = self.now()
        return [
            RetryDeliveries(link=name, origin=origin, target=target, asked_at=now)
            for name, link in self.links.items()
            if {origin, target} - {None} <= set(link.platforms())
        ]

    async def _health(self, name: str) -> HealthReply:
        try:
            return await self.queries.health(name)
        except Transient as error:
            return HealthReply(service=name, problem=error.reason)
