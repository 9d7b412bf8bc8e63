"""The pages that show: dashboard, one track, failures, questions, the log. Readable without JavaScript."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from litestar import Controller, Request, Response, get
from litestar.di import NamedDependency
from litestar.params import QueryParameter

from navaar_api.access import Access
from navaar_api.cursors import unwrap, wrap
from navaar_api.desk import Desk, Unavailable
from navaar_api.health import Staleness
from navaar_api.live.throughput import Throughput
from navaar_api.pages import groups
from navaar_api.pages.cells import cell, row
from navaar_api.pages.frame import Frames
from navaar_api.pages.lanes import LaneView, lanes
from navaar_api.pages.rendering import Renderer
from navaar_api.parameters import Cursor, TrackId
from navaar_contracts.identifiers import DeliveryState, Direction, Platform
from navaar_contracts.queries import ListLog, ListReviews, ListTracks

PAGE = 50
MOST_FAILURES = 500

Html = Response[str]
# An empty choice of a form arrives as an empty text.
Choice = Annotated[str, QueryParameter(max_length=40)]


def pages(access: Access, frames: Frames, render: Renderer, throughput: Throughput) -> type[Controller]:
    class Pages(Controller):
        guards = [access.may_read]
        include_in_schema = False

        @get("/")
        async def dashboard(
            self,
            request: Request[Any, Any, Any],
            desk: NamedDependency[Desk],
            staleness: NamedDependency[Staleness],
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
            (frame, reply), running = await asyncio.gather(
                frames.with_answer(request, question), _lanes(desk, staleness, throughput)
            )
            tracks = [t for t in reply.tracks if t.state not in ("merged", "deleted")] if reply else []
            return render.html(
                "dashboard.html",
                frame=frame,
                lanes=running,
                rows=[row(track) for track in tracks],
                answered=reply is not None,
                filter={"direction": chosen, "status": state, "query": words.strip()},
                is_filtered=bool(chosen or state or words.strip()),
                first_page=cursor is None,
                next_cursor=wrap("page", reply.next_cursor) if reply else None,
                states=list(DeliveryState),
            )

        @get("/tracks/{track_id:int}")
        async def track(self, request: Request[Any, Any, Any], desk: NamedDependency[Desk], track_id: TrackId) -> Html:
            frame, (view, reply) = await asyncio.gather(frames.of(request), desk.track_with_log(track_id))
            return render.html(
                "track.html",
                frame=frame,
                track=view,
                row=row(view),
                platforms=[
                    (cell(view, p), next((d for d in view.deliveries if d.target is p), None)) for p in Platform
                ],
                journey=tuple(reversed(reply.log)),
            )

        @get("/failures")
        async def failures(self, request: Request[Any, Any, Any]) -> Html:
            question = ListTracks(state=DeliveryState.FAILED, limit=MOST_FAILURES)
            frame, reply = await frames.with_answer(request, question)
            found = groups.by_cause(reply.tracks) if reply else ()
            shown = sum(len(group.failures) for group in found)
            return render.html("failures.html", frame=frame, groups=found, answered=reply is not None, shown=shown)

        @get("/questions")
        async def questions(self, request: Request[Any, Any, Any], cursor: Cursor = None) -> Html:
            frame, reply = await frames.with_answer(request, ListReviews(cursor=unwrap("reviews", cursor)))
            return render.html(
                "questions.html",
                frame=frame,
                reviews=[(review, row(review.track)) for review in reply.reviews] if reply else [],
                answered=reply is not None,
                next_cursor=wrap("reviews", reply.next_cursor) if reply else None,
            )

        @get("/log")
        async def log(self, request: Request[Any, Any, Any], cursor: Cursor = None) -> Html:
            frame, reply = await frames.with_answer(request, ListLog(limit=100, cursor=unwrap("logs", cursor)))
            return render.html(
                "log.html",
                frame=frame,
                entries=reply.entries if reply else (),
                answered=reply is not None,
                next_cursor=wrap("logs", reply.next_cursor) if reply else None,
            )

    return Pages


async def _lanes(desk: Desk, staleness: Staleness, throughput: Throughput) -> tuple[LaneView, ...]:
    """Empty when the ledger does not answer."""
    try:
        view = await staleness.look()
    except Unavailable:
        return ()
    return lanes(view.counts, view.expected, view.late, throughput, desk.now())
