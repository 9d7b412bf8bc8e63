"""How often a platform's catalogue was searched, with what success, and how long that took."""

from __future__ import annotations

from functools import cache

from navaar_contracts.identifiers import Platform
from navaar_runtime import metrics


class SearchMetrics:
    """One counter and one histogram a platform, named after its short name: `navaar_sp_search_total`."""

    def __init__(self, platform: Platform) -> None:
        self._searches = metrics.counter(
            f"navaar_{platform.short}_search_total",
            f"Searches in the catalogue of {platform.label} that were answered, by whether anything was found",
            "result",
        )
        self._seconds = metrics.histogram(
            f"navaar_{platform.short}_search_duration_seconds",
            f"How long a search in the catalogue of {platform.label} took",
            buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10),
        )
        for result in ("found", "not_found"):
            self._searches.add(0, result=result)

    def searched(self, found: int, seconds: float) -> None:
        """One search was answered with so many candidates."""
        self._searches.add(result="found" if found else "not_found")
        self._seconds.observe(seconds)


@cache
def search_metrics(platform: Platform) -> SearchMetrics:
    """The platform's; however often its service is built, a metric is defined once in a process."""
    return SearchMetrics(platform)
