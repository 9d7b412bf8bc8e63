"""Runs one service in this process: what `navaar run <service>` and every container do."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping

from navaar_runtime import connection
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import Failure
from navaar_runtime.health_server import HealthServer
from navaar_runtime.logs import configure_logs, get_logger, traceback_of
from navaar_runtime.redaction import redact
from navaar_runtime.service import Service
from navaar_runtime.settings import (
    PREFIX,
    RuntimeSettings,
    SettingsError,
    load,
    process_environment,
    withhold_from_children,
)
from navaar_runtime.terminal import harmless
from navaar_runtime.unknown_variables import tell_unknown

log = get_logger(__name__)

Create = Callable[[Mapping[str, str]], Service]

LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0
"""A service that ran this long starts again without delay."""


def run(create: Create) -> None:
    """Run the service that `create` builds until SIGINT or SIGTERM; exits with 2 when the configuration is wrong."""
    withhold_from_children()
    environment = WhatIsRead(process_environment())
    try:
        runtime = load(RuntimeSettings, environment)
        configure_logs(runtime.log_level)
        create(environment)
        connection.servers(runtime)
        tell_unknown(environment, environment.read())
    except SettingsError as error:
        sys.stderr.write(f"{harmless(str(error), lines=True)}\n")
        raise SystemExit(2) from None
    try:
        asyncio.run(_main(create, environment.kept(), runtime))
    except Exception as error:  # noqa: BLE001 - an error of ours is told whole, but for what may not be shown
        sys.stderr.write(traceback_of(error))
        raise SystemExit(1) from None


class WhatIsRead(Mapping[str, str]):
    """An environment that knows which of its variables were read, so that a process keeps no others of ours.

    One machine's variables hold the secrets of all services; whoever takes over one of them finds its own.
    """

    def __init__(self, variables: Mapping[str, str]) -> None:
        self._variables = variables
        self._read: set[str] = set()

    def __getitem__(self, name: str) -> str:
        self._read.add(name)
        return self._variables[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._variables)

    def __len__(self) -> int:
        return len(self._variables)

    def read(self) -> frozenset[str]:
        """The names that somebody asked for."""
        return frozenset(self._read)

    def kept(self) -> dict[str, str]:
        """What was read, and what is not ours."""
        return {n: value for n, value in self._variables.items() if n in self._read or not n.startswith(PREFIX)}


async def _main(create: Create, environment: Mapping[str, str], runtime: RuntimeSettings) -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    supervisor = Supervisor(create, environment)
    host, port = runtime.health_host, runtime.health_port
    async with HealthServer(supervisor.report, host=host, port=port, details=supervisor.details):
        await supervisor.run(stop)


class Supervisor:
    """Keeps one service running: starts it anew with growing pauses when it fails.

    Args:
        create: builds the service from `environment`.
        before_again: what is done each time before it starts anew, for what the service itself may not do.
    """

    def __init__(
        self,
        create: Create,
        environment: Mapping[str, str],
        before_again: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self._create = create
        self._environment = environment
        self._before_again = before_again
        self._service: Service | None = None
        self.problem: str | None = "starting"
        self.restarts = 0

    async def run(self, stop: asyncio.Event) -> None:
        failures = 0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            begun = loop.time()
            try:
                if failures and self._before_again is not None:
                    await self._before_again()
                self._service = self._create(self._environment)
                self.problem = None
                await self._service.run(stop)
            except Exception as error:
                reason = error.reason if isinstance(error, Failure) else redact(f"{type(error).__name__}: {error}")
                self.problem = reason
                self.restarts += 1
                failures = 1 if loop.time() - begun > STEADY_S else failures + 1
                pause = pause_s(failures, first_s=1.0, longest_s=LONGEST_PAUSE_S)
                name = self._service.name if self._service else "?"
                log.error("service_failed", service=name, reason=reason, restart_in_s=pause, exc_info=error)
                await _wait(stop, pause)

    async def report(self) -> dict[str, str | None]:
        """Part -> what is wrong with it, or None."""
        if self.problem is not None or self._service is None:
            return {"service": self.problem or "starting"}
        return dict((await self._service.health()).parts)

    async def details(self) -> dict[str, str]:
        """Part -> what it is at present."""
        return {} if self.problem is not None or self._service is None else await self._service.details()


async def _wait(stop: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await stop.wait()
    except TimeoutError:
        return
