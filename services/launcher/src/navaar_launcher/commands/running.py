"""`navaar up` and `navaar run`."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from navaar_launcher.embedded_nats import NatsNotStarted
from navaar_launcher.registry import SERVICES, entry
from navaar_launcher.terminal import say
from navaar_launcher.up import own_signals, up
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import RuntimeSettings, SettingsError, load, process_environment


def register(app: typer.Typer) -> None:
    app.command("up")(run_everything)
    app.command("run")(run_one)
    app.command("settings")(settings_example)


def run_everything() -> None:
    """Run all of Navaar on this machine until Ctrl-C; the data stays in NAVAAR_DATA_DIR."""
    environment = process_environment()
    configure_logs(load(RuntimeSettings, environment).log_level)

    async def main() -> None:
        stop = asyncio.Event()
        own_signals(stop)
        await up(environment, stop)

    try:
        asyncio.run(main())
    except NatsNotStarted as error:
        raise SettingsError(str(error)) from None


def run_one(
    service: Annotated[str, typer.Argument(help=f"One of: {', '.join(e.name for e in SERVICES)}")],
) -> None:
    """Run one service in this process, on the NATS server of NAVAAR_NATS_URL: what the containers do."""
    found = entry(service)
    if found is None:
        names = ", ".join(e.name for e in SERVICES)
        raise typer.BadParameter(f"there is no service {service!r}; there are {names}", param_hint="SERVICE")
    found.run()


def settings_example() -> None:
    """Print every variable with its default and an explanation: the text of .env.example."""
    from navaar_launcher.settings_page import render

    say(render().removesuffix("\n"))
