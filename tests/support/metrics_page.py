"""Every metric of every service, as the tables of docs/operations/metrics.md show them.

uv run python -m tests.support.metrics_page            prints the tables
uv run python -m tests.support.metrics_page --sample   prints an exposition with one value of each, for promtool
"""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric

from navaar_contracts.identifiers import Platform
from navaar_launcher.registry import SERVICES
from navaar_playlist_gateway.search_metrics import search_metrics
from navaar_runtime.metrics import DEFINED, Definition

PAGE = Path(__file__).parents[2] / "docs" / "operations" / "metrics.md"

_D = ("direction",)
REFERENCE: dict[str, tuple[str, tuple[str, ...]]] = {
    "navaar_info": ("gauge", ("version", "playlist_id", "sp_playlist_id")),
    "navaar_sync_cycles_total": ("counter", _D),
    "navaar_tracks_discovered_total": ("counter", _D),
    "navaar_tracks_synced_total": ("counter", _D),
    "navaar_duplicates_skipped_total": ("counter", _D),
    "navaar_retries_total": ("counter", _D),
    "navaar_sync_cycle_crashes_total": ("counter", _D),
    "navaar_sync_errors_total": ("counter", ("direction", "error_type")),
    "navaar_auth_errors_total": ("counter", ("service",)),
    "navaar_identification_total": ("counter", ("method",)),
    "navaar_yt_search_total": ("counter", ("result",)),
    "navaar_sp_search_total": ("counter", ("result",)),
    "navaar_tg_upload_total": ("counter", ("result",)),
    "navaar_tg_download_total": ("counter", ("result",)),
    "navaar_yt_download_total": ("counter", ("result",)),
    "navaar_tracks_pending": ("gauge", _D),
    "navaar_tracks_failed": ("gauge", _D),
    "navaar_tracks_synced_current": ("gauge", _D),
    "navaar_tracks_duplicate": ("gauge", _D),
    "navaar_last_sync_timestamp_seconds": ("gauge", _D),
    "navaar_last_sync_duration_seconds": ("gauge", _D),
    "navaar_last_sync_processed_tracks": ("gauge", _D),
    "navaar_direction_healthy": ("gauge", _D),
    "navaar_tracks_total": ("gauge", ()),
    "navaar_up": ("gauge", ()),
    "navaar_uptime_seconds": ("gauge", ()),
    "navaar_success_rate_percent": ("gauge", ()),
    "navaar_sync_cycle_duration_seconds": ("histogram", _D),
    "navaar_track_sync_duration_seconds": ("histogram", _D),
    "navaar_yt_search_duration_seconds": ("histogram", ()),
    "navaar_sp_search_duration_seconds": ("histogram", ()),
}
"""What the first implementation showed: name -> (type, labels). Dashboards made for it go on working."""

GROUPS = {
    "From the first implementation": tuple(REFERENCE),
    "Deliveries and directions": (
        "navaar_deliveries",
        "navaar_songs",
        "navaar_tracks_in_review",
        "navaar_review_oldest_age_seconds",
        "navaar_sight_to_delivery_seconds",
        "navaar_last_cycle_timestamp_seconds",
        "navaar_cycle_interval_seconds",
        "navaar_direction_paused",
    ),
    "Platforms": (
        "navaar_platform_requests_total",
        "navaar_platform_request_duration_seconds",
        "navaar_platform_paused_until_timestamp_seconds",
        "navaar_platform_budget",
        "navaar_platform_budget_left",
        "navaar_looks_total",
        "navaar_last_look_timestamp_seconds",
        "navaar_sign_in_accepted",
        "navaar_sign_in_expiry_timestamp_seconds",
    ),
    "Queues and streams": (
        "navaar_queue_waiting",
        "navaar_queue_in_hand",
        "navaar_queue_redelivered",
        "navaar_queue_oldest_age_seconds",
        "navaar_dead_letters_total",
        "navaar_stream_messages",
        "navaar_stream_bytes",
        "navaar_stream_limit_bytes",
        "navaar_messages_handled_total",
        "navaar_message_handling_seconds",
    ),
    "Services, store and NATS": (
        "navaar_service_up",
        "navaar_service_acts",
        "navaar_part_healthy",
        "navaar_store_answer_seconds",
        "navaar_nats_round_trip_seconds",
        "navaar_nats_reconnects_total",
        "navaar_nats_errors_total",
        "navaar_certificate_expiry_timestamp_seconds",
    ),
}


def everything() -> dict[str, Definition]:
    """Every metric that some service defines."""
    for service in SERVICES:
        import_module(f"{service.module}.__main__")
    for platform in Platform:
        if platform.spec.has_catalogue:
            search_metrics(platform)
    return DEFINED


def row(one: Definition) -> str:
    labels = ", ".join(f"`{label}`" for label in one.labels)
    return f"| `{one.name}` | {one.kind} | {labels} | {one.meaning} |"


def tables() -> str:
    """Markdown, a table for each group."""
    defined = everything()
    parts = []
    for title, names in GROUPS.items():
        rows = [row(defined[name]) for name in names]
        parts.append("\n".join([f"## {title}", "", "| name | type | labels | meaning |", "|---|---|---|---|", *rows]))
    return "\n\n".join(parts) + "\n"


def sample() -> bytes:
    """An exposition with one value of every metric."""
    registry = CollectorRegistry()
    registry.register(_Sample())
    return generate_latest(registry)


class _Sample:
    def collect(self) -> list[Metric]:
        return [_family(one) for one in everything().values()]


def _family(one: Definition) -> Metric:
    values = ["x"] * len(one.labels)
    if one.kind == "histogram":
        histogram = HistogramMetricFamily(one.name, one.meaning, labels=one.labels)
        histogram.add_metric(values, [("1.0", 1), ("+Inf", 1)], 0.5)
        return histogram
    kind = CounterMetricFamily if one.kind == "counter" else GaugeMetricFamily
    family = kind(one.name, one.meaning, labels=one.labels)
    family.add_metric(values, 1)
    return family


if __name__ == "__main__":
    sys.stdout.write(sample().decode() if sys.argv[1:] == ["--sample"] else tables())
