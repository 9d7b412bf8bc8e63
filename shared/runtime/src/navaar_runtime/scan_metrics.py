"""Counts how often each collection is looked at, and with what success."""

from __future__ import annotations

import time

from navaar_contracts.identifiers import Platform
from navaar_runtime import metrics

_LOOKS = metrics.counter(
    "navaar_looks_total",
    "Looks at a collection, by outcome: ok, rate_limited (by the platform), held_back (by Navaar's own pace), refused, "
    "failed",
    "link",
    "platform",
    "outcome",
)
_LAST_LOOK = metrics.gauge(
    "navaar_last_look_timestamp_seconds", "When a collection was last looked at with success", "link", "platform"
)


def scanned(link: str, platform: Platform, outcome: str) -> None:
    """Count one look."""
    _LOOKS.add(link=link, platform=platform, outcome=outcome)
    if outcome == "ok":
        _LAST_LOOK.set(time.time(), link=link, platform=platform)
