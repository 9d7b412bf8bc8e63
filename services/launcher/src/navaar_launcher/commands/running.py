"""`navaar up`, `navaar dashboard` and `navaar run`."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Annotated

import typer

from navaar_launcher.embedded_nats import NatsNotStarted
from navaar_launcher.registry import SERVICES, entry
from navaar_launcher.terminal import complain, console, say
from navaar_launcher.up import own_signals, up
from navaar_runtime.logs import configure_logs, get_logger
from navaar_runtime.settings import RuntimeSettings, SettingsError, load, process_environment

log = get_logger(__name__)


def register(app: typer.Typer) -> None:
    app.command("up")(run_everything)
    app.command("dashboard")(show_dashboard)
    app.command("run")(run_one)
    app.command("settings")(settings_example)


def run_everything() -> None:
    """Run all of Navaar on this machine until Ctrl-C; the data stays in NAVAAR_DATA_DIR."""
    environment = process_environment()
    configure_logs(load(RuntimeSettings, environment).log_level)

    async def main() -> None:
        stop, started = asyncio.Event(), asyncio.Event()
        own_signals(stop)
        telling = asyncio.create_task(_tell(environment, started))
        try:
            await up(environment, stop, started=started)
        finally:
            telling.cancel()

    try:
        asyncio.run(main())
    except NatsNotStarted as error:
        raise SettingsError(str(error)) from None


async def _tell(environment: Mapping[str, str], started: asyncio.Event) -> None:
    """Where the dashboard is: to a person at a terminal with a link that signs in, which no log must hold."""
    from navaar_api import dashboard_links

    await started.wait()
    log.info("dashboard", address=dashboard_links.address(environment))
    if console(errors=True).is_terminal:
        complain(f"The dashboard, signed in (once, within the hour): {dashboard_links.link(environment)}")


def show_dashboard() -> None:
    """Print a link that signs your browser in to the dashboard: it works once, within the hour."""
    from navaar_api import dashboard_links

    # Standard output is for the link alone.
    configure_logs("ERROR")
    say(dashboard_links.link(process_environment()))


def run_one(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(e.name for e in SERVICES)}")],
) -> None:
    """Run one service in this process, on the NATS server of NAVAAR_NATS_URL: what the containers do."""
    found = entry(service)
    if found is None:
        names = ", ".join(e.name for e in SERVICES)
        raise typer.BadParameter(f"there is no service {service!r}; there are {names}", param_hint="SERVICE")
    found.run()


def settings_example(
    names: Annotated[bool, typer.Option("--names", help="Print the names alone, as every service knows them")] = False,
) -> None:
    """Print every variable with its default and an explanation: the text of .env.example."""
    from navaar_launcher.settings_page import render, render_names

    say((render_names() if names else render()).removesuffix("\n"))
