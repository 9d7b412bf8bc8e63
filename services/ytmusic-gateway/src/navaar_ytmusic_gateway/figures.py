"""What this gateway counts."""

from __future__ import annotations

from navaar_runtime import metrics

_SEARCHES = metrics.counter(
    "navaar_yt_search_total",
    "Searches in YouTube Music's catalogue that were answered, by whether anything was found; each is two requests",
    "result",
)
_SECONDS = metrics.histogram(
    "navaar_yt_search_duration_seconds",
    "How long a search in YouTube Music's catalogue took",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10),
)


def begin_at_zero() -> None:
    """Show what has not happened yet."""
    for result in ("found", "not_found"):
        _SEARCHES.add(0, result=result)


def searched(found: int, seconds: float) -> None:
    """One search was answered with so many candidates."""
    _SEARCHES.add(result="found" if found else "not_found")
    _SECONDS.observe(seconds)
