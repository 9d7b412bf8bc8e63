"""The navaar command."""

from __future__ import annotations

import sys

import typer
from typer import rich_utils

from navaar_launcher.commands import (
    backup,
    dead,
    demo,
    doctor,
    import_export,
    import_legacy,
    judging,
    links,
    rebuild,
    replay,
    requests,
    running,
    sign_in,
    steering,
    update_downloader,
)
from navaar_launcher.terminal import complain
from navaar_runtime.logs import configure_logs, traceback_of
from navaar_runtime.settings import SettingsError, withhold_from_children
from navaar_runtime.terminal import harmless

app = typer.Typer(
    name="navaar",
    help="Keeps a Telegram music channel, a YouTube Music playlist and a Spotify playlist in step.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for module in (running, demo, doctor, requests, steering, judging, rebuild, backup, update_downloader):
    module.register(app)
app.add_typer(sign_in.app, name="auth")
app.add_typer(dead.app, name="dead")
app.add_typer(replay.app, name="replay")
app.add_typer(import_legacy.app, name="import")
app.add_typer(links.app, name="link")


def main() -> None:
    """Run the command line; a wrong configuration ends with 2 and says which variable."""
    withhold_from_children()
    # Until a command says otherwise.
    configure_logs("WARNING")
    if sys.argv[1:2] == ["auth"]:
        sign_in.register_all()
    if sys.argv[1:2] == ["import"]:
        import_export.register_all(import_legacy.app)
    try:
        code = app(standalone_mode=False)
    except typer.TyperException as error:
        # What is wrong with an argument quotes it, and the name of a file may hold anything.
        error.message = harmless(error.message)
        rich_utils.rich_format_error(error)  # type: ignore[arg-type]
        raise SystemExit(error.exit_code) from None
    except typer.Abort:
        rich_utils.rich_abort_error()
        raise SystemExit(1) from None
    except SettingsError as error:
        complain(str(error))
        raise SystemExit(2) from None
    except Exception as error:  # noqa: BLE001 - an error of ours is told whole, but for what may not be shown
        complain(traceback_of(error).rstrip())
        raise SystemExit(1) from None
    raise SystemExit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
