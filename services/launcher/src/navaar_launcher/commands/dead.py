"""`navaar dead`: what services gave up on."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.table import Table

from navaar_contracts.health import SERVICES
from navaar_launcher.commands.requests import JsonOption, answered
from navaar_launcher.connection import connected
from navaar_launcher.dead_letters import DeadLetter, Wanted, letter_of, letters
from navaar_launcher.terminal import complain, display, row, say, say_json
from navaar_runtime.settings import process_environment
from navaar_runtime.terminal import harmless

app = typer.Typer(help="List the messages that services gave up on, and why.", invoke_without_command=True)

ServiceOption = Annotated[str | None, typer.Option(help=f"Given up on by this service: {', '.join(SERVICES)}")]
LinkOption = Annotated[str | None, typer.Option(help="Of this link")]
SubjectOption = Annotated[str | None, typer.Option(help="Its subject contains this, e.g. find-candidates")]
TrackOption = Annotated[int | None, typer.Option(help="About the track of this number")]
ReasonOption = Annotated[str | None, typer.Option(help="The reason contains this")]
SinceOption = Annotated[str | None, typer.Option(help="Given up on since: 2026-11-22T18:00, or 2h ago as 2h")]

_AGO = re.compile(r"(\d+(?:\.\d+)?)\s*([smhd])")
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def wanted(
    service: str | None, link: str | None, subject: str | None, track: int | None, reason: str | None, since: str | None
) -> Wanted:
    """The options as one thing; ends the command when the moment cannot be read."""
    return Wanted(service, link, subject, track, reason, since_moment(since))


def since_moment(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment(text, datetime.now(UTC))
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--since") from None


def moment(text: str, now: datetime) -> datetime:
    """The moment a person means: 2026-11-22, 2026-11-22T18:00 in this machine's time zone, or how long ago: 90s, 2h.

    Raises:
        ValueError: it is neither a date nor a time ago.
    """
    ago = _AGO.fullmatch(text.strip())
    if ago is not None:
        return now - timedelta(**{_UNITS[ago.group(2)]: float(ago.group(1))})
    try:
        return datetime.fromisoformat(text.strip()).astimezone(UTC)
    except ValueError:
        raise ValueError(f"{text!r} is no moment: write e.g. 2026-11-22, 2026-11-22T18:00 or 2h") from None


@app.callback()
def dead(
    context: typer.Context,
    service: ServiceOption = None,
    link: LinkOption = None,
    subject: SubjectOption = None,
    track: TrackOption = None,
    reason: ReasonOption = None,
    since: SinceOption = None,
    after: Annotated[int, typer.Option(min=0, help="Go on after the letter of this number")] = 0,
    limit: Annotated[int, typer.Option(min=1, max=1000, help="At most so many at once")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the messages that services gave up on, oldest first. `navaar replay dead` sends them again."""
    if context.invoked_subcommand is not None:
        return
    asked = wanted(service, link, subject, track, reason, since)

    async def look() -> tuple[list[DeadLetter], bool]:
        found: list[DeadLetter] = []
        async with connected(process_environment()) as client:
            async for letter in letters(client, asked, after=after):
                if len(found) == limit:
                    return found, True
                found.append(letter)
        return found, False

    found, more = answered(look())
    following = found[-1].number if more else None
    if as_json:
        say_json({"letters": [letter.summary() for letter in found], "next_after": following})
        return
    if not found:
        say("No dead letters.")
        return
    display(table_of(found))
    if following is not None:
        say(f"There are more: navaar dead --after {following}")


@app.command("show")
def show(
    number: Annotated[int, typer.Argument(min=1, help="A number from `navaar dead`")],
    as_json: JsonOption = False,
) -> None:
    """Show one dead letter whole: when, why, where it came from, and what it said."""

    async def look() -> DeadLetter | None:
        async with connected(process_environment()) as client:
            return await letter_of(client, number)

    letter = answered(look())
    if letter is None:
        complain(f"there is no dead letter {number} (any more)")
        raise typer.Exit(1)
    if as_json:
        say_json({**letter.summary(), "body": letter.text()})
        return
    for name, value in letter.summary().items():
        if value not in (None, ""):
            say(f"{name}: {harmless(str(value))}")
    say(f"\n{letter.text()}")


def table_of(found: list[DeadLetter]) -> Table:
    """The letters as a person reads them."""
    table = Table("Number", "When (UTC)", "Service", "Message", "Link", "Track", "Why")
    for letter in found:
        row(
            table,
            str(letter.number),
            f"{letter.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}",
            letter.service,
            letter.kind or letter.subject or "?",
            letter.link,
            str(letter.track) if letter.track is not None else "",
            letter.reason,
        )
    return table
