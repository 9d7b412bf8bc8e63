"""What this gateway counts and shows."""

from __future__ import annotations

from datetime import timedelta

from navaar_contracts.identifiers import Platform
from navaar_runtime import metrics
from navaar_spotify_gateway.expiry import LIFE

_SEARCHES = metrics.counter(
    "navaar_sp_search_total",
    "Searches in Spotify's catalogue that were answered, by whether anything was found",
    "result",
)
_SECONDS = metrics.histogram(
    "navaar_sp_search_duration_seconds",
    "How long a search in Spotify's catalogue took",
    buckets=(0.1, 0.25, 0.5, 1, 2, 5, 10),
)
_ENDS = metrics.gauge(
    "navaar_sign_in_expiry_timestamp_seconds",
    "When the sign-in ends and a person has to renew it; absent while that is not known",
    "platform",
)


def begin_at_zero() -> None:
    """Show what has not happened yet."""
    for result in ("found", "not_found"):
        _SEARCHES.add(0, result=result)


def searched(found: int, seconds: float) -> None:
    """One search was answered with so many candidates."""
    _SEARCHES.add(result="found" if found else "not_found")
    _SECONDS.observe(seconds)


def signed_in(authorized_at: float | None) -> None:
    """Since when the sign-in is valid, in unix time; None when nobody knows."""
    if authorized_at is None:
        _ENDS.forget(platform=Platform.SPOTIFY)
    else:
        _ENDS.set(authorized_at + LIFE / timedelta(seconds=1), platform=Platform.SPOTIFY)
