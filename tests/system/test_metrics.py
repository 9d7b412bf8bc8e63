"""What the whole running system shows at /metrics: each name, type and label of the list, and figures that are true."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from navaar_contracts.identifiers import Direction
from tests.support.exposition import RARE, families, samples, summed, text_at, value
from tests.support.metrics_page import REFERENCE, everything
from tests.support.whole_system import Navaar, eventually, navaar, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(900)

KNOWN_LINT = 'navaar_tracks_total non-counter metrics should not have "_total" suffix'
"""The first implementation called it so."""
ABOVE_ZERO = (
    "navaar_sync_cycles_total",
    "navaar_tracks_discovered_total",
    "navaar_tracks_synced_total",
    "navaar_tracks_synced_current",
    "navaar_last_sync_timestamp_seconds",
    "navaar_direction_healthy",
    "navaar_cycle_interval_seconds",
)
"""In every direction, after a song from each side."""


async def test_a_running_system_shows_every_metric_with_its_exact_labels_and_true_values(tmp_path: Path) -> None:
    async with platforms(tmp_path, "--tracks", "4") as world:
        environment = up_environment(world, tmp_path)
        running = Navaar(environment, tmp_path)
        await running.start()
        await running.until_ready()
        try:
            for number, side in enumerate(("telegram", "youtube", "spotify")):
                await world.person("add", number=number, side=side)
            await until_exactly(world, 3, running)
            text = await text_at(running.api)
            names_types_and_labels(text)
            figures_are_true(text)
            promtool_accepts(text)
            assert "figures_not_looked_up" not in running.log()
        finally:
            await running.stop()
        async with navaar(world, tmp_path, **{k: environment[k] for k in ("NAVAAR_API_PORT",)}) as again:
            await facts_survive_the_restart(again)


def names_types_and_labels(text: str) -> None:
    defined, shown = everything(), families(text)
    assert set(shown) <= set(defined)
    assert set(defined) - set(shown) <= RARE
    for name, family in shown.items():
        assert family.type == defined[name].kind, name
        for sample in family.samples:
            assert set(sample.labels) - {"le"} == set(defined[name].labels), sample
    for name, (kind, labels) in REFERENCE.items():
        assert (defined[name].kind, defined[name].labels) == (kind, labels)
        assert name in shown


def figures_are_true(text: str) -> None:
    found = samples(text)
    for name in ABOVE_ZERO:
        for direction in Direction:
            assert value(found, name, direction=direction) > 0, (name, direction)
    parts = ("pending", "failed", "synced_current", "duplicate", "in_review")
    assert summed(found, (f"navaar_tracks_{part}" for part in parts)) == value(found, "navaar_tracks_total") == 6
    assert summed(found, ["navaar_tracks_synced_total"]) == 6
    assert summed(found, ["navaar_sight_to_delivery_seconds_count"]) == 6
    assert summed(found, ["navaar_track_sync_duration_seconds_count"]) == 6
    assert value(found, "navaar_songs", link="main") == 3
    assert value(found, "navaar_success_rate_percent") == 100
    assert value(found, "navaar_up") == 1
    assert value(found, "navaar_uptime_seconds") > 0
    assert summed(found, ["navaar_identification_total"]) == 3
    assert value(found, "navaar_identification_total", method="yt_metadata") == 1
    assert value(found, "navaar_identification_total", method="sp_metadata") == 1
    for platform in ("yt", "sp"):
        assert value(found, f"navaar_{platform}_search_total", result="found") == 2
        assert value(found, f"navaar_{platform}_search_duration_seconds_count") >= 2
        assert value(found, "navaar_auth_errors_total", service=platform) == 0
    assert value(found, "navaar_tg_upload_total", result="success") == 2
    assert value(found, "navaar_yt_download_total", result="success") == 2
    assert value(found, "navaar_platform_requests_total", platform="telegram", operation="sendAudio", outcome="ok") == 2
    # What is ready together is added with one request.
    assert value(found, "navaar_platform_requests_total", platform="spotify", operation="add", outcome="ok") in (1, 2)
    assert value(found, "navaar_platform_requests_total", platform="youtube", operation="edit", outcome="ok") in (1, 2)
    for platform in ("telegram", "youtube", "spotify"):
        assert value(found, "navaar_looks_total", link="main", platform=platform, outcome="ok") > 0
        assert value(found, "navaar_last_look_timestamp_seconds", link="main", platform=platform) > 0
    budget = value(found, "navaar_platform_budget", platform="telegram", link="main")
    assert 0 <= value(found, "navaar_platform_budget_left", platform="telegram", link="main") <= budget
    assert value(found, "navaar_stream_messages", stream="NAVAAR_EVENTS") > 0
    assert value(found, "navaar_part_healthy", service="ledger", part="store") == 1
    assert all(
        value(found, "navaar_nats_round_trip_seconds", service=service) > 0 for service in ("ledger", "api", "telegram")
    )


def promtool_accepts(text: str) -> None:
    """Where promtool is; .ci/deployment brings it and asks it about every metric there is."""
    promtool = shutil.which("promtool")
    if promtool is not None:
        answer = subprocess.run([promtool, "check", "metrics"], input=text, capture_output=True, text=True, check=False)
        assert (answer.stdout + answer.stderr).split("\n") in ([""], [KNOWN_LINT], [KNOWN_LINT, ""])


async def facts_survive_the_restart(running: Navaar) -> None:
    """What the ledger keeps is shown at once; what only this process counted begins at zero."""

    async def known() -> bool:
        return "navaar_tracks_total" in families(await text_at(running.api))

    await eventually(known)
    found = samples(await text_at(running.api))
    assert value(found, "navaar_tracks_total") == 6
    assert summed(found, ["navaar_tracks_synced_current"]) == 6
    assert all(value(found, "navaar_last_sync_timestamp_seconds", direction=d) > 0 for d in Direction)
    assert summed(found, ["navaar_tracks_synced_total"]) == 0
