"""What every `navaar import` does: which link it is for, and the ledger that takes over what was read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import typer
from rich.console import Console
from rich.progress import Progress

from navaar_contracts.events import TrackImported
from navaar_contracts.links import Link
from navaar_launcher.commands.requests import answered
from navaar_launcher.embedded_nats import NatsNotStarted
from navaar_launcher.legacy.sending import send, somewhere
from navaar_runtime.settings import SettingsError, load_links


def link_named(environment: Mapping[str, str], name: str | None) -> Link:
    """The link of that name; the only one where none is named. Raises BadParameter, SettingsError."""
    links = {each.name: each for each in load_links(environment)}
    if name is None and len(links) == 1:
        return next(iter(links.values()))
    if name not in links:
        raise typer.BadParameter(f"name one of {', '.join(links)}", param_hint="--link")
    return links[name]


def taken_over(out: Console, environment: Mapping[str, str], events: Sequence[TrackImported]) -> list[TrackImported]:
    """Hand the events to the ledger and wait for it, with a progress bar; those that it did not take over.

    Raises:
        Exit: Navaar does not answer; the reason was told.
        SettingsError: this Navaar cannot be started.
    """

    async def give() -> list[TrackImported]:
        with Progress(console=out, transient=True) as bar:
            task = bar.add_task("Taking over", total=len(events))
            async with somewhere(environment) as client:
                return await send(client, events, lambda taken: bar.update(task, completed=taken))

    try:
        return answered(give())
    except NatsNotStarted as error:
        raise SettingsError(str(error)) from None
