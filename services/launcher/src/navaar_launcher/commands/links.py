"""`navaar link`: the links with their policies, and whether a links file would be taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from navaar_contracts.links import Link
from navaar_contracts.policies import written_out
from navaar_launcher.terminal import display, row, say, say_json
from navaar_runtime.settings import load_links, process_environment

app = typer.Typer(help="The links and what their owner decided about them.", no_args_is_help=True)


@app.command("list")
def list_links(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list on standard output")] = False,
) -> None:
    """Show every link: its collections, its open directions and its policy."""
    _show(load_links(process_environment()), as_json=as_json)


@app.command("check")
def check_file(
    file: Annotated[Path, typer.Argument(help="A links file, as NAVAAR_LINKS_FILE names one")],
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list on standard output")] = False,
) -> None:
    """Say whether a links file could be used as it stands, and show what it means; else which key is wrong."""
    _show(load_links({**process_environment(), "NAVAAR_LINKS_FILE": str(file)}), as_json=as_json)


def _show(links: tuple[Link, ...], *, as_json: bool) -> None:
    if as_json:
        say_json([_document(link) for link in links])
        return
    for link in links:
        table = Table("", "", box=None, show_header=False)
        for platform in link.platforms():
            row(table, platform.label, link.collections[platform])
        for key, value in written_out(link.policy).items():
            row(table, key, value)
        say(link.name)
        display(table)


def _document(link: Link) -> dict[str, object]:
    return {
        "name": link.name,
        "collections": {platform.value: link.collections[platform] for platform in link.platforms()},
        "directions": [direction.value for direction in link.directions()],
        "policy": written_out(link.policy),
    }
