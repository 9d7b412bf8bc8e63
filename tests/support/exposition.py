"""Reads what a process shows at /metrics, with the Prometheus client's own parser."""

from __future__ import annotations

import asyncio
import urllib.request
from collections.abc import Iterable

from prometheus_client.metrics_core import Metric
from prometheus_client.parser import text_string_to_metric_families

FOREIGN = ("process_", "python_")
"""What the Prometheus client tells of any process."""
RARE = {
    "navaar_dead_letters_total",
    "navaar_certificate_expiry_timestamp_seconds",
    "navaar_sign_in_expiry_timestamp_seconds",
}
"""Shown only once there is something to show: the sandbox has no TLS, and does not tell when one signed in."""

Samples = dict[tuple[str, frozenset[tuple[str, str]]], float]


async def text_at(base: str) -> str:
    """What `<base>/metrics` shows."""

    def call() -> str:
        with urllib.request.urlopen(f"{base}/metrics", timeout=30) as answer:
            assert answer.headers["Content-Type"].startswith("text/plain")
            return str(answer.read().decode())

    return await asyncio.to_thread(call)


def families(text: str) -> dict[str, Metric]:
    """Navaar's own by their name as it is on the line."""
    found = {}
    for family in text_string_to_metric_families(text):
        if not family.name.startswith(FOREIGN):
            name = f"{family.name}_total" if family.type == "counter" else family.name
            assert name not in found, f"{name} is shown twice"
            found[name] = family
    return found


def samples(text: str) -> Samples:
    return {(s.name, frozenset(s.labels.items())): s.value for one in families(text).values() for s in one.samples}


def value(found: Samples, name: str, **labels: str) -> float:
    return found[name, frozenset(labels.items())]


def summed(found: Samples, names: Iterable[str]) -> float:
    wanted = set(names)
    return sum(amount for (name, _), amount in found.items() if name in wanted)
