"""`navaar rebuild`: the ledger rebuilt from the history, and compared with the present one."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from nats.aio.client import Client
from rich.progress import Progress
from rich.table import Table

from navaar_launcher.commands.requests import JsonOption, answered
from navaar_launcher.connection import Unanswered, connected
from navaar_launcher.terminal import console, display, row, say, say_json
from navaar_ledger.__main__ import policy_from
from navaar_ledger.rebuild.comparison import Comparison, compare
from navaar_ledger.rebuild.rebuild import Position, Replayed, position, present, rebuild
from navaar_ledger.settings import LedgerSettings
from navaar_ledger.store.port import Store
from navaar_ledger.store.sqlite.store import FILE, SqliteStore
from navaar_runtime.failures import Failure
from navaar_runtime.settings import RuntimeSettings, SettingsError, load, process_environment

PATIENCE_S = 15.0
LOOK_EVERY_S = 0.5
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class RebuildOutcome:
    position: Position
    went: Replayed
    comparison: Comparison | None


def register(app: typer.Typer) -> None:
    app.command("rebuild")(rebuild_ledger)


def rebuild_ledger(
    check: Annotated[bool, typer.Option("--check", help="Compare it with the present ledger")] = False,
    into: Annotated[
        Path | None, typer.Option(help=f"Keep it: a folder in which {FILE} is made; it must not be there yet")
    ] = None,
    into_mongodb: Annotated[
        str | None, typer.Option(help="Keep it: a database of NAVAAR_MONGODB_URL, which must hold no ledger yet")
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Rebuild the ledger from NAVAAR_EVENTS, beside the present one, which stays as it is.

    With --check, tells what differs in tracks, claims and deliveries, and exits with 1 when something does.
    """
    if not check and into is None and into_mongodb is None:
        raise typer.BadParameter("say --check, --into FOLDER or --into-mongodb DATABASE", param_hint="--check")
    if into is not None and into_mongodb is not None:
        raise typer.BadParameter("one place at a time", param_hint="--into")
    if into is not None and (into / FILE).exists():
        raise typer.BadParameter(f"{into / FILE} is there already", param_hint="--into")
    outcome = answered(_made(process_environment(), into, into_mongodb, check=check))
    if as_json:
        say_json(_plain(outcome))
    else:
        made = str(into / FILE) if into is not None else f"database {into_mongodb}" if into_mongodb else None
        _print(outcome, made)
    if outcome.comparison is not None and outcome.comparison.differences:
        raise typer.Exit(1)


async def _made(
    environment: Mapping[str, str], into: Path | None, database: str | None, *, check: bool
) -> RebuildOutcome:
    settings, runtime = load(LedgerSettings, environment), load(RuntimeSettings, environment)
    rules = policy_from(environment, settings)
    try:
        async with connected(environment) as client:
            with tempfile.TemporaryDirectory(prefix="navaar-rebuild-") as passing:
                folder = into or Path(passing)
                where = await _still(client)
                ledger = await present(settings, runtime.data_dir) if check else None
                with Progress(console=console(errors=True), transient=True) as progress:
                    bar = progress.add_task("going through the history", total=where.read)
                    store = _store(settings, database, folder)
                    went = await rebuild(
                        client, rules, store, where.read, lambda at: progress.update(bar, completed=at)
                    )
                begins_at = None if where.first <= 1 else where.begins_at
                comparison = None
                if ledger is not None:
                    comparison = compare(ledger, await present(_of(settings, database), folder), begins_at)
    except Failure as failure:
        raise Unanswered(failure.reason) from None
    return RebuildOutcome(where, went, comparison)


def _of(settings: LedgerSettings, database: str | None) -> LedgerSettings:
    """The settings of the ledger that is made: in that database, else in a file."""
    where = {"mongodb_url": None} if database is None else {"mongodb_database": database}
    return settings.model_copy(update=where)


def _store(settings: LedgerSettings, database: str | None, folder: Path) -> Store:
    if database is None:
        # Not safe against a power cut, which would only mean to begin again.
        return SqliteStore(folder, durable=False)
    if settings.mongodb_url is None:
        raise SettingsError("NAVAAR_MONGODB_URL: is required for --into-mongodb")
    from navaar_ledger.store.mongo import MongoStore

    return MongoStore(_of(settings, database))


async def _still(client: Client) -> Position:
    """Where the ledger stands once it has nothing in its hands, or after some patience."""
    loop = asyncio.get_running_loop()
    until = loop.time() + PATIENCE_S
    while True:
        where = await position(client)
        if where.is_still or loop.time() > until:
            return where
        await asyncio.sleep(LOOK_EVERY_S)


def _plain(outcome: RebuildOutcome) -> dict[str, object]:
    where, comparison = outcome.position, outcome.comparison
    found: dict[str, object] = {
        "events": outcome.went.events,
        "unreadable": outcome.went.unreadable,
        "from_sequence": where.first,
        "to_sequence": where.read,
        "whole": where.is_whole,
        "still": where.is_still,
    }
    if comparison is not None:
        found |= asdict(comparison)
    return found


def _print(outcome: RebuildOutcome, made: str | None) -> None:
    where, comparison = outcome.position, outcome.comparison
    say(f"{outcome.went.events} events, up to sequence {where.read}")
    for note in _notes(outcome):
        say(f"note: {note}")
    if made is not None:
        say(f"made {made}")
    if comparison is None:
        return
    seen = f"{comparison.tracks} tracks, {comparison.deliveries} deliveries, {comparison.claims} claims"
    if not comparison.differences:
        say(f"no difference: {seen}")
        return
    table = Table("Track", "Name", "What", "In the ledger", "From the history")
    for each in comparison.differences[:MOST_SHOWN]:
        row(table, f"#{each.number}", each.name, each.what, each.ledger, each.rebuilt)
    display(table)
    more = len(comparison.differences) - MOST_SHOWN
    if more > 0:
        say(f"and {more} more: navaar rebuild --check --json shows all")
    say(f"{len(comparison.differences)} differences in {seen}")


def _notes(outcome: RebuildOutcome) -> list[str]:
    where, comparison = outcome.position, outcome.comparison
    notes = []
    if where.first > 1 and where.begins_at is not None:
        notes.append(
            f"the history begins at sequence {where.first}, {where.begins_at:%Y-%m-%d %H:%M} UTC; what was before is "
            "no longer in the stream (NAVAAR_EVENTS_MAX_AGE_DAYS, NAVAAR_EVENTS_MAX_BYTES)"
        )
    if comparison is not None and comparison.too_old:
        notes.append(f"{comparison.too_old} tracks are older than the history and were not compared")
    if where.gaps:
        notes.append(f"{where.gaps} messages were deleted from the middle of the stream")
    if outcome.went.unreadable:
        notes.append(f"{outcome.went.unreadable} events could not be read and were passed over")
    if not where.is_still:
        notes.append("Navaar is at work; what differs may be of the moment. Try again when it rests")
    return notes
