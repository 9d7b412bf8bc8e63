"""Traces of this process. They leave it only when an OTLP endpoint is set."""

from __future__ import annotations

import os
from functools import cache

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor


def _traces_leave() -> bool:
    return bool(os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"))


@cache
def tracer_provider(service: str) -> TracerProvider:
    """One provider a service, so that services in one process keep their own name in a trace."""
    provider = TracerProvider(resource=Resource.create({"service.name": f"navaar-{service}"}))
    if _traces_leave():
        # Imported late: it brings an HTTP client that nobody needs otherwise.
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

        provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    return provider


def flush(service: str) -> None:
    """Send what is buffered; called after the broker has stopped."""
    if _traces_leave():
        tracer_provider(service).force_flush(timeout_millis=3000)
