"""A ledger that knows what a test told it, on a real nats-server; it keeps the commands that reach it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from navaar_contracts import streams
from navaar_contracts.commands import (
    AnswerReview,
    DeleteTrack,
    PartTrack,
    PollPlaylist,
    ReportWrongMatch,
    RetryDeliveries,
    RunCycle,
    SetPause,
)
from navaar_contracts.identifiers import DeliveryState, Direction, FirstSync, Platform
from navaar_contracts.message import Command
from navaar_contracts.music import Candidate, ItemMetadata, Kind, Recording, ScoredCandidate
from navaar_contracts.queries import (
    CollectionView,
    CountsReply,
    DeliveryView,
    DirectionHealth,
    DirectionProblem,
    GetCounts,
    GetSyncState,
    GetTrack,
    JoinedTrack,
    ListLog,
    ListReviews,
    ListTracks,
    LogEntry,
    LogReply,
    ReviewsReply,
    ReviewView,
    SyncStateReply,
    TrackReply,
    TracksReply,
    TrackView,
)
from navaar_runtime.intervals import IntervalSettings
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, load
from tests.support.whole_system import eventually

C = TypeVar("C", bound=Command)

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def delivery(origin: Platform, target: Platform, state: DeliveryState, **more: Any) -> DeliveryView:
    return DeliveryView(
        direction=Direction.between(origin, target),
        target=target,
        state=state,
        attempt=1,
        retries=more.pop("retries", 0),
        max_retries=3,
        updated_at=more.pop("updated_at", NOON),
        **more,
    )


def track(number: int, title: str, artist: str = "Juniper Vale", **more: Any) -> TrackView:
    """From YouTube Music; synced on Telegram and Spotify unless `states` says otherwise."""
    origin = more.pop("origin", Platform.YOUTUBE)
    states: dict[Platform, DeliveryState] = more.pop("states", {})
    details: dict[Platform, dict[str, Any]] = more.pop("details", {})
    targets = [p for p in Platform if p is not origin]
    deliveries = []
    for target in targets:
        state = states.get(target, DeliveryState.SYNCED)
        done = {"synced_at": NOON, "external_id": str(number), "url": f"https://example.org/{target}/{number}"}
        deliveries.append(
            delivery(origin, target, state, **((done if state.is_done else {}) | details.get(target, {})))
        )
    item = {
        "title": title,
        "artists": (artist,),
        "duration_s": 228.0,
        "kind": Kind.SONG,
        "url": f"https://example.org/item/{number}",
        **more.pop("item", {}),
    }
    return TrackView(
        id=number,
        link="main",
        origin=origin,
        origin_external_id=f"item-{number}",
        state=more.pop("state", "identified"),
        artist=artist,
        title=title,
        display=f"{artist} - {title}",
        identification_method="yt_metadata",
        recording=Recording(artist=artist, artists=(artist,), title=title, duration_s=228.0, isrc="QZABC2600001"),
        item=ItemMetadata.model_validate(item),
        items={origin: f"item-{number}"} | {d.target: str(number) for d in deliveries if d.state.is_done},
        deliveries=tuple(deliveries),
        trace_id=f"{number:032x}",
        created_at=more.pop("created_at", NOON + timedelta(seconds=number)),
        updated_at=NOON + timedelta(seconds=number),
        **more,
    )


def joined_pair(song: int, joined: int) -> tuple[TrackView, TrackView]:
    """A track from YouTube Music, and one from Spotify that was joined to it."""
    other = JoinedTrack(
        track_id=joined,
        origin=Platform.SPOTIFY,
        origin_external_id=f"item-{joined}",
        said="Juniper Vale - Amber Harbour",
        url=f"https://example.org/item/{joined}",
        joined_at=NOON,
        why="same ISRC",
    )
    closed = track(joined, "Amber Harbour", origin=Platform.SPOTIFY, state="merged", merged_into=song)
    told = {"deliveries": (), "joined_at": NOON, "joined_why": "same ISRC"}
    return track(song, "Amber Harbor", posts=2, joined=(other,)), closed.model_copy(update=told)


def proposal(candidate_id: str, title: str, score: float, *reasons: str, **more: Any) -> ScoredCandidate:
    candidate = Candidate(id=candidate_id, title=title, artists=("Juniper Vale",), duration_s=230.0, **more)
    return ScoredCandidate(candidate=candidate, score=score, reasons=reasons)


class StubLedger:
    """Fill `tracks`, `log` and the rest; read `commands`."""

    def __init__(self) -> None:
        self.tracks: dict[int, TrackView] = {}
        self.log: list[LogEntry] = []
        self.platforms: tuple[Platform, ...] = tuple(Platform)
        self.noted: str | None = None
        self.last_cycle: dict[Direction, datetime] = {}
        self.paused: set[Direction] = set()
        self.started_at = datetime.now(UTC)
        self.commands: list[Command] = []
        self.questions = 0
        self.room = 500
        """Tracks that fit one answer."""

    def put(self, *tracks: TrackView) -> None:
        self.tracks |= {t.id: t for t in tracks}

    def note(self, track_id: int | None, event: str, details: str, direction: Direction | None = None) -> None:
        number = len(self.log)
        at = NOON + timedelta(seconds=number)
        self.log.append(
            LogEntry(
                id=f"{number:08d}",
                link="main",
                track_id=track_id,
                event=event,
                direction=direction,
                details=details,
                created_at=at,
            )
        )

    async def told(self, kind: type[C], count: int = 1, deadline_s: float = 120) -> list[C]:
        """The commands of one kind, once there are that many."""

        def found() -> list[C]:
            return [c for c in self.commands if isinstance(c, kind)]

        async def enough() -> bool:
            return len(found()) >= count

        await eventually(enough, deadline_s)
        return found()

    async def take(self, command: Command) -> None:
        self.commands.append(command)

    # Its answers

    async def list_tracks(self, query: ListTracks) -> TracksReply:
        self.questions += 1
        before = int(query.cursor) if query.cursor else None
        words = (query.text or "").lower().split()
        fitting = [
            t
            for t in sorted(self.tracks.values(), key=lambda t: -t.id)
            if (before is None or t.id < before)
            and (query.link in (None, t.link))
            and all(word in t.display.lower() for word in words)
            and (
                (query.direction is None and query.state is None)
                or any(query.direction in (None, d.direction) and query.state in (None, d.state) for d in t.deliveries)
            )
        ]
        shown = fitting[: min(query.limit, self.room)]
        return TracksReply(tracks=tuple(shown), next_cursor=str(shown[-1].id) if len(fitting) > len(shown) else None)

    async def get_track(self, query: GetTrack) -> TrackReply:
        self.questions += 1
        entries = [e for e in reversed(self.log) if e.track_id == query.track_id]
        return TrackReply(track=self.tracks.get(query.track_id), log=tuple(entries))

    async def list_log(self, query: ListLog) -> LogReply:
        fitting = [
            e
            for e in reversed(self.log)
            if query.track_id in (None, e.track_id) and (query.cursor is None or e.id < query.cursor)
        ]
        shown = fitting[: query.limit]
        return LogReply(entries=tuple(shown), next_cursor=shown[-1].id if len(fitting) > len(shown) else None)

    async def get_counts(self, _: GetCounts) -> CountsReply:
        counts: dict[Direction, dict[DeliveryState, int]] = {}
        for one in self.tracks.values():
            for d in one.deliveries:
                states = counts.setdefault(d.direction, {})
                states[d.state] = states.get(d.state, 0) + 1
        return CountsReply(
            tracks=len(self.tracks),
            counts=counts,
            last_cycle=self.last_cycle,
            started_at=self.started_at,
            paused=tuple(sorted(self.paused)),
            health=tuple(self._health()),
        )

    def _health(self) -> Iterator[DirectionHealth]:
        for one in Direction:
            if {one.origin, one.target} <= set(self.platforms):
                last = max(self.last_cycle.get(one, self.started_at), self.started_at)
                is_late = (datetime.now(UTC) - last).total_seconds() > 5 * load(IntervalSettings, {}).of(one)
                problem = DirectionProblem.PAUSED if one in self.paused else None
                yield DirectionHealth(
                    link="main", direction=one, problem=problem or (DirectionProblem.LATE if is_late else None)
                )

    async def get_sync_state(self, _: GetSyncState) -> SyncStateReply:
        views = tuple(
            CollectionView(link="main", platform=p, policy=FirstSync.SYNC, opened_at=NOON, items=len(self.tracks))
            for p in self.platforms
        )
        return SyncStateReply(collections=views, last_cycle=self.last_cycle)

    async def list_reviews(self, query: ListReviews) -> ReviewsReply:
        reviews = [
            ReviewView(track=t, direction=d.direction, target=d.target, proposals=d.alternatives, reason=d.reason or "")
            for t in sorted(self.tracks.values(), key=lambda t: t.id)
            for d in t.deliveries
            if d.state is DeliveryState.REVIEW
        ]
        return ReviewsReply(reviews=tuple(reviews[: query.limit]))

    def service(self, environment: Mapping[str, str]) -> Service:
        service = Service("ledger", load(RuntimeSettings, environment))

        async def noted() -> str | None:
            return self.noted

        service.note("pause", noted)
        service.answer(ListTracks, self.list_tracks)
        service.answer(GetTrack, self.get_track)
        service.answer(ListLog, self.list_log)
        service.answer(GetCounts, self.get_counts)
        service.answer(GetSyncState, self.get_sync_state)
        service.answer(ListReviews, self.list_reviews)
        for consumer, kind in (
            (streams.LEDGER_RUN_CYCLE, RunCycle),
            (streams.LEDGER_RETRY, RetryDeliveries),
            (streams.LEDGER_DELETE, DeleteTrack),
            (streams.LEDGER_ANSWER, AnswerReview),
            (streams.LEDGER_WRONG_MATCH, ReportWrongMatch),
            (streams.LEDGER_PART, PartTrack),
            (streams.LEDGER_PAUSE, SetPause),
            (streams.gateway_consumers(Platform.YOUTUBE)[PollPlaylist], PollPlaylist),
            (streams.gateway_consumers(Platform.SPOTIFY)[PollPlaylist], PollPlaylist),
        ):
            service.on(consumer, kind, handler=self.take)
        return service


@contextlib.asynccontextmanager
async def running(*services: Service) -> AsyncIterator[None]:
    """Services started in order, stopped in reverse; one that fails ends the test."""
    stop = asyncio.Event()
    tasks = []
    try:
        for service in services:
            await service.start()
            tasks.append(asyncio.create_task(service._until(stop)))
        yield
        for task in tasks:
            assert not task.done(), task.exception()
    finally:
        stop.set()
        for service in reversed(services):
            await service.stop()
        await asyncio.gather(*tasks, return_exceptions=True)
