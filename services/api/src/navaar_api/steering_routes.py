"""What sets Navaar in motion or holds it back, and answers to open questions."""

from __future__ import annotations

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from navaar_api import requests, serializers
from navaar_api.access import may_read, may_write
from navaar_api.cursors import unwrap, wrap
from navaar_api.etag import answer
from navaar_api.parameters import Cursor, FewLimit, LinkFilter, TrackId
from navaar_api.problems import READING, WRITING, documented
from navaar_api.schemas import Accepted, AnswerRequest, PauseRequest, Pauses, RetryRequest, ReviewPage, SyncRequest
from navaar_client.ledger_client import LedgerClient
from navaar_contracts.identifiers import Platform
from navaar_contracts.queries import GetCounts, ListReviews

BY = "api"


class SteeringRoutes(Controller):
    path = "/api"

    @post(
        "/sync",
        tags=["Steering"],
        guards=[may_write],
        status_code=202,
        summary="Run directions now, whatever their intervals",
        responses=WRITING | documented(404, 409),
    )
    async def sync(self, client: NamedDependency[LedgerClient], data: JSONBody[SyncRequest | None] = None) -> Accepted:
        wanted = data or SyncRequest()
        return Accepted(what=await requests.run_now(client, wanted.direction, wanted.origin, wanted.link))

    @post(
        "/retry",
        tags=["Steering"],
        guards=[may_write],
        status_code=202,
        summary="Give failed deliveries a fresh budget",
        responses=WRITING | documented(404),
    )
    async def retry(
        self, client: NamedDependency[LedgerClient], data: JSONBody[RetryRequest | None] = None
    ) -> Accepted:
        wanted = data or RetryRequest()
        origin = wanted.direction.origin if wanted.direction else wanted.origin
        target = wanted.direction.target if wanted.direction else wanted.target
        return Accepted(what=await requests.retry_all(client, wanted.link, origin, target))

    @get(
        "/pause",
        tags=["Steering"],
        guards=[may_read],
        summary="Which directions are held back",
        responses=READING,
    )
    async def pauses(
        self, request: Request[Any, Any, Any], client: NamedDependency[LedgerClient], link: LinkFilter = None
    ) -> Response[Pauses]:
        return answer(request, Pauses(paused=(await client.ask(GetCounts(link=link))).paused))

    @post(
        "/pause",
        tags=["Steering"],
        guards=[may_write],
        status_code=202,
        summary="Hold back one direction or all, or let them go on",
        responses=WRITING | documented(404),
    )
    async def pause(self, client: NamedDependency[LedgerClient], data: JSONBody[PauseRequest]) -> Accepted:
        return Accepted(what=await requests.set_pause(client, data.paused, data.direction, data.link, BY))

    @get(
        "/reviews",
        tags=["Reviews"],
        guards=[may_read],
        summary="Open questions, oldest first",
        responses=READING,
    )
    async def reviews(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        link: LinkFilter = None,
        limit: FewLimit = 20,
        cursor: Cursor = None,
    ) -> Response[ReviewPage]:
        reply = await client.ask(ListReviews(link=link, limit=limit, cursor=unwrap("reviews", cursor)))
        page = ReviewPage(
            reviews=tuple(serializers.review(view) for view in reply.reviews),
            next_cursor=wrap("reviews", reply.next_cursor),
        )
        return answer(request, page)

    @post(
        "/reviews/{track_id:int}/{target:str}",
        tags=["Reviews"],
        guards=[may_write],
        status_code=202,
        summary="Answer an open question",
        responses=WRITING | documented(404, 409),
    )
    async def review(
        self,
        client: NamedDependency[LedgerClient],
        track_id: TrackId,
        target: FromPath[Platform],
        data: JSONBody[AnswerRequest],
    ) -> Accepted:
        return Accepted(what=await requests.answer_review(client, track_id, target, data.answer, data.external_id, BY))
