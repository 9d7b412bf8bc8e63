"""Figures, failures, what waits, the log: for reading."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency

from navaar_api import reference_compat, serializers
from navaar_api.access import may_read
from navaar_api.cursors import unwrap, wrap
from navaar_api.etag import answer
from navaar_api.parameters import Cursor, DirectionFilter, Limit, LinkFilter, TrackIdFilter
from navaar_api.problems import READING
from navaar_api.reference_compat import Counts, Pending, Stats, SyncState, Track
from navaar_api.schemas import FailedPage, LogPage
from navaar_client.counts import deliveries
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import DeliveryState, Direction
from navaar_contracts.queries import GetCounts, GetSyncState, ListLog, ListTracks


class ReportRoutes(Controller):
    path = "/api"
    tags = ["Reports"]
    guards = [may_read]

    @get("/stats", summary="Totals, success rate, uptime, latest cycles", responses=READING)
    async def stats(
        self, request: Request[Any, Any, Any], client: NamedDependency[LedgerClient], link: LinkFilter = None
    ) -> Response[Stats]:
        return answer(request, reference_compat.stats(await client.ask(GetCounts(link=link)), client.now()))

    @get("/counts", summary="Deliveries per direction and state", responses=READING)
    async def counts(
        self, request: Request[Any, Any, Any], client: NamedDependency[LedgerClient], link: LinkFilter = None
    ) -> Response[Counts]:
        return answer(request, reference_compat.counts(await client.ask(GetCounts(link=link))))

    @get("/failed", summary="Failed deliveries, newest tracks first", responses=READING)
    async def failed(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        direction: DirectionFilter = None,
        link: LinkFilter = None,
        limit: Limit = 500,
        cursor: Cursor = None,
    ) -> Response[FailedPage]:
        state = DeliveryState.FAILED
        question = ListTracks(link=link, direction=direction, state=state, limit=limit, cursor=unwrap("failed", cursor))
        counts, reply = await asyncio.gather(client.ask(GetCounts(link=link)), client.tracks(question))
        page = FailedPage(
            count=deliveries(counts, state, directions=[direction] if direction else None),
            tracks=tuple(serializers.track(view, direction, state) for view in reply.tracks),
            next_cursor=wrap("failed", reply.next_cursor),
        )
        return answer(request, page)

    @get("/pending", summary="What waits for its turn, per direction", responses=READING)
    async def pending(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        link: LinkFilter = None,
        limit: Limit = 100,
    ) -> Response[Pending]:
        async def waiting(direction: Direction) -> tuple[Track, ...]:
            state = DeliveryState.PENDING
            reply = await client.tracks(ListTracks(link=link, direction=direction, state=state, limit=limit))
            return tuple(serializers.track(view, direction, state) for view in reply.tracks)

        count = deliveries(await client.ask(GetCounts(link=link)), DeliveryState.PENDING)
        return answer(request, await reference_compat.pending(count, waiting))

    @get("/logs", summary="The audit log, newest first", responses=READING)
    async def logs(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        limit: Limit = 50,
        track_id: TrackIdFilter = None,
        link: LinkFilter = None,
        cursor: Cursor = None,
    ) -> Response[LogPage]:
        reply = await client.ask(ListLog(link=link, track_id=track_id, limit=limit, cursor=unwrap("logs", cursor)))
        page = LogPage(
            logs=tuple(serializers.log(entry) for entry in reply.entries), next_cursor=wrap("logs", reply.next_cursor)
        )
        return answer(request, page)

    @get("/sync-state", summary="Latest cycles and the collections", responses=READING)
    async def sync_state(
        self, request: Request[Any, Any, Any], client: NamedDependency[LedgerClient], link: LinkFilter = None
    ) -> Response[SyncState]:
        return answer(request, reference_compat.sync_state(await client.ask(GetSyncState(link=link))))
