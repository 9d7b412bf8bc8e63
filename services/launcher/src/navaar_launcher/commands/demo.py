"""`navaar demo`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.live import Live
from rich.table import Table
from rich.text import Text

from navaar_client.ledger_client import delivery_to
from navaar_contracts.identifiers import DeliveryState, Platform
from navaar_contracts.queries import TrackView
from navaar_launcher.demo import Collections, Demo, DemoOutcome, DemoProgress, Watch, play
from navaar_launcher.embedded_nats import NatsNotStarted
from navaar_launcher.terminal import console, display, row, say_json
from navaar_launcher.up import own_signals
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import SettingsError
from navaar_sandbox.profiles import Profile

_STYLES = {
    DeliveryState.SYNCED: "green",
    DeliveryState.DUPLICATE: "green",
    DeliveryState.FAILED: "red",
    DeliveryState.REVIEW: "yellow",
    DeliveryState.LEFT_OUT: "dim",
    DeliveryState.RETRY_SCHEDULED: "yellow",
}
_SHOWN = 30


def register(app: typer.Typer) -> None:
    app.command("demo")(demo)


def demo(
    tracks: Annotated[int, typer.Option(min=1, max=500, help="How many songs the person plays")] = 12,
    pace: Annotated[float, typer.Option(min=0, help="Seconds between two songs")] = 0.5,
    seed: Annotated[int, typer.Option(help="Another seed, other songs")] = 1,
    profile: Annotated[
        Profile | None, typer.Option(help="Pretend platforms that behave as the real ones are reported to")
    ] = None,
    exit_when_synced: Annotated[
        bool, typer.Option("--exit-when-synced", help="End once the three collections agree; else Ctrl-C ends it")
    ] = False,
    timeout: Annotated[float | None, typer.Option(min=1, help="Give up after so many seconds")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON on standard output")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep the demo's data in this folder")] = None,
    log_level: Annotated[str, typer.Option(help="DEBUG, INFO, WARNING or ERROR")] = "WARNING",
) -> None:
    """See Navaar work without any account: three pretend platforms on this machine and a person who uses them.

    Exits with 0 when all three collections hold every song exactly once, else with 1.
    """
    configure_logs(log_level.upper(), json=True if as_json else None)
    screen = console(errors=True)
    deadline = timeout if timeout is not None else 120 + 10 * tracks
    with Live(console=screen, refresh_per_second=4, transient=False) as live:

        async def show(progress: DemoProgress) -> None:
            if screen.is_terminal:
                _show_link(live.console, progress)
                live.update(journey(progress, tracks))

        outcome = _run(Demo(tracks, pace, seed, keep, deadline, goes_on=not exit_when_synced, profile=profile), show)
    if as_json:
        say_json({"seconds": outcome.seconds, "collections": outcome.collections})
    else:
        display(comparison(outcome.collections))
    raise typer.Exit(0 if outcome.synced else 1)


def _show_link(console: Console, progress: DemoProgress) -> None:
    """Once, above the table; in one line, so that a terminal makes it something to click on."""
    if progress.dashboard:
        console.print(f"Dashboard: {progress.dashboard}", soft_wrap=True, markup=False, highlight=False)
        progress.dashboard = ""


def _run(what: Demo, show: Watch) -> DemoOutcome:
    async def main() -> DemoOutcome:
        stop = asyncio.Event()
        own_signals(stop)
        return await play(what, show, stop)

    try:
        return asyncio.run(main())
    except NatsNotStarted as error:
        raise SettingsError(str(error)) from None


def journey(progress: DemoProgress, tracks: int) -> Table:
    """The tracks and where each stands; at most the last thirty."""
    table = Table(
        title=f"{progress.played} of {tracks} songs played, {progress.seconds:.0f} s",
        title_justify="left",
    )
    for heading in ("#", "Recording", *(platform.label for platform in Platform)):
        table.add_column(heading, overflow="ellipsis", no_wrap=True)
    for track in progress.tracks[-_SHOWN:]:
        cells = [_cell(track, platform) for platform in Platform]
        row(table, str(track.id), Text(track.display or track.title or "…", overflow="ellipsis"), *cells)
    return table


def _cell(track: TrackView, platform: Platform) -> Text:
    if track.origin == platform:
        return Text("● here first", style="cyan")
    delivery = delivery_to(track, platform)
    if delivery is None:
        return Text(
            "✓ here too" if platform in track.items else "…", style="green" if platform in track.items else "dim"
        )
    mark = "✓ " if delivery.state.is_done else ""
    return Text(f"{mark}{delivery.state.value.replace('_', ' ')}", style=_STYLES.get(delivery.state, "dim"))


def comparison(collections: Collections) -> Table:
    """The three collections as the sandbox found them."""
    table = Table("Collection", "Present", "Missing", "Duplicates", "Wrong", title="Compared by the sandbox")
    for name, counts in collections.items():
        row(table, name, *(str(counts[key]) for key in ("present", "missing", "duplicates", "wrong")))
    return table
