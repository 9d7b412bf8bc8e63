"""Runs one service in this process: what `navaar run <service>` and every container do."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Mapping

from navaar_runtime import connection
from navaar_runtime.backoff import pause_s
from navaar_runtime.failures import Failure
from navaar_runtime.health_server import HealthServer
from navaar_runtime.logs import configure_logs, get_logger
from navaar_runtime.redaction import redact
from navaar_runtime.service import Service
from navaar_runtime.settings import RuntimeSettings, SettingsError, load, process_environment

log = get_logger(__name__)

Create = Callable[[Mapping[str, str]], Service]

LONGEST_PAUSE_S = 60.0
STEADY_S = 60.0
"""A service that ran this long starts again without delay."""


def run(create: Create) -> None:
    """Run the service that `create` builds until SIGINT or SIGTERM; exits with 2 when the configuration is wrong."""
    environment = process_environment()
    try:
        runtime = load(RuntimeSettings, environment)
        configure_logs(runtime.log_level)
        create(environment)
        connection.servers(runtime)
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None
    asyncio.run(_main(create, environment, runtime))


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
    """Keeps one service running: starts it anew with growing pauses when it fails."""

    def __init__(self, create: Create, environment: Mapping[str, str]) -> None:
        self._create = create
        self._environment = environment
        self._service: Service | None = None
        self.problem: str | None = "starting"
        self.restarts = 0

    async def run(self, stop: asyncio.Event) -> None:
        failures = 0
        loop = asyncio.get_running_loop()
        while not stop.is_set():
            begun = loop.time()
            try:
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
