"""`navaar doctor`."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import Annotated

import typer
from rich.table import Table
from rich.text import Text

from navaar_launcher.doctor import examine
from navaar_launcher.terminal import console, display, row, say_json
from navaar_runtime.diagnostics import Diagnostic, Level
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import process_environment

_MARKS = {Level.OK: ("✓", "green"), Level.WARNING: ("!", "yellow"), Level.PROBLEM: ("✗", "red")}


def register(app: typer.Typer) -> None:
    app.command("doctor")(doctor)


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print a JSON list on standard output")] = False,
) -> None:
    """Check configuration, sign-ins, write access, programs, NATS and the store; say what to do. Writes nothing.

    Exits with 1 when there is a problem; a warning is none.
    """
    configure_logs("ERROR")
    diagnostics = asyncio.run(_examined(progress=not as_json))
    if as_json:
        say_json([asdict(finding) for finding in diagnostics])
    else:
        _print(diagnostics)
    raise typer.Exit(1 if any(finding.level is Level.PROBLEM for finding in diagnostics) else 0)


async def _examined(*, progress: bool) -> list[Diagnostic]:
    diagnostics = []
    with console(errors=True).status("Looking…") as status:
        async for finding in examine(process_environment()):
            diagnostics.append(finding)
            if progress:
                status.update(f"{finding.subject}…")
    return diagnostics


def _print(diagnostics: list[Diagnostic]) -> None:
    table = Table("", "What", "How it is", "What to do", box=None)
    for finding in diagnostics:
        row(table, Text(*_MARKS[finding.level]), finding.subject, finding.message, finding.advice)
    display(table)
