"""Traces and metrics of this process. Traces leave it only when OTEL_EXPORTER_OTLP_ENDPOINT is set."""

from __future__ import annotations

import os
from functools import cache

from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest


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


@cache
def meter_provider() -> MeterProvider:
    """The process's one meter provider, read by Prometheus."""
    provider = MeterProvider(metric_readers=[PrometheusMetricReader()])
    metrics.set_meter_provider(provider)
    return provider


def exposition() -> tuple[bytes, str]:
    """(body, content type) of /metrics."""
    meter_provider()
    return generate_latest(REGISTRY), CONTENT_TYPE_LATEST


def flush(service: str) -> None:
    """Send what is buffered; called after the broker has stopped."""
    if _traces_leave():
        tracer_provider(service).force_flush(timeout_millis=3000)
