"""`navaar pause`, `navaar resume` and `navaar sync`: of all links, of one, or of some of its directions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated

import typer

from navaar_contracts.directions_in_words import directions_named, written
from navaar_contracts.identifiers import Direction
from navaar_contracts.links import Link
from navaar_contracts.policies import did_you_mean
from navaar_launcher.commands.requests import answered
from navaar_launcher.connection import ledger_client
from navaar_launcher.terminal import say
from navaar_runtime.settings import load_links, process_environment

LinkOption = Annotated[str | None, typer.Option("--link", help="One link's name; without it, all of them")]
DirectionArgument = Annotated[
    str | None, typer.Argument(help="A direction, * for any platform; without it, all of them")
]


def register(app: typer.Typer) -> None:
    app.command("pause")(pause)
    app.command("resume")(resume)
    app.command("sync")(sync)


def pause(direction: DirectionArgument = None, link: LinkOption = None) -> None:
    """Hold back what would be placed; it waits, and nothing is lost."""
    _set(direction, link, paused=True)


def resume(direction: DirectionArgument = None, link: LinkOption = None) -> None:
    """Let go on what was held back."""
    _set(direction, link, paused=False)


def sync(direction: DirectionArgument = None, link: LinkOption = None) -> None:
    """Run a cycle now; playlists are looked at first."""
    environment = process_environment()
    wanted = meant(load_links(environment), direction, link)

    async def tell() -> None:
        async with ledger_client(environment) as client:
            await client.run_cycles(wanted)

    answered(tell())
    say("asked")


def meant(links: Sequence[Link], direction: str | None, link: str | None) -> Mapping[str, Sequence[Direction]]:
    """The open directions of each link that are meant.

    Raises:
        typer.BadParameter: there is no such link, or none of its directions is called so.
    """
    names = [each.name for each in links]
    if link is not None and link not in names:
        hint = did_you_mean(link, names)
        raise typer.BadParameter(f"there is no link {link!r}{hint}", param_hint="--link")
    chosen = [each for each in links if link in (None, each.name)]
    named = directions_named(direction) if direction is not None else tuple(Direction)
    found = {each.name: [one for one in each.directions() if one in named] for each in chosen}
    found = {name: directions for name, directions in found.items() if directions}
    if not found:
        there = ", ".join(dict.fromkeys(written(one) for each in chosen for one in each.directions()))
        raise typer.BadParameter(
            f"{direction!r} is no direction that is open; there are {there}", param_hint="DIRECTION"
        )
    return found


def _set(direction: str | None, link: str | None, *, paused: bool) -> None:
    environment = process_environment()
    wanted = meant(load_links(environment), direction, link)

    # No direction stands for all of them, also those that are opened later.
    asked: Mapping[str, Sequence[Direction | None]] = (
        wanted if direction is not None else dict.fromkeys(wanted, (None,))
    )

    async def tell() -> None:
        async with ledger_client(environment) as client:
            await client.set_pause(asked, paused=paused, by="the command line")

    answered(tell())
    say("asked")
