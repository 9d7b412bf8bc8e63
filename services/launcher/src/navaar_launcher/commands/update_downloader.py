"""`navaar update-downloader`: a newer yt-dlp without a newer Navaar."""

from __future__ import annotations

import asyncio
from typing import Annotated

import typer

from navaar_downloader.update import back, update
from navaar_downloader.ytdlp_versions import UpdateRefused
from navaar_launcher.terminal import complain, say
from navaar_runtime.logs import configure_logs
from navaar_runtime.settings import process_environment


def register(app: typer.Typer) -> None:
    app.command("update-downloader")(update_downloader)


def update_downloader(
    version: Annotated[
        str | None, typer.Option(help="Take this version instead of the newest, and stay with it")
    ] = None,
    former: Annotated[bool, typer.Option("--back", help="Use the former version again")] = False,
) -> None:
    """Install the newest yt-dlp into the data folder, try it with a download on this machine, and use it.

    What is installed with Navaar stays as it is. Exits with 1 and the reason when nothing was changed.
    """
    if former and version is not None:
        raise typer.BadParameter("it takes no version", param_hint="--back")
    configure_logs("CRITICAL")
    environment = process_environment()
    try:
        said = back(environment) if former else asyncio.run(update(environment, version))
    except UpdateRefused as refusal:
        complain(str(refusal))
        raise typer.Exit(1) from None
    say(said)
