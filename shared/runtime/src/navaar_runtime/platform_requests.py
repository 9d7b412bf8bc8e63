"""What is asked of the platforms: every request by its outcome, and what they still allow."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from opentelemetry.trace import SpanKind

from navaar_contracts.identifiers import Platform
from navaar_runtime import http_spans, metrics, tracing

_REQUESTS = metrics.counter(
    "navaar_platform_requests_total",
    "Requests made to a platform, by what was asked and how it ended: ok, rate_limited, refused (sign-in or right), "
    "client_error, server_error or no_answer",
    "platform",
    "operation",
    "outcome",
)
_SECONDS = metrics.histogram(
    "navaar_platform_request_duration_seconds",
    "How long a platform took to answer, rate limits and failures included; getUpdates waits for news by itself",
    "platform",
    "operation",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60),
)
_PAUSED_UNTIL = metrics.gauge(
    "navaar_platform_paused_until_timestamp_seconds",
    "Until when the platform asked to be left alone, the last time it did; 0 if it has not",
    "platform",
)
_BUDGET = metrics.gauge(
    "navaar_platform_budget", "How much of something may be done: posts in a channel in any minute", "platform", "link"
)
_BUDGET_LEFT = metrics.gauge("navaar_platform_budget_left", "How much of that is left now", "platform", "link")


@contextmanager
def asking(platform: Platform, operation: str, method: str = "POST", url: str = "") -> Iterator[Callable[[int], None]]:
    """Around one request; call what it gives with the HTTP status. Without one, nobody answered.

    It is counted and, where it is made for a track, seen in that track's trace.

    Args:
        operation: one of a few fixed words, never an id or an address.
        url: taken apart for the span, which gets nothing of it that may be secret.
    """
    begun = time.monotonic()
    outcome = "no_answer"

    def answered(status: int) -> None:
        nonlocal outcome
        outcome = outcome_of(status)
        http_spans.answered(span, status)

    described = {**http_spans.description(method, url), "navaar.platform": platform.value}
    try:
        # Clients quote the address in their errors' texts; the class says what happened.
        with tracing.inner_span(f"{platform} {operation}", SpanKind.CLIENT, described, quoting=False) as span:
            yield answered
    finally:
        _REQUESTS.add(platform=platform, operation=operation, outcome=outcome)
        _SECONDS.observe(time.monotonic() - begun, platform=platform, operation=operation)


def outcome_of(status: int) -> str:
    """An HTTP status in a word."""
    if status < 400:
        return "ok"
    if status == 429:
        return "rate_limited"
    if status in (401, 403):
        return "refused"
    return "client_error" if status < 500 else "server_error"


def begin_at_zero(platform: Platform) -> None:
    """Show that the platform has asked for no pause yet."""
    _PAUSED_UNTIL.set(0, platform=platform)


def told_to_pause(platform: Platform, seconds: float) -> None:
    """The platform asked for a pause of so many seconds from now."""
    _PAUSED_UNTIL.set(time.time() + seconds, platform=platform)


def budget(platform: Platform, link: str, whole: float, left: float) -> None:
    """Show what may be done and what of it is left."""
    _BUDGET.set(whole, platform=platform, link=link)
    _BUDGET_LEFT.set(left, platform=platform, link=link)
