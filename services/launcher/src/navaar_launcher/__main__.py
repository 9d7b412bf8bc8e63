"""The navaar command."""

from __future__ import annotations

import sys

import typer

from navaar_launcher.commands import (
    backup,
    dead,
    demo,
    doctor,
    import_legacy,
    judging,
    rebuild,
    replay,
    requests,
    running,
    sign_in,
    update_downloader,
)
from navaar_runtime.settings import SettingsError

app = typer.Typer(
    name="navaar",
    help="Keeps a Telegram music channel, a YouTube Music playlist and a Spotify playlist in step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (running, demo, doctor, requests, judging, rebuild, backup, update_downloader):
    module.register(app)
app.add_typer(sign_in.app, name="auth")
app.add_typer(dead.app, name="dead")
app.add_typer(replay.app, name="replay")
app.add_typer(import_legacy.app, name="import")


def main() -> None:
    """Run the command line; a wrong configuration ends with 2 and says which variable."""
    if sys.argv[1:2] == ["auth"]:
        sign_in.register_all()
    try:
        app()
    except SettingsError as error:
        sys.stderr.write(f"{error}\n")
        raise SystemExit(2) from None


if __name__ == "__main__":
    main()
