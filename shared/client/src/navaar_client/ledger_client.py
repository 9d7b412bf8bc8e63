"""The one way to the ledger: questions with a deadline, and requests on behalf of a person or a program.

Nothing is remembered here. A request is looked at first, so that one that makes no sense is refused at once; then it is
published, and the ledger and the gateways carry it out in their own time.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import TypeVar

from navaar_client.errors import NotFound, Refused, Unavailable
from navaar_contracts.commands import (
    AddItem,
    AnswerReview,
    DeleteTrack,
    PartTrack,
    PollPlaylist,
    ReportWrongMatch,
    RetryDeliveries,
    ReviewAnswer,
    RunCycle,
    SetPause,
)
from navaar_contracts.health import SERVICES, ConfigReply, HealthReply
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.message import Message, stamp
from navaar_contracts.queries import (
    DeliveryView,
    GetSyncState,
    GetTrack,
    ListTracks,
    LogEntry,
    Query,
    Reply,
    TracksReply,
    TrackView,
)
from navaar_runtime.failures import Failure, Transient
from navaar_runtime.publisher import Publisher
from navaar_runtime.query_client import QueryClient

R = TypeVar("R", bound=Reply)

ANSWER_S = 5.0


class LedgerClient:
    """Questions and requests over a service's connection, or over a command's own.

    Args:
        answer_s: how long anybody may take to answer; a request may take twice as long to be stored.
    """

    def __init__(
        self,
        queries: QueryClient,
        publisher: Publisher,
        *,
        answer_s: float = ANSWER_S,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._queries, self._publisher, self._answer_s = queries, publisher, answer_s
        self.now = now

    # Questions

    async def ask(self, query: Query[R], timeout_s: float | None = None) -> R:
        """Raises Unavailable."""
        try:
            return await self._queries.ask(query, timeout_s or self._answer_s)
        except Transient as error:
            raise Unavailable(query.recipient(), error.reason) from error

    async def track(self, track_id: int) -> tuple[TrackView, tuple[LogEntry, ...]]:
        """A track with its log; the one it was merged into, if it was. It may be a deleted one.

        Raises:
            NotFound, Unavailable
        """
        seen = {track_id}
        track, log = await self.record(track_id)
        while track.merged_into is not None and track.merged_into not in seen:
            seen.add(track.merged_into)
            track, log = await self.record(track.merged_into)
        return track, log

    async def record(self, track_id: int) -> tuple[TrackView, tuple[LogEntry, ...]]:
        """What the ledger has under this number, with its log, even where it was merged into another track.

        Raises:
            NotFound, Unavailable
        """
        reply = await self.ask(GetTrack(track_id=track_id))
        if reply.track is None:
            raise NotFound("track", str(track_id))
        return reply.track, reply.log

    async def tracks(self, query: ListTracks) -> TracksReply:
        """As many tracks as asked for, in however many answers; a search ends with the first. Raises Unavailable."""
        reply = await self.ask(query)
        found = reply.tracks
        while reply.next_cursor is not None and query.text is None and len(found) < query.limit:
            rest = {"limit": query.limit - len(found), "cursor": reply.next_cursor}
            reply = await self.ask(query.model_copy(update=rest))
            found += reply.tracks
        return reply.model_copy(update={"tracks": found})

    async def tracks_of_any(
        self, directions: Sequence[Direction | None], states: Sequence[DeliveryState], limit: int
    ) -> list[TrackView]:
        """Tracks with a delivery in one of the directions (None: any) and states, newest first, each once.

        Args:
            limit: at most so many for every direction and state.

        Raises:
            Unavailable
        """
        queries = [ListTracks(direction=one, state=state, limit=limit) for one in directions for state in states]
        replies = await asyncio.gather(*(self.tracks(query) for query in queries))
        found = {track.id: track for reply in replies for track in reply.tracks}
        return [found[number] for number in sorted(found, reverse=True)]

    async def links(self, only: str | None = None) -> dict[str, tuple[Platform, ...]]:
        """Every link (or one) with its platforms, as the ledger knows them. Raises NotFound, Unavailable."""
        known: dict[str, tuple[Platform, ...]] = {}
        for view in (await self.ask(GetSyncState())).collections:
            known[view.link] = (*known.get(view.link, ()), view.platform)
        if only is None:
            return known
        if only not in known:
            raise NotFound("link", only)
        return {only: known[only]}

    async def health(self, own: HealthReply | None = None) -> dict[str, HealthReply]:
        """Every service's, asked for at once; a silent one has a problem. `own` is the asker's."""
        known = {own.service: own} if own is not None else {}
        others = [name for name in SERVICES if name not in known]
        return known | dict(zip(others, await asyncio.gather(*map(self._health, others)), strict=True))

    async def config(self, service: str) -> ConfigReply:
        """The settings that a service runs with. Raises Unavailable."""
        try:
            return await self._queries.config(service)
        except Transient as error:
            raise Unavailable(service, error.reason) from error

    # Requests. Each raises Unavailable; what was asked may happen all the same then.

    async def send(self, *messages: Message) -> None:
        """Put messages into their streams."""
        try:
            async with asyncio.timeout(self._answer_s * 2):
                for message in messages:
                    await self._publisher.publish(message)
        except Failure as error:
            raise Unavailable("nats", error.reason) from error
        except TimeoutError:
            raise Unavailable("nats", "NATS has not confirmed the request; it may still be carried out") from None

    async def retry_track(self, track: TrackView, target: Platform | None = None) -> int:
        """Give a track's failed deliveries a fresh budget, or all if its item was edited; how many. Raises Refused.

        Without any, those that a rule left out are asked for all the same.
        """
        meant = [d for d in track.deliveries if target in (None, d.target)]
        failed = [d for d in meant if d.state is DeliveryState.FAILED]
        failed = failed or [d for d in meant if d.state is DeliveryState.LEFT_OUT]
        if track.edited is not None:
            failed = list(track.deliveries)
        if not failed:
            where = f" to {target}" if target else ""
            raise Refused(f"no delivery of track {track.id}{where} has failed")
        await self.send(RetryDeliveries(link=track.link, track_id=track.id, target=target, asked_at=self.now()))
        return len(failed)

    async def retry_deliveries(self, failed: Sequence[tuple[TrackView, DeliveryView]]) -> None:
        """Give exactly these deliveries a fresh budget."""
        now = self.now()
        await self.send(
            *(
                RetryDeliveries(
                    link=track.link, track_id=track.id, origin=track.origin, target=delivery.target, asked_at=now
                )
                for track, delivery in failed
            )
        )

    async def retry_all(
        self, links: Iterable[str], origin: Platform | None = None, target: Platform | None = None
    ) -> None:
        """Give every failed delivery between these a fresh budget."""
        now = self.now()
        await self.send(*(RetryDeliveries(link=name, origin=origin, target=target, asked_at=now) for name in links))

    async def delete_track(self, track: TrackView, by: str) -> None:
        await self.send(DeleteTrack(link=track.link, track_id=track.id, asked_at=self.now(), by=by))

    async def report_wrong_match(self, track: TrackView, target: Platform, by: str) -> None:
        """Raises Refused: nothing of the track has been placed there."""
        delivery = delivery_to(track, target)
        if delivery is None or not delivery.state.is_done:
            raise Refused(f"nothing has been placed on {target} for track {track.id}")
        await self.send(ReportWrongMatch(link=track.link, track_id=track.id, target=target, asked_at=self.now(), by=by))

    async def part_track(self, track_id: int, by: str) -> tuple[TrackView, TrackView]:
        """Make two songs again of a joined track and the one that it was joined to; returns both as they were.

        Raises:
            Refused: it is not joined to another one, or the song was deleted.
            NotFound, Unavailable
        """
        joined, _ = await self.record(track_id)
        song, _ = await self.track(track_id)
        if song.id == joined.id:
            others = [f"#{each.track_id}" for each in joined.joined]
            which = f"; joined to it: {', '.join(others)}" if others else ""
            raise Refused(f"track {track_id} is not joined to another one{which}")
        if song.state == "deleted":
            raise Refused(f"track {song.id}, to which track {track_id} is joined, was deleted")
        request = PartTrack(link=joined.link, track_id=joined.id, joined_to=song.id, asked_at=self.now(), by=by)
        await self.send(request)
        return joined, song

    async def answer_review(
        self, track: TrackView, target: Platform, answer: ReviewAnswer, external_id: str | None, by: str
    ) -> None:
        """Raises Refused: no question is open, or a pick names nothing."""
        picked = external_id if answer is ReviewAnswer.PICK else None
        if answer is ReviewAnswer.PICK and not picked:
            raise Refused("pick needs the external_id of the recording")
        delivery = delivery_to(track, target)
        if delivery is None or delivery.state is not DeliveryState.REVIEW:
            raise Refused(f"there is no open question about track {track.id} on {target}")
        await self.send(
            AnswerReview(
                link=track.link,
                track_id=track.id,
                target=target,
                answer=answer,
                external_id=picked,
                asked_at=self.now(),
                by=by,
            )
        )

    async def run_cycles(self, wanted: Mapping[str, Iterable[Direction]]) -> None:
        """Run these directions of each link now; the playlists they start from are looked at first."""
        now = self.now()
        messages: list[Message] = []
        for link, directions in wanted.items():
            running = list(directions)
            polled = {d.origin for d in running if d.origin.spec.is_polled}
            messages += [PollPlaylist(link=link, platform=platform, asked_at=now) for platform in sorted(polled)]
            messages += [RunCycle(link=link, direction=d, number=stamp(now), forced=True) for d in running]
        await self.send(*messages)

    async def set_pause(self, wanted: Mapping[str, Iterable[Direction | None]], *, paused: bool, by: str) -> None:
        """Pause or resume these directions of each link. None stands for all, also those that a link gets later."""
        now = self.now()
        await self.send(
            *(
                SetPause(link=link, direction=direction, paused=paused, asked_at=now, by=by)
                for link, directions in wanted.items()
                for direction in directions
            )
        )

    async def add_item(self, link: str, platform: Platform, external_id: str) -> None:
        """Put an item into a playlist as a person would; it then goes to the others."""
        await self.send(AddItem(link=link, platform=platform, external_id=external_id, asked_at=self.now()))

    async def _health(self, service: str) -> HealthReply:
        try:
            return await self._queries.health(service)
        except Transient as error:
            return HealthReply(service=service, problem=error.reason)


def delivery_to(track: TrackView, target: Platform) -> DeliveryView | None:
    """The track's delivery to that platform."""
    return next((delivery for delivery in track.deliveries if delivery.target == target), None)
