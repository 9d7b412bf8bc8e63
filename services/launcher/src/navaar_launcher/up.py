"""`navaar up`: all services in one process, with an embedded NATS server unless NAVAAR_NATS_URL names another."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from navaar_contracts.permissions import OPERATOR
from navaar_launcher.connection import address_file, signing_in
from navaar_launcher.data_folder import DataFolder
from navaar_launcher.embedded_nats import EmbeddedNats
from navaar_launcher.registry import SERVICES, ServiceEntry
from navaar_launcher.settings import LauncherSettings
from navaar_launcher.settings_page import variable_names
from navaar_runtime.connection import connect
from navaar_runtime.declare import Topology, declare
from navaar_runtime.failures import Transient
from navaar_runtime.logs import get_logger
from navaar_runtime.private_files import write_private
from navaar_runtime.run import Supervisor
from navaar_runtime.settings import RuntimeSettings, load
from navaar_runtime.unknown_variables import tell_unknown

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class NatsServer:
    """Where the services' server is, and how each signs in."""

    url: str
    keys: Path | None = None
    """The seeds of the embedded server's users; None: another server, and the configuration says how."""

    def variables(self, user: str) -> dict[str, str]:
        """The settings with which `user` connects."""
        return {"NAVAAR_NATS_URL": self.url} | ({} if self.keys is None else signing_in(self.keys, user))

    @property
    def services_declare(self) -> bool:
        """Whether the services declare what they need: the embedded server lets its operator alone do so."""
        return self.keys is None


async def up(
    environment: Mapping[str, str],
    stop: asyncio.Event,
    *,
    started: asyncio.Event | None = None,
    services: Sequence[ServiceEntry] = SERVICES,
) -> None:
    """Run `services` until `stop` is set; one that fails is started again while the others run on.

    Raises:
        SettingsError: the configuration is wrong, or another launcher holds the data folder.
        NatsNotStarted: the embedded server does not come up.
    """
    runtime = load(RuntimeSettings, environment)
    with DataFolder(runtime.data_dir) as folder:
        variables = {**environment, "NAVAAR_DATA_DIR": str(folder.path)}
        # Every configuration error is found before anything starts.
        for service in services:
            service.create(variables)
        tell_unknown(environment, variable_names())
        async with _nats(variables, stop) as server:
            await _declare({**variables, **server.variables(OPERATOR)})
            supervisors = [_supervisor(service, variables, server) for service in services]
            tasks = [asyncio.create_task(supervisor.run(stop)) for supervisor in supervisors]
            if started is not None:
                started.set()
            await asyncio.gather(*tasks)
    log.info("stopped")


def own_signals(stop: asyncio.Event) -> None:
    """Let SIGINT and SIGTERM set `stop`: the process's one owner of signals."""
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)


def _supervisor(service: ServiceEntry, variables: Mapping[str, str], server: NatsServer) -> Supervisor:
    own = {**variables, **server.variables(service.subject_name)}
    if server.services_declare:
        return Supervisor(service.create, own)
    # What it misses, a consumer that somebody deleted, it may not make itself.
    again = partial(_declare, {**variables, **server.variables(OPERATOR)})
    return Supervisor(service.create, {**own, "NAVAAR_NATS_DECLARE": "false"}, before_again=again)


@contextlib.asynccontextmanager
async def nats_alone(environment: Mapping[str, str]) -> AsyncIterator[dict[str, str]]:
    """The streams without any service, for who looks after them; yields the variables to connect with.

    Raises:
        SettingsError: a launcher holds the data folder.
        NatsNotStarted: the embedded server does not come up.
    """
    runtime = load(RuntimeSettings, environment)
    with DataFolder(runtime.data_dir) as folder:
        variables = {**environment, "NAVAAR_DATA_DIR": str(folder.path)}
        async with _nats(variables, asyncio.Event()) as server:
            variables |= server.variables(OPERATOR)
            await _declare(variables)
            yield variables


@contextlib.asynccontextmanager
async def _nats(variables: Mapping[str, str], stop: asyncio.Event) -> AsyncIterator[NatsServer]:
    runtime = load(RuntimeSettings, variables)
    if runtime.nats_url:
        yield NatsServer(runtime.nats_url)
        return
    settings = load(LauncherSettings, variables)
    server = EmbeddedNats(runtime.data_dir / "nats", port=settings.nats_port, sync_always=settings.nats_sync_always)
    url = await server.start()
    write_private(address_file(runtime.data_dir), url)
    minder = asyncio.create_task(_mind(server, stop))
    try:
        yield NatsServer(url, server.keys)
    finally:
        minder.cancel()
        try:
            with contextlib.suppress(asyncio.CancelledError):
                await minder
        finally:
            await server.stop()
            address_file(runtime.data_dir).unlink(missing_ok=True)


async def _mind(server: EmbeddedNats, stop: asyncio.Event) -> None:
    """Start the server again, on the same port, when it ends by itself or could not write any more.

    Clients reconnect by themselves.
    """
    while not stop.is_set():
        log.error("nats_ended", reason=await server.failed())
        await asyncio.sleep(1)
        try:
            await server.start_again()
        except BaseException:
            # Without it nothing goes on, and whoever answers at its address is another program.
            stop.set()
            raise


async def _declare(variables: Mapping[str, str]) -> None:
    """Once, before seven services do it at the same time."""
    runtime = load(RuntimeSettings, variables)
    if not runtime.nats_declare:
        return
    try:
        client = await connect(runtime, "launcher")
    except Transient as error:
        # Services keep trying by themselves; a home server's NATS may come up later than we do.
        log.warning("nats_not_there_yet", reason=error.reason)
        return
    try:
        await declare(client, Topology.of(runtime))
    finally:
        await client.close()
