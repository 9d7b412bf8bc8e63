"""Fixtures that several kinds of tests share."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from hypothesis import settings

from tests.support import browser, forked, mongo_server, nats_cli, nginx, spread
from tests.support.forked import read_authorities_once
from tests.support.nats_server import NatsServer, NatsServers

# Without bytecode each of the many processes that the tests start would compile every library again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# Every worker imports everything there is, and what it imports stays: looking for rubbish in between costs a second.
gc.disable()

read_authorities_once()

# A busy machine makes one example slow and the next one fast. What must be fast is measured in the benchmarks.
settings.register_profile("navaar", deadline=None)
settings.load_profile("navaar")


@pytest.fixture(scope="session")
def nats_servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NatsServers]:
    servers = NatsServers(tmp_path_factory.mktemp("nats"))
    yield servers
    servers.end()


@pytest_asyncio.fixture
async def nats_server(nats_servers: NatsServers) -> NatsServer:
    """A server with nothing in it: the test's own account of one that several tests share."""
    return await nats_servers.lend()


@pytest.fixture
def nats_environment(nats_server: NatsServer, tmp_path: Path) -> dict[str, str]:
    """The variables that put a service on the test's own nats-server."""
    return {"NAVAAR_NATS_URL": nats_server.url, "NAVAAR_DATA_DIR": str(tmp_path / "data")}


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(spread.Clock())
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        forked.begin()  # For all workers, which inherit its address.
    config.addinivalue_line("markers", "ferretdb: needs the server that .ci/ferretdb builds")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    browser.leave_out(config, items)
    nats_cli.leave_out(config, items)
    nginx.leave_out(config, items)
    mongo_server.leave_out(config, items)
    spread.longest_first(items)


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> spread.LongestFirst:
    return spread.LongestFirst(config, log)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    browser.say_so(terminalreporter)
    nats_cli.say_so(terminalreporter)
    nginx.say_so(terminalreporter)
    mongo_server.say_so(terminalreporter)
