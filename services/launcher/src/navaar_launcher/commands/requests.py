"""Commands that ask or tell a running Navaar: plan, retry, part."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Annotated, Any, TypeVar

import typer
from rich.table import Table

from navaar_client.errors import NotFound, Refused
from navaar_contracts.commands import RetryDeliveries
from navaar_contracts.health import HealthReply
from navaar_contracts.identifiers import Direction, Platform
from navaar_contracts.queries import GetPlan, PlannedAction
from navaar_launcher.connection import Unanswered, ledger_client
from navaar_launcher.forecast import forecasts
from navaar_launcher.terminal import complain, display, row, say, say_json
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import load_links, process_environment

T = TypeVar("T")

JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON on standard output")]
_TARGETS = {platform.short: platform for platform in Platform}
_TARGET_LIST = " or ".join((", ".join(("all", *_TARGETS)[:-1]), [*_TARGETS][-1]))


def register(app: typer.Typer) -> None:
    app.command("plan")(plan)
    app.command("retry")(retry)
    app.command("part")(part)


def answered(work: Coroutine[Any, Any, T]) -> T:
    """Run `work`; ends the command with 1 and the reason when Navaar does not answer."""
    # Standard output is for the answer alone.
    configure_logs("ERROR")
    try:
        return asyncio.run(work)
    except Unanswered as error:
        complain(str(error))
        raise typer.Exit(1) from None


def plan(as_json: JsonOption = False) -> None:
    """With NAVAAR_FIRST_SYNC=plan: what a first sync would write. Nothing is written until you start with `sync`."""
    counts: Counter[Direction] = Counter()

    async def ask() -> tuple[list[PlannedAction], dict[str, HealthReply]]:
        actions: list[PlannedAction] = []
        async with ledger_client(process_environment()) as client:
            cursor = None
            while True:
                reply = await client.ask(GetPlan(cursor=cursor))
                actions.extend(reply.actions)
                counts.update(reply.counts)
                cursor = reply.next_cursor
                if cursor is None:
                    return actions, {} if as_json else await client.health()

    actions, health = answered(ask())
    if as_json:
        say_json([a.model_dump(mode="json") for a in actions])
        return
    table = Table("Track", "Direction", "What it is", "What would happen")
    for action in actions:
        row(table, str(action.track_id), action.direction.value, action.display, action.proposal)
    display(table if actions else "Nothing is planned.")
    if actions:
        display("None of it is done before you approve it: set NAVAAR_FIRST_SYNC=sync and start again.")
    for line in forecasts(counts, health):
        display(line)


def retry(
    what: Annotated[str, typer.Argument(help=f"A track's number, `all`, or a target: {', '.join(_TARGETS)}")],
) -> None:
    """Give failed deliveries a fresh budget."""
    track_id = int(what) if what.isdigit() else None
    if track_id is None and what != "all" and what not in _TARGETS:
        raise typer.BadParameter(f"{what!r} is neither a track's number nor {_TARGET_LIST}", param_hint="WHAT")
    environment = process_environment()

    async def tell() -> None:
        async with ledger_client(environment) as client:
            links = [link.name for link in load_links(environment)]
            if track_id is None:
                await client.retry_all(links, target=_TARGETS.get(what))
            else:
                now = client.now()
                await client.send(*(RetryDeliveries(link=link, track_id=track_id, asked_at=now) for link in links))

    answered(tell())
    say("asked")


def part(number: Annotated[int, typer.Argument(min=1, help="The joined track's own number")]) -> None:
    """Make two songs again of a track and the one that it was joined to by mistake, for good."""

    async def tell() -> int:
        async with ledger_client(process_environment()) as client:
            _, song = await client.part_track(number, "the command line")
            return song.id

    try:
        song = answered(tell())
    except (NotFound, Refused) as error:
        complain(str(error))
        raise typer.Exit(1) from None
    say(f"asked: #{number} is parted from #{song}")
