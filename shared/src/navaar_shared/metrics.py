"""Metrics of this process, read by Prometheus."""

from __future__ import annotations

from functools import cache

from opentelemetry import metrics
from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.sdk.metrics import MeterProvider
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest


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
