"""The HTTP application, put together from its parts. It reads no store; it asks."""

from __future__ import annotations

from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from urllib.parse import quote

from litestar import Litestar, Request, Response, Router
from litestar.datastructures import State
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Tag
from litestar.types import ASGIApp

from navaar_api.access import Access, may_read
from navaar_api.credentials import Credentials
from navaar_api.document_routes import DocumentRoutes, swagger_files
from navaar_api.edge.entrance import LARGEST_BODY, BoundedRequest, entered
from navaar_api.health import SystemHealth
from navaar_api.health_routes import HealthRoutes
from navaar_api.known_files import known_files
from navaar_api.live.broadcaster import Broadcaster
from navaar_api.live.routes import LiveRoutes
from navaar_api.live.throughput import Throughput
from navaar_api.pages.form_routes import FormRoutes
from navaar_api.pages.page_context import PageContexts
from navaar_api.pages.rendering import Renderer
from navaar_api.pages.sign_in_routes import SignInRoutes
from navaar_api.pages.view_routes import ViewRoutes
from navaar_api.problems import HANDLERS
from navaar_api.report_routes import ReportRoutes
from navaar_api.request_spans import traced
from navaar_api.security_middleware import SecurityMiddleware
from navaar_api.settings import ApiSettings
from navaar_api.steering_routes import SteeringRoutes
from navaar_api.track_routes import TrackRoutes
from navaar_client.errors import NotFound
from navaar_client.ledger_client import LedgerClient

_DOCUMENTED = ("/api/", "/healthz", "/readyz", "/metrics")


@dataclass(frozen=True, slots=True)
class Parts:
    """What the application is built over; handlers take each by its name."""

    client: LedgerClient
    health: SystemHealth
    broadcaster: Broadcaster
    throughput: Throughput
    renderer: Renderer


def build(parts: Parts, settings: ApiSettings, token: str) -> ASGIApp:
    """The application; the security middleware stands before it, so that errors of routing pass it too."""
    reading_is_open = settings.api_open_reading and settings.is_loopback
    access = Access(Credentials(token), reading_is_open=reading_is_open, now=parts.client.now)
    security = SecurityMiddleware(
        host=settings.api_host, is_loopback=settings.is_loopback, allowed_hosts=settings.api_allowed_hosts
    )
    provided = {field.name: getattr(parts, field.name) for field in fields(parts)}
    provided |= {"access": access, "contexts": PageContexts(parts.client, access)}
    static = Path(__file__).parent / "pages" / "static"
    app = Litestar(
        [
            HealthRoutes,
            TrackRoutes,
            ReportRoutes,
            SteeringRoutes,
            DocumentRoutes,
            swagger_files(),
            LiveRoutes,
            ViewRoutes,
            FormRoutes,
            SignInRoutes,
            known_files("/static", static),
        ],
        dependencies={name: _given(part) for name, part in provided.items()},
        exception_handlers={
            **HANDLERS,
            HTTPException: _for_people(parts.renderer, HANDLERS[HTTPException]),
            NotFound: _for_people(parts.renderer, HANDLERS[NotFound]),
        },
        request_class=BoundedRequest,
        request_max_body_size=LARGEST_BODY,
        openapi_config=_openapi(),
        logging_config=None,
        state=State({"access": access}),
    )
    return security.wrap(entered(traced(app), settings.proxies))


def _given(part: object) -> Provide:
    return Provide(lambda: part, sync_to_thread=False)


def _for_people(render: Renderer, for_programs: Any) -> Any:
    """Errors of pages as pages; a page that needs a sign-in leads there."""

    def handle(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
        answer: Response[Any] = for_programs(request, error)
        path = request.url.path
        if path.startswith(_DOCUMENTED) or "text/html" not in request.headers.get("accept", ""):
            return answer
        if answer.status_code == 401 and request.method == "GET":
            return Response(None, status_code=303, headers={"location": f"/sign-in?next={quote(path)}"})
        detail = error.detail if isinstance(error, HTTPException) else str(error)
        status = answer.status_code or 500
        page: Response[Any] = render.html("error.html", status, status=status, detail=detail)
        return page

    return handle


def _openapi() -> OpenAPIConfig:
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
            Tag(name="SystemHealth", description="Open to everybody"),
        ],
        render_plugins=[JsonRenderPlugin(path=["/", "/openapi.json"])],
        # The parts that follow are read by whoever may read the API.
        openapi_router=Router("/schema", route_handlers=[], guards=[may_read], include_in_schema=False),
    )
