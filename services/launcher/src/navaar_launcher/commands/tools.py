"""Commands that judge music without a running Navaar: identify, judge."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata, Kind


def register(app: typer.Typer) -> None:
    app.command("identify")(identify)
    app.command("judge")(judge)


def judge() -> None:
    """Answer identification and matching questions, one JSON object a line, from standard input."""
    from navaar_identifier.judge import judge as answer_lines

    answer_lines(sys.stdin, sys.stdout)


def identify(
    files: Annotated[list[Path], typer.Argument(help="Audio files", exists=True, dir_okay=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON lines on standard output")] = False,
) -> None:
    """Say what audio files are, where that is known from, and why."""
    rows = list(_identified(files))
    if as_json:
        for row in rows:
            sys.stdout.write(json.dumps(row, ensure_ascii=False) + "\n")
        return
    table = Table("File", "What it is", "From", "Why")
    for row in rows:
        table.add_row(row["file"], row["display"] or "?", row["method"], "; ".join(row["reasons"]))
    Console().print(table)


def _identified(files: list[Path]) -> Iterator[dict[str, Any]]:
    from navaar_identifier.identification import identify as name_it
    from navaar_identifier.tags import TagReader

    reader = TagReader()
    try:
        for file in files:
            tags = reader.read(file)
            item = ItemMetadata(file_name=file.name, kind=Kind.AUDIO, size_bytes=file.stat().st_size)
            found = name_it(item, tags, Platform.TELEGRAM)
            yield {
                "file": str(file),
                "display": found.recording.display,
                "artist": found.recording.artist,
                "title": found.recording.title,
                "version": list(found.recording.version),
                "isrc": found.recording.isrc,
                "duration_s": found.recording.duration_s,
                "method": found.method,
                "reasons": list(found.reasons),
            }
    finally:
        reader.close()
