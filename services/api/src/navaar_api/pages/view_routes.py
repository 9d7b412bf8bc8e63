"""The pages that show: dashboard, one track, failures, questions, the log. Readable without JavaScript."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from navaar_api.access import may_read
from navaar_api.cursors import unwrap, wrap
from navaar_api.live.throughput import Throughput
from navaar_api.pages.direction_cards import direction_cards
from navaar_api.pages.failure_groups import by_cause
from navaar_api.pages.page_context import PageContexts
from navaar_api.pages.rendering import Renderer
from navaar_api.pages.track_row import cell, row
from navaar_api.parameters import Cursor, TrackId
from navaar_client.ledger_client import LedgerClient, delivery_to
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import ListLog, ListReviews, ListTracks

PAGE = 50
MOST_FAILURES = 500

Html = Response[str]
# An empty choice of a form arrives as an empty text.
Choice = Annotated[str, QueryParameter(max_length=40)]


class ViewRoutes(Controller):
    guards = [may_read]
    include_in_schema = False

    @get("/")
    async def dashboard(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        contexts: NamedDependency[PageContexts],
        renderer: NamedDependency[Renderer],
        throughput: NamedDependency[Throughput],
        direction: Choice = "",
        status: Choice = "",
        words: Annotated[str, QueryParameter(name="query", max_length=200)] = "",
        cursor: Cursor = None,
    ) -> Html:
        chosen = Direction(direction) if direction in list(Direction) else None
        state = DeliveryState(status) if status in list(DeliveryState) else None
        question = ListTracks(
            direction=chosen, state=state, text=words.strip() or None, limit=PAGE, cursor=unwrap("page", cursor)
        )
        page, reply = await contexts.with_answer(request, question)
        tracks = [t for t in reply.tracks if t.state not in ("merged", "deleted")] if reply else []
        return renderer.html(
            "dashboard.html",
            page=page,
            cards=direction_cards(page.counts, throughput, client.now()) if page.counts else (),
            rows=[row(track) for track in tracks],
            answered=reply is not None,
            filter={"direction": chosen, "status": state, "query": words.strip()},
            is_filtered=bool(chosen or state or words.strip()),
            first_page=cursor is None,
            next_cursor=wrap("page", reply.next_cursor) if reply else None,
            states=list(DeliveryState),
        )

    @get("/tracks/{track_id:int}")
    async def track(
        self,
        request: Request[Any, Any, Any],
        client: NamedDependency[LedgerClient],
        contexts: NamedDependency[PageContexts],
        renderer: NamedDependency[Renderer],
        track_id: TrackId,
    ) -> Html:
        page, (view, log) = await asyncio.gather(contexts.of(request), client.record(track_id))
        return renderer.html(
            "track.html",
            page=page,
            track=view,
            row=row(view),
            platforms=[(cell(view, p), delivery_to(view, p)) for p in Platform],
            journey=tuple(reversed(log)),
        )

    @get("/failures")
    async def failures(
        self,
        request: Request[Any, Any, Any],
        contexts: NamedDependency[PageContexts],
        renderer: NamedDependency[Renderer],
    ) -> Html:
        question = ListTracks(state=DeliveryState.FAILED, limit=MOST_FAILURES)
        page, reply = await contexts.with_answer(request, question)
        found = by_cause(reply.tracks) if reply else ()
        shown = sum(len(group.failures) for group in found)
        return renderer.html("failures.html", page=page, groups=found, answered=reply is not None, shown=shown)

    @get("/questions")
    async def questions(
        self,
        request: Request[Any, Any, Any],
        contexts: NamedDependency[PageContexts],
        renderer: NamedDependency[Renderer],
        cursor: Cursor = None,
    ) -> Html:
        page, reply = await contexts.with_answer(request, ListReviews(cursor=unwrap("reviews", cursor)))
        return renderer.html(
            "questions.html",
            page=page,
            reviews=[(review, row(review.track)) for review in reply.reviews] if reply else [],
            answered=reply is not None,
            next_cursor=wrap("reviews", reply.next_cursor) if reply else None,
        )

    @get("/log")
    async def log(
        self,
        request: Request[Any, Any, Any],
        contexts: NamedDependency[PageContexts],
        renderer: NamedDependency[Renderer],
        cursor: Cursor = None,
    ) -> Html:
        page, reply = await contexts.with_answer(request, ListLog(limit=100, cursor=unwrap("logs", cursor)))
        return renderer.html(
            "log.html",
            page=page,
            entries=reply.entries if reply else (),
            answered=reply is not None,
            next_cursor=wrap("logs", reply.next_cursor) if reply else None,
        )
