"""Dashboards and alert rules speak of metrics that exist, with labels that those have."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import yaml

from tests.support.metrics_page import everything

ROOT = Path(__file__).parents[2]
GRAFANA = ROOT / "deploy" / "grafana"
RULES = ROOT / "deploy" / "prometheus" / "rules"
RULE_TESTS = ROOT / "deploy" / "prometheus" / "tests" / "navaar.yml"
FOREIGN = {
    "up": {"job", "instance", "namespace"},
    "process_resident_memory_bytes": {"job", "instance"},
    "process_cpu_seconds_total": {"job", "instance"},
    "process_open_fds": {"job", "instance"},
    "navaar_service_up": {"job", "instance"},
    "kube_cronjob_status_last_successful_time": {"namespace", "cronjob"},
    "kube_cronjob_created": {"namespace", "cronjob"},
}
"""Metrics of Prometheus, its client and kube-state-metrics, with the labels that are used of them."""
PARTS = ("_bucket", "_sum", "_count")

sys.path.insert(0, str(GRAFANA))
dashboards: ModuleType = __import__("dashboards")


def rules() -> Iterator[dict[str, Any]]:
    for file in sorted(RULES.glob("*.yml")):
        for group in yaml.safe_load(file.read_text())["groups"]:
            yield from group["rules"]


ALL_QUERIES = [*dashboards.queries(), *(rule["expr"] for rule in rules())]


def labels_of(metric: str) -> set[str]:
    """The labels that a metric's series have; of what does not exist none is known."""
    defined = everything()
    for name in (metric, *(metric.removesuffix(part) for part in PARTS if metric.endswith(part))):
        if name in defined:
            own = set(defined[name].labels) | {"job", "instance"}
            return own | {"le"} if defined[name].kind == "histogram" else own
    assert metric in FOREIGN, f"no service shows {metric}"
    return FOREIGN[metric]


@pytest.mark.parametrize("query", ALL_QUERIES)
def test_every_query_names_metrics_and_labels_that_exist(query: str) -> None:
    bare = re.sub(r'"[^"]*"', "", query)
    metrics = set(re.findall(r"\b(?:navaar_|process_|kube_)[a-z_]+\b|\bup\b", bare))
    assert metrics, "a query asks for something"
    known = set().union(*(labels_of(metric) for metric in metrics))
    for metric, selector in re.findall(r"\b([a-z_]+)\{([^}]*)\}", query):
        assert set(re.findall(r"([a-z_]+) *(?:=~|!~|!=|=)", selector)) <= labels_of(metric), query
    for grouped in re.findall(r"\b(?:by|on|group_left) *\(([^)]*)\)", query):
        assert {word.strip() for word in grouped.split(",") if word.strip()} <= known, query


def test_dashboards_are_those_that_the_code_makes() -> None:
    made = dashboards.made()
    assert {file.name: file.read_text() for file in (GRAFANA / "dashboards").glob("*.json")} == made, (
        "run deploy/generate.py"
    )


def test_dashboards_have_names_of_their_own_and_ask_the_chosen_source() -> None:
    every = [json.loads(content) for content in dashboards.made().values()]
    assert len({one["uid"] for one in every}) == len({one["title"] for one in every}) == len(every) == 5
    for one in every:
        assert [(v["name"], v["type"], v["query"]) for v in one["templating"]["list"]] == [
            ("datasource", "datasource", "prometheus")
        ]
        assert len({panel["id"] for panel in one["panels"]}) == len(one["panels"])
        for panel in one["panels"]:
            if panel["type"] == "row":
                continue
            assert panel["title"]
            assert panel["targets"]
            sources = [panel["datasource"], *(target["datasource"] for target in panel["targets"])]
            assert {source["uid"] for source in sources} == {"${datasource}"}


def test_panels_do_not_lie_on_each_other() -> None:
    for content in dashboards.made().values():
        taken: set[tuple[int, int]] = set()
        for panel in json.loads(content)["panels"]:
            at = panel["gridPos"]
            assert at["x"] + at["w"] <= 24
            cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
            assert not cells & taken, panel["title"]
            taken |= cells


def test_every_metric_is_on_a_dashboard() -> None:
    # What is only an aid to other figures, and what other panels show summed up.
    aids = {
        "navaar_cycle_interval_seconds",
        "navaar_last_sync_timestamp_seconds",
        "navaar_last_sync_duration_seconds",
        "navaar_last_sync_processed_tracks",
        "navaar_tracks_total",
        "navaar_tracks_synced_current",
        "navaar_tracks_duplicate",
    }
    shown = " ".join(dashboards.queries())
    assert {name for name in everything() if not re.search(rf"\b{name}(_bucket|_sum|_count)?\b", shown)} == aids


def test_every_alert_has_words_for_a_person_and_a_test() -> None:
    tests = RULE_TESTS.read_text()
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names)
    for rule in rules():
        assert rule["labels"]["severity"] in ("urgent", "soon", "to_know")
        assert set(rule["annotations"]) == {"summary", "description", "runbook_url"}
        assert rule["alert"] in tests, f"{rule['alert']} is never seen to fire"


def test_every_alert_leads_to_its_words_in_the_runbook() -> None:
    page = (ROOT / "docs" / "operations" / "alerts.md").read_text()
    told = re.findall(r"^### (Navaar\w+)$", page, re.MULTILINE)
    assert sorted(told) == sorted(rule["alert"] for rule in rules())
    for rule in rules():
        assert rule["annotations"]["runbook_url"].endswith(f"/docs/operations/alerts.md#{rule['alert'].lower()}")


def test_no_query_depends_on_the_name_that_a_prometheus_gives_its_jobs() -> None:
    # It follows from how pods are found: navaar, navaar/navaar, kubernetes-pods, ...
    for query in ALL_QUERIES:
        assert not re.search(r"\bjob *(=|!)", query) or "namespace=" in query, query


def test_compose_gives_grafana_and_prometheus_these_files() -> None:
    compose = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert "./deploy/grafana/dashboards:/etc/grafana/dashboards:ro" in compose["grafana"]["volumes"]
    assert "./deploy/prometheus:/etc/prometheus:ro" in compose["prometheus"]["volumes"]
    provider = yaml.safe_load((GRAFANA / "provisioning/dashboards/navaar.yaml").read_text())["providers"][0]
    assert provider["options"]["path"] == "/etc/grafana/dashboards"
    configured = yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text())
    assert configured["rule_files"] == ["rules/*.yml"]
