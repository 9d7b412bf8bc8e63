"""The HTTP application, put together from its parts. It reads no store; it asks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from litestar import Litestar, Request, Response, Router
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.static_files import create_static_files_router
from litestar.types import ASGIApp

from navaar_api import document_routes, health_routes, report_routes, steering_routes, track_routes
from navaar_api.access import Access
from navaar_api.credentials import Credentials
from navaar_api.desk import Desk, Unknown
from navaar_api.doorkeeper import Doorkeeper
from navaar_api.health import Staleness
from navaar_api.live import routes as live_routes
from navaar_api.live.hub import Hub
from navaar_api.live.throughput import Throughput
from navaar_api.pages.acting import actions
from navaar_api.pages.browsing import pages
from navaar_api.pages.frame import Frames
from navaar_api.pages.rendering import Renderer
from navaar_api.pages.signing_in import sign_in
from navaar_api.ports import Examines
from navaar_api.problems import HANDLERS
from navaar_api.request_spans import traced
from navaar_api.settings import ApiSettings

LARGEST_BODY = 64 * 1024
_DOCUMENTED = ("/api/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is built over."""

    desk: Desk
    examine: Examines
    staleness: Staleness
    hub: Hub
    throughput: Throughput
    renderer: Renderer


def build(parts: Parts, settings: ApiSettings, token: str) -> ASGIApp:
    """The application; the doorkeeper stands before it, so that errors of routing pass him too."""
    access = Access(Credentials(token), reading_is_open=settings.is_loopback, now=parts.desk.now)
    door = Doorkeeper(
        host=settings.api_host, is_loopback=settings.is_loopback, allowed_hosts=settings.api_allowed_hosts
    )
    frames = Frames(parts.desk, access)
    static = Path(__file__).parent / "pages" / "static"
    app = Litestar(
        [
            health_routes.routes(parts.examine, parts.staleness),
            track_routes.routes(access),
            report_routes.routes(access),
            steering_routes.routes(access),
            document_routes.routes(access, parts.renderer),
            document_routes.swagger_files(),
            live_routes.routes(access, parts.hub),
            pages(access, frames, parts.renderer, parts.throughput),
            actions(access),
            sign_in(access, frames, parts.renderer),
            create_static_files_router(path="/static", directories=[static], include_in_schema=False),
        ],
        dependencies={
            "desk": Provide(lambda: parts.desk, sync_to_thread=False),
            "staleness": Provide(lambda: parts.staleness, sync_to_thread=False),
        },
        exception_handlers={
            **HANDLERS,
            HTTPException: _for_people(parts.renderer, HANDLERS[HTTPException]),
            Unknown: _for_people(parts.renderer, HANDLERS[Unknown]),
        },
        request_max_body_size=LARGEST_BODY,
        openapi_config=_openapi(access),
        logging_config=None,
    )
    return door.wrap(traced(app))


def _for_people(render: Renderer, for_programs: Any) -> Any:
    """Errors of pages as pages; a page that needs a sign-in leads there."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        answer: Response[Any] = for_programs(request, error)
        path = request.url.path
        if path.startswith(_DOCUMENTED) or "text/html" not in request.headers.get("accept", ""):
            return answer
        if answer.status_code == 401 and request.method == "GET":
            return Response(None, status_code=303, headers={"location": f"/sign-in?next={path}"})
        detail = error.detail if isinstance(error, HTTPException) else str(error)
        status = answer.status_code or 500
        page: Response[Any] = render.html("error.html", status, status=status, detail=detail)
        return page

    return handle


def _openapi(access: Access) -> OpenAPIConfig:
    bearer = SecurityScheme(
        type="http",
        scheme="bearer",
        description="NAVAAR_API_TOKEN, or the token in the data directory's file api-token",
    )
    return OpenAPIConfig(
        title="Navaar",
        version="1",
        description="Keeps a Telegram channel, a YouTube Music playlist and a Spotify playlist in step. Errors are "
        "application/problem+json (RFC 9457). Lists are paged with `next_cursor`; GET answers carry an ETag.",
        path="/schema",
        components=Components(security_schemes={"token": bearer}),
        security=[{}, {"token": []}],
        tags=[
            Tag(name="Tracks", description="Recordings and where they are"),
            Tag(name="Reports", description="Figures, failures, the log"),
            Tag(name="Reviews", description="Open questions and their answers"),
            Tag(name="Steering", description="Run, hold back, try again"),
            Tag(name="Health", description="Open to everybody"),
        ],
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        # The parts that follow are read by whoever may read the API.
        openapi_router=Router("/schema", route_handlers=[], guards=[access.may_read], include_in_schema=False),
    )
