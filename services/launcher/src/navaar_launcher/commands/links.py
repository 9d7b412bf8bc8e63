"""`navaar link`: the links with their policies, and whether a links file would be taken over."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from navaar_contracts.directions_in_words import written
from navaar_contracts.links import Link
from navaar_contracts.policies import written_out
from navaar_launcher.terminal import display, row, say, say_json
from navaar_runtime.links_file import LinksFileError
from navaar_runtime.links_file_edit import with_key
from navaar_runtime.private_files import write_public
from navaar_runtime.settings import LinkSettings, SettingsError, load, load_links, process_environment, variable_of

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


@app.command("set")
def set_key(
    link: Annotated[str, typer.Argument(help="The link's name")],
    key: Annotated[str, typer.Argument(help="A key of its table, e.g. quiet_hours")],
    value: Annotated[str, typer.Argument(help="As it is written there, e.g. 23:00-07:00")],
) -> None:
    """Change one key of a link in the links file, if it can be so; a running Navaar takes it over."""
    _change(link, key, value)


@app.command("unset")
def unset_key(
    link: Annotated[str, typer.Argument(help="The link's name")],
    key: Annotated[str, typer.Argument(help="A key of its table, e.g. quiet_hours")],
) -> None:
    """Take one key of a link out of the links file: what holds then is what holds for every link."""
    _change(link, key, None)


def _change(link: str, key: str, value: str | None) -> None:
    environment = process_environment()
    file = load(LinkSettings, environment).links_file
    if file is None:
        raise SettingsError(
            f"{variable_of('links_file')} names no file: change {variable_of(key)} where your variables are, and start "
            "again"
        )
    try:
        changed = with_key(file.read_text(encoding="utf-8"), link, key, value)
        trial = file.with_name(f".{file.name}.trial")
        trial.write_text(changed, encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError, LinksFileError) as error:
        raise SettingsError(f"{file}: {error}") from None
    try:
        # It is understood whole before it takes the other's place.
        links = load_links({**environment, variable_of("links_file"): str(trial)})
    except SettingsError as error:
        raise SettingsError(str(error).replace(str(trial), str(file))) from None
    finally:
        trial.unlink(missing_ok=True)
    write_public(file, changed)
    _show(tuple(each for each in links if each.name == link), as_json=False)


def _show(links: tuple[Link, ...], *, as_json: bool) -> None:
    if as_json:
        say_json([_document(link) for link in links])
        return
    for link in links:
        table = Table("", "", box=None, show_header=False)
        for platform in link.platforms():
            row(table, platform.label, link.collections[platform])
        row(table, "open", ", ".join(written(each) for each in link.directions()))
        for key, value in written_out(link.policy).items():
            if key != "directions":
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
