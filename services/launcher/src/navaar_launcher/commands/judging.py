"""Commands that judge music without a running Navaar: identify, match, judge."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from navaar_contracts.identifiers import Platform
from navaar_contracts.music import ItemMetadata, Kind, Verdict
from navaar_launcher.registry import file_platform
from navaar_launcher.terminal import complain, display, row, say_json
from navaar_runtime.failures import Failure
from navaar_runtime.settings import process_environment
from navaar_runtime.terminal import harmless

_CATALOGUES = {platform.short: platform for platform in Platform if platform.spec.has_catalogue}


def register(app: typer.Typer) -> None:
    app.command("identify")(identify)
    app.command("match")(match)
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
        for found in rows:
            say_json(found)
        return
    table = Table("File", "What it is", "From", "Why")
    for found in rows:
        row(table, found["file"], found["display"] or "?", found["method"], "; ".join(found["reasons"]))
    display(table)


def match(
    name: Annotated[str, typer.Argument(help='"artist - title", or a file name')],
    platform: Annotated[str, typer.Option(help=" or ".join(_CATALOGUES))] = next(iter(_CATALOGUES)),
    seconds: Annotated[float | None, typer.Option(min=0, help="How long the recording is")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON on standard output")] = False,
) -> None:
    """Ask a platform's catalogue for a name and judge its answers. Exits with 1 when nothing matches."""
    if platform not in _CATALOGUES:
        raise typer.BadParameter(f"{platform!r} is neither {' nor '.join(_CATALOGUES)}", param_hint="--platform")
    from navaar_launcher.matching import match as ask

    try:
        recording, choice, asked = asyncio.run(ask(name, seconds, _CATALOGUES[platform], process_environment()))
    except Failure as failure:
        complain(failure.reason)
        raise typer.Exit(2) from None
    if as_json:
        say_json({"read_as": recording.display, "asked": asked, **choice.model_dump(mode="json")})
    else:
        table = Table(
            "", "Score", "Candidate", "Length", "Why", title=harmless(f"{recording.display}: {choice.verdict.value}")
        )
        for scored in choice.ranked:
            mark = "✓" if choice.chosen is not None and choice.chosen.candidate.id == scored.candidate.id else ""
            shown = scored.candidate
            length = f"{shown.duration_s:.0f} s" if shown.duration_s is not None else ""
            name_shown = f"{', '.join(shown.artists)} - {shown.title}"
            row(table, mark, f"{scored.score:.0%}", name_shown, length, "; ".join(scored.reasons))
        display(table)
    raise typer.Exit(0 if choice.verdict is Verdict.MATCH else 1)


def _identified(files: list[Path]) -> Iterator[dict[str, Any]]:
    from navaar_identifier.audio.tags import TagReader
    from navaar_identifier.identification import identify as name_it

    reader = TagReader()
    try:
        for file in files:
            tags = reader.read(file)
            # A name may hold bytes that are no text.
            name = file.name.encode("utf-8", "replace").decode()
            item = ItemMetadata(file_name=name, kind=Kind.AUDIO, size_bytes=file.stat().st_size)
            found = name_it(item, tags, file_platform())
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
