"""`navaar import <export>`: a command for each platform whose exports can be read, by the platform's own reader."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from navaar_contracts.events import TrackImported
from navaar_contracts.links import Link
from navaar_launcher.commands.requests import answered
from navaar_launcher.connection import Unanswered, client_over, connected
from navaar_launcher.exports import events_of, is_nameless, name_of, with_tags
from navaar_launcher.legacy.sending import not_known
from navaar_launcher.taking_over import link_named, taken_over
from navaar_launcher.terminal import complain, console, row, say_json
from navaar_runtime.exports import GROUP, Exported, ExportedItem, ExportReader, NotRead
from navaar_runtime.first_sync import plans
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import process_environment
from navaar_runtime.terminal import harmless

MOST_SHOWN = 20


def register_all(app: typer.Typer) -> None:
    """Add every reader's command; their libraries are imported now, so only where it is asked for."""
    for point in sorted(entry_points(group=GROUP), key=lambda each: each.name):
        reader: ExportReader = point.load()
        app.command(point.name, help=reader.about)(_command(reader))


def _command(reader: ExportReader) -> Callable[..., None]:
    def take_over_export(
        file: Annotated[Path, typer.Argument(help="The export's file, or its folder")],
        media: Annotated[bool, typer.Option("--media", help="Read tags from the audio files of the export")] = False,
        dry_run: Annotated[bool, typer.Option("--dry-run", help="Only show what would be taken over")] = False,
        remember_only: Annotated[
            bool, typer.Option("--remember-only", help="Only know that the songs are there; sync none of them")
        ] = False,
        link: Annotated[str | None, typer.Option(help="Into which link, where there are several")] = None,
        as_json: Annotated[bool, typer.Option("--json", help="Print a summary as JSON on standard output")] = False,
    ) -> None:
        environment = process_environment()
        configure_logs("WARNING")
        chosen = link_named(environment, link)
        out = console(errors=as_json)
        try:
            found = _read(out, reader, file, chosen, environment)
        except NotRead as error:
            complain(str(error))
            raise typer.Exit(1) from None
        items = _tagged(out, found.items) if media else found.items
        events = events_of(items, reader.platform, chosen, name_of(file), sync=not remember_only)
        known = _known(environment, events)
        missing = [] if dry_run else taken_over(out, environment, events)
        if as_json:
            say_json(_summary(found, events, known, missing, dry_run=dry_run))
        else:
            _show(out, found, events, known, dry_run=dry_run, held=bool(plans((chosen,))))
        for event in missing:
            complain(f"the ledger did not take over {event.platform} {event.external_id}")
        raise typer.Exit(1 if missing else 0)

    return take_over_export


@contextmanager
def _bar(out: Console, what: str) -> Iterator[Callable[[float], None]]:
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task(what, total=1.0)
        yield lambda share: bar.update(task, completed=share)


def _read(out: Console, reader: ExportReader, file: Path, link: Link, environment: Mapping[str, str]) -> Exported:
    with _bar(out, "Reading") as tell:
        return reader.read(file, link, environment, tell)


def _tagged(out: Console, items: Sequence[ExportedItem]) -> list[ExportedItem]:
    from navaar_identifier.audio.tags import TagReader

    tags, named = TagReader(), []
    try:
        with _bar(out, "Reading tags") as tell:
            for number, each in enumerate(items, 1):
                read = with_tags(each.item, tags.read(each.media)) if each.media is not None else each.item
                named.append(replace(each, item=read))
                tell(number / len(items))
    finally:
        tags.close()
    return named


def _known(environment: Mapping[str, str], events: Sequence[TrackImported]) -> int | None:
    """How many of them the ledger knows already; None while none runs that could be asked."""

    async def ask() -> int | None:
        try:
            async with connected(environment) as client:
                return len(events) - len(await not_known(client_over(client), events))
        except Unanswered:
            return None

    return answered(ask())


def _show(
    out: Console, found: Exported, events: Sequence[TrackImported], known: int | None, *, dry_run: bool, held: bool
) -> None:
    out.print(harmless(f"“{found.title}”: {found.entries} entries, {len(events)} of them songs."), soft_wrap=True)
    table = Table("Not music, or unreadable", "Why")
    for left in found.left[:MOST_SHOWN]:
        row(table, f"{left.external_id}: {left.name}", left.reason)
    if found.left:
        out.print(table)
    if len(found.left) > MOST_SHOWN:
        out.print(f"... and {len(found.left) - MOST_SHOWN} more.")
    if nameless := sum(is_nameless(event.item) for event in events):
        out.print(f"{nameless} of the songs have no name: use --media, or forward their posts to the bot afterwards.")
    if known is not None:
        out.print(f"{known} of the songs were known already, {len(events) - known} are new.")
    fresh = len(events) - (known or 0)
    for told in events[0].deliveries if events else ():
        out.print(
            f"To {told.target.label}: up to {fresh} songs are looked for, and added where they are not there yet."
        )
    if dry_run:
        out.print("Nothing was taken over: this was a dry run.")
    elif held:
        out.print("They are taken over. A plan stands, so nothing is written: `navaar plan` shows what would be added.")
    else:
        out.print("They are taken over. /status and the dashboard show how they get on.")


def _summary(
    found: Exported,
    events: Sequence[TrackImported],
    known: int | None,
    missing: Sequence[TrackImported],
    *,
    dry_run: bool,
) -> dict[str, object]:
    return {
        "collection": found.title,
        "entries": found.entries,
        "songs": len(events),
        "nameless": sum(is_nameless(event.item) for event in events),
        "known_before": known,
        "targets": [told.target.value for told in events[0].deliveries] if events else [],
        "left_out": [{"id": left.external_id, "name": left.name, "why": left.reason} for left in found.left],
        "not_taken_over": len(missing),
        "dry_run": dry_run,
    }
