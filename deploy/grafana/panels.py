"""Panels of a Grafana dashboard as JSON, described in a few words each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

SOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24
"""A dashboard's width in Grafana's own units."""

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Panel:
    """What one panel shows."""

    title: str
    queries: tuple[tuple[str, str], ...]
    """(PromQL, legend)."""
    kind: str = "timeseries"
    unit: str = "short"
    about: str = ""
    width: int = 12
    height: int = 8
    steps: tuple[tuple[str, float | None], ...] = (("green", None),)
    """(colour, from which value on)."""
    options: Json = field(default_factory=dict)
    mappings: tuple[tuple[str, str, str], ...] = ()
    """(value, text, colour)."""
    stacked: bool = False
    least: float | None = 0


BAD_ABOVE = (("green", None), ("red", 1.0))
GOOD_ABOVE = (("red", None), ("green", 1.0))
YES_NO = (("1", "yes", "green"), ("0", "no", "red"))


def number(title: str, query: str, *, legend: str = "", width: int = 4, **more: Any) -> Panel:
    """The last value, large."""
    return Panel(title, ((query, legend),), kind="stat", width=width, height=4, **more)


def lines(title: str, query: str, legend: str, **more: Any) -> Panel:
    """A line for each series."""
    return Panel(title, ((query, legend),), **more)


def heat(title: str, query: str, **more: Any) -> Panel:
    """A histogram's buckets over time."""
    return Panel(title, ((query, "{{le}}"),), kind="heatmap", **more)


def rows(title: str, query: str, legend: str, **more: Any) -> Panel:
    """A bar for each series, at its last value."""
    return Panel(title, ((query, legend),), kind="bargauge", **more)


def dashboard(uid: str, title: str, about: str, sections: Sequence[tuple[str, Sequence[Panel]]]) -> Json:
    """Grafana's JSON; sections stand below each other, each with its panels from left to right."""
    placed: list[Json] = []
    y = 0
    for heading, panels in sections:
        placed.append(_placed({"type": "row", "title": heading, "collapsed": False, "panels": []}, 0, y, COLUMNS, 1))
        y, x, tallest = y + 1, 0, 0
        for panel in panels:
            if x + panel.width > COLUMNS:
                y, x, tallest = y + tallest, 0, 0
            placed.append(_placed(_json(panel), x, y, panel.width, panel.height))
            x, tallest = x + panel.width, max(tallest, panel.height)
        y += tallest
    for number_, each in enumerate(placed, start=1):
        each["id"] = number_
    return {
        "uid": uid,
        "title": title,
        "description": about,
        "tags": ["navaar"],
        "schemaVersion": 41,
        "version": 1,
        "editable": True,
        "graphTooltip": 1,
        "refresh": "30s",
        "time": {"from": "now-6h", "to": "now"},
        "timezone": "browser",
        "annotations": {"list": []},
        "links": [{"type": "dashboards", "tags": ["navaar"], "title": "Navaar", "asDropdown": False, "keepTime": True}],
        "templating": {"list": [_source_variable()]},
        "panels": placed,
    }


def _source_variable() -> Json:
    return {
        "name": "datasource",
        "label": "Prometheus",
        "type": "datasource",
        "query": "prometheus",
        "current": {},
        "hide": 0,
    }


def _placed(panel: Json, x: int, y: int, width: int, height: int) -> Json:
    return {**panel, "gridPos": {"x": x, "y": y, "w": width, "h": height}}


def _json(panel: Panel) -> Json:
    return {
        "type": panel.kind,
        "title": panel.title,
        "description": panel.about,
        "datasource": SOURCE,
        "targets": [
            {
                "refId": chr(ord("A") + at),
                "datasource": SOURCE,
                "editorMode": "code",
                "expr": query,
                "legendFormat": legend or "__auto",
                "range": True,
                "format": "heatmap" if panel.kind == "heatmap" else "time_series",
            }
            for at, (query, legend) in enumerate(panel.queries)
        ],
        "fieldConfig": {"defaults": _field(panel), "overrides": []},
        "options": {**_OPTIONS.get(panel.kind, {}), **panel.options},
    }


def _field(panel: Panel) -> Json:
    shown: Json = {
        "unit": panel.unit,
        "thresholds": {"mode": "absolute", "steps": [{"color": colour, "value": at} for colour, at in panel.steps]},
    }
    if panel.least is not None:
        shown["min"] = panel.least
    if panel.mappings:
        options = {value: {"text": text, "color": colour} for value, text, colour in panel.mappings}
        shown["mappings"] = [{"type": "value", "options": options}]
    if panel.kind == "timeseries":
        shown["color"] = {"mode": "palette-classic"}
        shown["custom"] = {
            "fillOpacity": 30 if panel.stacked else 8,
            "lineWidth": 1,
            "showPoints": "never",
            "stacking": {"mode": "normal" if panel.stacked else "none"},
        }
    return shown


_LAST = {"calcs": ["lastNotNull"], "fields": "", "values": False}
_OPTIONS: dict[str, Json] = {
    "timeseries": {
        "legend": {"displayMode": "table", "placement": "bottom", "calcs": ["lastNotNull", "max"]},
        "tooltip": {"mode": "multi", "sort": "desc"},
    },
    "stat": {"reduceOptions": _LAST, "colorMode": "value", "graphMode": "area", "textMode": "auto"},
    "bargauge": {"reduceOptions": _LAST, "orientation": "horizontal", "displayMode": "basic"},
    "heatmap": {"calculate": False, "color": {"mode": "scheme", "scheme": "Greens"}, "yAxis": {"unit": "s"}},
}
