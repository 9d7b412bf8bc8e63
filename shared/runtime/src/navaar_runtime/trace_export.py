"""Where spans go: to the collector that OTEL_EXPORTER_OTLP_ENDPOINT names, or nowhere at all."""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from functools import cache
from urllib.parse import unquote, urlsplit

from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter, SpanExportResult

from navaar_runtime.logs import get_logger
from navaar_runtime.redaction import register_secret, register_unless_word

log = get_logger(__name__)

_ENDPOINTS = ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT")
_HEADERS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
# They repeat every refused batch; `TellingExporter` says it once.
_SECRET_HEADER = re.compile(r"auth|token|key|secret|pass|cookie|credential|license|dsn|team", re.IGNORECASE)
_TALKATIVE = ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal")


@cache
def processor() -> SpanProcessor | None:
    """The process's one queue towards the collector, for all its services; None where none is named."""
    endpoint = next((os.environ[name] for name in _ENDPOINTS if os.environ.get(name)), None)
    if endpoint is None or os.environ.get("OTEL_TRACES_EXPORTER", "otlp") != "otlp":
        return None
    # Imported late: it brings an HTTP client that nobody needs otherwise.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    for name in _HEADERS:
        _keep_secret(os.environ.get(name, ""))
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # The queue is bounded and its thread a daemon: a collector that is gone costs spans, never time.
    return BatchSpanProcessor(TellingExporter(OTLPSpanExporter(), urlsplit(endpoint).netloc.rpartition("@")[2]))


class TellingExporter(SpanExporter):
    """Hands spans on, and says once when they begin to be lost and once when they are taken again."""

    def __init__(self, exporter: SpanExporter, place: str) -> None:
        self._exporter = exporter
        self._place = place
        self._lost: int | None = None

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        result = self._exporter.export(spans)
        if result is not SpanExportResult.SUCCESS:
            if self._lost is None:
                log.warning("traces_not_taken", collector=self._place)
            self._lost = (self._lost or 0) + len(spans)
        elif self._lost is not None:
            log.info("traces_taken_again", collector=self._place, spans_lost=self._lost)
            self._lost = None
        return result

    def shutdown(self) -> None:
        self._exporter.shutdown()

    def force_flush(self, timeout_millis: int = 30000) -> bool:
        return self._exporter.force_flush(timeout_millis)


def _keep_secret(headers: str) -> None:
    """Collectors are signed in to by headers: name=value, values percent-encoded, separated by commas."""
    for pair in headers.split(","):
        name, _, value = pair.partition("=")
        # Others name a tenant or a stream, often in a word that every other line has too.
        register = register_secret if _SECRET_HEADER.search(name) else register_unless_word
        register(value.strip())
        register(unquote(value.strip()))
