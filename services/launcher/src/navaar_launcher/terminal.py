"""The one edge at which commands write to a terminal: what came from outside is shown there, and never obeyed.

Commands print through this module alone, whatever they print; a test holds them to it.
"""

from __future__ import annotations

import sys
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from navaar_runtime.terminal import harmless, json_text


def say(text: str) -> None:
    """Lines on standard output: the command's answer."""
    sys.stdout.write(f"{harmless(text, lines=True)}\n")


def complain(text: str) -> None:
    """Lines on standard error."""
    sys.stderr.write(f"{harmless(text, lines=True)}\n")


def say_json(value: Any, **options: Any) -> None:
    """One JSON document on standard output; `options` are those of `json.dumps`."""
    sys.stdout.write(f"{json_text(value, **options)}\n")


def console(*, errors: bool = False) -> Console:
    """A console on standard output, or on standard error, for which square brackets and colons are no markup."""
    return Console(stderr=errors, markup=False, emoji=False)


def row(table: Table, *cells: str | Text) -> None:
    """Add a row; a styled `Text` is our own, and what it says is made harmless like the rest."""
    table.add_row(*(_harmless(cell) for cell in cells))


def display(what: Table | str, *, errors: bool = False) -> None:
    """Print a table, or a line that is broken where the terminal ends."""
    console(errors=errors).print(what if isinstance(what, Table) else harmless(what, lines=True))


def _harmless(cell: str | Text) -> str | Text:
    if isinstance(cell, str):
        return harmless(cell)
    cell.plain = harmless(cell.plain)
    return cell
