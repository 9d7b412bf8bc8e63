"""Tracks: lists, one with its journey, and what can be done to one."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from navaar_api import requests, serializers
from navaar_api.access import may_read, may_write
from navaar_api.cursors import unwrap, wrap
from navaar_api.etag import answer
from navaar_api.parameters import Cursor, DirectionFilter, Limit, LinkFilter, StatusFilter, TrackId, Words
from navaar_api.problems import READING, WRITING, documented
from navaar_api.schemas import Accepted, TrackDetail, TrackPage, TrackRetryRequest, WrongMatchRequest
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.queries import ListTracks

BY = "api"


class TrackRoutes(Controller):
    path = "/api/tracks"
    tags = ["Tracks"]

    @get(guards=[may_read], summary="Tracks, newest first", responses=READING)
    async def tracks(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        direction: DirectionFilter = None,
        status: StatusFilter = None,
        link: LinkFilter = None,
        words: Words = None,
        limit: Limit = 50,
        cursor: Cursor = None,
    ) -> Response[TrackPage]:
        reply = await client.tracks(
            ListTracks(
                link=link,
                direction=direction,
                state=status,
                text=words or None,
                limit=limit,
                cursor=unwrap("tracks", cursor),
            )
        )
        page = TrackPage(
            tracks=tuple(serializers.track(view, direction, status) for view in reply.tracks),
            next_cursor=wrap("tracks", reply.next_cursor),
        )
        return answer(request, page)

    @get(
        "/{track_id:int}",
        guards=[may_read],
        summary="One track: deliveries, journey, log",
        responses=READING | documented(404),
    )
    async def track(
        self, request: Request[Any, Any, Any], client: NamedDependency[LedgerClient], track_id: TrackId
    ) -> Response[TrackDetail]:
        view, log = await client.record(track_id)
        return answer(request, serializers.track_detail(view, log))

    @post(
        "/{track_id:int}/retry",
        guards=[may_write],
        status_code=202,
        summary="Give its failed deliveries a fresh budget",
        responses=WRITING | documented(404, 409),
    )
    async def retry(
        self, client: NamedDependency[LedgerClient], track_id: TrackId, data: JSONBody[TrackRetryRequest | None] = None
    ) -> Accepted:
        return Accepted(what=await requests.retry_track(client, track_id, data.target if data else None))

    @post(
        "/{track_id:int}/wrong-match",
        guards=[may_write],
        status_code=202,
        summary="What was placed is not this recording: take it out and ask anew",
        responses=WRITING | documented(404, 409),
    )
    async def wrong_match(
        self, client: NamedDependency[LedgerClient], track_id: TrackId, data: JSONBody[WrongMatchRequest]
    ) -> Accepted:
        return Accepted(what=await requests.report_wrong_match(client, track_id, data.target, BY))

    @post(
        "/{track_id:int}/part",
        guards=[may_write],
        status_code=202,
        summary="It was joined to another track by mistake: make two songs of them again, for good",
        responses=WRITING | documented(404, 409),
    )
    async def part(self, client: NamedDependency[LedgerClient], track_id: TrackId) -> Accepted:
        return Accepted(what=await requests.part_track(client, track_id, BY))

    @delete(
        "/{track_id:int}",
        guards=[may_write],
        status_code=202,
        summary="Stop working on it and drop it from lists; no platform is touched",
        responses=WRITING | documented(404),
    )
    async def remove(self, client: NamedDependency[LedgerClient], track_id: TrackId) -> Accepted:
        return Accepted(what=await requests.delete_track(client, track_id, BY))
