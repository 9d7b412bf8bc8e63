"""`navaar replay`: dead letters, or a part of the history, once more."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime
from typing import Annotated

import typer
from nats.aio.client import Client
from rich.progress import Progress

from navaar_launcher.commands.dead import (
    LinkOption,
    ReasonOption,
    ServiceOption,
    SinceOption,
    SubjectOption,
    TrackOption,
    since_moment,
    table_of,
    wanted,
)
from navaar_launcher.commands.requests import answered
from navaar_launcher.connection import Unanswered, connected
from navaar_launcher.dead_letters import DeadLetter, Wanted, letter_of, letters, remove
from navaar_launcher.replay import (
    TAKERS,
    NotSendable,
    Range,
    copy_of_event,
    copy_of_letter,
    events,
    narrowed,
    reads,
    send,
)
from navaar_launcher.terminal import complain, console, display, say
from navaar_runtime.failures import Failure
from navaar_runtime.history import Stored
from navaar_runtime.settings import process_environment
from navaar_runtime.terminal import harmless

app = typer.Typer(help="Send dead letters or events again; nothing is placed twice.", no_args_is_help=True)

DryRunOption = Annotated[bool, typer.Option("--dry-run", help="Only say what would be sent")]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask")]


@app.command("dead")
def replay_dead(
    numbers: Annotated[list[int] | None, typer.Argument(help="Numbers from `navaar dead`")] = None,
    everything: Annotated[bool, typer.Option("--all", help="All that the options below choose")] = False,
    service: ServiceOption = None,
    link: LinkOption = None,
    subject: SubjectOption = None,
    track: TrackOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Send dead letters again to where they came from. One that is stored there leaves the list.

    Exits with 1 when some could not be sent; those stay.
    """
    asked = wanted(service, link, subject, track, reason, since)
    if bool(numbers) == everything:
        raise typer.BadParameter("name the letters by their numbers, or say --all", param_hint="NUMBERS")
    if numbers and asked != Wanted():
        raise typer.BadParameter("options choose among --all; they do not go with numbers", param_hint="NUMBERS")

    async def work() -> int:
        async with connected(process_environment()) as client:
            chosen, missing = await _chosen(client, numbers, asked)
            if chosen:
                display(table_of(chosen), errors=True)
            if not _agreed(f"{len(chosen)} dead letters", len(chosen), dry_run=dry_run, yes=yes):
                return missing
            return missing + await _send_letters(client, chosen)

    if answered(work()):
        raise typer.Exit(1)


@app.command("events")
def replay_events(
    first: Annotated[int | None, typer.Option("--from", min=1, help="From this sequence of NAVAAR_EVENTS on")] = None,
    since: Annotated[str | None, typer.Option(help="From this moment on: 2026-11-22T18:00, or 2h ago as 2h")] = None,
    last: Annotated[int | None, typer.Option("--to", min=1, help="Up to this sequence; the newest of now")] = None,
    service: Annotated[str, typer.Option(help=f"The events that this service takes: {' or '.join(TAKERS)}")] = "ledger",
    subject: Annotated[
        str | None, typer.Option(help="These events instead, e.g. 'navaar.evt.item.sighted.*' or 'navaar.evt.>'")
    ] = None,
    link: LinkOption = None,
    dry_run: DryRunOption = False,
    yes: YesOption = False,
) -> None:
    """Send a part of the history again, under fresh ids, to everyone who reads it.

    What the ledger knows already changes nothing: it is for facts that were lost on the way or misunderstood.
    """
    if (first is None) == (since is None):
        raise typer.BadParameter("say where to begin: --from SEQUENCE or --since MOMENT", param_hint="--from")
    subjects = (subject,) if subject is not None else reads(service)
    if not subjects:
        takers = " and ".join(TAKERS)
        raise typer.BadParameter(f"{service!r} takes no events; these do: {takers}", param_hint="--service")
    if not all(each.startswith("navaar.evt.") for each in subjects):
        raise typer.BadParameter("an event's subject begins with navaar.evt.", param_hint="--subject")
    begin = since_moment(since)

    async def work() -> None:
        async with connected(process_environment()) as client:
            chosen = [
                message
                async for message in events(
                    client, Range(narrowed(subjects, link), first=first, since=begin, last=last)
                )
            ]
            _tell(chosen)
            if _agreed(f"{len(chosen)} events", len(chosen), dry_run=dry_run, yes=yes):
                await _send_events(client, chosen)

    answered(work())


async def _chosen(client: Client, numbers: list[int] | None, asked: Wanted) -> tuple[list[DeadLetter], int]:
    """(letters, how many of the numbers do not exist)."""
    if not numbers:
        return [letter async for letter in letters(client, asked)], 0
    found = {number: await letter_of(client, number) for number in dict.fromkeys(numbers)}
    missing = [str(number) for number, letter in found.items() if letter is None]
    if missing:
        complain(f"no such dead letter (any more): {', '.join(missing)}")
    return [letter for letter in found.values() if letter is not None], len(missing)


async def _send_letters(client: Client, chosen: list[DeadLetter]) -> int:
    """Send and take out of the list, one by one; how many stayed."""
    stayed = 0
    with _progress() as progress:
        bar = progress.add_task("sending", total=len(chosen))
        for letter in chosen:
            try:
                await send(client, copy_of_letter(letter))
                await remove(client, letter.number)
            except (NotSendable, Failure) as error:
                stayed += 1
                progress.console.print(harmless(f"{letter.number}: {error}"))
            progress.advance(bar)
    say(f"{len(chosen) - stayed} sent again")
    return stayed


async def _send_events(client: Client, chosen: list[Stored]) -> None:
    run = f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}"
    sent = 0
    with _progress() as progress:
        bar = progress.add_task("sending", total=len(chosen))
        for message in chosen:
            try:
                await send(client, copy_of_event(message, run))
            except Failure as error:
                raise Unanswered(
                    f"{error.reason}\n{sent} of {len(chosen)} were sent; go on with --from {message.sequence}"
                ) from None
            sent += 1
            progress.advance(bar)
    say(f"{sent} sent again")


def _tell(chosen: list[Stored]) -> None:
    """How many of each kind, and from when to when."""
    if not chosen:
        return
    for subject, count in sorted(Counter(message.subject for message in chosen).items()):
        complain(f"{count:7}  {harmless(subject)}")
    first, last = chosen[0], chosen[-1]
    complain(f"from {_place(first)} to {_place(last)}")


def _place(message: Stored) -> str:
    return f"{message.sequence} ({message.at:%Y-%m-%d %H:%M:%S} UTC)"


def _agreed(what: str, count: int, *, dry_run: bool, yes: bool) -> bool:
    if not count:
        say("nothing to send")
        return False
    if dry_run:
        say(f"{what} would be sent")
        return False
    return yes or typer.confirm(f"Send {what} again?", abort=True, err=True)


def _progress() -> Progress:
    return Progress(console=console(errors=True), transient=True)
