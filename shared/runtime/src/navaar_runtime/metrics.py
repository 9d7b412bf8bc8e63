"""The figures of this process, read by Prometheus.

Whoever has something to count or to show defines it at import, beside the code that does so, with `counter`, `gauge` or
`histogram`. It belongs to the process: services share what they define, and one that is started anew counts on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

from opentelemetry.exporter.prometheus import PrometheusMetricReader
from opentelemetry.metrics import CallbackOptions, Meter, Observation
from opentelemetry.sdk.metrics import MeterProvider

Kind = Literal["counter", "gauge", "histogram"]


@dataclass(frozen=True, slots=True)
class Definition:
    """What Prometheus shows: the very name, and exactly these labels on every series."""

    name: str
    kind: Kind
    meaning: str
    labels: tuple[str, ...]


DEFINED: dict[str, Definition] = {}
"""By name, everything that this process may show."""


class Counter:
    """Grows while the process lives. Safe in any thread."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._instrument = _meter().create_counter(definition.name, description=definition.meaning)

    def add(self, amount: float = 1, **labels: str) -> None:
        """Adding 0 makes the series visible before anything has happened."""
        _check(self._definition, labels)
        self._instrument.add(amount, labels)


class Gauge:
    """Has the value that was set last. Safe in any thread."""

    def __init__(self, definition: Definition) -> None:
        self._definition = definition
        self._values: dict[tuple[str, ...], float] = {}
        _meter().create_observable_gauge(definition.name, [self._observe], description=definition.meaning)

    def set(self, value: float, **labels: str) -> None:
        _check(self._definition, labels)
        self._values[tuple(labels[name] for name in self._definition.labels)] = value

    def forget(self, **labels: str) -> None:
        """Show this series no longer."""
        _check(self._definition, labels)
        self._values.pop(tuple(labels[name] for name in self._definition.labels), None)

    def values(self) -> tuple[float, ...]:
        """Of all series."""
        return tuple(self._values.values())

    def _observe(self, _: CallbackOptions) -> Iterable[Observation]:
        names = self._definition.labels
        return [Observation(v, dict(zip(names, key, strict=True))) for key, v in self._values.copy().items()]


class Histogram:
    """Counts observations by size. Safe in any thread."""

    def __init__(self, definition: Definition, buckets: Sequence[float]) -> None:
        self._definition = definition
        self._instrument = _meter().create_histogram(
            definition.name,
            description=definition.meaning,
            explicit_bucket_boundaries_advisory=[float(b) for b in buckets],
        )

    def observe(self, value: float, **labels: str) -> None:
        _check(self._definition, labels)
        self._instrument.record(value, labels)


def counter(name: str, meaning: str, *labels: str) -> Counter:
    """Define a counter; its name ends in _total. Once in a process."""
    return Counter(_defined(name, "counter", meaning, labels))


def gauge(name: str, meaning: str, *labels: str) -> Gauge:
    """Define a gauge. Once in a process."""
    return Gauge(_defined(name, "gauge", meaning, labels))


def histogram(name: str, meaning: str, *labels: str, buckets: Sequence[float]) -> Histogram:
    """Define a histogram; `buckets` are upper limits, in the unit that its name says. Once in a process."""
    return Histogram(_defined(name, "histogram", meaning, labels), buckets)


@cache
def _provider() -> MeterProvider:
    # Not the global one: libraries that measure themselves would add series of theirs, under names of theirs.
    return MeterProvider(metric_readers=[PrometheusMetricReader(disable_target_info=True, scope_info_enabled=False)])


def _meter() -> Meter:
    return _provider().get_meter("navaar")


def _defined(name: str, kind: Kind, meaning: str, labels: tuple[str, ...]) -> Definition:
    if name in DEFINED:
        raise ValueError(f"{name} is defined twice")
    DEFINED[name] = Definition(name, kind, meaning, labels)
    return DEFINED[name]


def _check(definition: Definition, labels: dict[str, str]) -> None:
    if len(labels) != len(definition.labels) or any(name not in labels for name in definition.labels):
        raise TypeError(f"{definition.name} has the labels {definition.labels}, not {tuple(labels)}")
