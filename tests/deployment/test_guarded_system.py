"""Every service as its own process with its own NATS user, none of which may declare anything."""

from __future__ import annotations

import contextlib
import re
from pathlib import Path

import pytest

from tests.deployment.guarded_nats import guarded_nats
from tests.support.exposition import RARE, families, text_at
from tests.support.metrics_page import everything
from tests.support.otlp_receiver import Received, collector
from tests.support.whole_system import Navaar, eventually, free_port, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(240)

USERS = {
    "api": "api",
    "ledger": "ledger",
    "identifier": "identifier",
    "downloader": "downloader",
    "telegram-gateway": "telegram",
    "ytmusic-gateway": "youtube",
    "spotify-gateway": "spotify",
}


async def test_restricted_services_sync_six_ways_and_are_never_refused(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "6") as world,
        guarded_nats(tmp_path / "nats") as server,
        contextlib.AsyncExitStack() as stack,
    ):
        traces = stack.enter_context(collector())
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=server.url, NAVAAR_NATS_DECLARE="false")
        environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": traces.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "300"}
        running: dict[str, Navaar] = {}
        for name, user in USERS.items():
            variables = {
                **environment,
                "NAVAAR_HEALTH_PORT": str(free_port()),
                "NAVAAR_NATS_NKEY_SEED_FILE": str(server.seed(user)),
            }
            running[name] = Navaar(variables, tmp_path / name, "run", name)
            await running[name].start()
            stack.push_async_callback(running[name].stop)
        try:
            await running["api"].until_ready()
            await world.person("play", count=6)
            await until_exactly(world, 6, running["ledger"], deadline_s=120)
            await each_process_shows_its_own_figures(running)
            trace = (await running["api"].track(1))["trace_id"]
            await eventually(lambda: is_whole(traces, trace), 60)
        finally:
            # Said first: a refusal is the likeliest reason for whatever else went wrong.
            assert refused(tmp_path / "nats" / "nats.log") == set()


async def each_process_shows_its_own_figures(running: dict[str, Navaar]) -> None:
    """Each at its health port; together they show every metric there is."""
    shown: set[str] = set()
    for name, user in USERS.items():
        text = await text_at(f"http://127.0.0.1:{running[name].environment['NAVAAR_HEALTH_PORT']}")
        assert "figures_not_looked_up" not in running[name].log()
        services = families(text)["navaar_service_up"].samples
        assert [(sample.labels["service"], sample.value) for sample in services] == [(user, 1)]
        shown |= set(families(text))
    assert set(everything()) - shown <= RARE


async def is_whole(traces: Received, trace: str) -> bool:
    """Whether a track's trace has spans of every process that works on tracks, each below another of the trace."""
    spans = traces.trace(trace)
    ids = {span.id for span in spans}
    services = {span.service for span in spans}
    actors = {f"navaar-{user}" for user in USERS.values() if user != "api"}
    return services == actors and all(span.parent in ids for span in spans if span.parent)


def refused(log: Path) -> set[tuple[str, str]]:
    """(client, what it may not) for everything the server has forbidden."""
    pattern = r'python3:(navaar-[a-z]+)" .* - ((?:Publish|Subscription) Violation - .*)'
    return set(re.findall(pattern, log.read_text()))
