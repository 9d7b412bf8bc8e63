"""`navaar import legacy`: take over what the first implementation knew."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from dotenv import dotenv_values
from rich.console import Console
from rich.table import Table

from navaar_contracts.events import TrackImported
from navaar_contracts.identifiers import Direction
from navaar_launcher.legacy.legacy_file import Unreadable, read
from navaar_launcher.legacy.rows import Left
from navaar_launcher.legacy.settings import advise
from navaar_launcher.legacy.translation import Translation, translate
from navaar_launcher.taking_over import link_named, taken_over
from navaar_launcher.terminal import complain, console, row, say_json
from navaar_runtime.logs import configure_logs
from navaar_runtime.private_files import write_private
from navaar_runtime.redaction import redact
from navaar_runtime.settings import process_environment
from navaar_runtime.terminal import harmless

app = typer.Typer(help="Take over from another program.", no_args_is_help=True)

LEFT_FILE = "navaar-import-left.jsonl"


@app.callback()
def group() -> None:
    """Take over from another program."""


@app.command("legacy")
def legacy(
    file: Annotated[Path, typer.Argument(help="The first implementation's database, navaar.db")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be taken over")] = False,
    link: Annotated[str | None, typer.Option(help="Into which link, where there are several")] = None,
    env: Annotated[
        Path | None, typer.Option(help="The first implementation's .env: say what becomes of its variables")
    ] = None,
    left: Annotated[Path, typer.Option(help="Where to write the rows that are not taken over")] = Path(LEFT_FILE),
    complete: Annotated[
        bool, typer.Option("--complete", help="Also sync what it never tried, e.g. to a playlist that is new")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON on standard output")] = False,
) -> None:
    """Take over tracks, ids, states and dates from the first implementation; doing it twice changes nothing.

    Stop the first implementation before. Exits with 1 where something could not be taken over.
    """
    environment = process_environment()
    chosen = link_named(environment, link)
    try:
        found = translate(read(file), chosen, datetime.now(UTC), complete=complete)
    except Unreadable as error:
        complain(str(error))
        raise typer.Exit(1) from None
    out = console(errors=as_json)
    _show(out, found)
    if found.left:
        _export(left, found.left)
        _show_left(out, found.left, left)
    if env is not None:
        _show_settings(out, env, environment)
    missing: list[TrackImported] = []
    if not dry_run:
        configure_logs("WARNING")
        missing = taken_over(out, environment, found.events)
    if as_json:
        say_json(_summary(found, missing, dry_run=dry_run))
    elif dry_run:
        out.print("Nothing was taken over: this was a dry run.")
    elif not missing:
        out.print(f"{len(found.events)} items are taken over. Next: navaar doctor, then navaar up")
    for event in missing:
        complain(f"the ledger did not take over {event.platform} {event.external_id} ({event.source})")
    raise typer.Exit(1 if missing else 0)


def _show(out: Console, found: Translation) -> None:
    table = Table("Direction", "synced", "duplicate", "failed", "to go on with", title="What is taken over")
    counts: Counter[tuple[Direction, str]] = Counter()
    for event in found.events:
        for told in event.deliveries:
            counts[Direction.between(told.origin, told.target), told.state.value] += 1
    for direction in Direction:
        cells = [counts[direction, state] for state in ("synced", "duplicate", "failed", "pending")]
        if any(cells):
            row(table, direction.value, *(str(cell) for cell in cells))
    out.print(table)
    seen = sum(not event.deliveries for event in found.events)
    out.print(
        f"{len(found.events) - seen} items from {found.rows} rows, with {found.lines} lines of the log; "
        f"{seen} more that were only seen in a playlist."
    )


def _show_left(out: Console, left: Sequence[Left], file: Path) -> None:
    table = Table("Row", "Why it is not taken over", "What it says", title="Not understood")
    lost = [each for each in left if each.needed]
    for each in lost:
        said = {name: value for name, value in each.row.items() if value is not None and name != "id"}
        text = redact(json.dumps(said, ensure_ascii=False, default=str))
        row(table, each.name, each.why, text)
    if lost:
        out.print(table)
    more = len(left) - len(lost)
    summary = f"{len(lost)} rows are not understood, {more} are not needed any more; all of them are in {file}."
    out.print(harmless(summary), soft_wrap=True)


def _export(file: Path, left: Sequence[Left]) -> None:
    lines = [
        json.dumps(
            {"table": each.table, "why": each.why, "needed": each.needed, "row": dict(each.row)},
            ensure_ascii=False,
            default=str,
        )
        for each in left
    ]
    write_private(file, "".join(f"{line}\n" for line in lines))


def _show_settings(out: Console, env: Path, environment: Mapping[str, str]) -> None:
    if not env.is_file():
        raise typer.BadParameter(f"there is no file {env}", param_hint="--env")
    old = {name: value or "" for name, value in dotenv_values(env).items()}
    table = Table("Variable", "Value", "What becomes of it", title=harmless(f"Variables of {env.name}"))
    for advice in advise(old, environment):
        row(table, advice.variable, advice.value, advice.what)
    out.print(table)


def _summary(found: Translation, missing: Sequence[TrackImported], *, dry_run: bool) -> dict[str, Any]:
    states = Counter(told.state.value for event in found.events for told in event.deliveries)
    return {
        "items": len(found.events),
        "rows": found.rows,
        "lines": found.lines,
        "deliveries": dict(states),
        "not_understood": sum(each.needed for each in found.left),
        "not_needed": sum(not each.needed for each in found.left),
        "not_taken_over": len(missing),
        "dry_run": dry_run,
    }
