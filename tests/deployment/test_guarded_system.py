"""Six ways through services that are processes of their own, each with its own restricted NATS user."""

from __future__ import annotations

import contextlib
from pathlib import Path

import pytest

from navaar_contracts.streams import EVENTS
from navaar_runtime.declare import Topology
from tests.deployment.guarded_nats import guarded_nats
from tests.deployment.nats_cluster import SERVERS, cluster
from tests.deployment.restricted import USERS, processes, refused
from tests.support.exposition import RARE, families, text_at
from tests.support.metrics_page import everything
from tests.support.mongo_server import environment as mongo_environment
from tests.support.mongo_server import running_mongo
from tests.support.otlp_receiver import Received, collector
from tests.support.whole_system import Navaar, eventually, platforms, until_exactly, up_environment

pytestmark = pytest.mark.timeout(900)


async def test_restricted_services_sync_six_ways_and_are_never_refused(tmp_path: Path) -> None:
    async with (
        platforms(tmp_path, "--tracks", "6") as world,
        guarded_nats(tmp_path / "nats") as server,
        contextlib.AsyncExitStack() as stack,
    ):
        traces = stack.enter_context(collector())
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=server.url, NAVAAR_NATS_DECLARE="false")
        environment |= {"OTEL_EXPORTER_OTLP_ENDPOINT": traces.endpoint, "OTEL_BSP_SCHEDULE_DELAY": "300"}
        running = await stack.enter_async_context(processes(tmp_path, environment, server.seed))
        try:
            await running["api"].until_ready()
            await world.person("play", count=6)
            await until_exactly(world, 6, running["ledger"])
            await each_process_shows_its_own_figures(running)
            trace = (await running["api"].track(1))["trace_id"]
            await eventually(lambda: is_whole(traces, trace))
        finally:
            # Said first: a refusal is the likeliest reason for whatever else went wrong.
            assert refused(tmp_path / "nats" / "nats.log") == set()


async def test_a_cluster_syncs_six_ways_and_goes_on_when_a_server_and_a_ledger_die(tmp_path: Path) -> None:
    """As the cluster overlay sets it up: three servers, MongoDB, and two of what may run twice."""
    twice = ("ledger", "identifier", "downloader", "api")
    topology = Topology(replicas=SERVERS, service_replicas=4)
    async with (
        platforms(tmp_path, "--tracks", "6") as world,
        cluster(tmp_path / "nats", topology) as servers,
        contextlib.AsyncExitStack() as stack,
    ):
        store = stack.enter_context(running_mongo())
        environment = up_environment(world, tmp_path, NAVAAR_NATS_URL=servers.url, NAVAAR_NATS_DECLARE="false")
        environment |= mongo_environment(store, "navaar_cluster")
        environment |= {"NAVAAR_NATS_REPLICAS": "3", "NAVAAR_SERVICE_REPLICAS": "4"}
        running = await stack.enter_async_context(processes(tmp_path, environment, servers.seed, twice))
        try:
            await running["api"].until_ready()
            await world.person("play", count=3)
            await until_exactly(world, 3, running["ledger-2"])
            await world.person("play", count=3, first=3)
            await servers.kill_leader(EVENTS.name)
            await running["ledger"].kill_group()
            await until_exactly(world, 6, running["ledger-2"])
        finally:
            assert refused(*servers.logs()) == set()


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
