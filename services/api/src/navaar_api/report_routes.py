"""Figures, failures, what waits, the log: for reading."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from navaar_api import figures, present
from navaar_api.access import Access
from navaar_api.conditional import answer
from navaar_api.cursors import unwrap, wrap
from navaar_api.desk import Desk
from navaar_api.parameters import Cursor, DirectionFilter, Limit, LinkFilter, TrackIdFilter
from navaar_api.problems import READING
from navaar_api.shapes import FailedPage, LogPage, Pending, Shape, Stats, SyncState
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import GetCounts, GetSyncState, ListLog, ListTracks


class Counts(Shape):
    """Deliveries per state, one object a direction."""

    tg_to_yt: dict[DeliveryState, int]
    yt_to_tg: dict[DeliveryState, int]
    tg_to_sp: dict[DeliveryState, int]
    sp_to_tg: dict[DeliveryState, int]
    yt_to_sp: dict[DeliveryState, int]
    sp_to_yt: dict[DeliveryState, int]


def routes(access: Access) -> type[Controller]:
    class ReportRoutes(Controller):
        path = "/api"
        tags = ["Reports"]
        guards = [access.may_read]

        @get("/stats", summary="Totals, success rate, uptime, latest cycles", responses=READING)
        async def stats(
            self, request: Request[Any, Any, Any], desk: NamedDependency[Desk], link: LinkFilter = None
        ) -> Response[Stats]:
            return answer(request, figures.stats(await desk.ask(GetCounts(link=link)), desk.now()))

        @get("/counts", summary="Deliveries per direction and state", responses=READING)
        async def counts(
            self, request: Request[Any, Any, Any], desk: NamedDependency[Desk], link: LinkFilter = None
        ) -> Response[Counts]:
            counts = (await desk.ask(GetCounts(link=link))).counts
            return answer(request, Counts.model_validate({d.value: counts.get(d, {}) for d in Direction}))

        @get("/failed", summary="Failed deliveries, newest tracks first", responses=READING)
        async def failed(
            self,
            request: Request[Any, Any, Any],
            desk: NamedDependency[Desk],
            direction: DirectionFilter = None,
            link: LinkFilter = None,
            limit: Limit = 500,
            cursor: Cursor = None,
        ) -> Response[FailedPage]:
            state = DeliveryState.FAILED
            question = ListTracks(
                link=link, direction=direction, state=state, limit=limit, cursor=unwrap("failed", cursor)
            )
            counts, reply = await asyncio.gather(desk.ask(GetCounts(link=link)), desk.tracks(question))
            page = FailedPage(
                count=figures.amount(counts, [direction] if direction else Direction, [state]),
                tracks=tuple(present.track(view, direction, state) for view in reply.tracks),
                next_cursor=wrap("failed", reply.next_cursor),
            )
            return answer(request, page)

        @get("/pending", summary="What waits for its turn, per direction", responses=READING)
        async def pending(
            self,
            request: Request[Any, Any, Any],
            desk: NamedDependency[Desk],
            link: LinkFilter = None,
            limit: Limit = 100,
        ) -> Response[Pending]:
            state = DeliveryState.PENDING
            questions = [ListTracks(link=link, direction=d, state=state, limit=limit) for d in Direction]
            counts = await desk.ask(GetCounts(link=link))
            replies = await asyncio.gather(*(desk.tracks(question) for question in questions))
            waiting = {
                d.value: tuple(present.track(view, d, state) for view in reply.tracks)
                for d, reply in zip(Direction, replies, strict=True)
            }
            body = Pending.model_validate({"count": figures.amount(counts, Direction, [state]), **waiting})
            return answer(request, body)

        @get("/logs", summary="The audit log, newest first", responses=READING)
        async def logs(
            self,
            request: Request[Any, Any, Any],
            desk: NamedDependency[Desk],
            limit: Limit = 50,
            track_id: TrackIdFilter = None,
            link: LinkFilter = None,
            cursor: Cursor = None,
        ) -> Response[LogPage]:
            reply = await desk.ask(ListLog(link=link, track_id=track_id, limit=limit, cursor=unwrap("logs", cursor)))
            page = LogPage(
                logs=tuple(present.log(entry) for entry in reply.entries), next_cursor=wrap("logs", reply.next_cursor)
            )
            return answer(request, page)

        @get("/sync-state", summary="Latest cycles and the collections", responses=READING)
        async def sync_state(
            self, request: Request[Any, Any, Any], desk: NamedDependency[Desk], link: LinkFilter = None
        ) -> Response[SyncState]:
            return answer(request, figures.sync_state(await desk.ask(GetSyncState(link=link))))

    return ReportRoutes
