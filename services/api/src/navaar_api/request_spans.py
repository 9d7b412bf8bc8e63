"""A span for each request that asks for something to happen; it begins the trace of what follows from it.

Requests that only read leave none: a dashboard reads all day long.
"""

from __future__ import annotations

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from opentelemetry.trace import SpanKind, Status, StatusCode

from navaar_runtime import tracing

_READING = frozenset({"GET", "HEAD", "OPTIONS"})


def traced(app: ASGIApp) -> ASGIApp:
    """`app` with a span around each request that does not only read."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] in _READING:
            await app(scope, receive, send)
            return
        method = str(scope["method"])
        with tracing.span(method, SpanKind.SERVER, {"http.request.method": method}) as span:

            async def noting(message: Message) -> None:
                if message["type"] == "http.response.start":
                    span.set_attribute("http.response.status_code", message["status"])
                    if message["status"] >= 500:
                        span.set_status(Status(StatusCode.ERROR))
                await send(message)

            await app(scope, receive, noting)
            # Known once the request has found its handler; the path itself may hold anything.
            route = scope.get("path_template")
            if route:
                span.update_name(f"{method} {route}")
                span.set_attribute("http.route", str(route))

    return wrapped
