"""Spans of the commands sent to MongoDB, by OpenTelemetry's database conventions (1.37).

They tell which command on which collection, never its values: documents hold what people listen to, and an error's text
may repeat them.
"""

from __future__ import annotations

from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from opentelemetry.util.types import AttributeValue
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

from navaar_runtime import tracing


class CommandSpans(CommandListener):
    """Watches a client; what it sends for no track in particular, such as its own heartbeats, leaves no span."""

    def __init__(self) -> None:
        self._open: dict[tuple[object, int], Span] = {}

    def started(self, event: CommandStartedEvent) -> None:
        if tracing.current() is None:
            return
        name, collection = event.command_name, collection_of(event)
        address, port = event.connection_id
        attributes: dict[str, AttributeValue] = {
            "db.system.name": "mongodb",
            "db.namespace": event.database_name,
            "db.operation.name": name,
            "server.address": address,
        }
        if collection is not None:
            attributes["db.collection.name"] = collection
        if port is not None:
            attributes["server.port"] = port
        title = f"{name} {collection or event.database_name}"
        span = tracing.tracer().start_span(title, kind=SpanKind.CLIENT, attributes=attributes)
        self._open[event.connection_id, event.request_id] = span

    def succeeded(self, event: CommandSucceededEvent) -> None:
        span = self._open.pop((event.connection_id, event.request_id), None)
        if span is not None:
            span.end()

    def failed(self, event: CommandFailedEvent) -> None:
        span = self._open.pop((event.connection_id, event.request_id), None)
        if span is None:
            return
        code = event.failure.get("code")
        if code is not None:
            span.set_attribute("db.response.status_code", str(code))
        span.set_attribute("error.type", str(event.failure.get("codeName") or code or "no_answer"))
        span.set_status(Status(StatusCode.ERROR))
        span.end()


def collection_of(event: CommandStartedEvent) -> str | None:
    """The collection a command is for; None where it is for the database or the server."""
    named = event.command.get("collection" if event.command_name == "getMore" else event.command_name)
    return named if isinstance(named, str) else None
