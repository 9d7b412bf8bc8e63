"""Answers to questions. They read what is kept for them and never walk the whole ledger."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial

from pydantic import BaseModel

from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import (
    CollectionView,
    CountsReply,
    DirectionHealth,
    GetCounts,
    GetPlan,
    GetSyncState,
    GetTrack,
    JoinedTrack,
    ListLog,
    ListReviews,
    ListTracks,
    LogReply,
    PlanReply,
    ReviewsReply,
    ReviewView,
    SyncStateReply,
    TrackReply,
    TracksReply,
    UnknownItems,
    UnknownItemsReply,
)
from navaar_ledger.application.placed_today import room_of
from navaar_ledger.application.views import joined_view, open_questions, planned_actions, track_view
from navaar_ledger.domain.effects import held_back
from navaar_ledger.domain.owners_policy import Wait
from navaar_ledger.domain.placed_today import PlacedToday
from navaar_ledger.domain.policy import Policy
from navaar_ledger.domain.track import Track, TrackState, claim_key
from navaar_ledger.store.port import PlatformPause, Store
from navaar_ledger.telemetry.health import Health
from navaar_text.search_words import asked_words

LOG_OF_TRACK = 200


class LedgerQueries:
    """Answers from the store under the policy in force."""

    def __init__(
        self,
        store: Store,
        policy: Policy,
        started_at: datetime,
        health: Health | None = None,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._store, self._policy, self._started_at = store, policy, started_at
        self._health, self._now = health or Health(), now or partial(datetime.now, UTC)
        self._placed: dict[str, PlacedToday] = {}

    async def unknown_items(self, query: UnknownItems) -> UnknownItemsReply:
        keys = {claim_key(query.link, query.platform, each): each for each in query.external_ids}
        claimed = await self._store.owners(list(keys))
        opened = await self._store.collection(query.link, query.platform)
        unknown = tuple(external_id for key, external_id in keys.items() if key not in claimed)
        return UnknownItemsReply(unknown=unknown, opened=opened is not None)

    async def list_tracks(self, query: ListTracks) -> TracksReply:
        before = _number(query.cursor)
        if query.cursor is not None and before is None:
            return TracksReply(problem=f"{query.cursor!r} is no cursor of this list")
        if query.text is not None:
            return await self._found(query, before)
        found = await self._store.tracks(query.link, query.direction, query.state, query.limit + 1, before)
        waits = await self._waits(found)
        views = tuple(track_view(self._seen(t), self._policy.max_retries, waits=waits) for t in found[: query.limit])
        shown = views[: fitting(views)]
        more = str(shown[-1].id) if len(found) > len(shown) else None
        return TracksReply(tracks=shown, next_cursor=more)

    async def _found(self, query: ListTracks, before: int | None) -> TracksReply:
        asked = asked_words(query.text or "")
        if not asked:
            return TracksReply()
        found = await self._store.find(query.link, query.direction, query.state, asked, query.limit, before)
        waits = await self._waits(found.tracks)
        views = tuple(track_view(self._seen(t), self._policy.max_retries, waits=waits) for t in found.tracks)
        shown = views[: fitting(views)]
        if len(shown) < len(views):
            return TracksReply(tracks=shown, next_cursor=str(shown[-1].id))
        more = str(found.looked_until) if found.looked_until is not None else None
        return TracksReply(tracks=shown, next_cursor=more)

    async def get_track(self, query: GetTrack) -> TrackReply:
        track = await self._store.load(query.track_id)
        if track is None:
            return TrackReply()
        log = await self._store.log(None, query.track_id, LOG_OF_TRACK)
        joined = [each async for each in self._joined(track)]
        view = track_view(
            self._seen(track),
            self._policy.max_retries,
            sound=True,
            joined=joined[: fitting(joined, ROOM_BYTES // 4)],
            waits=await self._waits([track]),
        )
        if track.state is TrackState.MERGED and view.joined_at is None:
            told = joined_view(track, log)
            view = view.model_copy(update={"joined_at": told.joined_at, "joined_why": told.why})
        return TrackReply(track=view, log=log[: fitting(log)])

    async def _joined(self, track: Track) -> AsyncIterator[JoinedTrack]:
        """What was joined to it, but for items that have gone their own way since."""
        for number in track.absorbed:
            closed = await self._store.load(number)
            if closed is None:
                continue
            delivery = track.deliveries.get(closed.origin)
            if delivery is None or closed.origin_external_id not in delivery.undone:
                log = await self._store.log(None, number, LOG_OF_TRACK) if closed.joined_at is None else ()
                yield joined_view(closed, log)

    async def list_log(self, query: ListLog) -> LogReply:
        found = await self._store.log(query.link, query.track_id, query.limit + 1, query.cursor)
        shown = found[: min(query.limit, fitting(found))]
        return LogReply(entries=shown, next_cursor=shown[-1].id if len(found) > len(shown) else None)

    async def get_counts(self, query: GetCounts) -> CountsReply:
        tracks = 0
        counts: dict[Direction, dict[DeliveryState, int]] = {}
        last: dict[Direction, datetime] = {}
        held: Counter[Direction] = Counter()
        paused: frozenset[Direction] = frozenset()
        health: list[DirectionHealth] = []
        for link in self._links(query.link):
            counters = await self._store.counters(link)
            tracks += counters.tracks
            held.update(counters.held)
            for direction, states in counters.deliveries.items():
                known = counts.setdefault(direction, {})
                for state, amount in states.items():
                    known[state] = known.get(state, 0) + amount
            cycles, held_back = await self._store.cycles(link), await self._store.paused(link)
            _keep_latest(last, cycles)
            paused |= held_back
            away = [pause for pause in await self._store.paused_platforms(link) if pause.lasts(self._now())]
            health += self._health_of(link, cycles, held_back, away)
        return CountsReply(
            tracks=tracks,
            counts=counts,
            plan_stands=self._policy.plan_stands,
            held=dict(held),
            last_cycle=last,
            started_at=self._started_at,
            paused=tuple(each for each in Direction if each in paused),
            health=tuple(health),
        )

    def _health_of(
        self,
        name: str,
        cycles: Mapping[Direction, datetime],
        paused: frozenset[Direction],
        away: Sequence[PlatformPause],
    ) -> Iterator[DirectionHealth]:
        link = self._policy.links.get(name)
        for direction in link.directions() if link is not None else ():
            # After a long stop every cycle is old; counted from the start it has the time to run again.
            last = cycles.get(direction)
            idle_s = (self._now() - max(last or self._started_at, self._started_at)).total_seconds()
            way, held_back = (name, direction), direction in paused
            yield self._health.of(way, last, idle_s, self._policy, paused=held_back, away=away)

    async def get_sync_state(self, query: GetSyncState) -> SyncStateReply:
        views: list[CollectionView] = []
        last: dict[Direction, datetime] = {}
        for name in self._links(query.link):
            counters = await self._store.counters(name)
            link = self._policy.links.get(name)
            for platform in link.platforms() if link is not None else tuple(Platform):
                opened = await self._store.collection(name, platform)
                views.append(
                    CollectionView(
                        link=name,
                        platform=platform,
                        policy=self._policy.first_sync_of(name),
                        opened_at=opened.opened_at if opened is not None else None,
                        items=counters.items.get(platform, 0),
                    )
                )
            _keep_latest(last, await self._store.cycles(name))
        return SyncStateReply(collections=tuple(views), last_cycle=last)

    async def get_plan(self, query: GetPlan) -> PlanReply:
        """Pages by planned track, oldest first; `limit` counts tracks."""
        links = list(self._links(query.link))
        name, _, number = (query.cursor or "").partition("|")
        after = _number(number)
        if query.cursor is not None and (name not in links or after is None):
            return PlanReply(problem=f"{query.cursor!r} is no cursor of this list")
        position = links.index(name) if name in links else 0
        actions = []
        cursor: str | None = None
        room = query.limit
        for link in links[position:]:
            found = await self._store.held(link, after or 0, room + 1)
            after = None
            shown = found[:room]
            actions += [action for track in shown for action in planned_actions(track)]
            room -= len(shown)
            if len(found) > len(shown):
                cursor = f"{link}|{shown[-1].id if shown else 0}"
                break
        counts: dict[Direction, int] = {}
        for action in actions:
            if not action.proposal.startswith("nothing"):
                counts[action.direction] = counts.get(action.direction, 0) + 1
        return PlanReply(actions=tuple(actions), counts=counts, next_cursor=cursor)

    async def list_reviews(self, query: ListReviews) -> ReviewsReply:
        """Oldest track first. A Telegram delivery that waits for YouTube's question is no question of its own."""
        number, _, target = (query.cursor or "0").partition("|")
        last = _number(number)
        if last is None or target not in ("", *Platform):
            return ReviewsReply(problem=f"{query.cursor!r} is no cursor of this list")
        reviews: list[ReviewView] = []
        # The track of the cursor may have another question.
        after = last - 1 if target else last
        while len(reviews) <= query.limit:
            tracks = await self._store.in_state(query.link, DeliveryState.REVIEW, query.limit + 1, after)
            if not tracks:
                break
            after = tracks[-1].id
            reviews += [
                review
                for track in tracks
                for review in open_questions(track, self._policy.max_retries)
                if (track.id, review.target.value) > (last, target)
            ]
        shown = reviews[: min(query.limit, fitting(reviews))]
        more = f"{shown[-1].track.id}|{shown[-1].target}" if len(reviews) > len(shown) else None
        return ReviewsReply(reviews=tuple(shown), next_cursor=more)

    async def _waits(self, tracks: Iterable[Track]) -> dict[tuple[str, Platform], Wait]:
        """Where something of theirs is ready and nothing is placed now, because the link's owner wants it so."""
        ready = {
            (track.link, delivery.target)
            for track in tracks
            for delivery in track.deliveries.values()
            if delivery.state is DeliveryState.PENDING and delivery.ready
        }
        rooms = {
            key: await room_of(self._store, self._placed, self._policy, *key, self._now()) for key in sorted(ready)
        }
        return {key: room.wait for key, room in rooms.items() if room.wait is not None}

    def _seen(self, track: Track) -> Track:
        return held_back(track, self._policy)

    def _links(self, link: str | None) -> Iterable[str]:
        return [link] if link is not None else list(self._policy.links)


def _keep_latest(known: dict[Direction, datetime], more: dict[Direction, datetime]) -> None:
    for direction, moment in more.items():
        known[direction] = max(moment, known.get(direction, moment))


def _number(cursor: str | None) -> int | None:
    return int(cursor) if cursor and cursor.isdecimal() else None


ROOM_BYTES = 700_000
"""NATS carries a message of at most 1 MiB unless told otherwise; names, reasons and proposals may be long."""


def fitting(views: Sequence[BaseModel], room_bytes: int = ROOM_BYTES) -> int:
    """How many of the first `views` fit one answer: at least one, where there is any."""
    used = 0
    for count, view in enumerate(views):
        used += len(view.model_dump_json(exclude_none=True).encode())
        if used > room_bytes:
            return max(count, 1)
    return len(views)
